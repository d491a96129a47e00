"""V6: every checkpoint goes back to the first weights."""

from __future__ import annotations

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.commitments import list_root, read_list
from dokja.training.values import (
    Gap,
    Init,
    RecordedCheckpoint,
    Resume,
    Rollback,
    TensorDigest,
)


def lineage(case: Case) -> Outcome:
    """Fails where a state has no recorded parent, or a list is not what was logged.

    Where the recorder itself lost events before the break, nothing can be said. It
    never passes yet: whether the published weights are the last checkpoint's, or
    what a declared recipe makes of them, is not looked at.
    """
    init = case.reading.init
    if init is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko="처음 가중치가 기록되지 않았습니다.",
            en="The first weights were not recorded.",
        )
    broken = _broken_chain(case, init) or _broken_list(case)
    if broken is not None:
        return broken
    checkpoints = case.reading.of(RecordedCheckpoint)
    if not checkpoints:
        return CheckResult.INCONCLUSIVE, Text(
            ko="체크포인트가 기록되지 않았습니다.", en="No checkpoint was recorded."
        )
    count = len(checkpoints)
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"체크포인트 {count}개가 처음 가중치까지 이어집니다. 공개된 가중치와는 아직 "
        "견주지 않습니다.",
        en=f"{count} checkpoints go back to the first weights. Published weights are "
        "not compared with the last one yet.",
    )


def _broken_chain(case: Case, init: Init) -> Outcome | None:
    roots, current, lost = {init.root}, init.root, False
    for event in case.reading.of(Gap, Resume, Rollback, RecordedCheckpoint):
        # One gap is enough: a checkpoint may be among what it swallowed.
        lost = lost or isinstance(event, Gap)
        if isinstance(event, Resume | Rollback):
            if event.checkpoint is None:
                return CheckResult.INCONCLUSIVE, Text(
                    ko=f"사건 {event.seq}: 이어서 학습한 상태를 밝히지 않았습니다.",
                    en=f"Event {event.seq}: the state training went on from is not "
                    "named.",
                )
            if event.checkpoint not in roots:
                return _orphan(event.seq, lost=lost)
            current = event.checkpoint
        elif isinstance(event, RecordedCheckpoint):
            if event.parent != current:
                return _orphan(event.seq, lost=lost)
            current = event.root
            roots.add(current)
    return None


def _orphan(number: int, *, lost: bool) -> Outcome:
    result = CheckResult.INCONCLUSIVE if lost else CheckResult.FAIL
    return result, Text(
        ko=f"사건 {number}의 앞 상태가 기록에 없습니다."
        + (" 그 앞에서 사건이 유실되었습니다." if lost else ""),
        en=f"The state that event {number} goes back to is not in the record"
        + (", which lost events before it." if lost else "."),
    )


def _broken_list(case: Case) -> Outcome | None:
    states: list[Init | RecordedCheckpoint] = [*case.reading.of(Init)]
    states += case.reading.of(RecordedCheckpoint)
    for event in states:
        data = case.source.listed(event.tensors)
        if data is None:
            return CheckResult.INCONCLUSIVE, Text(
                ko=f"사건 {event.seq}의 텐서 목록이 없습니다.",
                en=f"The list of tensors of event {event.seq} is missing.",
            )
        if not _is_logged(data, event):
            return CheckResult.FAIL, Text(
                ko=f"사건 {event.seq}의 텐서 목록이 기록된 것과 다릅니다.",
                en=f"The list of tensors of event {event.seq} is not the logged one.",
            )
    return None


def _is_logged(data: bytes, event: Init | RecordedCheckpoint) -> bool:
    if digest_bytes(data) != event.tensors:
        return False
    try:
        tensors = read_list(data, TensorDigest)
    except InvalidInput:
        return False
    return len(tensors) == event.count and list_root(tensors) == event.root
