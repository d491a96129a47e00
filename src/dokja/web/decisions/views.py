"""What each reader is shown of what follows a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from dokja.decision.after.values import (
    ObjectionFile,
    ObjectionState,
    PlaceState,
)
from dokja.decision.after.words import OBJECTION_STATES, PLACE_STATES
from dokja.decision.values import TeamDecision
from dokja.disclosure.figures import OWN, shows
from dokja.disclosure.view import DECISION, OBJECTIONS, REASONS
from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, TimelineEntry
from dokja.programme.values import Audience, Reason, Rulebook, VacancyPolicy
from dokja.report.wording import STATUS
from dokja.web.acts import ActLink, links_to
from dokja.web.decisions.acts import DECISION_ACTS
from dokja.web.reader import Reader
from dokja.wiring.after_decision import Aftermath
from dokja.wiring.decision_file import DecisionFile, LeftTeam

TONES = {
    ObjectionState.FILED: "care",
    ObjectionState.REVIEWING: "now",
    ObjectionState.UPHELD: "good",
}


class TeamLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided on one team, and under which clauses."""

    team: str
    status: Text
    clauses: tuple[str, ...]
    reasons: tuple[Reason, ...]
    """Empty for whoever may not see the team's scores, which reasons tell."""


class ObjectionLine(msgspec.Struct, frozen=True, kw_only=True):
    """An objection, as much of it as the reader may see."""

    id: str
    """Empty for whoever may not see whose it is."""
    team: str
    about: str
    text: str
    filed_at: str
    state: Text
    tone: str
    outcome: Text | None
    reviewers: tuple[str, ...]
    acts: tuple[ActLink, ...]


class PlacesLine(msgspec.Struct, frozen=True, kw_only=True):
    """The empty places, and what became of them."""

    places: int
    state: Text
    call: str | None
    call_is_here: bool
    filled: tuple[str, ...]


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of what follows a decision."""

    is_decided: bool
    teams: tuple[TeamLine, ...] = ()
    """Those that the rules let the reader see."""
    decided_on: int = 0
    digest: str = ""
    closes: datetime | None = None
    objection_until: str = ""
    is_open: bool = False
    closes_early: bool = False
    is_final: bool = False
    was_early: bool = False
    objections: tuple[ObjectionLine, ...] = ()
    heard: int = 0
    """Teams that objected or declared not to."""
    waived: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    names_teams: bool = False
    """Whether the reader sees which teams those are."""
    places: PlacesLine | None = None
    next_teams: tuple[str, ...] | None = None
    following: str = ""
    """Stage that follows, once its teams are on record."""
    has_ended: bool = False
    left: tuple[LeftTeam, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    runs: bool = False
    """Whether the reader sees what is due, and who acted."""
    history: tuple[TimelineEntry, ...] = ()
    acts: tuple[ActLink, ...] = ()


def decision_view(
    found: DecisionFile | None,
    reader: Reader,
    *,
    left: Sequence[LeftTeam],
    rulebook: Rulebook,
) -> DecisionView:
    """The page for this reader."""
    if found is None:
        return DecisionView(
            is_decided=False,
            left=tuple(left),
            runs=reader.sees_all,
            acts=_withdrawing(reader, left),
        )
    after = found.aftermath
    policy = None if rulebook.vacancy is None else rulebook.vacancy.policy
    opened = _Opened(
        decision=shows(rulebook, DECISION, Audience.PUBLIC),
        reasons=any(shows(rulebook, r, Audience.PUBLIC) for r in (REASONS, OWN)),
        objections=shows(rulebook, OBJECTIONS, Audience.PUBLIC),
    )
    sees_decision = reader.sees_all or opened.decision
    return DecisionView(
        is_decided=True,
        teams=tuple(
            _team(t, is_shown=opened.reasons or _is_own(reader, t.team))
            for t in after.decision.teams
            if sees_decision or _is_own(reader, t.team)
        ),
        decided_on=len(after.decision.teams),
        digest=found.digest,
        closes=found.closes,
        objection_until=after.decision.objection_until,
        is_open=found.is_open,
        closes_early=found.closes_early,
        is_final=after.confirmed is not None,
        was_early=after.confirmed is not None and after.confirmed.early,
        objections=tuple(
            _objection(each, found, reader, is_open=opened.objections)
            for each in after.objections
        ),
        heard=len(after.decision.teams) - len(after.silent),
        waived=after.waived if reader.sees_all else (),
        silent=after.silent if reader.sees_all else (),
        names_teams=reader.sees_all,
        places=_places(found),
        next_teams=_next_teams(after) if sees_decision else None,
        following=found.following,
        has_ended=after.ended is not None,
        left=tuple(left),
        agenda=found.agenda if reader.sees_all else (),
        runs=reader.sees_all,
        history=reader.history(
            found.history if reader.sees_all else found.public_history
        ),
        acts=(
            *links_to(DECISION_ACTS, tuple(_acts(found, reader, policy))),
            *_withdrawing(reader, left),
        ),
    )


class _Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules open to everybody."""

    decision: bool
    reasons: bool
    objections: bool


