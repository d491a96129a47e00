"""Panels and registers that the tests of the panel make up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dokja.evidence.values import Text
from dokja.panel.values import (
    AssignmentRules,
    Criterion,
    Expert,
    ExpertSheet,
    InterestRegister,
    Panel,
    Specialist,
    Tie,
)
from dokja.programme.interest_rules import (
    FieldNeed,
    InterestLevel,
    InterestRules,
    TieKind,
    TieRule,
)

TODAY = date(2026, 1, 5)
NOTE = Text(ko="지어낸 평가단", en="An invented panel.")
POSSIBLE = {TieKind.COAUTHORSHIP, TieKind.SUPPLY, TieKind.DATA_DEAL}
CRITERIA = ("strategy", "technology", "plan", "spillover")


def rules(*, cooling: int = 24, longest: int = 3) -> InterestRules:
    """A rule for every kind of tie, with one cooling-off for all."""
    return InterestRules(
        ties=tuple(
            TieRule(
                kind=kind,
                level=InterestLevel.POSSIBLE
                if kind in POSSIBLE
                else InterestLevel.CONFLICT,
                cooling_months=cooling,
            )
            for kind in TieKind
        ),
        longest_path=longest,
    )


def tie(kind: str, left: str, right: str, *, until: date | None = None) -> Tie:
    """A tie with a source."""
    return Tie(
        kind=TieKind(kind),
        left=left,
        right=right,
        until=until,
        source="made up",
        recorded=TODAY,
    )


def register(
    *ties: Tie, experts: Sequence[str] = ("e1", "e2"), teams: Sequence[str] = ("t1",)
) -> InterestRegister:
    """A register of these ties, four organisations and two relatives."""
    return InterestRegister(
        experts=tuple(experts),
        people=("p1", "p2"),
        organisations=("o1", "o2", "o3", "o4"),
        teams=tuple(teams),
        ties=ties,
    )


def needs(
    experts: Sequence[str],
    *,
    each_team: int,
    each_expert: int,
    fields: Mapping[str, int] | None = None,
    specialists: Mapping[str, str] | None = None,
) -> AssignmentRules:
    """Rules of an assignment; an expert without an entry has no field."""
    known = specialists or {}
    return AssignmentRules(
        experts_per_team=each_team,
        teams_per_expert=each_expert,
        fields=tuple(FieldNeed(field=f, least=n) for f, n in (fields or {}).items()),
        specialists=tuple(
            Specialist(expert=e, fields=(known[e],) if e in known else ())
            for e in experts
        ),
    )


def sheet(expert: str, team: str, *scores: int) -> ExpertSheet:
    """A sheet with these scores, the last one for the criteria that remain."""
    given = (*scores, *(scores[-1],) * (len(CRITERIA) - len(scores)))
    return ExpertSheet(
        expert=expert, team=team, scores=dict(zip(CRITERIA, given, strict=True))
    )


def panel(*sheets: ExpertSheet, experts: Sequence[str] = ()) -> Panel:
    """A panel of whoever stands on a sheet, and these experts."""
    people = sorted({*experts, *(one.expert for one in sheets)})
    return Panel(
        synthetic=True,
        note=NOTE,
        criteria=tuple(Criterion(id=c, name=NOTE, max=10) for c in CRITERIA),
        experts=tuple(Expert(id=person, conflicts=()) for person in people),
        sheets=sheets,
    )
