"""One comparison of two models as a page: verdicts, evidence, how to repeat it."""

from dokja.report.comparison.views import (
    ComparisonView,
    Reproduction,
    comparison_view,
)

__all__ = ["ComparisonView", "Reproduction", "comparison_view"]
