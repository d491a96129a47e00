"""From values to one HTML file: figures, Korean and English text.

The only stage that imports jinja2. It reads a `StageRecord`, a `LineageReport`, runs
or a replayed programme, works out what is printed as frozen views, and prints it; it
measures and decides nothing.
"""

from dokja.report.comparison import Reproduction
from dokja.report.render import (
    render_comparison,
    render_run,
    render_run_pair,
    render_stage_report,
    render_timeline,
)
from dokja.report.views import StageReportView, stage_report_view

__all__ = [
    "Reproduction",
    "StageReportView",
    "render_comparison",
    "render_run",
    "render_run_pair",
    "render_stage_report",
    "render_timeline",
    "stage_report_view",
]
