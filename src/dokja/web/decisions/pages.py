"""The page of what follows a decision, for every reader."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.web.decisions.views import decision_view
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.reader import Reader
from dokja.wiring.decision_file import decision_file, left_teams

decisions = Room()

TITLE = Text(ko="결정 이후", en="After the decision")


@decisions.page("/decisions")
def after_the_decision(visit: Visitor) -> Page:
    """Objections, confirmation, empty places, teams that left, teams that go on."""
    office = visit.office
    view = decision_view(
        decision_file(office),
        Reader(account=visit.account),
        left=left_teams(office),
        rulebook=office.rulebook,
    )
    return Page(template="decisions/decisions.html", title=TITLE, view=view)
