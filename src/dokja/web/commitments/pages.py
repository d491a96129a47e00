"""The pages of the promise register, for every reader."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from dokja.commitment.agenda import commitment_agenda
from dokja.evidence.values import Text
from dokja.web.commitments.views import promise_view, register_view
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.reader import Reader
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.commitments import commitment_history, read_commitments

commitments = Room()

TITLE = Text(ko="약속", en="Commitments")


@commitments.page("/commitments")
def register(visit: Visitor) -> Page:
    """What each team promised, by when, and where it stands."""
    found = read_commitments(desk_of_office(visit.office))
    reader = Reader(account=visit.account)
    view = register_view(found, reader, agenda=commitment_agenda(found))
    return Page(template="commitments/register.html", title=TITLE, view=view)


@commitments.page("/commitments/{name}")
def promise(visit: Visitor, name: str) -> Page:
    """One promise with how it is measured and everything that was found."""
    desk = desk_of_office(visit.office)
    found = next((each for each in read_commitments(desk) if each.id == name), None)
    if found is None:
        raise HTTPException(404)
    history = commitment_history(desk, name)
    view = promise_view(found, Reader(account=visit.account), history=history)
    return Page(template="commitments/promise.html", title=TITLE, view=view)
