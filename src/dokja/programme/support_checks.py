"""What is wrong with rules of support, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dokja.programme.support_rules import SupportRules


def support_rule_problems(rules: SupportRules) -> Iterator[str]:
    """Every reason why these rules could not count or divide what is given."""
    yield from _equivalence_problems(rules)
    for name in ("node", "compensation_step_hours"):
        if getattr(rules, name) < 1:
            yield f"{name} is {getattr(rules, name)}, below 1"
    if not 0 < rules.acceptance_share <= 1:
        yield f"a pool would be accepted at {rules.acceptance_share} of its promise"
    if not 0 <= rules.tolerance < 1:
        yield f"a team may lack {rules.tolerance} of what another has"


def _equivalence_problems(rules: SupportRules) -> Iterator[str]:
    types = Counter(each.type for each in rules.equivalents)
    for name, count in types.items():
        if count > 1 or not name.strip():
            yield f"GPU type {name!r} stands {count} times"
    for each in rules.equivalents:
        if each.units <= 0:
            yield f"one {each.type} would count as {each.units} normalised GPUs"
        if each.type == rules.unit and each.units != 1:
            yield f"{rules.unit} is the unit and counts as {each.units}, not 1"
    if rules.unit not in types:
        yield f"the unit {rules.unit!r} is not among the equivalents"
