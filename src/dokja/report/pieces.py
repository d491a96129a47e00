"""The small views that several sections are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from dokja.decision.values import TeamDecision, TeamStatus
from dokja.evidence.values import Text
from dokja.programme.values import Reason
from dokja.report.names import Names
from dokja.stage.values import StageRecord

T = TypeVar("T")


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what templates print: everything is worked out beforehand."""


class TeamLink(View, frozen=True, kw_only=True):
    """A team's name with the place where it is treated."""

    id: str
    name: Text
    anchor: str


class ClauseLink(View, frozen=True, kw_only=True):
    """A cited clause; `anchor` is None where the rulebook lacks it."""

    number: str
    anchor: str | None


class ReasonView(View, frozen=True, kw_only=True):
    """A reason with its clauses."""

    text: Text
    clauses: tuple[ClauseLink, ...]


class Fact(View, frozen=True, kw_only=True):
    """A labelled value."""

    label: Text
    value: Text


class Word(View, frozen=True, kw_only=True):
    """A coded value with its words; `code` picks the mark beside them."""

    code: str
    text: Text


def team_link(team: str, names: Names) -> TeamLink:
    """Link to the team's card."""
    return TeamLink(id=team, name=names.team(team), anchor=names.team_anchor(team))


def clause_links(numbers: Iterable[str], names: Names) -> tuple[ClauseLink, ...]:
    """Links to the clauses, in the order cited."""
    return tuple(ClauseLink(number=n, anchor=names.clause_anchor(n)) for n in numbers)


def reason_views(reasons: Iterable[Reason], names: Names) -> tuple[ReasonView, ...]:
    """Every reason with links."""
    return tuple(
        ReasonView(text=r.text, clauses=clause_links(r.clauses, names)) for r in reasons
    )


def decided(record: StageRecord, team: str) -> TeamDecision:
    """The decision on a team; `undecided` without reasons where none was made."""
    for decision in record.outcome.decision.teams:
        if decision.team == team:
            return decision
    return TeamDecision(team=team, status=TeamStatus.UNDECIDED, reasons=())


def same(text: str) -> Text:
    """Text that needs no translation: an id, a number, a digest."""
    return Text(text, text)


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """Items without repetition, in the order of their first appearance."""
    return tuple(dict.fromkeys(items))
