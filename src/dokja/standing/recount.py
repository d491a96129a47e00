"""The official points over again without some of the evidence, exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from dokja.programme.values import Component, Measure, Rulebook
from dokja.standing.measured import Measured
from dokja.standing.points import points_of
from dokja.standing.tallies import PANEL, SUITE, VOTERS, VOTES, Tally, tallies_of

Removed = Mapping[str, Collection[int]]
"""Source of evidence to the places of the units left out of it."""


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What is left out: single units, or whole suites."""

    units: Removed = field(default_factory=dict)
    suites: frozenset[str] = frozenset()


NOTHING = Removal()


@dataclass(frozen=True, kw_only=True)
class Order:
    """Totals and who is out; unknown totals put nobody out."""

    totals: Mapping[str, Decimal | None]
    possible: Decimal
    out: tuple[str, ...]
    level: tuple[str, ...]

    def differs(self, other: Order) -> bool:
        """Whether somebody else is out, or it is no longer clear who is."""
        return (self.out, self.level) != (other.out, other.level)


@dataclass(frozen=True)
class Recount:
    """Everything needed to count a stage's points again."""

    rulebook: Rulebook
    measured: Measured
    keep: int

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """The evidence as whole numbers."""
        return tallies_of(self.measured)

    @cached_property
    def whole(self) -> Order:
        """The order from all the evidence."""
        return self.without(NOTHING)

    def without(self, removal: Removal) -> Order:
        """The order without what the removal names.

        A component that some team has no suite left for falls away for all:
        a total that lacks it for one team only would compare nothing.
        """
        counted = [
            component
            for component in self.rulebook.components()
            if not self._falls_away(component, removal.suites)
        ]
        points = {
            team: {c.id: self.points(c, team, removal) for c in counted}
            for team in self.measured.teams
        }
        possible = sum((c.points for c in counted), Decimal(0))
        return self._order(points, possible)

    def points(
        self, component: Component, team: str, removal: Removal = NOTHING
    ) -> Decimal | None:
        """Official points of a component, rounded as the rulebook says."""
        if not self._touches(component, team, removal):
            return self._whole_points(component, team)
        return self._rounded(component, self._share(component, team, removal))

    @cached_property
    def _known(self) -> dict[tuple[str, str], Decimal | None]:
        return {}

    def _whole_points(self, component: Component, team: str) -> Decimal | None:
        name = (component.id, team)
        if name not in self._known:
            share = self._share(component, team, NOTHING)
            self._known[name] = self._rounded(component, share)
        return self._known[name]

    def _rounded(self, component: Component, share: Fraction | None) -> Decimal | None:
        assert self.rulebook.rounding is not None  # parse_rulebook refuses its absence
        if share is None:
            return None
        places = self.rulebook.rounding.component_places
        return points_of(share, component, places=places)

    def _touches(self, component: Component, team: str, removal: Removal) -> bool:
        if component.measure is Measure.PANEL_MEAN:
            return PANEL in removal.units
        if component.measure is Measure.BALLOT_MEAN:
            return VOTERS in removal.units or VOTES in removal.units
        suites = self.measured.suites_for(component, team)
        return any(s in removal.suites or SUITE + s in removal.units for s in suites)

    def _share(
        self, component: Component, team: str, removal: Removal
    ) -> Fraction | None:
        if component.measure is Measure.PANEL_MEAN:
            return self._mean(PANEL, team, removal)
        if component.measure is Measure.BALLOT_MEAN:
            source = VOTES if VOTES in removal.units else VOTERS
            return self._mean(source, team, removal)
        named = self.measured.suites_for(component, team)
        suites = [suite for suite in named if suite not in removal.suites]
        shares = [self._suite_share(component, team, s, removal) for s in suites]
        known = [share for share in shares if share is not None]
        if not shares or len(known) < len(shares):
            return None
        return sum(known, Fraction(0)) / len(known)

    def _suite_share(
        self, component: Component, team: str, suite: str, removal: Removal
    ) -> Fraction | None:
        own = self._mean(SUITE + suite, team, removal)
        if component.measure is Measure.SUITE_MEAN or own is None:
            return own
        target = self._mean(SUITE + suite, self.measured.reference, removal)
        return min(own / target, Fraction(component.cap)) if target else None

    def _mean(self, source: str, subject: str, removal: Removal) -> Fraction | None:
        return self.tallies[source].mean(subject, removal.units.get(source, ()))

    def _falls_away(self, component: Component, dropped: frozenset[str]) -> bool:
        if component.measure in (Measure.PANEL_MEAN, Measure.BALLOT_MEAN):
            return False
        named = [
            set(self.measured.suites_for(component, t)) for t in self.measured.teams
        ]
        return any(suites and suites <= dropped for suites in named)

    def _order(
        self, points: Mapping[str, Mapping[str, Decimal | None]], possible: Decimal
    ) -> Order:
        totals = {team: _sum(parts.values()) for team, parts in points.items()}
        if any(total is None for total in totals.values()):
            level = tuple(sorted(totals)) if len(totals) > self.keep else ()
            return Order(totals=totals, possible=possible, out=(), level=level)
        keys = {team: self._key(totals[team], points[team]) for team in totals}
        out: list[str] = []
        tied: list[str] = []
        for team, own in keys.items():
            ahead = sum(1 for key in keys.values() if key > own)
            equal = sum(1 for key in keys.values() if key == own)
            if ahead >= self.keep:
                out.append(team)
            elif ahead + equal > self.keep:
                tied.append(team)
        return Order(
            totals=totals,
            possible=possible,
            out=tuple(sorted(out)),
            level=tuple(sorted(tied)),
        )

    def _key(
        self, total: Decimal | None, parts: Mapping[str, Decimal | None]
    ) -> tuple[Decimal, ...]:
        """What the order goes by: the total, then the tie-break categories."""
        names = self.rulebook.ties.order if self.rulebook.ties else ()
        categories = {c.id: c for c in self.rulebook.categories}
        broken = (
            _sum(parts.get(c.id, Decimal(0)) for c in categories[name].components)
            for name in names
        )
        return tuple(value for value in (total, *broken) if value is not None)


def _sum(points: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for value in points:
        if value is None:
            return None
        total += value
    return total
