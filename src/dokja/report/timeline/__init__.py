"""A whole programme as a page: chronicle, drift of dates, GPUs, money, the unknown."""

from dokja.report.timeline.page import timeline_view
from dokja.report.timeline.views import TimelineView

__all__ = ["TimelineView", "timeline_view"]
