"""The programme's dates in versions, and the consultations held about changes."""

from dokja.programme.schedule.consultation import (
    CONSULTATION,
    answer,
    consultation_matter,
    consultation_of,
    propose,
    settle,
)
from dokja.programme.schedule.values import (
    Adopted,
    Answered,
    Consultation,
    ConsultationAbout,
    Dropped,
    Milestone,
    Proposed,
    ScheduleSet,
    ScheduleVersion,
    Source,
    Stance,
)
from dokja.programme.schedule.versions import (
    SCHEDULE,
    date_changes,
    in_order,
    schedule_matter,
    schedule_versions,
    set_schedule,
)

__all__ = [
    "CONSULTATION",
    "SCHEDULE",
    "Adopted",
    "Answered",
    "Consultation",
    "ConsultationAbout",
    "Dropped",
    "Milestone",
    "Proposed",
    "ScheduleSet",
    "ScheduleVersion",
    "Source",
    "Stance",
    "answer",
    "consultation_matter",
    "consultation_of",
    "date_changes",
    "in_order",
    "propose",
    "schedule_matter",
    "schedule_versions",
    "set_schedule",
    "settle",
]
