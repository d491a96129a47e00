"""What is wrong with rules of calls, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dokja.programme.call_rules import CallRules


def call_rule_problems(rules: CallRules) -> Iterator[str]:
    """Every reason why a call under these rules could end without an answer."""
    for item, count in Counter(rule.item for rule in rules.track).items():
        if count > 1:
            yield f"{item.value} has {count} rules"
    for rule in rules.track:
        if rule.least < 1:
            yield f"{rule.item.value} counts from {rule.least}, so everybody has it"
    if not 0 <= rules.least_kinds <= len(rules.track):
        yield (
            f"{rules.least_kinds} kinds of earlier work are asked for, and "
            f"{len(rules.track)} are named"
        )
    if rules.least_sheets < 1:
        yield f"least_sheets is {rules.least_sheets}, below 1"
    if not 0 <= rules.least_open_share <= 1:
        yield f"least_open_share is {rules.least_open_share}, no share"
    yield from _cost_problems(rules)
    yield from _obligation_problems(rules)


def _cost_problems(rules: CallRules) -> Iterator[str]:
    rows = Counter((row.size, row.open_from) for row in rules.cost_shares)
    for (size, start), count in rows.items():
        if count > 1:
            yield f"{size.value} from {start} on has {count} cost shares"
    for row in rules.cost_shares:
        if not 0 <= row.share <= 1 or not 0 <= row.open_from <= 1:
            yield f"cost share of {row.size.value}: {row.share} from {row.open_from} on"
    begun = {row.size for row in rules.cost_shares if row.open_from == 0}
    for size in sorted({row.size for row in rules.cost_shares} - begun):
        yield f"{size.value} has no cost share from 0 on"


def _obligation_problems(rules: CallRules) -> Iterator[str]:
    for name, count in Counter(rule.id for rule in rules.obligations).items():
        if count > 1 or not name.strip():
            yield f"obligation {name!r} stands {count} times"
    for rule in rules.obligations:
        if rule.due_days < 0:
            yield f"obligation {rule.id} is due {-rule.due_days} days before signing"
