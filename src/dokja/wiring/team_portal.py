"""A team's window on its stage: what is on record of it, and what it may hand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from dokja.contest.served.endpoint_faults import (
    EndpointStanding,
    standing_of_endpoint,
)
from dokja.contest.served.values import EndpointRules
from dokja.decision.after.confirmation import CONFIRMATION
from dokja.decision.objection import OBJECTION, FiledObjection, objection_act
from dokja.decision.values import StageDecision
from dokja.errors import Unavailable
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text
from dokja.independence.reply import REPLY, ReplyWindow, reply_act
from dokja.independence.values import IndependenceFinding, TeamReply
from dokja.lineage.values import LineageReport
from dokja.programme.values import Audience, Rulebook
from dokja.stage import acts as kinds
from dokja.standing.values import Standing, TeamStanding
from dokja.submission.values import Seal
from dokja.wiring.contest_faults import contest_standings
from dokja.wiring.office import Office
from dokja.wiring.published import shelf_of

TEAM_SCORES = "team_scores"
"""Record of the rulebook's disclosures."""
Body = TypeVar("Body")


@dataclass(frozen=True, kw_only=True)
class TeamRecord:
    """Everything on record of one team."""

    team: str
    seal: Seal | None
    standing: TeamStanding | None
    """None before the stage was decided: no score leaves the office earlier."""
    decision: StageDecision | None
    findings: tuple[IndependenceFinding, ...]
    lineage: tuple[LineageReport, ...]
    endpoint: EndpointStanding
    replies: tuple[TeamReply, ...]
    objections: tuple[FiledObjection, ...]
    window: ReplyWindow


def team_record(office: Office, team: str) -> TeamRecord:
    """What is on record of the team. Raises: Unavailable where the store fails."""
    stage = office.plan.stage
    decision = _one(office, kinds.DECISION, stage, StageDecision)
    standing = _one(office, kinds.STANDING, stage, Standing)
    own = None
    if decision is not None and standing is not None and shows_scores(office.rulebook):
        own = next((t for t in standing.teams if t.team == team), None)
    gates = office.rulebook.gates
    return TeamRecord(
        team=team,
        seal=_one(office, kinds.SEAL, team, Seal),
        standing=own,
        decision=decision,
        findings=tuple(
            found
            for gate in gates
            if decision is not None
            for found in (
                _one(office, kinds.FINDING, f"{gate.id}/{team}", IndependenceFinding),
            )
            if found is not None
        ),
        lineage=tuple(
            read_as(act.body, LineageReport, where=act.subject)
            for act in _under(office, kinds.LINEAGE, f"{team}/")
        ),
        endpoint=_endpoint(office, team),
        replies=_read(_under(office, REPLY, f"{team}/"), TeamReply),
        objections=_read(_under(office, OBJECTION, f"{team}/"), FiledObjection),
        window=_window(office),
    )


def shows_scores(rulebook: Rulebook) -> bool:
    """Whether the rules let a team see its scores; without a rule they do not."""
    return any(
        rule.record == TEAM_SCORES
        and rule.audience in (Audience.PUBLIC, Audience.OWN_TEAM)
        for rule in rulebook.disclosures
    )


def hand_in_reply(office: Office, team: str, component: str, text: Text) -> Act:
    """The act of the reply, appended. Raises: as `reply_act`."""
    reply = TeamReply(
        team=team, component=component, at=office.now().isoformat(), text=text
    )
    act = reply_act(_window(office), reply, _under(office, REPLY, f"{team}/"))
    office.store.acts.append((act,))
    return act


def file_objection(office: Office, team: str, about: str, text: str) -> Act:
    """The act of the objection, appended. Raises: as `objection_act`."""
    plan = office.plan
    decision = _one(office, kinds.DECISION, plan.stage, StageDecision)
    ended = office.store.acts.of_kind(plan.programme, plan.stage, CONFIRMATION)
    objection = FiledObjection(
        team=team, about=about, text=text, at=office.now().isoformat()
    )
    act = objection_act(
        decision,
        objection,
        _under(office, OBJECTION, f"{team}/"),
        programme=plan.programme,
        stage=plan.stage,
        is_final=bool(ended),
    )
    office.store.acts.append((act,))
    return act


def _endpoint(office: Office, team: str) -> EndpointStanding:
    """How the team's server stands; without faults where there is no contest."""
    standings = () if office.keeper is None else contest_standings(office.keeper)
    found = (standing for standing in standings if standing.team == team)
    return next(found, standing_of_endpoint(team, (), EndpointRules()))


def _window(office: Office) -> ReplyWindow:
    reply = office.rulebook.reply
    if reply is None:
        raise Unavailable(
            "the rulebook gives no right to reply",
            remedy="it needs [reply] with the number of days",
        )
    plan = office.plan
    return ReplyWindow(
        programme=plan.programme,
        stage=plan.stage,
        teams=tuple(t for t in plan.teams if t not in plan.withdrawn),
        requested=plan.schedule.reply_requested,
        days=reply.days,
    )


def recorded(office: Office, kind: str, subject: str) -> Act | None:
    """The act of the record, or of the stage's published bundle.

    A stage may be run with a record of its own; what it published is verified.
    """
    plan = office.plan
    found = office.store.acts.find(plan.programme, plan.stage, kind, (subject,))
    if not found:
        found = tuple(
            act
            for act in _published(office)
            if (act.kind, act.subject) == (kind, subject)
        )
    return found[0] if found else None


def _one(office: Office, kind: str, subject: str, body: type[Body]) -> Body | None:
    found = recorded(office, kind, subject)
    return None if found is None else read_as(found.body, body, where=kind)


def _under(office: Office, kind: str, prefix: str) -> tuple[Act, ...]:
    """Acts of the kind whose subject starts with it, looked for as in `recorded`."""
    plan = office.plan
    found = office.store.votes.of_kind(plan.programme, plan.stage, kind, prefix)
    return found or tuple(
        act
        for act in _published(office)
        if act.kind == kind and act.subject.startswith(prefix)
    )


def _published(office: Office) -> tuple[Act, ...]:
    plan = office.plan
    volume = shelf_of(office).of_stage(plan.programme, plan.stage)
    return () if volume is None else volume.acts


def _read(acts: tuple[Act, ...], body: type[Body]) -> tuple[Body, ...]:
    return tuple(read_as(act.body, body, where=act.subject) for act in acts)
