"""The integer program: whole nodes per place, under the rules that are kept.

Solver: HiGHS (MIT) through scipy.optimize.milp. Q. Huangfu, J. Hall,
Mathematical Programming Computation 10:119 (2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from dokja.errors import Unavailable
from dokja.support.allocation.problem import Place, Problem
from dokja.support.allocation.values import AllocationRule

Vector = npt.NDArray[np.float64]
Rule = tuple[AllocationRule, str]
"""A rule with the team or pool it applies to."""
NEAR = 1e-6
"""Normalised GPUs below which two shares count as equal."""
GAP = 1e-3
"""Share of a goal below which an allocation counts as no better. What is far below the
rules' tolerance would otherwise take the solver most of its time to prove."""
NODE_LIMIT = 200_000
"""Counted rather than timed, so that a busy machine gives the same answer."""
INFEASIBLE = 2


@dataclass(frozen=True)
class Block:
    """Further unknowns beside the places, with what binds them to the places."""

    count: int
    integral: bool
    low: float
    high: float


@dataclass(frozen=True)
class Rows:
    """low <= rows @ unknowns <= high."""

    rows: csr_array
    low: Vector
    high: Vector


class Model:
    """The program of a problem without the rules in `relaxed`."""

    def __init__(self, problem: Problem, relaxed: frozenset[Rule]) -> None:
        self.problem = problem
        self.relaxed = relaxed
        self.places = [p for p in problem.places if self._is_open(p)]
        whole = (AllocationRule.NODE, "") in relaxed
        self.size = 1 if whole else problem.node
        """GPUs that one unit of a place stands for."""
        self.rates, self.held = self._rates()
        """By team: mean normalised GPUs a unit of each place adds, and what it has."""
        self.rows = [self._capacity(), self._demand()]

    def team(self, team: int) -> str:
        """Name of a team."""
        return self.problem.teams[team].team

    def pool(self, pool: int) -> str:
        """Name of a pool."""
        return self.problem.pools[pool].id

    def minimum(
        self, goal: Vector, extra: Sequence[Rows] = (), blocks: Sequence[Block] = ()
    ) -> Vector | None:
        """The unknowns that make the goal least, places first; None where none can.

        Raises: Unavailable where the solver gives up.
        """
        count = len(self.places)
        total = count + sum(block.count for block in blocks)
        if not total:
            return np.zeros(0) if self._is_met_by_nothing() else None
        integral = [np.ones(count)] + [np.full(b.count, b.integral) for b in blocks]
        low = [np.zeros(count)] + [np.full(b.count, b.low) for b in blocks]
        high = [np.full(count, np.inf)] + [np.full(b.count, b.high) for b in blocks]
        solved = milp(
            goal,
            integrality=np.concatenate(integral),
            bounds=Bounds(np.concatenate(low), np.concatenate(high)),
            constraints=[
                LinearConstraint(_wide(each.rows, total), each.low, each.high)
                for each in (*self.rows, *extra)
                if each.rows.shape[0]
            ],
            options={"mip_rel_gap": GAP, "node_limit": NODE_LIMIT},
        )
        if solved.status == INFEASIBLE:
            return None
        if not solved.success:
            raise Unavailable(
                f"the solver gave no allocation: {solved.message}",
                remedy="ask for fewer pools or teams at once, or report the request",
            )
        found = np.asarray(solved.x, dtype=np.float64)
        found[:count] = np.rint(found[:count])
        return found

    def means(self, found: Vector) -> list[Fraction]:
        """By team, mean normalised GPUs of a solution, exactly."""
        means = [Fraction(0)] * len(self.problem.teams)
        hours = self._team_hours()
        for team in range(len(means)):
            for stretch in self.problem.own_stretches(team):
                held = self.problem.held[team, stretch]
                means[team] += held * self.problem.hours(stretch) / hours[team]
        for place, units in zip(self.places, found, strict=False):
            gain = int(units) * self.size * self.problem.units[place.pool]
            share = self.problem.hours(place.stretch) / hours[place.team]
            means[place.team] += gain * share
        return means

    def at_least(self, team: int, mean: Fraction) -> Rows:
        """Row by which a team gets at least so much."""
        return Rows(
            csr_array(self.rates[team][None, :]),
            np.array([float(mean) - self.held[team] - NEAR]),
            np.array([np.inf]),
        )

    def _is_open(self, place: Place) -> bool:
        team = self.problem.teams[place.team]
        leases = (place.team, place.stretch) in self.problem.lessors
        if leases and (AllocationRule.LESSOR, team.team) not in self.relaxed:
            return False
        chosen = not team.pools or self.pool(place.pool) in team.pools
        return chosen or (AllocationRule.POOL_CHOICE, team.team) in self.relaxed

    def _team_hours(self) -> list[Fraction]:
        own = (self.problem.own_stretches(t) for t in range(len(self.problem.teams)))
        return [sum(map(self.problem.hours, each), Fraction(0)) for each in own]

    def _rates(self) -> tuple[list[Vector], list[float]]:
        hours = self._team_hours()
        rates = [np.zeros(len(self.places)) for _ in self.problem.teams]
        for i, place in enumerate(self.places):
            units = self.problem.units[place.pool] * self.size
            share = self.problem.hours(place.stretch) / hours[place.team]
            rates[place.team][i] = float(units * share)
        return rates, [float(mean) for mean in self.means(np.zeros(0))]

    def _capacity(self) -> Rows:
        plenty = float(10 * sum(pool.count for pool in self.problem.pools))
        high = []
        for (pool, _), free in self.problem.free.items():
            relaxed = (AllocationRule.CAPACITY, self.pool(pool)) in self.relaxed
            high.append((plenty if relaxed else float(free)) // self.size)
        rows = np.zeros((len(high), len(self.places)))
        row_of = {key: row for row, key in enumerate(self.problem.free)}
        for i, place in enumerate(self.places):
            rows[row_of[place.pool, place.stretch], i] = 1.0
        return Rows(csr_array(rows), np.full(len(high), -np.inf), np.array(high))

    def _demand(self) -> Rows:
        """Least and most of each team in each stretch, in normalised GPUs."""
        keys, low, high = [], [], []
        for team, demand in enumerate(self.problem.teams):
            no_least = (AllocationRule.LEAST, demand.team) in self.relaxed
            no_most = (AllocationRule.MOST, demand.team) in self.relaxed
            for stretch in self.problem.own_stretches(team):
                held = float(self.problem.held[team, stretch])
                keys.append((team, stretch))
                low.append(-np.inf if no_least else float(demand.least) - held)
                high.append(np.inf if no_most else float(demand.most) - held)
        rows = np.zeros((len(keys), len(self.places)))
        row_of = {key: row for row, key in enumerate(keys)}
        for i, place in enumerate(self.places):
            units = self.problem.units[place.pool] * self.size
            rows[row_of[place.team, place.stretch], i] = float(units)
        return Rows(csr_array(rows), np.array(low), np.array(high))

    def _is_met_by_nothing(self) -> bool:
        """Whether the rules hold where there is no place at all."""
        return all(
            bool(np.all(each.low <= 0) and np.all(each.high >= 0)) for each in self.rows
        )


def _wide(rows: csr_array, total: int) -> csr_array:
    missing = total - rows.shape[1]
    if not missing:
        return rows
    return csr_array(hstack([rows, csr_array((rows.shape[0], missing))]))
