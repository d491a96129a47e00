"""How far removing k units can bring one team below another, and by which.

Everything is counted in whole numbers and only divided at the end, so that
equal evidence picks equal units on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dokja.standing.tallies import Counts, Tally

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

MOST_SPLITS = 400
"""Splits between kinds of units that are tried one by one; beyond: a bound."""


@dataclass(frozen=True)
class Removed:
    """The best that removing some units does to a difference of two means."""

    bound: float
    """No removal of this size makes the difference smaller."""
    reached: float
    """What removing `units` makes of it; equal to the bound where exact."""
    units: tuple[int, ...]


def by_people(
    tally: Tally, ahead: str, behind: str, *, up_to: int
) -> Iterator[Removed]:
    """For k = 1, 2, … the least mean of `ahead` less mean of `behind`.

    For given numbers of units removed that speak of both teams, of the one
    and of the other, both denominators are fixed and the best units follow
    by sorting; every split of k into such numbers is tried. Where there are
    too many splits, units that speak of both count twice for the bound.
    Units that speak of neither team are never taken: without them the same
    is reached by fewer.
    """
    split = _Split.of(tally, ahead, behind)
    for size in range(1, up_to + 1):
        found = split.removed(size)
        if found is None:
            return
        yield found


@dataclass(frozen=True, eq=False)
class _Split:
    """Units by the teams they speak of, each kind with its own order."""

    scale: int
    ahead: Counts
    behind: Counts
    speaks_ahead: npt.NDArray[np.bool_]
    speaks_behind: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, tally: Tally, ahead: str, behind: str) -> _Split:
        won_a, has_a = tally.column(ahead)
        won_b, has_b = tally.column(behind)
        return cls(tally.scale, won_a, won_b, has_a, has_b)

    def removed(self, size: int) -> Removed | None:
        """The best removal of `size` units; None where too few would be left."""
        if not len(self.both):
            return self.of_single_ones(size)
        if self.count(size) > MOST_SPLITS:
            return self.bounded(size)
        found = [self.best(*numbers) for numbers in self.splits(size)]
        return min(found, key=lambda e: (e.reached, e.units)) if found else None

    @cached_property
    def both(self) -> Places:
        return np.flatnonzero(self.speaks_ahead & self.speaks_behind)

    @cached_property
    def only_ahead(self) -> Places:
        only = np.flatnonzero(self.speaks_ahead & ~self.speaks_behind)
        return only[np.argsort(-self.ahead[only], kind="stable")]

    @cached_property
    def only_behind(self) -> Places:
        only = np.flatnonzero(self.speaks_behind & ~self.speaks_ahead)
        return only[np.argsort(self.behind[only], kind="stable")]

    def count(self, size: int) -> int:
        """At most how many splits of `size` there are."""
        kinds = (self.only_ahead, self.only_behind)
        return (min(size, len(kinds[0])) + 1) * (min(size, len(kinds[1])) + 1)

    def of_single_ones(self, size: int) -> Removed | None:
        """The exact best where every unit speaks of one team, as votes do."""
        least = max(0, size - (len(self.only_behind) - 1))
        x = np.arange(least, min(size, len(self.only_ahead) - 1) + 1)
        if not len(x):
            return None
        high, low = self.ahead[self.only_ahead], self.behind[self.only_behind]
        gone_high = np.concatenate([[0], np.cumsum(high)])[x]
        gone_low = np.concatenate([[0], np.cumsum(low)])[size - x]
        values = (int(high.sum()) - gone_high) / (self.scale * (len(high) - x)) - (
            int(low.sum()) - gone_low
        ) / (self.scale * (len(low) - (size - x)))
        at = int(np.argmin(values))
        taken = int(x[at])
        units = (*self.only_ahead[:taken], *self.only_behind[: size - taken])
        value = float(values[at])
        return Removed(value, value, tuple(sorted(int(unit) for unit in units)))

    def splits(self, size: int) -> Iterator[tuple[int, int, int]]:
        """Numbers of both, only ahead, only behind that leave each team a unit."""
        most = (len(self.both), len(self.only_ahead), len(self.only_behind))
        for x in range(min(size, most[1]) + 1):
            for y in range(min(size - x, most[2]) + 1):
                both = size - x - y
                left_ahead = most[0] - both + most[1] - x
                left_behind = most[0] - both + most[2] - y
                if both <= most[0] and left_ahead > 0 and left_behind > 0:
                    yield both, x, y

    def best(self, both: int, x: int, y: int) -> Removed:
        """The exact best removal with these numbers of each kind."""
        left_a = int(self.speaks_ahead.sum()) - both - x
        left_b = int(self.speaks_behind.sum()) - both - y
        gain = self.ahead[self.both] * left_b - self.behind[self.both] * left_a
        taken = self.both[np.argsort(-gain, kind="stable")[:both]]
        units = np.concatenate([taken, self.only_ahead[:x], self.only_behind[:y]])
        value = self.difference(units)
        return Removed(value, value, tuple(sorted(int(unit) for unit in units)))

    def difference(self, units: Places) -> float:
        """Mean of the one less mean of the other without the units."""
        kept = np.ones(len(self.ahead), dtype=np.bool_)
        kept[units] = False
        means = []
        for won, has in (
            (self.ahead, self.speaks_ahead),
            (self.behind, self.speaks_behind),
        ):
            speaking = has & kept
            count = int(speaking.sum())
            if not count:
                return np.inf
            means.append(int(won[speaking].sum()) / (self.scale * count))
        return means[0] - means[1]

    def bounded(self, size: int) -> Removed:
        """A bound, and what the units of the greatest influence reach."""
        ahead = np.sort(self.ahead[self.speaks_ahead])
        behind = np.sort(self.behind[self.speaks_behind])
        fewer = min(size, len(ahead) - 1), min(size, len(behind) - 1)
        low = int(ahead[: len(ahead) - fewer[0]].sum()) / (len(ahead) - fewer[0])
        high = int(behind[fewer[1] :].sum()) / (len(behind) - fewer[1])
        influence = (self.ahead * len(ahead) - int(ahead.sum())) * self.speaks_ahead * (
            len(behind) ** 2
        ) - (self.behind * len(behind) - int(behind.sum())) * self.speaks_behind * (
            len(ahead) ** 2
        )
        units = np.argsort(-influence, kind="stable")[:size]
        return Removed(
            (low - high) / self.scale,
            self.difference(units),
            tuple(sorted(int(unit) for unit in units)),
        )


def mean_losses(ahead: Counts, behind: Counts, *, up_to: int) -> tuple[Values, Places]:
    """(up_to + 1,) least difference of two means over the same items, exact.

    With the order in which items are removed. All of one suite's items
    count alike, so for every k the k items on which `ahead` does best
    against `behind` are the best to remove.
    """
    apart = ahead - behind
    order = np.argsort(-apart, kind="stable")
    gone = np.concatenate([[0], np.cumsum(apart[order])])[: up_to + 1]
    left = len(apart) - np.arange(up_to + 1)
    return (int(apart.sum()) - gone) / left, order


def ratio_extremes(own: Counts, target: Counts, *, up_to: int, sign: int) -> Values:
    """(up_to + 1,) least (sign 1) or greatest (sign -1) sum(own) / sum(target).

    Over every removal of k items. Infinite where the target can lose every
    right answer. Each k by Dinkelbach's method, whose steps are sortings.
    Source: W. Dinkelbach, On nonlinear fractional programming, Management
    Science 13 (1967).
    """
    whole = (int(own.sum()), int(target.sum()))
    most = np.concatenate([[0], np.cumsum(-np.sort(-target))])
    found = np.empty(up_to + 1)

    def least(ratio: float, size: int) -> float:
        gone = np.argsort(-sign * (own - ratio * target), kind="stable")[:size]
        return (whole[0] - int(own[gone].sum())) / (whole[1] - int(target[gone].sum()))

    ratio = whole[0] / whole[1]
    for size in range(up_to + 1):
        if most[size] >= whole[1]:
            found[size:] = 0.0 if sign > 0 else np.inf
            break
        ratio = least(ratio, size)
        while sign * (ratio - (better := least(ratio, size))) > 0:
            ratio = better
        found[size] = ratio
    return found
