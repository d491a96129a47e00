"""V3: a witness saw the log grow while training ran."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.lines import moment_of
from dokja.training.statements import read_statement
from dokja.training.values import Nonce, Step

TOLERANCE = 5 * 60
"""Seconds by which a team's clock may differ from the witness's."""
LONGEST_SILENCE = 24 * 3600
LEAST_SHARE = 0.99
"""Of steps, that must lie between cosignatures no further apart than that."""


def liveness(case: Case) -> Outcome:
    """Not hard: a record that fails it stays at E1, and nobody is accused of anything.

    A wrong clock and a back-dated log look alike from here.
    """
    if not case.trusted.witnesses:
        return CheckResult.NOT_RUN, Text(
            ko="증인의 공개키를 지정하지 않아 실시간 기록 여부를 확인하지 못했습니다. "
            "등급은 E1에 머뭅니다.",
            en="No witness's key was given, so nothing shows that the record was made "
            "while training ran. The tier stays E1.",
        )
    if not case.cosigned:
        return CheckResult.FAIL, Text(
            ko="증인이 확인한 헤드가 없습니다. 등급은 E1에 머뭅니다.",
            en="No tree head carries a witness's cosignature. The tier stays E1.",
        )
    nonce = _nonce(case)
    if nonce is None:
        return CheckResult.FAIL, Text(
            ko="시작 직전에 증인이 발급한 난수가 기록에 없어, 기록이 그 뒤에 "
            "만들어졌음을 알 수 없습니다.",
            en="The record does not start with a nonce that a witness issued in the 24 "
            "hours before, so it may be older than it says.",
        )
    return _between_cosignatures(case, nonce)


def _between_cosignatures(case: Case, nonce: Nonce) -> Outcome:
    seconds = [nonce.at, *(second for _, second in case.cosigned)]
    if sorted(seconds) != seconds:
        return CheckResult.FAIL, Text(
            ko="증인이 더 짧은 기록을 더 늦게 확인했습니다.",
            en="A witness cosigned a shorter log after a longer one.",
        )
    watched = 0
    for start, end, earliest, latest in _stretches(case, nonce):
        events = case.reading.events[start:end]
        moments = [moment_of(event.at).timestamp() for event in events]
        for event, at in zip(events, moments, strict=True):
            if not earliest - TOLERANCE <= at <= latest + TOLERANCE:
                return _outside(event.seq, event.at)
        if latest - earliest <= LONGEST_SILENCE:
            watched += sum(type(event) is Step for event in events)
    return _share(watched, len(case.reading.steps), len(case.cosigned))


def _stretches(case: Case, nonce: Nonce) -> Iterator[tuple[int, int, int, float]]:
    """First event, the one after the last, and the seconds these lie between."""
    size, second = 0, nonce.at
    for later, cosigned in case.cosigned:
        yield size, later, second, cosigned
        size, second = later, cosigned
    yield size, len(case.reading.events), second, math.inf


def _share(watched: int, steps: int, heads: int) -> Outcome:
    if not steps or watched < LEAST_SHARE * steps:
        return CheckResult.FAIL, Text(
            ko=f"학습 단계 {steps}개 가운데 {watched}개만 24시간 안의 두 확인 사이에 "
            "있습니다(기준 99 %).",
            en=f"{watched} of {steps} steps lie between cosignatures at most 24 hours "
            "apart; 99 % are required.",
        )
    return CheckResult.PASS, Text(
        ko=f"증인이 학습 중에 헤드 {heads}개를 확인했고, 단계 {steps}개 가운데 "
        f"{watched}개가 그 사이에 있습니다.",
        en=f"A witness cosigned {heads} tree heads while training ran; {watched} of "
        f"{steps} steps lie between them.",
    )


def _outside(number: int, at: str) -> Outcome:
    return CheckResult.FAIL, Text(
        ko=f"사건 {number}의 시각 {at}이(가) 앞뒤 증인 확인 시각과 5분 넘게 "
        f"어긋납니다.",
        en=f"Event {number} is dated {at}, more than 5 minutes outside the "
        "cosignatures around it.",
    )


def _nonce(case: Case) -> Nonce | None:
    """The nonce the record starts with, where a witness signed it in time."""
    start = case.reading.start
    if start is None or not start.nonce:
        return None
    begun = moment_of(start.at).timestamp()
    for _, data in case.source.statements():
        try:
            nonce = read_statement(data, Nonce, case.trusted.witnesses)
        except InvalidInput:
            continue
        if nonce is None or (nonce.origin, nonce.value) != (
            case.reading.origin,
            start.nonce,
        ):
            continue
        if begun - LONGEST_SILENCE - TOLERANCE <= nonce.at <= begun + TOLERANCE:
            return nonce
    return None
