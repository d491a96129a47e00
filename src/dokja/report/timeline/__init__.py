"""A whole programme as a page: chronicle, drift of dates, GPUs, money, the unknown."""

from dokja.report.timeline.views import TimelineView, timeline_view

__all__ = ["TimelineView", "timeline_view"]