def _is_own(reader: Reader, team: str) -> bool:
    return reader.sees_all or reader.team == team


def _next_teams(after: Aftermath) -> tuple[str, ...] | None:
    return after.ended.teams if after.ended else after.next_teams


def can_waive(found: DecisionFile, team: str) -> bool:
    """Whether the team may still declare that it does not object."""
    return found.is_open and team in found.aftermath.silent


def _team(decided: TeamDecision, *, is_shown: bool) -> TeamLine:
    cited = (clause for reason in decided.reasons for clause in reason.clauses)
    return TeamLine(
        team=decided.team,
        status=STATUS[decided.status],
        clauses=tuple(dict.fromkeys(cited)),
        reasons=decided.reasons if is_shown else (),
    )


def _withdrawing(reader: Reader, left: Sequence[LeftTeam]) -> tuple[ActLink, ...]:
    if not reader.team or reader.team in {each.team for each in left}:
        return ()
    return links_to(DECISION_ACTS, ("team-withdraw",))


def _acts(
    found: DecisionFile, reader: Reader, policy: VacancyPolicy | None
) -> Iterator[str]:
    """The acts that make sense now, in the order in which they are taken."""
    if reader.team and can_waive(found, reader.team):
        yield "objection-waive"
    if not reader.runs:
        return
    if found.may_confirm:
        yield "decision-confirm"
    yield from _on_places(found, policy)
    if found.goes_on:
        yield "stage-next"
    if found.ends:
        yield "programme-end"


def _on_places(found: DecisionFile, policy: VacancyPolicy | None) -> Iterator[str]:
    places = found.aftermath.places
    if found.aftermath.confirmed is None or not places.places or found.call_is_here:
        return
    if places.state is PlaceState.OPEN and policy is VacancyPolicy.REVIVAL_CALL:
        yield "places-call"
    if places.state is PlaceState.REVIVAL_CALL:
        yield "places-fill"
    if places.state in (PlaceState.OPEN, PlaceState.REVIVAL_CALL):
        yield "places-leave"


def _objection(
    each: ObjectionFile, found: DecisionFile, reader: Reader, *, is_open: bool
) -> ObjectionLine:
    shown = is_open or _is_own(reader, each.team)
    return ObjectionLine(
        id=each.id if shown else "",
        team=each.team if shown else "",
        about=each.about if shown else "",
        text=found.said[each.id].text if shown else "",
        filed_at=each.filed_at,
        state=OBJECTION_STATES[each.state],
        tone=TONES.get(each.state, ""),
        outcome=each.outcome if shown else None,
        reviewers=each.reviewers if reader.sees_all else (),
        acts=links_to(DECISION_ACTS, _steps(each, reader), of=each.id),
    )


def _steps(each: ObjectionFile, reader: Reader) -> tuple[str, ...]:
    if not reader.runs or reader.account is None:
        return ()
    if each.state is ObjectionState.FILED:
        return ("objection-admit", "objection-refuse")
    reviews = reader.account.pseudonym in each.reviewers
    if each.state is ObjectionState.REVIEWING and reviews:
        return ("objection-uphold", "objection-dismiss")
    return ()


def _places(found: DecisionFile) -> PlacesLine | None:
    places = found.aftermath.places
    if not places.places:
        return None
    return PlacesLine(
        places=places.places,
        state=PLACE_STATES[places.state],
        call=places.call,
        call_is_here=found.call_is_here,
        filled=tuple(place.team for place in places.filled),
    )
