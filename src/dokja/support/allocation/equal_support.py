"""The most equal allocation: the worst off team first, then the next, and so on.

Lexicographic max-min over the teams' mean normalised GPUs, by maximising the sum of
the k smallest for k = 1, 2, … teams, which holds for integer programs as well.
W. Ogryczak, T. Sliwinski, "On Direct Methods for Lexicographic Min-Max
Optimization", ICCSA 2006, LNCS 3982:802-811.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from dokja.support.allocation.model import GAP, NEAR, Block, Model, Rows, Vector

METHOD = (
    f"milp/highs/gap={GAP:g}/in turn: largest sums of the k smallest means of "
    "normalised GPUs, fewest pairs of team and pool, canonical order"
)


def most_equal(model: Model) -> Vector | None:
    """Units of every place in the one allocation; None where the rules conflict.

    The unknowns are the places, one switch per pair of team and pool, then for each
    k a level and what every team lacks of it.
    """
    program = _Program(model)
    if model.minimum(np.zeros(len(model.places))) is None:
        return None
    for k in range(1, program.teams + 1):
        found = program.solve(-program.sum_of_smallest(k))
        program.keep_sum(k, found)
    program.keep(program.pairs_used(), float(program.solve(program.pairs_used()).sum()))
    return program.in_canonical_order()


class _Program:
    """The model with what makes it equal, and the goals that were reached."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.teams = len(model.problem.teams)
        self.pairs = sorted({(p.team, p.pool) for p in model.places})
        self.places = len(model.places)
        self.total = self.places + len(self.pairs) + self.teams * (self.teams + 1)
        self.rows = [self._switches(), self._levels()]

    def solve(self, goal: Vector) -> Vector:
        blocks = (
            Block(len(self.pairs), integral=True, low=0, high=1),
            Block(self.teams, integral=False, low=-np.inf, high=np.inf),
            Block(self.teams**2, integral=False, low=0, high=np.inf),
        )
        found = self.model.minimum(goal, self.rows, blocks)
        assert found is not None, "what was reached before stays within reach"
        return found

    def sum_of_smallest(self, k: int) -> Vector:
        """K times the k-th level minus what teams lack of it."""
        goal = np.zeros(self.total)
        goal[self._level(k)] = k
        goal[self._lack(k, 0) : self._lack(k, 0) + self.teams] = -1.0
        return goal

    def keep_sum(self, k: int, found: Vector) -> None:
        """The sum stays at what the whole numbers of the solution really give."""
        smallest = sorted(self.model.means(found[: self.places]))[:k]
        reached = float(sum(smallest))
        self.keep(-self.sum_of_smallest(k), -reached + NEAR)

    def keep(self, goal: Vector, most: float) -> None:
        rows = csr_array(goal[None, :])
        self.rows.append(Rows(rows, np.array([-np.inf]), np.array([most])))

    def pairs_used(self) -> Vector:
        goal = np.zeros(self.total)
        goal[self.places : self.places + len(self.pairs)] = 1.0
        return goal

    def in_canonical_order(self) -> Vector:
        """As much as possible for the first place, then the second, and so on.

        So of allocations that count as equal one is left, the same every time.
        """
        found = self.solve(np.zeros(self.total))
        for i in range(self.places):
            goal = np.zeros(self.total)
            goal[i] = -1.0
            found = self.solve(goal)
            self.keep(goal, -float(np.rint(found[i])))
        return found[: self.places]

    def _level(self, k: int) -> int:
        return self.places + len(self.pairs) + k - 1

    def _lack(self, k: int, team: int) -> int:
        return self._level(self.teams) + 1 + (k - 1) * self.teams + team

    def _switches(self) -> Rows:
        """A place holds nothing unless its pair of team and pool is switched on."""
        rows = np.zeros((self.places, self.total))
        for i, place in enumerate(self.model.places):
            count = self.model.problem.pools[place.pool].count
            rows[i, i] = 1.0
            pair = self.pairs.index((place.team, place.pool))
            rows[i, self.places + pair] = -float(count // self.model.size)
        return Rows(
            csr_array(rows), np.full(self.places, -np.inf), np.zeros(self.places)
        )

    def _levels(self) -> Rows:
        """What a team lacks of a level is at least the level minus its mean."""
        rows = np.zeros((self.teams**2, self.total))
        low = np.zeros(self.teams**2)
        for k in range(1, self.teams + 1):
            for team in range(self.teams):
                row = (k - 1) * self.teams + team
                rows[row, : self.places] = self.model.rates[team]
                rows[row, self._level(k)] = -1.0
                rows[row, self._lack(k, team)] = 1.0
                low[row] = -self.model.held[team]
        return Rows(csr_array(rows), low, np.full(len(low), np.inf))
