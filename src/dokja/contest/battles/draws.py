"""What a contest draws from its secret: equal everywhere, known to nobody before."""

from __future__ import annotations

from dokja.contest.values import ContestRules
from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import permutation, seed_for


def contest_seed(rules: ContestRules, *, beacon: str, secret: str) -> int:
    """128-bit seed of everything the contest draws."""
    return seed_for(digest_of(rules), rules.id, f"{beacon}\x1f{secret}")


def sub_seed(seed: int, *subject: str | int) -> int:
    """Seed of one of the contest's draws, named by its subject."""
    return seed_for(f"{seed:032x}", "\x1f".join(str(part) for part in subject))


def in_drawn_order(seed: int, count: int) -> tuple[int, ...]:
    """The numbers from 0 in a drawn order."""
    return tuple(int(place) for place in permutation(seed, count))
