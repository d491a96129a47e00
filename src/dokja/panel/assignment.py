"""Who scores whom: a balanced assignment, solved exactly.

Solver: HiGHS (MIT) through scipy.optimize.milp. Q. Huangfu, J. Hall,
Mathematical Programming Computation 10:119 (2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text
from dokja.panel.values import (
    Assigned,
    Assignment,
    AssignmentRules,
    Interests,
    Shortfall,
)
from dokja.programme.interest_rules import InterestLevel

Vector = npt.NDArray[np.float64]

METHOD = (
    "milp/highs/in turn: fewest possible interests, smallest largest team, "
    "smallest heaviest load, fewest sheets, philox order"
)
TIE_WEIGHTS = 1 << 20
"""Whole numbers that pick one of several equal assignments, summed exactly."""


@dataclass(frozen=True)
class _Pair:
    expert: str
    team: str
    is_possible: bool


@dataclass(frozen=True)
class _Need:
    """At least `least` of these pairs."""

    team: str
    field: str
    least: int
    pairs: frozenset[int]


def assign_experts(interests: Interests, rules: AssignmentRules) -> Assignment:
    """The assignment, or the needs that no assignment meets.

    Equal for any order of what is given: everything is sorted first, goals are
    met one after another, and what is still open is settled by weights drawn
    from the digest of the rules. Raises: InvalidInput.
    """
    experts = sorted({one.expert for one in interests.found})
    teams = sorted({one.team for one in interests.found})
    _check_rules(rules, experts, teams)
    pairs = [
        _Pair(one.expert, one.team, one.level is InterestLevel.POSSIBLE)
        for one in sorted(interests.found, key=lambda i: (i.team, i.expert))
        if one.level is not InterestLevel.CONFLICT
    ]
    needs = list(_needs(rules, pairs, teams))
    shortfalls = _shortfalls(rules, pairs, needs)
    seed = seed_for(_rules_key(rules), interests.computed_from)
    chosen = [] if shortfalls else _solve(rules, pairs, needs, seed)
    return Assignment(
        computed_from=interests.computed_from,
        teams=tuple(
            Assigned(
                team=team,
                experts=tuple(pair.expert for pair in chosen if pair.team == team),
            )
            for team in (teams if chosen else ())
        ),
        possible_used=sum(pair.is_possible for pair in chosen),
        shortfalls=tuple(shortfalls),
        method=METHOD,
    )


def _check_rules(
    rules: AssignmentRules, experts: Sequence[str], teams: Sequence[str]
) -> None:
    problems = [
        f"{name} is {value}, below 1"
        for name, value in (
            ("experts_per_team", rules.experts_per_team),
            ("teams_per_expert", rules.teams_per_expert),
            *((f"least of {need.field}", need.least) for need in rules.fields),
        )
        if value < 1
    ]
    if not teams:
        problems.append("there is no pair of an expert and a team to assign")
    listed = Counter(one.expert for one in rules.specialists)
    problems += [f"{name} is listed {n} times" for name, n in listed.items() if n > 1]
    problems += [
        f"{name} has no interests computed" for name in sorted(set(listed) - {*experts})
    ]
    problems += [
        f"{name} has no fields listed" for name in sorted({*experts} - set(listed))
    ]
    if problems:
        raise InvalidInput(
            "the assignment's rules:\n" + "\n".join(f"  - {p}" for p in problems),
            remedy="correct the entries named above; nobody was assigned",
        )


def _rules_key(rules: AssignmentRules) -> str:
    """Digest in which the order of the lists does not matter."""
    return digest_of(
        {
            "experts_per_team": rules.experts_per_team,
            "teams_per_expert": rules.teams_per_expert,
            "specialists": {s.expert: sorted(s.fields) for s in rules.specialists},
            "fields": sorted([need.field, need.least] for need in rules.fields),
        }
    )


def _needs(
    rules: AssignmentRules, pairs: Sequence[_Pair], teams: Sequence[str]
) -> Iterator[_Need]:
    fields = {one.expert: set(one.fields) for one in rules.specialists}
    for team in teams:
        own = {i for i, pair in enumerate(pairs) if pair.team == team}
        yield _Need(team, "", rules.experts_per_team, frozenset(own))
        for need in sorted(rules.fields, key=lambda n: n.field):
            able = {i for i in own if need.field in fields[pairs[i].expert]}
            yield _Need(team, need.field, need.least, frozenset(able))


def _shortfalls(
    rules: AssignmentRules, pairs: Sequence[_Pair], needs: Sequence[_Need]
) -> list[Shortfall]:
    """The fewest missing places that would make an assignment possible.

    The needs are made elastic and the missing places minimised; of equally many
    the ones of earlier teams are named.
    """
    count = len(pairs)
    least = np.array([float(need.least) for need in needs])
    rows = np.hstack([_rows([n.pairs for n in needs], count), np.eye(len(needs))])
    limits = np.hstack([_loads(pairs), np.zeros((len(_experts(pairs)), len(needs)))])
    weights = np.array([float(len(needs) ** 2 + i) for i in range(len(needs))])
    found = _minimum(
        np.concatenate([np.zeros(count), weights]),
        [
            LinearConstraint(csr_array(rows), least, np.inf),
            LinearConstraint(csr_array(limits), -np.inf, rules.teams_per_expert),
        ],
        Bounds(0, np.concatenate([np.ones(count), least])),
    )
    missing = np.rint(found[count:]).astype(int)
    return [
        _shortfall(need, int(gap))
        for need, gap in zip(needs, missing, strict=True)
        if gap
    ]


def _shortfall(need: _Need, missing: int) -> Shortfall:
    able = len(need.pairs)
    ko_field = f"{need.field} 분야 " if need.field else ""
    en_field = f" of {need.field}" if need.field else ""
    if able < need.least:
        reason = Text(
            ko=f"{need.team}에 {ko_field}평가위원 {need.least}명이 필요하나 이해관계가 "
            f"없는 위원은 {able}명뿐임",
            en=f"{need.team} needs {need.least} experts{en_field}; only {able} are "
            "free of a conflict with it.",
        )
        remedy = Text(
            ko=f"이해관계가 없는 {ko_field}평가위원 {missing}명을 추가로 위촉",
            en=f"Appoint {missing} more{en_field} without an interest in the team.",
        )
    else:
        reason = Text(
            ko=f"{need.team}을(를) 평가할 수 있는 {ko_field}위원은 {able}명이나, 위원 "
            "1인당 담당 팀 수의 한도 때문에 배정할 수 없음",
            en=f"{able} experts{en_field} could score {need.team}, but no one has a "
            "place left under the limit of teams per expert.",
        )
        remedy = Text(
            ko=f"위원 1인당 담당 팀 수를 늘리거나 {ko_field}평가위원을 추가로 위촉",
            en=f"Raise the limit of teams per expert, or appoint more{en_field}.",
        )
    return Shortfall(
        team=need.team,
        field=need.field,
        missing=missing,
        reason=reason,
        remedy=remedy,
    )


def _solve(
    rules: AssignmentRules, pairs: Sequence[_Pair], needs: Sequence[_Need], seed: int
) -> list[_Pair]:
    """The pairs of the assignment; only where the needs can be met.

    Variables: one per pair, the largest team, the heaviest load.
    """
    count = len(pairs)
    teams = _rows([need.pairs for need in needs if not need.field], count)
    loads = _loads(pairs)
    least = [float(need.least) for need in needs]
    bounds = Bounds(
        0, np.concatenate([np.ones(count), [np.inf, rules.teams_per_expert]])
    )
    constraints = [
        _at_least(_rows([need.pairs for need in needs], count), least),
        _under(teams, column=0),
        _under(loads, column=1),
    ]
    possible = np.array([float(pair.is_possible) for pair in pairs])
    weights = np.random.Philox(key=seed).random_raw(count) % np.uint64(TIE_WEIGHTS)
    goals = [
        np.concatenate([possible, [0.0, 0.0]]),
        np.concatenate([np.zeros(count), [1.0, 0.0]]),
        np.concatenate([np.zeros(count), [0.0, 1.0]]),
        np.concatenate([np.ones(count), [0.0, 0.0]]),
    ]
    for goal in goals:
        found = _minimum(goal, constraints, bounds)
        best = float(np.rint(goal @ found))
        constraints.append(LinearConstraint(csr_array(goal[None, :]), -np.inf, best))
    last = np.concatenate([weights.astype(np.float64), [0.0, 0.0]])
    found = _minimum(last, constraints, bounds)
    return [pair for pair, x in zip(pairs, found[:count], strict=True) if x > 0.5]


def _minimum(
    goal: Vector, constraints: Sequence[LinearConstraint], bounds: Bounds
) -> Vector:
    """The whole numbers that make the goal least. Raises: Unavailable."""
    solved = milp(
        goal,
        integrality=np.ones(len(goal), dtype=np.int64),
        bounds=bounds,
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    if not solved.success:
        raise Unavailable(
            f"the solver gave no assignment: {solved.message}",
            remedy="report the file with this message; needs were checked before",
        )
    return np.rint(np.asarray(solved.x, dtype=np.float64))


def _experts(pairs: Sequence[_Pair]) -> list[str]:
    return sorted({pair.expert for pair in pairs})


def _loads(pairs: Sequence[_Pair]) -> Vector:
    """(experts, pairs) which pairs are an expert's."""
    groups = [
        frozenset(i for i, pair in enumerate(pairs) if pair.expert == expert)
        for expert in _experts(pairs)
    ]
    return _rows(groups, len(pairs))


def _rows(groups: Sequence[frozenset[int]], count: int) -> Vector:
    """(groups, count) 1 where the pair is of the group."""
    rows = np.zeros((len(groups), count))
    for row, group in enumerate(groups):
        rows[row, sorted(group)] = 1.0
    return rows


def _at_least(rows: Vector, least: Sequence[float]) -> LinearConstraint:
    wide = np.hstack([rows, np.zeros((len(rows), 2))])
    return LinearConstraint(csr_array(wide), np.array(least), np.inf)


def _under(rows: Vector, *, column: int) -> LinearConstraint:
    """Each row's sum is at most the variable of the column."""
    wide = np.hstack([rows, np.zeros((len(rows), 2))])
    wide[:, rows.shape[1] + column] = -1.0
    return LinearConstraint(csr_array(wide), -np.inf, 0.0)
