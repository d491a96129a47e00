"""V2: the log only grew, and is whole up to its last head."""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.values import TreeHead


def append_only(case: Case) -> Outcome:
    """Fails where a line, a head, or a head the witness kept does not fit the log."""
    reading = case.reading
    if reading.fault is not None:
        return CheckResult.FAIL, reading.fault
    size = len(reading.events)
    kept = [signed.head for signed in case.trusted.latest]
    for head in (*(signed.head for signed in reading.heads), *kept):
        wrong = _wrong(head, case)
        if wrong is not None:
            return CheckResult.FAIL, wrong
    covered = max((signed.head.size for signed in reading.heads), default=0)
    if reading.unfinished or covered < size:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"마지막 사건 {size - covered}개와 끝맺지 못한 "
            f"{reading.unfinished}바이트는 "
            "어떤 헤드에도 들어 있지 않습니다. 기록이 도중에 끊겼거나 잘렸습니다.",
            en=f"The last {size - covered} events and {reading.unfinished} bytes of an "
            "unfinished line are under no tree head: the record broke off, or was cut.",
        )
    return CheckResult.PASS, Text(
        ko=f"사건 {size}개가 빠짐없이 이어지고 헤드 {len(reading.heads)}개와 "
        f"일치합니다.",
        en=f"{size} events follow each other without a break and match "
        f"{len(reading.heads)} tree heads.",
    )


def _wrong(head: TreeHead, case: Case) -> Text | None:
    tree = case.reading.tree
    if head.origin != case.reading.origin:
        return Text(
            ko=f"헤드의 이름 {head.origin}이(가) 이 기록의 이름과 다릅니다.",
            en=f"A tree head is of another log, {head.origin}.",
        )
    if head.size > len(tree):
        return Text(
            ko=f"사건 {head.size}개를 담은 헤드가 있으나 기록에는 "
            f"{len(tree)}개뿐입니다. "
            "뒷부분이 사라졌습니다.",
            en=f"A tree head covers {head.size} events and the log has {len(tree)}: "
            "its tail is missing.",
        )
    if tree.root(head.size) != head.root:
        return Text(
            ko=f"사건 {head.size}개까지의 루트가 서명된 헤드와 다릅니다.",
            en=f"The root over the first {head.size} events is not the head's.",
        )
    return None
