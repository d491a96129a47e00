"""Filling in a sheet: saved while one types, handed in, corrected with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from dokja.errors import Conflict
from dokja.evidence.values import Text
from dokja.panel.desk import SheetName
from dokja.panel.values import SheetRound
from dokja.web.entry import Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.panel.seat import Seat, Sent, seat_of
from dokja.web.panel.sheet_views import clash_view, name_of, sheet_view
from dokja.web.panel.views import Clash, address_of, typed_body
from dokja.web.visit import Visit

sheets = Room()

AskedRound = Annotated[str, Query(alias="round")]

SAVE, HAND_IN, LEAVE = "save", "hand_in", "leave"
TITLE = Text(ko="평가표", en="Score sheet")
CLASH = Text(ko="다른 창에서 저장한 내용이 있습니다", en="Another window has saved")


@sheets.page("/panel/calibration")
def calibration(visit: Visitor) -> Page:
    """The sheet for the anchor submission."""
    seat = seat_of(visit)
    return _shown(seat, _anchor(seat), visit)


@sheets.act("/panel/calibration")
def score_anchor(visit: Visitor, form: Sent) -> Page | Onward | Response:
    """Saves or hands in the sheet for the anchor submission."""
    seat = seat_of(visit)
    return _taken(seat, _anchor(seat), visit, form)


@sheets.act("/panel/calibration/correction")
def correct_anchor(visit: Visitor, form: Sent) -> Page | Onward:
    """Corrects the sheet for the anchor submission."""
    seat = seat_of(visit)
    return _corrected(seat, _anchor(seat), form)


@sheets.page("/panel/{team}")
def sheet(visit: Visitor, team: str, asked: AskedRound = "") -> Page:
    """The sheet for a team."""
    seat = seat_of(visit)
    return _shown(seat, name_of(seat, team, asked), visit)


@sheets.act("/panel/{team}")
def score(visit: Visitor, team: str, form: Sent) -> Page | Onward | Response:
    """Saves or hands in the sheet for a team."""
    seat = seat_of(visit)
    name = name_of(seat, team, form.get("round", ""))
    return _taken(seat, name, visit, form)


@sheets.act("/panel/{team}/correction")
def correct(visit: Visitor, team: str, form: Sent) -> Page | Onward:
    """Corrects a sheet that was handed in."""
    seat = seat_of(visit)
    return _corrected(seat, name_of(seat, team, form.get("round", "")), form)


def _anchor(seat: Seat) -> SheetName:
    return name_of(seat, seat.room.setup.anchor, SheetRound.CALIBRATION)


def _shown(seat: Seat, name: SheetName, visit: Visit) -> Page:
    saved = "saved" in visit.request.query_params
    view = sheet_view(seat, name, saved=saved)
    return Page(template="panel/sheet.html", title=view.team_name, view=view)


def _taken(
    seat: Seat, name: SheetName, visit: Visit, form: Mapping[str, str]
) -> Page | Onward:
    """What was typed is saved first, whatever it lacks; then it may be handed in."""
    typed, version = typed_body(form), _whole(form.get("version", ""))
    try:
        seat.desk.save_draft(name, typed, version=version)
    except Conflict:
        clash = clash_view(seat, name, typed, sent=version)
        return _clashing(clash, visit)
    if form.get("do") == HAND_IN:
        return _handed_in(seat, name)
    if form.get("do") == LEAVE:
        return Onward(to="/panel")
    if visit.by_htmx:
        view = sheet_view(seat, name, saved=True)
        return Page(template="panel/saved.html", title=TITLE, view=view)
    return Onward(to=_with(address_of(name), "saved=1"))


def _clashing(clash: Clash, visit: Visit) -> Page:
    if visit.by_htmx:
        # htmx shows nothing of an answer that says 409.
        return Page(template="panel/clash_note.html", title=CLASH, view=clash)
    return Page(template="panel/clash.html", title=CLASH, view=clash, status=409)


def _handed_in(seat: Seat, name: SheetName) -> Page | Onward:
    found = seat.desk.hand_in(name, at=seat.at)
    if found.sheet is not None:
        return Onward(to=address_of(name))
    view = sheet_view(seat, name, problems=found.problems)
    return Page(
        template="panel/sheet.html", title=view.team_name, view=view, status=422
    )


def _corrected(seat: Seat, name: SheetName, form: Mapping[str, str]) -> Page | Onward:
    typed, reason = typed_body(form), form.get("reason", "")
    found = seat.desk.correct(name, typed, reason=reason, at=seat.at)
    if found.sheet is not None:
        return Onward(to=address_of(name))
    view = sheet_view(seat, name, typed=typed, problems=found.problems, reason=reason)
    return Page(
        template="panel/sheet.html", title=view.team_name, view=view, status=422
    )


def _whole(text: str) -> int:
    """The version a form goes on from; a form that names none begins at nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _with(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"
