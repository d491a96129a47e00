"""The kernel's values: what every stage publishes is made of these."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence for people, in both languages of the programme."""

    ko: str
    en: str


class Growing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value whose later fields are not written at their defaults.

    What was frozen before a field existed keeps its digest. msgspec leaves out a
    default that is the same object, which one that was read, copied or sent to a
    worker is not: equal ones are put back, so that the digest follows the value.
    """

    def __post_init__(self) -> None:
        for name, default in _defaults(type(self)):
            given = getattr(self, name)
            if type(given) is type(default) and given == default:
                msgspec.structs.force_setattr(self, name, default)


@cache
def _defaults(kind: type[Growing]) -> tuple[tuple[str, Any], ...]:
    """Fields that have a default, which msgspec would look up for every value."""
    fields = msgspec.structs.fields(kind)
    return tuple(
        (f.name, f.default) for f in fields if f.default is not msgspec.NODEFAULT
    )


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
