"""What a team is shown of itself."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from dokja.contest.served.endpoint_faults import EndpointStanding
from dokja.decision.objection import FiledObjection
from dokja.evidence.values import Check, CheckResult, Estimate, Text
from dokja.independence.values import TeamReply
from dokja.lineage.values import LineageReport, LineageVerdict
from dokja.programme.values import Reason, Rulebook
from dokja.report.wording import COMPONENT_KIND, STATUS, VERDICT
from dokja.submission.values import ComponentKind, Seal
from dokja.web.team.agreement import OwnCalls
from dokja.web.team.programme import TeamProgramme
from dokja.web.team.support import OwnSupport
from dokja.wiring.team_portal import TeamRecord

ADVERSE = frozenset(
    {
        LineageVerdict.IDENTICAL,
        LineageVerdict.DERIVED,
        LineageVerdict.PARTIAL,
        LineageVerdict.REFER,
    }
)
"""Verdicts that a team is asked to reply to."""


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """Points of one component."""

    category: Text
    component: Text
    points: Decimal | None
    possible: Decimal
    share: Estimate | None
    reason: Text | None


class MatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One component of the team's model beside one reference."""

    component: str
    name: Text
    reference: str
    verdict: Text
    is_adverse: bool


class ReplyChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A component that a reply can be about."""

    component: str
    name: Text


class TeamView(msgspec.Struct, frozen=True, kw_only=True):
    """The team's page."""

    team: str
    seal: Seal | None
    status: Text | None
    reasons: tuple[Reason, ...]
    total: Decimal | None
    rank: int | None
    scores: tuple[ScoreRow, ...]
    matches: tuple[MatchRow, ...]
    failed: tuple[Check, ...]
    endpoint: EndpointStanding
    replies: tuple[TeamReply, ...]
    reply_from: str
    reply_until: str
    can_reply: bool
    replies_to: tuple[ReplyChoice, ...]
    objections: tuple[FiledObjection, ...]
    objection_until: str | None
    can_object: bool
    calls: OwnCalls | None = None
    support: OwnSupport | None = None
    programme: TeamProgramme | None = None
    """Its part in the programme around the stage."""


def team_view(record: TeamRecord, rulebook: Rulebook, *, now: str) -> TeamView:
    """The team's page from what is on record."""
    decided = None
    if record.decision is not None:
        decided = next(
            (entry for entry in record.decision.teams if entry.team == record.team),
            None,
        )
    standing = record.standing
    until = record.window.until.isoformat()
    objection_until = None
    if decided is not None and record.decision is not None:
        objection_until = record.decision.objection_until
    return TeamView(
        team=record.team,
        seal=record.seal,
        status=None if decided is None else STATUS[decided.status],
        reasons=() if decided is None else decided.reasons,
        total=None if standing is None else standing.total,
        rank=None if standing is None else standing.rank,
        scores=_scores(record, rulebook),
        matches=tuple(row for report in record.lineage for row in _matches(report)),
        failed=tuple(
            check
            for finding in record.findings
            for aspect in finding.aspects
            for check in aspect.checks
            if check.result is CheckResult.FAIL
        ),
        endpoint=record.endpoint,
        replies=record.replies,
        reply_from=record.window.requested,
        reply_until=until,
        can_reply=record.window.is_open(now),
        replies_to=_replies_to(record),
        objections=record.objections,
        objection_until=objection_until,
        can_object=objection_until is not None and now[:10] <= objection_until,
    )


def _replies_to(record: TeamRecord) -> tuple[ReplyChoice, ...]:
    """The components that were compared; where none is on record here, every kind."""
    found = [part.name for report in record.lineage for part in report.components]
    names = dict.fromkeys(found) or [kind.value for kind in ComponentKind]
    return tuple(
        ReplyChoice(component=name, name=COMPONENT_KIND[ComponentKind(name)])
        for name in names
    )


def _scores(record: TeamRecord, rulebook: Rulebook) -> tuple[ScoreRow, ...]:
    if record.standing is None:
        return ()
    categories = {category.id: category.name for category in rulebook.categories}
    parts = {component.id: component.name for component in rulebook.components()}
    return tuple(
        ScoreRow(
            category=categories[category.category],
            component=parts[part.component],
            points=part.points,
            possible=part.possible,
            share=part.share,
            reason=part.reason,
        )
        for category in record.standing.categories
        for part in category.components
    )


def _matches(report: LineageReport) -> tuple[MatchRow, ...]:
    return tuple(
        MatchRow(
            component=part.name,
            name=COMPONENT_KIND[ComponentKind(part.name)],
            reference=report.reference,
            verdict=VERDICT[part.verdict],
            is_adverse=part.verdict in ADVERSE,
        )
        for part in report.components
    )
