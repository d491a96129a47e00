"""The kernel's values: what every stage publishes is made of these."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import msgspec


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence for people, in both languages of the programme."""

    ko: str
    en: str


class Estimate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number with its uncertainty.

    `low` and `high` are None where no interval can be given (n < 2, or a
    count that has none); they are never filled with the value itself.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    method: str
    """Encodes every parameter that changes the number."""
    source: str


class CheckResult(StrEnum):
    """The outcome of one check."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    DECLARED = "declared"
    NOT_RUN = "not_run"
    NOT_APPLICABLE = "not_applicable"


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One check with its outcome, its reason and what it rests on."""

    id: str
    result: CheckResult
    detail: Text
    evidence: tuple[str, ...] = ()
    """Digests of the acts the result was derived from."""


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the append-only record.

    Programme, stage, kind and subject together name an act: a second act of
    the same name with another body contradicts the first and is refused.
    """

    programme: str
    stage: str
    kind: str
    subject: str
    at: str
    """ISO 8601 with zone, from the programme's clock."""
    body: dict[str, Any]


def quantise(value: Decimal, *, places: int) -> Decimal:
    """`value` rounded half up to `places` decimals.

    Half up is the rule Korean score sheets use; banker's rounding would
    move published points.
    """
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
