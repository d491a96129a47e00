"""The act of verifying a training record: every check, its tier, its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dokja.errors import DokjaError
from dokja.evidence.values import Check, CheckResult, Text
from dokja.training.attesting import is_attested
from dokja.training.checks.case import Audit, Case, Outcome, Trusted
from dokja.training.checks.v01_signatures import signatures
from dokja.training.checks.v02_append_only import append_only
from dokja.training.checks.v03_liveness import liveness
from dokja.training.checks.v04_first_weights import first_weights
from dokja.training.checks.v05_cold_start import cold_start
from dokja.training.checks.v06_lineage import lineage
from dokja.training.checks.v07_displacement import displacement
from dokja.training.checks.v08_continuity import continuity
from dokja.training.checks.v09_optimizer_state import optimizer_state
from dokja.training.checks.v10_replay import replay
from dokja.training.checks.v11_choice import chosen_late
from dokja.training.checks.v12_memorisation import memorisation
from dokja.training.checks.v13_data_accounting import data_accounting
from dokja.training.checks.v14_loss_curve import loss_curve
from dokja.training.checks.v15_compute import compute
from dokja.training.checks.v16_code import code
from dokja.training.checks.v17_completeness import completeness
from dokja.training.ports import RecordSource
from dokja.training.reading import read_record
from dokja.training.tier_words import CANNOT_PROVE, FAILED, MEANING
from dokja.training.values import RecordVerdict, Tier

__all__ = ["Audit", "Trusted", "verify_record"]

IDS = tuple(f"V{number}" for number in range(1, 18))
HARD = frozenset({"V1", "V2", "V4", "V5", "V6", "V7", "V8", "V10", "V13", "V17"})
"""Checks whose failure no tier survives."""
_RUN: Mapping[str, Callable[[Case], Outcome]] = {
    "V1": signatures,
    "V2": append_only,
    "V3": liveness,
    "V4": first_weights,
    "V5": cold_start,
    "V6": lineage,
    "V7": displacement,
    "V8": continuity,
    "V9": optimizer_state,
    "V10": replay,
    "V11": chosen_late,
    "V12": memorisation,
    "V13": data_accounting,
    "V14": loss_curve,
    "V15": compute,
    "V16": code,
    "V17": completeness,
}
_REQUIRED: Mapping[Tier, frozenset[str]] = {
    Tier.E1: frozenset({"V1", "V2"}),
    Tier.E2: frozenset({"V1", "V2", "V3"}),
    Tier.E3: frozenset(IDS),
}
_NEEDS_LINES = frozenset(IDS) - {"V1", "V2"}


def verify_record(
    source: RecordSource, trusted: Trusted, audit: Audit | None = None
) -> RecordVerdict:
    """The verdict on a record, from what the reader trusts beforehand.

    Without materials or a machine the checks that need them are `not_run`.

    Raises: InvalidInput where the record passes a bound no real one passes.
    """
    case = Case(read_record(source), source, trusted, audit or Audit())
    checks = tuple(_check(number, case) for number in IDS)
    results = {check.id: check.result for check in checks}
    failed = any(results[number] is CheckResult.FAIL for number in HARD)
    tier = Tier.E0 if failed else _tier(results)
    if tier is Tier.E3 and is_attested(case):
        tier = Tier.E4
    return RecordVerdict(
        run=case.reading.origin,
        events=len(case.reading.events),
        tier=tier,
        outcome=_outcome(tier, failed=failed),
        meaning=FAILED if failed else MEANING[tier],
        checks=checks,
        cannot_prove=CANNOT_PROVE,
    )


def unusable_record(error: DokjaError) -> RecordVerdict:
    """The verdict on a record that could not be read at all."""
    detail = Text(
        ko=f"기록을 읽지 못해 점검하지 못했습니다: {error.fact}",
        en=f"The record cannot be read, so nothing was looked at: {error.fact}",
    )
    return RecordVerdict(
        run="",
        events=0,
        tier=Tier.E0,
        outcome=CheckResult.INCONCLUSIVE,
        meaning=MEANING[Tier.E0],
        checks=tuple(
            Check(id=number, result=CheckResult.NOT_RUN, detail=detail)
            for number in IDS
        ),
        cannot_prove=CANNOT_PROVE,
    )


def _check(number: str, case: Case) -> Check:
    if case.reading.fault is not None and number in _NEEDS_LINES:
        result, detail = (
            CheckResult.NOT_RUN,
            Text(
                ko="기록이 이어지지 않아 점검하지 못했습니다(V2).",
                en="The log does not hold together, so this was not looked at (V2).",
            ),
        )
    else:
        result, detail = _RUN[number](case)
    return Check(id=number, result=result, detail=detail)


def _tier(results: Mapping[str, CheckResult]) -> Tier:
    met = {CheckResult.PASS, CheckResult.NOT_APPLICABLE}
    reached = Tier.E0
    for tier, required in _REQUIRED.items():
        if all(results[number] in met for number in required):
            reached = tier
    return reached


def _outcome(tier: Tier, *, failed: bool) -> CheckResult:
    if failed:
        return CheckResult.FAIL
    witnessed = tier not in (Tier.E0, Tier.E1)
    return CheckResult.PASS if witnessed else CheckResult.INCONCLUSIVE
