"""One record as the public, one team, and an auditor see it.

The record is taken apart into facts. Each belongs to a kind of record that the
rulebook's disclosures name, and to a team or to nobody; who sees it follows from
these two. So what the public sees is part of what a team sees, and that part of what
an auditor sees, and no team is shown what is another's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from dokja.call.applications.values import ApplicationPhase
from dokja.call.overview import ApplicationRow, CallOverview
from dokja.decision.after.values import ObjectionFile
from dokja.decision.values import StageDecision
from dokja.disclosure.figures import (
    BEST,
    MEAN,
    OWN,
    best_of,
    figures_of,
    hidden_in,
    opened_to_all,
    shows,
)
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.values import quantise
from dokja.programme.values import Audience, Rulebook
from dokja.standing.values import Standing
from dokja.support.overview import SupportOverview

SCHEMA = "dokja-record-view/1"
DECISION, REASONS = "decision", "decision_reasons"
OBJECTIONS, NAMES = "objections", "evaluator_names"
CALLS, SELECTED, APPLICANTS = "calls", "selected_applicants", "applicants"
REVIEWS, FEEDBACK = "call_reviews", "feedback"
SUPPORT, POOLS, BUDGETS = "support_balances", "support_pools", "published_budgets"

UNLESS_RULED: Mapping[str, Audience] = {
    DECISION: Audience.OWN_TEAM,
    REASONS: Audience.OWN_TEAM,
    OBJECTIONS: Audience.OWN_TEAM,
    CALLS: Audience.PUBLIC,
    SELECTED: Audience.PUBLIC,
    APPLICANTS: Audience.OWN_TEAM,
    REVIEWS: Audience.OWN_TEAM,
    FEEDBACK: Audience.OWN_TEAM,
    SUPPORT: Audience.OWN_TEAM,
    POOLS: Audience.OWN_TEAM,
    BUDGETS: Audience.PUBLIC,
}
"""Who sees a record that the rulebook does not name. A team sees what is its own;
what was announced is public; anything else only auditors see, scores above all."""


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks: the public, one team, or an auditor."""

    audience: Audience
    team: str = ""

    @property
    def name(self) -> str:
        """As it is written: `public`, `team:ID`, `auditor`."""
        is_team = self.audience is Audience.OWN_TEAM
        return f"team:{self.team}" if is_team else self.audience.value


@dataclass(frozen=True, kw_only=True)
class WholeRecord:
    """What is on record of a stage and of what surrounds it."""

    rulebook: Rulebook
    stage: str
    decision: StageDecision | None = None
    standing: Standing | None = None
    objections: tuple[ObjectionFile, ...] = ()
    calls: tuple[CallOverview, ...] = ()
    """As the office sees them."""
    teams_of: Mapping[tuple[str, str], str] | None = None
    """Team by call and application, where its id is another than the application's."""
    support: SupportOverview | None = None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One fact, with what decided that it is shown."""

    record: str
    """Kind, as the rulebook's disclosures name it."""
    id: str
    team: str
    """Whose own it is; empty where it is nobody's."""
    audience: Audience
    by_rule: bool
    """Whether the rulebook says so; else a team sees its own."""
    body: Any


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """The record as one viewer sees it."""

    schema: str
    programme: str
    stage: str
    viewer: str
    facts: tuple[Shown, ...]


def viewer_of(text: str) -> Viewer:
    """Whom `public`, `team:ID` or `auditor` names. Raises: InvalidInput."""
    kind, _, team = text.partition(":")
    if kind == "team" and team:
        return Viewer(audience=Audience.OWN_TEAM, team=team)
    if text in (Audience.PUBLIC.value, Audience.AUDITOR.value):
        return Viewer(audience=Audience(text))
    raise InvalidInput(
        f"{text!r} is no viewer", remedy="write public, team:ID or auditor"
    )


