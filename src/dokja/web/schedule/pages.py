"""The pages of the dates and of a consultation, for every reader."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from dokja.evidence.values import Text
from dokja.programme.schedule.agenda import schedule_agenda
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.reader import Reader
from dokja.web.schedule.views import consultation_view, schedule_view
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.schedules import (
    consultation_history,
    dates_before,
    read_schedules,
)

schedule = Room()

TITLE = Text(ko="일정", en="Schedule")


@schedule.page("/schedule")
def dates(visit: Visitor) -> Page:
    """Every version of the dates, what changed and why, and every consultation."""
    found = read_schedules(desk_of_office(visit.office))
    now = visit.office.now().isoformat()
    view = schedule_view(
        found,
        Reader(account=visit.account),
        agenda=schedule_agenda(found.versions, found.consultations, now=now),
    )
    return Page(template="schedule/schedule.html", title=TITLE, view=view)


@schedule.page("/schedule/consultations/{name}")
def consultation(visit: Visitor, name: str) -> Page:
    """What was proposed, what each team said, and how it ended."""
    desk = desk_of_office(visit.office)
    schedules = read_schedules(desk)
    found = next((c for c in schedules.consultations if c.id == name), None)
    if found is None:
        raise HTTPException(404)
    view = consultation_view(
        found,
        Reader(account=visit.account),
        before=dates_before(schedules, found),
        rules_now=visit.rules_digest,
        history=consultation_history(desk, name),
    )
    return Page(template="schedule/consultation.html", title=TITLE, view=view)
