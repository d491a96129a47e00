"""Equal support of a stage's teams, as its record and its schedule have it."""

from __future__ import annotations

from datetime import datetime

from dokja.support.development import development_times
from dokja.support.fairness import FairnessRequest, TeamFairness
from dokja.wiring.office import Office
from dokja.wiring.support import SupportRecord


def usual_request(office: Office, record: SupportRecord) -> FairnessRequest | None:
    """Every team from its first GPU to the day on which submissions are sealed."""
    plan = office.plan
    deadline = datetime.fromisoformat(plan.schedule.sealed)
    return development_times(record.book, stage=plan.stage, deadline=deadline)


def compared(office: Office, record: SupportRecord) -> tuple[TeamFairness, ...]:
    """The teams side by side; empty where none was promised GPUs before the day."""
    request = usual_request(office, record)
    return () if request is None else record.fairness(request)