def view_of(record: WholeRecord, viewer: Viewer) -> RecordView:
    """The record as the viewer may see it.

    Raises: Unavailable for a team that stands nowhere in the record.
    """
    facts = tuple(_facts(record))
    teams = {fact.team for fact in facts}
    if viewer.audience is Audience.OWN_TEAM and viewer.team not in teams:
        raise Unavailable(
            f"the record knows no team {viewer.team}",
            remedy=f"name one of {', '.join(sorted(teams - {''})) or 'none'}",
        )
    return RecordView(
        schema=SCHEMA,
        programme=record.rulebook.programme,
        stage=record.stage,
        viewer=viewer.name,
        facts=tuple(fact for fact in facts if _sees(viewer, fact)),
    )


def _sees(viewer: Viewer, fact: Shown) -> bool:
    if fact.audience is Audience.PUBLIC or viewer.audience is Audience.AUDITOR:
        return True
    is_team = viewer.audience is Audience.OWN_TEAM
    return (
        is_team
        and fact.audience is Audience.OWN_TEAM
        and fact.team in ("", viewer.team)
    )


def _facts(record: WholeRecord) -> Iterator[Shown]:
    if record.decision is not None:
        yield from _decision_facts(record, record.decision)
    if record.standing is not None:
        yield from _score_facts(record, record.standing)
    for objection in record.objections:
        yield from _objection_facts(record, objection)
    for call in record.calls:
        yield from _call_facts(record, call)
    if record.support is not None:
        yield from _support_facts(record, record.support)


def _fact(
    record: WholeRecord, kind: str, name: str, body: Any, team: str = ""
) -> Shown:
    """The fact, open to whom its record is: the widest rule on it counts."""
    ruled = {r.audience for r in record.rulebook.disclosures if r.record == kind}
    widest = next((a for a in Audience if a in ruled), None)
    audience = widest or UNLESS_RULED.get(kind, Audience.AUDITOR)
    return Shown(
        record=kind,
        id=name,
        team=team,
        audience=audience,
        by_rule=widest is not None,
        body=msgspec.to_builtins(body),
    )


def _decision_facts(record: WholeRecord, decision: StageDecision) -> Iterator[Shown]:
    """What was decided, and apart from it the reasons: they quote totals.

    Reasons are no wider open than the scores they quote, unless a rule says so.
    """
    stage, told = decision.stage, []
    for team in decision.teams:
        cited = sorted({c for reason in team.reasons for c in reason.clauses})
        body = {"team": team.team, "status": team.status, "clauses": cited}
        yield _fact(record, DECISION, f"{stage}/{team.team}", body, team.team)
        name = f"reasons/{stage}/{team.team}"
        told.append(_fact(record, REASONS, name, team.reasons, team.team))
    whole = {name: getattr(decision, name) for name in _DECIDED}
    yield _fact(record, DECISION, stage, whole)
    told.append(_fact(record, REASONS, f"reasons/{stage}", decision.reasons))
    are_open = shows(record.rulebook, OWN, Audience.PUBLIC)
    for fact in told:
        if fact.by_rule or (fact.team and not are_open):
            yield fact
        else:
            seen_by = Audience.PUBLIC if are_open else Audience.AUDITOR
            yield msgspec.structs.replace(fact, audience=seen_by)


_DECIDED = (
    "rules_digest",
    "planned_places",
    "vacancies",
    "revival_call",
    "objection_until",
    "settled_by_data",
)


def _score_facts(record: WholeRecord, standing: Standing) -> Iterator[Shown]:
    """Every figure for its team; best ones and means apart, as the rules may open them.

    A mean that would show a hidden score is in no view but the auditor's.
    """
    figures = list(figures_of(standing))
    opened, best = opened_to_all(record.rulebook, figures), best_of(figures)
    for each in figures:
        name = f"{each.figure}/{each.team}"
        body = {"figure": each.figure, "points": each.points}
        yield _fact(record, OWN, name, body, each.team)
        if each in best:
            yield _fact(record, BEST, name, body | {"team": each.team})
    for team in standing.teams:
        whole = {name: getattr(team, name) for name in _STANDING}
        yield _fact(record, OWN, f"standing/{team.team}", whole, team.team)
    rounding = record.rulebook.rounding
    places = rounding.component_places if rounding else 2
    for figure in dict.fromkeys(each.figure for each in figures):
        mine = [each for each in figures if each.figure == figure]
        total = sum(each.points for each in mine)
        mean = quantise(total / len(mine), places=places) if total else total
        fact = _fact(record, MEAN, figure, {"figure": figure, "mean": mean})
        if hidden_in(mine, opened):
            fact = msgspec.structs.replace(fact, audience=Audience.AUDITOR)
        yield fact


