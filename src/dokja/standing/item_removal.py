"""How far removing k items, of whichever suites, can bring one team below another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.programme.values import Component, Measure
from dokja.standing.best_removal import (
    Places,
    Values,
    mean_losses,
    ratio_extremes,
)
from dokja.standing.recount import Recount
from dokja.standing.tallies import SUITE


@dataclass(frozen=True, eq=False)
class Losses:
    """What removing k items of one suite, or of several, makes of a difference."""

    bound: Values
    """(k,) points that no removal of k items goes below, k from 0."""
    reached: Values
    """(k,) points reached by removing the first k of `order`."""
    order: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ItemsRemoved:
    """The same for one k: the points of the suite components, and the items."""

    bound: float
    reached: float
    items: dict[str, tuple[int, ...]]
    """Source to the places of the items removed from it."""


def by_items(
    recount: Recount, ahead: str, behind: str, *, up_to: int
) -> Iterator[ItemsRemoved]:
    """For k = 1, 2, … the least difference of the points of two teams' suites.

    Exact for means: within a suite by sorting, over the suites by dynamic
    programming. Where points are attainment of a target a bound: the one
    team at its least and the other at its most, each on its own.
    A component from which something is removed may be rounded by half a
    unit for either team, which the bound allows for.
    """
    components = [
        c
        for c in recount.rulebook.components()
        if c.measure in (Measure.SUITE_MEAN, Measure.TARGET_ATTAINMENT)
    ]
    bounds: list[Values] = []
    suites: list[Losses] = []
    for component in components:
        parts = _suite_losses(recount, component, ahead, behind, up_to)
        if parts:
            suites.extend(parts)
            bounds.append(_rounded(recount, component, (ahead, behind), parts))
    if not suites:
        return
    least, _ = _convolve(bounds, up_to)
    reached, picks = _convolve([suite.reached for suite in suites], up_to)
    for size in range(1, len(least)):
        yield ItemsRemoved(
            float(least[size]), float(reached[size]), _taken(suites, picks, size)
        )


def _suite_losses(
    recount: Recount, component: Component, ahead: str, behind: str, up_to: int
) -> list[Losses]:
    measured = recount.measured
    named = [measured.suites_for(component, team) for team in (ahead, behind)]
    weights = [float(component.points) / len(s) if s else 0.0 for s in named]
    found = []
    for suite in sorted(set(named[0]) | set(named[1])):
        own = (
            weights[0] if suite in named[0] else 0.0,
            weights[1] if suite in named[1] else 0.0,
        )
        most = min(up_to, len(recount.tallies[SUITE + suite].units) - 1)
        found.append(
            _mean_losses(recount, suite, (ahead, behind), own, most)
            if component.measure is Measure.SUITE_MEAN
            else _target_losses(
                recount, suite, (ahead, behind), own, most, float(component.cap)
            )
        )
    return found


def _mean_losses(
    recount: Recount,
    suite: str,
    teams: tuple[str, str],
    weights: tuple[float, float],
    most: int,
) -> Losses:
    tally = recount.tallies[SUITE + suite]
    ahead, behind = (tally.column(team)[0] for team in teams)
    values, order = mean_losses(ahead, behind, up_to=most)
    points = weights[0] * values
    return Losses(points, points, _named(suite, order[:most]))


def _target_losses(
    recount: Recount,
    suite: str,
    teams: tuple[str, str],
    weights: tuple[float, float],
    most: int,
    cap: float,
) -> Losses:
    tally = recount.tallies[SUITE + suite]
    target = tally.column(recount.measured.reference)[0]
    bound, reached = np.zeros(most + 1), np.zeros(most + 1)
    influence = np.zeros(len(target))
    columns = [tally.column(team)[0] for team in teams]
    for own, weight, sign in zip(columns, weights, (1, -1), strict=True):
        extreme = ratio_extremes(own, target, up_to=most, sign=sign)
        bound += sign * weight * np.minimum(extreme, cap)
        ratio = int(own.sum()) / int(target.sum())
        if ratio < cap:
            influence += sign * weight * (own - ratio * target)
    order = np.argsort(-influence, kind="stable")[:most]
    for own, weight, sign in zip(columns, weights, (1, -1), strict=True):
        left = int(target.sum()) - np.concatenate([[0], np.cumsum(target[order])])
        won = int(own.sum()) - np.concatenate([[0], np.cumsum(own[order])])
        share = np.where(left > 0, won / np.maximum(left, 1), np.inf)
        reached += sign * weight * np.minimum(share, cap)
    return Losses(bound, reached, _named(suite, order))


def _named(suite: str, order: Places) -> tuple[tuple[str, int], ...]:
    return tuple((SUITE + suite, int(place)) for place in order)


def _rounded(
    recount: Recount,
    component: Component,
    teams: tuple[str, str],
    parts: Sequence[Losses],
) -> Values:
    """A component's bound: as rounded where whole, half a unit off where not."""
    assert recount.rulebook.rounding is not None  # parse_rulebook refuses its absence
    most = sum(len(part.bound) - 1 for part in parts)
    bound, _ = _convolve([part.bound for part in parts], most)
    bound = bound - 10.0**-recount.rulebook.rounding.component_places
    points = [recount.points(component, team) for team in teams]
    assert points[0] is not None  # a search begins where every total is known
    assert points[1] is not None
    bound[0] = float(points[0] - points[1])
    return bound


def _convolve(parts: Sequence[Values], most: int) -> tuple[Values, list[Places]]:
    """(up to most + 1,) least sum for each total k, and how many each part gives.

    `picks[i][k]` is what part i takes of k given to the parts up to i.
    """
    total: Values = np.zeros(1)
    picks: list[Places] = []
    for part in parts:
        size = min(len(total) + len(part) - 1, most + 1)
        best, taken = np.full(size, np.inf), np.zeros(size, dtype=np.intp)
        for count in range(min(len(part), size)):
            end = min(size, count + len(total))
            values = total[: end - count] + part[count]
            better = values < best[count:end]
            best[count:end][better] = values[better]
            taken[count:end][better] = count
        total = best
        picks.append(taken)
    return total, picks


def _taken(
    suites: Sequence[Losses], picks: Sequence[Places], size: int
) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for suite, taken in zip(reversed(suites), reversed(picks), strict=True):
        count = int(taken[size])
        size -= count
        for source, place in suite.order[:count]:
            found[source] = (*found.get(source, ()), place)
    return {source: tuple(sorted(places)) for source, places in found.items()}
