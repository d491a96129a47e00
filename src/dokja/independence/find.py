"""The finding of the independence gate on one team."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.evidence.values import CheckResult
from dokja.independence.checks import run_check
from dokja.independence.dossier import Dossier
from dokja.independence.find_by_items import find_by_items
from dokja.independence.items.outcome import worst_result
from dokja.independence.values import (
    AspectFinding,
    FindingResult,
    IndependenceFinding,
)
from dokja.programme.values import AspectRule, Gate


def find_independence(
    gate: Gate, dossier: Dossier, *, clauses: Sequence[str] = ()
) -> IndependenceFinding:
    """The finding per aspect; the gate's result is the worst of them.

    An aspect fails on any failed check, passes only when every required
    check has a result its rule accepts, and is undetermined otherwise. A gate
    that names an item set is decided on its items, and cites `clauses`.
    """
    if gate.dossier is not msgspec.UNSET:
        return find_by_items(gate, dossier, clauses=tuple(clauses))
    aspects = tuple(_find_aspect(aspect, dossier) for aspect in gate.aspects)
    return IndependenceFinding(
        team=dossier.team,
        gate=gate.id,
        result=worst_result(aspect.result for aspect in aspects),
        aspects=aspects,
        reply_state=dossier.reply_state,
        replies=dossier.replies,
        reply_until=dossier.reply_until,
    )


def _find_aspect(aspect: AspectRule, dossier: Dossier) -> AspectFinding:
    checks = tuple(run_check(rule.check, dossier) for rule in aspect.requires)
    if any(check.result is CheckResult.FAIL for check in checks):
        result = FindingResult.FAIL
    elif all(
        check.result in rule.accept
        for check, rule in zip(checks, aspect.requires, strict=True)
    ):
        result = FindingResult.PASS
    else:
        result = FindingResult.UNDETERMINED
    return AspectFinding(aspect=aspect.id, result=result, checks=checks)
