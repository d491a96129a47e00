"""What is wrong with rules of interests or of the panel's work, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dokja.programme.interest_rules import (
    InterestLevel,
    InterestRules,
    PanelRules,
    TieKind,
)


def interest_rule_problems(rules: InterestRules) -> Iterator[str]:
    """Every reason why these rules could leave an interest without an answer."""
    if rules.longest_path < 1:
        yield f"a longest path of {rules.longest_path} ties admits no interest at all"
    ruled = Counter(rule.kind for rule in rules.ties)
    for kind in TieKind:
        if ruled[kind] == 0:
            yield f"no rule says what {kind.value} amounts to"
        if ruled[kind] > 1:
            yield f"{kind.value} has {ruled[kind]} rules"
    for rule in rules.ties:
        if rule.cooling_months < 0:
            yield f"{rule.kind.value} would count {rule.cooling_months} months"
    if not any(rule.level is InterestLevel.CONFLICT for rule in rules.ties):
        yield "no kind of tie makes a conflict, so nobody would ever be recused"


def panel_rule_problems(rules: PanelRules) -> Iterator[str]:
    """Every reason why a panel could not be assigned or closed."""
    for name in ("experts_per_team", "teams_per_expert", "quorum"):
        if getattr(rules, name) < 1:
            yield f"{name} is {getattr(rules, name)}, below 1"
    if rules.quorum > rules.experts_per_team:
        yield (
            f"a quorum of {rules.quorum} sheets is more than the "
            f"{rules.experts_per_team} experts assigned to a team"
        )
    for field, count in Counter(need.field for need in rules.fields).items():
        if count > 1 or not field.strip():
            yield f"field {field!r} stands {count} times"
    for need in rules.fields:
        if need.least < 1:
            yield f"least of {need.field} is {need.least}, below 1"
