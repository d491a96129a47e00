"""The least evidence whose removal changes who is out by rank."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from math import comb

from dokja.programme.values import Component, Measure
from dokja.standing.best_removal import by_people
from dokja.standing.item_removal import by_items
from dokja.standing.recount import Order, Recount, Removal
from dokja.standing.tallies import PANEL, SUITE, VOTERS, VOTES, Tally
from dokja.standing.values import Certainty, SmallestSet, Source

METHOD = "pairwise-optimal-removal/recounted/largest-share={share}"
PEOPLE = {Source.RATERS: PANEL, Source.VOTERS: VOTERS, Source.VOTES: VOTES}
MOST_TRIED = 2_000
"""Sets of one size that are all recounted where proof and find differ."""
ROUNDING_ERROR = 1e-9


@dataclass(frozen=True)
class _Step:
    """The best removal of one size for one pair of teams."""

    bound: float
    """No removal of this size leaves the pair further together than this."""
    units: Mapping[str, tuple[int, ...]]


def smallest_set(
    recount: Recount, source: Source, *, largest_share: Decimal
) -> SmallestSet:
    """The smallest set of a source, or how far it was proven not to exist.

    Who is out changes exactly if a team inside and one outside change
    places. For each such pair the best removal of every size is known or
    bounded; whatever could suffice is counted again under the official
    rules, so that a set that is named does change who is out.
    """
    units = unit_names(recount, source)
    searched = int(largest_share * len(units))
    at_least: int | None = None
    for size, steps in enumerate(_steps(recount, source, searched), start=1):
        within = [step for step in steps if step.bound <= ROUNDING_ERROR]
        if within and at_least is None:
            at_least = size
        for step in within:
            order = recount.without(Removal(units=step.units))
            if order.differs(recount.whole):
                found = _Found(recount, source, units, largest_share)
                return found.smaller_or(size, at_least or size, step.units, order)
    nothing = at_least is None
    return SmallestSet(
        source=source,
        units=len(units),
        searched=searched,
        certainty=Certainty.NONE_UP_TO if nothing else Certainty.NONE_FOUND,
        at_least=searched + 1 if at_least is None else at_least,
        size=None,
        removed=(),
        out=(),
        level=(),
        method=METHOD.format(share=largest_share),
    )


def unit_names(recount: Recount, source: Source) -> dict[tuple[str, int], str]:
    """Name of every unit of the source, by tally and place."""
    if source in PEOPLE:
        tallies = [PEOPLE[source]]
    else:
        tallies = sorted(name for name in recount.tallies if name.startswith(SUITE))
    return {
        (tally, place): unit
        for tally in tallies
        for place, unit in enumerate(recount.tallies[tally].units)
    }


@dataclass(frozen=True)
class _Found:
    """A set that changes who is out, and whether a smaller one does."""

    recount: Recount
    source: Source
    units: Mapping[tuple[str, int], str]
    largest_share: Decimal

    def smaller_or(
        self,
        size: int,
        at_least: int,
        units: Mapping[str, tuple[int, ...]],
        order: Order,
    ) -> SmallestSet:
        """The result; sizes between proof and find are tried where they are few."""
        for less in range(at_least, size):
            if comb(len(self.units), less) > MOST_TRIED:
                break
            for chosen in combinations(sorted(self.units), less):
                tried = _by_tally(chosen)
                after = self.recount.without(Removal(units=tried))
                if after.differs(self.recount.whole):
                    return self._result(less, less, tried, after)
            at_least = less + 1
        return self._result(size, at_least, units, order)

    def _result(
        self,
        size: int,
        at_least: int,
        units: Mapping[str, tuple[int, ...]],
        order: Order,
    ) -> SmallestSet:
        return SmallestSet(
            source=self.source,
            units=len(self.units),
            searched=int(self.largest_share * len(self.units)),
            certainty=Certainty.MINIMUM if size == at_least else Certainty.BETWEEN,
            at_least=at_least,
            size=size,
            removed=tuple(
                sorted(
                    self.units[t, place]
                    for t, places in units.items()
                    for place in places
                )
            ),
            out=order.out,
            level=order.level,
            method=METHOD.format(share=self.largest_share),
        )


def _by_tally(chosen: tuple[tuple[str, int], ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for tally, place in chosen:
        found[tally] = (*found.get(tally, ()), place)
    return found


def _steps(recount: Recount, source: Source, searched: int) -> Iterator[list[_Step]]:
    """For each size the best step of every pair of a team inside and one outside."""
    out = recount.whole.out
    inside = [team for team in recount.measured.teams if team not in out]
    pairs = [
        iter(
            _item_steps(recount, ahead, behind, searched)
            if source is Source.ITEMS
            else _people_steps(recount, PEOPLE[source], (ahead, behind), searched)
        )
        for ahead, behind in product(sorted(inside), sorted(out))
    ]
    for _ in range(searched):
        steps = [step for pair in pairs if (step := next(pair, None)) is not None]
        yield sorted(steps, key=lambda step: step.bound)


def _item_steps(
    recount: Recount, ahead: str, behind: str, searched: int
) -> Iterator[_Step]:
    apart = _rest(recount, ahead, behind, _suite_measured)
    for found in by_items(recount, ahead, behind, up_to=searched):
        yield _Step(apart + found.bound, found.items)


def _people_steps(
    recount: Recount, name: str, teams: tuple[str, str], searched: int
) -> Iterator[_Step]:
    measure = Measure.PANEL_MEAN if name == PANEL else Measure.BALLOT_MEAN
    touched = [c for c in recount.rulebook.components() if c.measure is measure]
    apart = _rest(recount, *teams, lambda c: c.measure is measure)
    assert recount.rulebook.rounding is not None  # parse_rulebook refuses its absence
    unit = 10.0**-recount.rulebook.rounding.component_places
    points = float(sum((c.points for c in touched), Decimal(0)))
    tally: Tally = recount.tallies[name]
    for found in by_people(tally, *teams, up_to=searched):
        bound = apart + points * found.bound - unit * len(touched)
        yield _Step(bound, {name: found.units})


def _suite_measured(component: Component) -> bool:
    return component.measure in (Measure.SUITE_MEAN, Measure.TARGET_ATTAINMENT)


def _rest(
    recount: Recount, ahead: str, behind: str, touched: Callable[[Component], bool]
) -> float:
    """Official points between two teams in the components left alone."""
    apart = Decimal(0)
    for component in recount.rulebook.components():
        if not touched(component):
            points = [recount.points(component, team) for team in (ahead, behind)]
            assert points[0] is not None  # a search begins where totals are known
            assert points[1] is not None
            apart += points[0] - points[1]
    return float(apart)
