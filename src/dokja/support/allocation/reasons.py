"""Which rule binds whom, and which rules exclude each other, by solving again.

A rule binds a team if without it the team would get more and no other team less.
Rules that cannot hold together are reduced to a set in which none is dispensable,
by dropping one after another: J. Chinneck, E. Dravnieks, ORSA Journal on Computing
3(2):157-168 (1991), deletion filter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from dokja.evidence.values import Text
from dokja.support.allocation.model import GAP, NEAR, Model, Rule
from dokja.support.allocation.problem import Problem
from dokja.support.allocation.values import AllocationRule, RuleInForce

_DROPPED_FIRST = (
    AllocationRule.NODE,
    AllocationRule.POOL_CHOICE,
    AllocationRule.MOST,
    AllocationRule.LESSOR,
    AllocationRule.CAPACITY,
    AllocationRule.LEAST,
)
"""So that a conflict is told in needs and pools, unless a finer rule makes it."""


def conflicting_rules(problem: Problem) -> tuple[RuleInForce, ...]:
    """Rules that exclude each other; every one of them is needed for that."""
    kept = sorted(_rules(problem), key=lambda r: (_DROPPED_FIRST.index(r[0]), r[1]))
    dropped: frozenset[Rule] = frozenset()
    for rule in kept:
        if not _is_possible(problem, dropped | {rule}):
            dropped |= {rule}
    return tuple(in_words(problem, rule) for rule in kept if rule not in dropped)


def binding_rules(
    problem: Problem, team: int, means: Sequence[Fraction]
) -> tuple[tuple[RuleInForce, ...], bool]:
    """The rules that keep a team from more, and whether only all together do."""
    rules = [rule for rule in _rules(problem) if _concerns(problem, rule, team)]
    now = _most(problem, frozenset(), team, means)

    def gains(relaxed: frozenset[Rule]) -> bool:
        most = _most(problem, relaxed, team, means)
        return most > now * (1 + 2 * GAP) + NEAR

    alone = [rule for rule in rules if gains(frozenset({rule}))]
    if alone:
        return tuple(in_words(problem, rule) for rule in alone), False
    together = frozenset(rules)
    if not gains(together):
        return (), False
    for rule in rules:
        if gains(together - {rule}):
            together -= {rule}
    named = [rule for rule in rules if rule in together]
    return tuple(in_words(problem, rule) for rule in named), True


def in_words(problem: Problem, rule: Rule) -> RuleInForce:
    """The rule with what it says here."""
    kind, subject = rule
    return RuleInForce(rule=kind, subject=subject, text=_text(problem, kind, subject))


def _rules(problem: Problem) -> Iterator[Rule]:
    """Every rule that is in force here, in canonical order."""
    for demand in problem.teams:
        if demand.least:
            yield AllocationRule.LEAST, demand.team
    for demand in problem.teams:
        yield AllocationRule.MOST, demand.team
    for pool in problem.pools:
        yield AllocationRule.CAPACITY, pool.id
    for team in sorted({team for team, _ in problem.lessors}):
        yield AllocationRule.LESSOR, problem.teams[team].team
    for demand in problem.teams:
        if demand.pools:
            yield AllocationRule.POOL_CHOICE, demand.team
    if problem.node > 1:
        yield AllocationRule.NODE, ""


def _concerns(problem: Problem, rule: Rule, team: int) -> bool:
    """Whether dropping the rule could give the team more."""
    kind, subject = rule
    own = subject == problem.teams[team].team
    if kind is AllocationRule.LEAST:
        return not own
    return own or kind in {AllocationRule.CAPACITY, AllocationRule.NODE}


def _is_possible(problem: Problem, relaxed: frozenset[Rule]) -> bool:
    model = Model(problem, relaxed)
    return model.minimum(np.zeros(len(model.places))) is not None


def _most(
    problem: Problem, relaxed: frozenset[Rule], team: int, means: Sequence[Fraction]
) -> float:
    """What the team could get without the rules if no other team got less."""
    model = Model(problem, relaxed)
    others = [
        model.at_least(other, means[other])
        for other in range(len(means))
        if other != team
    ]
    if not model.rates[team].any():
        return float(means[team])
    found = model.minimum(-model.rates[team], others)
    return float(means[team] if found is None else model.means(found)[team])


def _text(problem: Problem, kind: AllocationRule, subject: str) -> Text:
    demand = next((each for each in problem.teams if each.team == subject), None)
    pool = next((each for each in problem.pools if each.id == subject), None)
    if kind is AllocationRule.CAPACITY:
        assert pool is not None, "capacity is of a pool"
        return Text(
            ko=f"{subject}의 GPU는 {pool.count}장임",
            en=f"{subject} has {pool.count} GPUs",
        )
    if kind is AllocationRule.NODE:
        return Text(
            ko=f"GPU는 {problem.node}장 단위로 배정함",
            en=f"GPUs are given in nodes of {problem.node}",
        )
    assert demand is not None, "every other rule is of a team"
    texts = {
        AllocationRule.LEAST: Text(
            ko=f"{subject}의 최소 요구량은 환산 GPU {demand.least}장임",
            en=f"{subject} needs at least {demand.least} normalised GPUs",
        ),
        AllocationRule.MOST: Text(
            ko=f"{subject}의 최대 요구량은 환산 GPU {demand.most}장임",
            en=f"{subject} asked for at most {demand.most} normalised GPUs",
        ),
        AllocationRule.LESSOR: Text(
            ko=f"{subject}은(는) GPU를 임대하는 동안 배정받지 못함",
            en=f"{subject} leases GPUs out and holds none meanwhile",
        ),
        AllocationRule.POOL_CHOICE: Text(
            ko=f"{subject}이(가) 쓸 수 있는 GPU 자원은 {', '.join(demand.pools)}임",
            en=f"{subject} can use {', '.join(demand.pools)} only",
        ),
    }
    return texts[kind]
