"""The pages of allegations: a list for everybody, a case for who may read it."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from dokja.evidence.values import Text
from dokja.independence.allegation.agenda import allegation_agenda
from dokja.web.allegations.views import board_view, case_view, may_read
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.reader import Reader
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.allegations import allegation_history, read_allegations

allegations = Room()

TITLE = Text(ko="의혹 제기 처리", en="Allegations")


@allegations.page("/allegations")
def board(visit: Visitor) -> Page:
    """What was resolved, for everybody; what is handled, for who handles it."""
    found = read_allegations(desk_of_office(visit.office), public=False)
    now = visit.office.now().isoformat()
    view = board_view(
        found.open,
        found.published,
        Reader(account=visit.account),
        agenda=allegation_agenda(found.open, now=now),
    )
    return Page(template="allegations/board.html", title=TITLE, view=view)


@allegations.page("/allegations/{name}")
def case(visit: Visitor, name: str) -> Page:
    """One allegation; that there is one, whoever may not read it is not told."""
    desk, reader = desk_of_office(visit.office), Reader(account=visit.account)
    found = read_allegations(desk, public=False).open
    one = next((each for each in found if each.id == name), None)
    if one is None or not may_read(one, reader):
        raise HTTPException(404)
    view = case_view(one, found, reader, history=allegation_history(desk, name))
    return Page(template="allegations/case.html", title=TITLE, view=view)
