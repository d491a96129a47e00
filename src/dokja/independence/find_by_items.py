"""The finding of a gate that is decided on the items of the dossier."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Check, CheckResult, Text
from dokja.independence.checks import run_check
from dokja.independence.dossier import Dossier
from dokja.independence.items.from_records import component_tiers
from dokja.independence.items.outcome import worst_result
from dokja.independence.items.questions import ITEMS
from dokja.independence.items.values import ItemOutcome
from dokja.independence.opinion.count import apply_opinion, count_votes
from dokja.independence.values import (
    AspectFinding,
    FindingResult,
    IndependenceFinding,
    ReplyState,
)
from dokja.programme.dossier_rules import OnFail
from dokja.programme.values import AspectRule, Gate, Requirement
from dokja.training.tier_words import CANNOT_PROVE


def find_by_items(
    gate: Gate, dossier: Dossier, *, clauses: tuple[str, ...]
) -> IndependenceFinding:
    """The finding on the items that the gate's aspects require.

    A failed item fails its aspect where it shows what the aspect forbids, or where
    the rule says so, and only after the team was heard; any other failure, and
    whatever is missing, leaves the aspect undetermined.
    """
    state = dossier.item_reply_state
    heard = state is not ReplyState.REQUESTED
    items = {
        one.id: one if heard else _held_back(one, dossier) for one in dossier.items
    }
    aspects = tuple(
        _aspect(gate, aspect, dossier, items, heard=heard, clauses=clauses)
        for aspect in gate.aspects
    )
    return IndependenceFinding(
        team=dossier.team,
        gate=gate.id,
        result=worst_result(aspect.result for aspect in aspects),
        aspects=aspects,
        reply_state=state,
        replies=dossier.replies,
        reply_until=dossier.reply_until,
        item_set="" if gate.dossier is msgspec.UNSET else gate.dossier.value,
        items=tuple(items.values()),
        tiers=component_tiers(dossier),
        unproven=CANNOT_PROVE,
    )


def _held_back(one: ItemOutcome, dossier: Dossier) -> ItemOutcome:
    if one.result is not CheckResult.FAIL:
        return one
    until = dossier.reply_until
    return msgspec.structs.replace(
        one,
        result=CheckResult.INCONCLUSIVE,
        detail=Text(
            ko=f"{one.detail.ko} 소명 기한({until}) 전이므로 판단을 보류함",
            en=f"{one.detail.en} Held back until the team replies or {until}.",
        ),
    )


def _aspect(
    gate: Gate,
    aspect: AspectRule,
    dossier: Dossier,
    items: dict[str, ItemOutcome],
    *,
    heard: bool,
    clauses: tuple[str, ...],
) -> AspectFinding:
    checks = tuple(_check(rule, dossier, items) for rule in aspect.requires)
    waits_for = tuple(
        sorted(one.id for one in dossier.open_allegations if one.aspect == aspect.id)
    )
    pairs = tuple(zip(aspect.requires, checks, strict=True))
    result = FindingResult.UNDETERMINED
    if any(_shows_failure(rule, check) for rule, check in pairs):
        result = FindingResult.FAIL
    elif not waits_for and all(check.result in rule.accept for rule, check in pairs):
        result = FindingResult.PASS
    finding = AspectFinding(
        aspect=aspect.id,
        result=result,
        checks=checks,
        clauses=aspect.clauses or clauses,
        waits_for=waits_for,
    )
    if gate.opinion is msgspec.UNSET or waits_for:
        return finding
    votes = [one for one in dossier.opinions if one.aspect == aspect.id]
    if not votes:
        return finding
    opinion = count_votes(votes, recused=dossier.recused, rule=gate.opinion)
    left = [check.result for rule, check in pairs if check.result not in rule.accept]
    after, opinion = apply_opinion(result, opinion, left, is_heard=heard)
    return msgspec.structs.replace(finding, result=after, opinion=opinion)


def _check(rule: Requirement, dossier: Dossier, items: dict[str, ItemOutcome]) -> Check:
    if rule.check not in items:
        return run_check(rule.check, dossier)
    one = items[rule.check]
    return Check(
        id=one.id,
        result=one.result,
        detail=one.detail,
        evidence=tuple(dict.fromkeys(place.digest for place in one.evidence)),
    )


def _shows_failure(rule: Requirement, check: Check) -> bool:
    if check.result is not CheckResult.FAIL:
        return False
    if rule.on_fail is not msgspec.UNSET:
        return rule.on_fail is OnFail.FAIL
    item = ITEMS.get(rule.check)
    return item is not None and item.is_shown_by_failure
