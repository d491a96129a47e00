"""Pairs, sides, prompts and canaries come from the seed alone."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.contest.battles.pair_schedule import PairSchedule
from dokja.contest.values import Battle, CanaryKind, Choice, ContestRules
from dokja.errors import NotAllowed
from tests.unit.contest.contests import TEAMS, rules

PROMPTS = tuple(f"p{number:02d}" for number in range(30))


def _battles(
    some: ContestRules, voter: int, *, seed: int = 7, recused: tuple[str, ...] = ()
) -> list[Battle]:
    schedule = PairSchedule(
        rules=some, prompts=PROMPTS, seed=seed, voter=voter, recused=recused
    )
    return [schedule.battle(number) for number in range(1, some.battles_most + 1)]


def _pairs(battles: list[Battle]) -> list[tuple[str, str]]:
    return [(b.left, b.right) for b in battles if b.canary is None]


@given(seed=st.integers(0, 2**128 - 1), voter=st.integers(1, 999_999))
@settings(max_examples=30, deadline=None)
def test_a_block_holds_each_ordered_pair_once(seed: int, voter: int) -> None:
    """So each team stands as often left as right, and meets each other twice."""
    pairs = _pairs(_battles(rules(), voter, seed=seed))
    assert sorted(pairs) == sorted(permutations(TEAMS, 2))
    assert Counter(left for left, _ in pairs) == Counter(right for _, right in pairs)


@given(st.permutations(range(1, 21)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_arrival_changes_nothing(order: list[int]) -> None:
    """Voter 7's fifth battle is the same whoever came before and asked first."""
    straight = {v: _battles(rules(), v) for v in range(1, 21)}
    assert {v: _battles(rules(), v) for v in order} == straight


def test_over_voters_every_pair_is_as_frequent() -> None:
    """Whoever stops after three votes favours no pair: chi-square within its range."""
    counts: Counter[tuple[str, str]] = Counter()
    for voter in range(1, 2001):
        counts.update(_pairs(_battles(rules(most=4, canaries=0), voter))[:3])
    expected = 6000 / 20
    chi = sum((counts[pair] - expected) ** 2 for pair in permutations(TEAMS, 2))
    # 19 degrees of freedom: 99.9 % below 43.8; sampling without replacement is less.
    assert chi / expected < 43.8
    assert len(counts) == 20


@given(voter=st.integers(1, 10_000))
@settings(max_examples=30, deadline=None)
def test_a_recusal_leaves_the_order_of_the_other_pairs(voter: int) -> None:
    """The pairs with the team drop out; what is left keeps its order."""
    whole = [p for p in _pairs(_battles(rules(), voter)) if "t3" not in p]
    thinned = _pairs(_battles(rules(), voter, recused=("t3",)))
    assert thinned[: len(whole)] == whole
    assert all(
        "t3" not in (b.left, b.right) for b in _battles(rules(), voter, recused=("t3",))
    )


def test_nobody_is_asked_about_one_team_alone() -> None:
    """A voter recused from all but one has no pair."""
    with pytest.raises(NotAllowed, match="recused from all but 1"):
        _battles(rules(), 1, recused=("t1", "t2", "t3", "t4"))


@given(voter=st.integers(1, 10_000))
@settings(max_examples=30, deadline=None)
def test_canaries_show_one_team_twice_and_are_as_many_as_said(voter: int) -> None:
    """Half of them the same answer, half with one side broken."""
    canaries = [b for b in _battles(rules(), voter) if b.canary]
    assert Counter(b.canary for b in canaries) == {
        CanaryKind.SAME: 2,
        CanaryKind.BROKEN: 2,
    }
    for battle in canaries:
        assert battle.left == battle.right
        broken = battle.canary is CanaryKind.BROKEN
        assert (battle.broken in {Choice.LEFT, Choice.RIGHT}) == broken


def test_broken_sides_and_places_of_canaries_are_spread() -> None:
    """A voter cannot learn where they stand: each place and side within its range."""
    places: Counter[int] = Counter()
    sides: Counter[Choice | None] = Counter()
    for voter in range(1, 1201):
        for battle in _battles(rules(), voter):
            if battle.canary:
                places[battle.number] += 1
            if battle.canary is CanaryKind.BROKEN:
                sides[battle.broken] += 1
    # 200 expected a place, standard deviation 13; 1,200 a side, 24.5.
    assert set(places) == set(range(1, 25))
    assert all(abs(count - 200) < 65 for count in places.values())
    assert abs(sides[Choice.LEFT] - 1200) < 125


@given(voter=st.integers(1, 10_000))
@settings(max_examples=30, deadline=None)
def test_no_prompt_comes_twice(voter: int) -> None:
    """While there are as many prompts as battles."""
    prompts = [b.prompt for b in _battles(rules(), voter)]
    assert len(set(prompts)) == len(prompts)


def test_another_secret_gives_other_pairs() -> None:
    """Who knows the rules and not the secret knows no pair."""
    assert _battles(rules(), 1, seed=1) != _battles(rules(), 1, seed=2)
