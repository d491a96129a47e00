"""Assignments keep to the rules, are balanced, and say what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.panel import assign_experts, find_interests
from dokja.panel.values import Assignment, AssignmentRules, Interests
from tests.unit.panel.people import TODAY, needs, register, rules, tie

TEAMS = ("t1", "t2", "t3", "t4", "t5")
EXPERTS = tuple(f"e{i}" for i in range(1, 11))


def _interests(
    experts: Sequence[str],
    teams: Sequence[str],
    *,
    conflicts: Sequence[tuple[str, str]] = (),
    possible: Sequence[tuple[str, str]] = (),
) -> Interests:
    """Interests in which exactly these pairs have one."""
    ties = [tie("advice", expert, team) for expert, team in conflicts]
    for expert, team in possible:
        ties += [tie("coauthorship", expert, "p1"), tie("advice", "p1", team)]
    found = register(*ties, experts=experts, teams=teams)
    return find_interests(found, rules(), on=TODAY)


def _pairs(found: Assignment) -> list[tuple[str, str]]:
    return [(expert, team.team) for team in found.teams for expert in team.experts]


def test_every_need_is_met_and_loads_are_even() -> None:
    """Ten experts, five teams of four, one conflict each for five of them."""
    conflicts = list(zip(EXPERTS, TEAMS, strict=False))
    found = assign_experts(
        _interests(EXPERTS, TEAMS, conflicts=conflicts),
        needs(
            EXPERTS,
            each_team=4,
            each_expert=3,
            fields={"training": 2},
            specialists=dict.fromkeys(EXPERTS[:6], "training"),
        ),
    )
    pairs = _pairs(found)
    assert not set(pairs) & set(conflicts)
    assert Counter(team for _, team in pairs) == dict.fromkeys(TEAMS, 4)
    assert set(Counter(expert for expert, _ in pairs).values()) == {2}
    trained = Counter(team for expert, team in pairs if expert in EXPERTS[:6])
    assert min(trained[team] for team in TEAMS) >= 2


def test_a_possible_interest_is_used_only_where_nothing_else_serves() -> None:
    """Two experts are needed and one of three may be biased; then two of them."""
    people = ("e1", "e2", "e3")
    rule = needs(people, each_team=2, each_expert=1)
    free = assign_experts(_interests(people, ["t1"], possible=[("e1", "t1")]), rule)
    assert free.teams[0].experts == ("e2", "e3")
    held = assign_experts(
        _interests(people, ["t1"], possible=[("e1", "t1")], conflicts=[("e2", "t1")]),
        rule,
    )
    assert (held.teams[0].experts, held.possible_used) == (("e1", "e3"), 1)


@settings(max_examples=25, deadline=None)
@given(
    barred=st.sets(st.sampled_from(list(product(EXPERTS[:5], TEAMS[:3]))), max_size=6),
    data=st.data(),
)
def test_the_order_of_what_is_given_changes_nothing(
    barred: set[tuple[str, str]], data: st.DataObject
) -> None:
    """Equal bytes for any order of experts, teams, ties and specialists."""
    people, teams = EXPERTS[:5], TEAMS[:3]
    rule = needs(people, each_team=2, each_expert=2)
    first = assign_experts(_interests(people, teams, conflicts=sorted(barred)), rule)
    again = assign_experts(
        _interests(
            data.draw(st.permutations(people)),
            data.draw(st.permutations(teams)),
            conflicts=data.draw(st.permutations(sorted(barred))),
        ),
        structs.replace(
            rule, specialists=tuple(data.draw(st.permutations(rule.specialists)))
        ),
    )
    assert canonical_bytes(first) == canonical_bytes(again)
    assert not set(_pairs(first)) & barred
    assert bool(first.shortfalls) == (not _exists(barred, people, teams, rule))


def _exists(
    barred: set[tuple[str, str]],
    people: Sequence[str],
    teams: Sequence[str],
    rule: AssignmentRules,
) -> bool:
    """Whether an assignment exists, by trying places one after another."""
    places = [team for team in teams for _ in range(rule.experts_per_team)]
    load = Counter[str]()
    taken: set[tuple[str, str]] = set()

    def fill(at: int) -> bool:
        if at == len(places):
            return True
        for person in people:
            pair = (person, places[at])
            if pair in barred or pair in taken:
                continue
            if load[person] == rule.teams_per_expert:
                continue
            taken.add(pair)
            load[person] += 1
            if fill(at + 1):
                return True
            taken.discard(pair)
            load[person] -= 1
        return False

    return fill(0)


def test_too_many_conflicts_are_named_with_the_team() -> None:
    """Two free experts where three are needed."""
    people = EXPERTS[:4]
    interests = _interests(people, ["t1", "t2"], conflicts=[("e1", "t1"), ("e2", "t1")])
    found = assign_experts(interests, needs(people, each_team=3, each_expert=2))
    (lack,) = found.shortfalls
    assert (lack.team, lack.field, lack.missing, found.teams) == ("t1", "", 1, ())
    assert "only 2 are free of a conflict" in lack.reason.en
    assert "Appoint 1 more" in lack.remedy.en


def test_a_missing_field_is_named() -> None:
    """The only expert of a field is recused."""
    people = EXPERTS[:4]
    found = assign_experts(
        _interests(people, ["t1"], conflicts=[("e1", "t1")]),
        needs(
            people,
            each_team=2,
            each_expert=1,
            fields={"service": 1},
            specialists={"e1": "service"},
        ),
    )
    (lack,) = found.shortfalls
    assert (lack.team, lack.field, lack.missing) == ("t1", "service", 1)
    assert "service" in lack.remedy.ko


def test_a_limit_that_is_too_low_is_named() -> None:
    """Everybody is free, and nobody has a place left."""
    people = EXPERTS[:3]
    found = assign_experts(
        _interests(people, TEAMS[:3]), needs(people, each_team=2, each_expert=1)
    )
    assert sum(lack.missing for lack in found.shortfalls) == 3
    assert all("limit of teams" in lack.remedy.en for lack in found.shortfalls)


def test_a_panel_in_which_everybody_is_recused_is_told_so() -> None:
    """No pair is left for the solver."""
    found = assign_experts(
        _interests(["e1"], ["t1"], conflicts=[("e1", "t1")]),
        needs(["e1"], each_team=1, each_expert=1),
    )
    assert [lack.missing for lack in found.shortfalls] == [1]


def test_rules_that_leave_an_expert_out_are_refused() -> None:
    """An expert without fields would silently count for none."""
    with pytest.raises(InvalidInput, match="e2 has no fields"):
        assign_experts(
            _interests(["e1", "e2"], ["t1"]),
            needs(["e1"], each_team=1, each_expert=1),
        )
