"""One comparison of two models as a page: verdicts, evidence, how to repeat it."""

from dokja.report.comparison.components import joined_layers
from dokja.report.comparison.views import (
    ComparisonView,
    Reproduction,
    comparison_view,
)

__all__ = ["ComparisonView", "Reproduction", "comparison_view", "joined_layers"]