_STANDING = ("rank", "total_interval", "inside_cut", "indices", "targets")


def _objection_facts(record: WholeRecord, found: ObjectionFile) -> Iterator[Shown]:
    body = msgspec.to_builtins(found)
    reviewers = body.pop("reviewers")
    yield _fact(record, OBJECTIONS, found.id, body, found.team)
    if reviewers:
        yield _fact(record, NAMES, f"objection {found.id}", {"reviewers": reviewers})


def _call_facts(record: WholeRecord, call: CallOverview) -> Iterator[Shown]:
    announced = {
        "text": call.text,
        "closes": call.closes,
        "phase": call.phase,
        "notices": call.notices,
        "questions": call.questions,
    }
    fact = _fact(record, CALLS, call.id, announced)
    if not call.rules_digest:
        fact = msgspec.structs.replace(fact, audience=Audience.AUDITOR)
    yield fact
    for row in call.applications:
        yield from _application_facts(record, call, row)


def _application_facts(
    record: WholeRecord, call: CallOverview, row: ApplicationRow
) -> Iterator[Shown]:
    name = f"{call.id}/{row.id}"
    team = (record.teams_of or {}).get((call.id, row.id), row.id)
    known = {
        "name": row.name,
        "phase": row.phase,
        "lead": row.lead,
        "members": row.members,
    }
    is_selected = row.phase is ApplicationPhase.SELECTED
    fact = _fact(record, SELECTED if is_selected else APPLICANTS, name, known, team)
    if row.phase in _NOT_STANDING and fact.audience is Audience.PUBLIC:
        fact = msgspec.structs.replace(fact, audience=Audience.OWN_TEAM)
    yield fact
    review: dict[str, Any] = {
        "checks": row.checks,
        "reasons": row.reasons,
        "rank": row.rank,
        "share": row.share,
    }
    tally = row.tally
    if tally is not None:
        review["votes"] = {"in_favour": tally.in_favour, "of": tally.of}
        if tally.recused:
            yield _fact(
                record, NAMES, f"recused from {name}", {"experts": tally.recused}
            )
    yield _fact(record, REVIEWS, name, review, team)
    if row.feedback is not None:
        yield _fact(record, FEEDBACK, name, row.feedback, team)


_NOT_STANDING = (ApplicationPhase.DRAFT, ApplicationPhase.WITHDRAWN)
"""A bid that was not handed in, or taken back, is nobody else's to know of."""


def _support_facts(record: WholeRecord, support: SupportOverview) -> Iterator[Shown]:
    for total in support.teams:
        yield _fact(record, SUPPORT, f"total/{total.team}", total, total.team)
    for each in support.balances:
        yield _fact(record, SUPPORT, f"{each.pool}/{each.team}", each, each.team)
    for number, share in enumerate(support.shares):
        yield _fact(record, SUPPORT, f"share/{number}", share, share.team)
    for number, time in enumerate(support.equal_time):
        yield _fact(record, SUPPORT, f"equal time/{number}", time, time.team)
    for account in support.accounts:
        team = account.account.team or ""
        kind = SUPPORT if team else "ledger"
        yield _fact(record, kind, f"account/{account.account.id}", account, team)
    for grant in support.grants:
        name = f"grant/{grant.grant.id}"
        yield _fact(record, SUPPORT, name, grant, grant.grant.team)
    for pool in support.pools:
        incidents = [
            msgspec.structs.replace(incident, credits=()) for incident in pool.incidents
        ]
        body = msgspec.structs.replace(pool, incidents=tuple(incidents))
        yield _fact(record, POOLS, pool.id, body)
    for figure in support.figures:
        yield _fact(record, BUDGETS, figure.subject, figure)
