"""V1: every tree head is signed by the key that the team registered."""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.strangers import strangers
from dokja.training.tree_heads import cosigned_at
from dokja.training.values import SignedHead


def signatures(case: Case) -> Outcome:
    """Fails where a head is not the registered key's; without one nothing is known.

    A key that came inside the record would prove nothing: whoever writes a record
    can make one.
    """
    reading = case.reading
    if reading.unreadable_heads:
        names = ", ".join(reading.unreadable_heads[:3])
        return CheckResult.FAIL, Text(
            ko=f"서명된 헤드로 읽을 수 없는 파일이 있습니다: {names}.",
            en=f"Files are no signed tree heads: {names}.",
        )
    if not reading.heads:
        return CheckResult.INCONCLUSIVE, Text(
            ko="서명된 헤드가 하나도 없습니다.", en="There is no signed tree head."
        )
    if case.trusted.team is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko="등록된 팀 키를 지정하지 않아 서명을 확인하지 못했습니다.",
            en="No registered team key was given, so no signature was checked.",
        )
    foreign = len(reading.heads) - len(case.signed_heads)
    if foreign:
        return CheckResult.FAIL, Text(
            ko=f"헤드 {foreign}개가 등록된 팀 키로 이 기록에 서명된 것이 아닙니다.",
            en=f"{foreign} tree heads are not signed for this log by the "
            "registered team key.",
        )
    return _unknown(case)


def _unknown(case: Case) -> Outcome:
    count = len(case.signed_heads)
    lines = sum(_unknown_lines(head, case) for head in case.signed_heads)
    if lines and case.trusted.witnesses:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"지정한 증인 키로 확인되지 않는 서명이 {lines}줄 있습니다.",
            en=f"{lines} signature lines are by no key that was given.",
        )
    planted = list(strangers(case.source, case.reading.events, case.trusted.witnesses))
    if planted and case.reading.fault is None:
        # Where the log breaks off, what it names further on is not known.
        names = ", ".join(name[:80] for name in planted[:3])
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"기록에 속하지 않거나 서명되지 않은 파일이 {len(planted)}개 있습니다"
            f"({names}). 그 파일을 빼고 다시 내야 합니다.",
            en=f"{len(planted)} files are no part of the record or signed by nobody "
            f"({names}); hand it in without them.",
        )
    return CheckResult.PASS, Text(
        ko=f"헤드 {count}개가 모두 등록된 팀 키로 서명되었습니다.",
        en=f"All {count} tree heads are signed by the registered team key.",
    )


def _unknown_lines(signed: SignedHead, case: Case) -> int:
    """Lines under a head that are neither the log's own nor a given witness's."""
    known = 1
    for key in case.trusted.witnesses:
        known += cosigned_at(signed, key) is not None
    return max(len(signed.signatures) - known, 0)
