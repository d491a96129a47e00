"""The programme's dates in versions, and what the teams say to a change."""

from dokja.web.schedule.acts import SCHEDULE_ACTS
from dokja.web.schedule.pages import schedule

__all__ = ["SCHEDULE_ACTS", "schedule"]
