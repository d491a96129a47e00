"""The verdict that published figures on two models lead to."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from dokja.evidence.values import Text
from dokja.lineage.values import LineageVerdict
from dokja.replay.values import PairThresholds
from dokja.standing.values import Bounds

WORDING = Text(
    ko="이 수치는 다른 이들이 공개한 것을 다시 적은 것으로 Dokja가 측정하지 않았으며, "
    "결과는 아래 기준을 그 수치에 적용한 것이다.",
    en="These figures were published by others and are restated; Dokja did not "
    "measure them. The verdict is what the stated thresholds make of them.",
)


class PairVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict with the reason for it."""

    verdict: LineageVerdict
    reason: Text


def pair_verdict(
    raw_cosine: Bounds | None, centred: Bounds | None, thresholds: PairThresholds
) -> PairVerdict:
    """The verdict on one published pair; both ends of a range must agree on it.

    Weights that share a mean have a raw cosine near one whatever their origin,
    so the raw cosine can only support a centred correlation. `identical` is
    never given: rounded figures do not show that bytes are equal.
    """
    if centred is None:
        return _untestable(raw_cosine)
    if max(abs(centred.low), abs(centred.high)) <= thresholds.no_evidence_up_to:
        return PairVerdict(
            verdict=LineageVerdict.NO_EVIDENCE,
            reason=Text(
                ko=f"중심화한 상관 {_range(centred)}, 기준 "
                f"{thresholds.no_evidence_up_to} 이하로 파생의 증거가 없음.",
                en=f"The centred correlation {_range(centred)} is at most "
                f"{thresholds.no_evidence_up_to}: no evidence of descent.",
            ),
        )
    supported = raw_cosine is None or raw_cosine.low >= thresholds.raw_supports_from
    if centred.low >= thresholds.derived_from and supported:
        return PairVerdict(
            verdict=LineageVerdict.DERIVED,
            reason=Text(
                ko=f"중심화한 상관 {_range(centred)}, 기준 "
                f"{thresholds.derived_from} 이상으로 파생에 해당함.",
                en=f"The centred correlation {_range(centred)} is at least "
                f"{thresholds.derived_from}: derived.",
            ),
        )
    return PairVerdict(
        verdict=LineageVerdict.REFER,
        reason=Text(
            ko=f"중심화한 상관 {_range(centred)}, 어느 쪽으로도 정해지지 않아 "
            "사람의 확인이 필요함.",
            en=f"The centred correlation {_range(centred)} settles neither side: "
            "a person has to look.",
        ),
    )


def _untestable(raw_cosine: Bounds | None) -> PairVerdict:
    if raw_cosine is None:
        reason = Text(
            ko="가중치를 비교한 수치가 공개되지 않아 가중치로는 판단할 수 없음.",
            en="No comparison of weights was published, so the weights decide nothing.",
        )
    else:
        reason = Text(
            ko="중심화하지 않은 코사인만 공개되어 판단할 수 없음.",
            en="Only a cosine without centring was published; it decides nothing.",
        )
    return PairVerdict(verdict=LineageVerdict.UNTESTABLE, reason=reason)


def _range(bounds: Bounds) -> str:
    low, high = _plain(bounds.low), _plain(bounds.high)
    return low if low == high else f"{low}–{high}"


def _plain(value: Decimal) -> str:
    return format(value, "f")
