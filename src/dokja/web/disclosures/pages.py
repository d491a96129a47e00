"""The pages of published scores: for everybody, and a team's own sheet."""

from __future__ import annotations

import msgspec
from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dokja.evidence.values import Text
from dokja.people import Permission, require
from dokja.web.disclosures.views import SheetView, disclosures_view, sheet_view
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.reader import Reader
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.disclosed import disclosed, own_sheets, published_bytes
from dokja.wiring.recognitions import read_recognitions

disclosures = Room()

TITLE = Text(ko="공개한 점수와 외부 평가", en="Published scores")
OWN = Text(ko="우리 팀 점수표", en="Your own score sheet")
Name = InPath(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")


class OwnSheets(msgspec.Struct, frozen=True, kw_only=True):
    """A team's own sheets."""

    team: str
    sheets: tuple[SheetView, ...]


@disclosures.page("/disclosures")
def published(visit: Visitor) -> Page:
    """Means and open scores with the check of their proof; what outsiders say."""
    office = visit.office
    view = disclosures_view(
        disclosed(office),
        read_recognitions(desk_of_office(office)),
        Reader(account=visit.account),
        rulebook=office.rulebook,
    )
    return Page(template="disclosures/disclosures.html", title=TITLE, view=view)


@disclosures.way("/disclosures/{name}/published")
def file(visit: Visitor, name: str = Name) -> Response:
    """The published scores as a file that anybody can check."""
    found = published_bytes(visit.office, name)
    if found is None:
        raise HTTPException(404)
    return Response(
        found,
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="published.json"'},
    )


@disclosures.page("/team/scores")
def own(visit: Visitor) -> Page:
    """The team's own sheet, checked against what was published; nobody else's."""
    team = Reader(account=visit.account).team
    require(visit.account, Permission.ACT_FOR_TEAM, of=team)
    found = own_sheets(visit.office, team)
    view = OwnSheets(team=team, sheets=tuple(map(sheet_view, found)))
    return Page(template="disclosures/sheet.html", title=OWN, view=view)
