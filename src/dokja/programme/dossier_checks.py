"""What is wrong with the rules of a gate that is decided on a dossier."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dokja.evidence.values import CheckResult
from dokja.programme.dossier_rules import (
    BESIDE_ITEMS,
    FOREIGN_WEIGHTS,
    ITEM_IDS,
    OnFail,
)
from dokja.programme.values import Gate, Requirement


def dossier_problems(gate: Gate, clauses: frozenset[str]) -> Iterator[str]:
    """Every reason why the gate's items would not decide what they are to decide."""
    if gate.dossier is msgspec.UNSET:
        yield from _without_items(gate)
        return
    known = {*ITEM_IDS[gate.dossier], *BESIDE_ITEMS}
    for aspect in gate.aspects:
        for one in aspect.requires:
            if one.check not in known:
                yield (
                    f"{aspect.id} requires {one.check}, no item of {gate.dossier.value}"
                )
        for number in sorted({*(aspect.clauses or ())} - clauses):
            yield f"{aspect.id} rests on clause {number}, which is not there"
    weights = [one for one in _required(gate) if one.check == FOREIGN_WEIGHTS]
    if not weights or any(_lets_foreign_weights_pass(one) for one in weights):
        yield (
            f"gate {gate.id} must require {FOREIGN_WEIGHTS}, accept only `pass` and "
            "fail on it: else a component that was inherited could pass"
        )
    rule = gate.opinion
    if rule is not msgspec.UNSET and not rule.quorum >= rule.agreement > (
        rule.quorum / 2
    ):
        yield (
            f"gate {gate.id}: an opinion needs a quorum, and the agreement of more "
            "than half of it"
        )


def _without_items(gate: Gate) -> Iterator[str]:
    new: list[object] = [gate.opinion, *(aspect.clauses for aspect in gate.aspects)]
    new += [one.on_fail for one in _required(gate)]
    if any(value is not msgspec.UNSET for value in new):
        yield (
            f"gate {gate.id} has rules of a dossier and names none; set dossier to "
            f"one of {', '.join(ITEM_IDS)}"
        )


def _required(gate: Gate) -> list[Requirement]:
    return [one for aspect in gate.aspects for one in aspect.requires]


def _lets_foreign_weights_pass(one: Requirement) -> bool:
    spared = one.on_fail is OnFail.UNDETERMINED
    return spared or one.accept != (CheckResult.PASS,)
