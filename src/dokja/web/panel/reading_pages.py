"""The reading room of a team, and a concern that goes to the gate and to no score."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from dokja.evidence.values import Text
from dokja.panel.desk import FieldProblem, OwnConcern
from dokja.panel.values import Concern
from dokja.people.permissions import Permission, Reach, reach
from dokja.report.wording import COMPONENT_KIND, RELATION, VERDICT, WEIGHT_STATE
from dokja.report.wording import component_kind as kind_name
from dokja.web.entry import Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.panel.seat import Seat, Sent, seat_of
from dokja.web.visit import Visit
from dokja.wiring.panel_room import open_panel_room
from dokja.wiring.reading_room import (
    Paper,
    ReadingRoom,
    TechnicalReport,
    open_reading_room,
    report_bytes,
)

reading = Room()

CONCERN = Text(ko="독자성 의견", en="Independence concern")
PDF_HEADERS = {
    # A PDF may carry scripts: it is taken away, never opened in a page of ours.
    "content-disposition": 'attachment; filename="report.pdf"',
    "content-security-policy": "sandbox; default-src 'none'",
}


class ComponentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A component as the team declares it."""

    name: Text
    weight_state: Text
    origin: str
    licence: str


class LineageRow(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one component against one reference."""

    component: Text
    reference: str
    verdict: str
    verdict_name: Text
    relation: Text | None
    explained_share: float | None
    explained_interval: tuple[float, float] | None
    tested_tensors: int
    reason: Text


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What can be read about a team before it is scored."""

    team: str
    team_name: Text
    model: str
    licence: str
    problem: Text | None
    reports: tuple[TechnicalReport, ...]
    components: tuple[ComponentRow, ...]
    training: tuple[Paper, ...]
    lineage: tuple[LineageRow, ...]
    limits: tuple[Text, ...]
    is_measured: bool
    is_expert: bool


class Concerns(msgspec.Struct, frozen=True, kw_only=True):
    """The expert's own concerns about a team, and the form for another one."""

    team: str
    team_name: Text
    raised: tuple[OwnConcern, ...]
    about: str
    text: str
    problems: tuple[FieldProblem, ...]


@reading.page("/panel/{team}/reading")
def reading_room(visit: Visitor, team: str) -> Page:
    """What there is to read about a team."""
    is_expert = _admit(visit, team)
    view = _reading(open_reading_room(visit.office, team), is_expert=is_expert)
    return Page(template="panel/reading.html", title=view.team_name, view=view)


@reading.router.get("/panel/{team}/report.pdf")
def report(visit: Visitor, team: str) -> Response:
    """The technical report as the team handed it in, to be taken away."""
    _admit(visit, team)
    data = report_bytes(visit.office, team)
    return Response(data, media_type="application/pdf", headers=PDF_HEADERS)


@reading.page("/panel/{team}/concern")
def concern(visit: Visitor, team: str) -> Page:
    """The form for a concern about independence."""
    seat = seat_of(visit)
    seat.desk.require_open(seat.expert, team)
    return _concern_page(seat, team)


@reading.act("/panel/{team}/concern")
def raise_concern(visit: Visitor, team: str, form: Sent) -> Page | Onward:
    """Puts a concern on record for the gate."""
    seat = seat_of(visit)
    seat.desk.require_open(seat.expert, team)
    raised = Concern(about=form.get("about", ""), text=form.get("text", ""))
    problems = seat.desk.raise_concern(seat.expert, team, raised, at=seat.at)
    if problems:
        return _concern_page(seat, team, raised, problems)
    return Onward(to=f"/panel/{team}/concern")


def _admit(visit: Visit, team: str) -> bool:
    """Whether it is an expert, who is kept out where recused or not assigned.

    Raises: NotAllowed.
    """
    role = visit.role
    if reach(role, Permission.ENTER_READING_ROOM) is Reach.ALL:
        open_panel_room(visit.office).require_team(team)
        return False
    seat = seat_of(visit)
    seat.desk.require_open(seat.expert, team)
    return True


def _concern_page(
    seat: Seat,
    team: str,
    typed: Concern | None = None,
    problems: tuple[FieldProblem, ...] = (),
) -> Page:
    own = seat.desk.concerns(seat.expert)
    view = Concerns(
        team=team,
        team_name=seat.room.team_name(team),
        raised=tuple(one for one in own if one.team == team),
        about="" if typed is None else typed.about,
        text="" if typed is None else typed.text,
        problems=problems,
    )
    status = 422 if problems else 200
    return Page(template="panel/concern.html", title=CONCERN, view=view, status=status)


def _reading(found: ReadingRoom, *, is_expert: bool) -> Reading:
    manifest = found.manifest
    return Reading(
        team=found.team,
        team_name=found.name,
        model="" if manifest is None else manifest.model,
        licence="" if manifest is None else manifest.licence,
        problem=found.problem,
        reports=found.reports,
        components=()
        if manifest is None
        else tuple(
            ComponentRow(
                name=COMPONENT_KIND[one.kind],
                weight_state=WEIGHT_STATE[one.weight_state],
                origin=one.origin,
                licence=one.licence,
            )
            for one in manifest.components
        ),
        training=found.training,
        lineage=_lineage(found),
        limits=tuple(dict.fromkeys(one.limits for one in found.lineage)),
        is_measured=found.is_measured,
        is_expert=is_expert,
    )


def _lineage(found: ReadingRoom) -> tuple[LineageRow, ...]:
    return tuple(
        LineageRow(
            component=kind_name(part.name),
            reference=part.reference,
            verdict=part.verdict.value,
            verdict_name=VERDICT[part.verdict],
            relation=None if part.relation is None else RELATION[part.relation],
            explained_share=part.explained_share,
            explained_interval=part.explained_interval,
            tested_tensors=part.tested_tensors,
            reason=part.reason,
        )
        for one in found.lineage
        for part in one.components
    )
