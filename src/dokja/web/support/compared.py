"""Equal support of the stage's teams, as the record and the schedule have it."""

from __future__ import annotations

from datetime import datetime

from dokja.support.development import development_times
from dokja.support.equal_entry import EqualSupport
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.equal_support import StageTimes, stage_times, support_at
from dokja.wiring.office import Office
from dokja.wiring.support import SupportRecord


def usual_times(office: Office, record: SupportRecord) -> StageTimes | None:
    """The teams' times on record for the stage.

    Where none are, every team from its first GPU to the day on which submissions are
    sealed; None where no team was promised any before it.
    """
    plan = office.plan
    recorded = stage_times(desk_of_office(office), plan.stage)
    if recorded is not None:
        return recorded
    deadline = datetime.fromisoformat(plan.schedule.sealed)
    found = development_times(record.book, stage=plan.stage, deadline=deadline)
    return None if found is None else StageTimes(found)


def compared(office: Office, record: SupportRecord) -> EqualSupport | None:
    """The teams side by side at these times; None where there is nothing to compare."""
    times = usual_times(office, record)
    return None if times is None else support_at(record, times)
