"""Which battle a voter is shown: a function of the seed and two numbers.

Nothing else chooses pairs. Arrival order, workers and retries change nothing,
sides come from the seed, and a voter who does every pair of a block has seen
each ordered pair once, so that no side and no pair is favoured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import permutations

from dokja.contest.battles.draws import in_drawn_order, sub_seed
from dokja.contest.values import Battle, CanaryKind, Choice, ContestRules
from dokja.errors import NotAllowed

CANARY_KINDS = (CanaryKind.SAME, CanaryKind.BROKEN)
"""In turn, so that two canaries are one of each."""


@dataclass(frozen=True, kw_only=True)
class PairSchedule:
    """The battles of one voter.

    Raises: NotAllowed where the voter may judge fewer than two teams.
    """

    rules: ContestRules
    prompts: tuple[str, ...]
    """Ids, in the order of the plan."""
    seed: int
    voter: int
    recused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self._teams) < 2:
            raise NotAllowed(
                f"voter {self.voter} is recused from all but {len(self._teams)} teams",
                remedy="thank the person; there is no pair they may judge",
                korean="소속 기관 때문에 보여 드릴 수 있는 대결이 없습니다.",
            )

    def battle(self, number: int) -> Battle:
        """The voter's battle of this number, from 1."""
        place = number - 1
        order = self._prompt_order
        prompt = self.prompts[order[place % len(order)]]
        kind = self._canaries.get(place)
        if kind is not None:
            return self._canary(number, prompt, kind)
        before = sum(canary < place for canary in self._canaries)
        left, right = self._pair(place - before)
        return Battle(
            voter=self.voter, number=number, prompt=prompt, left=left, right=right
        )

    @cached_property
    def _teams(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.rules.teams) - set(self.recused)))

    @cached_property
    def _prompt_order(self) -> tuple[int, ...]:
        seed = sub_seed(self.seed, "prompts", self.voter)
        return in_drawn_order(seed, len(self.prompts))

    @cached_property
    def _canaries(self) -> dict[int, CanaryKind]:
        """Places of the canaries among the voter's battles, from 0."""
        seed = sub_seed(self.seed, "canaries", self.voter)
        drawn = in_drawn_order(seed, self.rules.battles_most)[: self.rules.canaries]
        return {
            place: CANARY_KINDS[turn % len(CANARY_KINDS)]
            for turn, place in enumerate(drawn)
        }

    def _pair(self, judged: int) -> tuple[str, str]:
        """The pair after so many pairs.

        Drawn among all teams and then thinned, so that a recusal moves no
        other pair to another place in the order.
        """
        pairs = len(self._teams) * (len(self._teams) - 1)
        block, place = divmod(judged, pairs)
        return self._block(block)[place]

    def _block(self, block: int) -> Sequence[tuple[str, str]]:
        seed = sub_seed(self.seed, "pairs", self.voter, block)
        drawn = _drawn_pairs(seed, tuple(sorted(self.rules.teams)))
        return [pair for pair in drawn if not set(pair) & set(self.recused)]

    def _canary(self, number: int, prompt: str, kind: CanaryKind) -> Battle:
        seed = sub_seed(self.seed, "canary", self.voter, number)
        team = self._teams[seed % len(self._teams)]
        side = (Choice.LEFT, Choice.RIGHT)[(seed >> 64) % 2]
        return Battle(
            voter=self.voter,
            number=number,
            prompt=prompt,
            left=team,
            right=team,
            canary=kind,
            broken=side if kind is CanaryKind.BROKEN else None,
        )


@lru_cache(maxsize=1024)
def _drawn_pairs(seed: int, teams: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Every ordered pair in a drawn order; asked for once for each vote of a block."""
    every = tuple(permutations(teams, 2))
    return tuple(every[place] for place in in_drawn_order(seed, len(every)))
