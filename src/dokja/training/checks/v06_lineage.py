"""V6: every checkpoint goes back to the first weights."""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.released_weights import compared_release
from dokja.training.kept_states import recorded_tensors
from dokja.training.values import (
    End,
    Gap,
    Init,
    RecordedCheckpoint,
    Resume,
    Rollback,
)


def lineage(case: Case) -> Outcome:
    """Fails where a state has no recorded parent, or a list is not what was logged.

    So it does where published weights are other ones than any checkpoint's: the
    record then does not show how these came to be. Where the recorder itself lost
    events before a break, or a cast cannot be made again, nothing can be said.
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
    if case.audit.release is None:
        count = len(checkpoints)
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"체크포인트 {count}개가 처음 가중치까지 이어집니다. 공개된 가중치를 "
            "지정하지 않아 견주지 못했습니다.",
            en=f"{count} checkpoints go back to the first weights. No published "
            "weights were given to compare with the last one.",
        )
    return compared_release(case, init, case.audit.release)


def _broken_chain(case: Case, init: Init) -> Outcome | None:
    roots, current, lost = {init.root}, init.root, False
    for event in case.reading.of(Gap, Resume, Rollback, RecordedCheckpoint, End):
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
        elif isinstance(event, End) and event.checkpoint not in (None, current):
            return _other_end(lost=lost)
    return None


def _other_end(*, lost: bool) -> Outcome:
    result = CheckResult.INCONCLUSIVE if lost else CheckResult.FAIL
    return result, Text(
        ko="종료 사건이 든 체크포인트가 학습이 끝난 상태가 아닙니다.",
        en="The end names another checkpoint than the one training ended with.",
    )


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
        if case.source.listed(event.tensors) is None:
            return CheckResult.INCONCLUSIVE, Text(
                ko=f"사건 {event.seq}의 텐서 목록이 없습니다.",
                en=f"The list of tensors of event {event.seq} is missing.",
            )
        if recorded_tensors(case.source, event) is None:
            return CheckResult.FAIL, Text(
                ko=f"사건 {event.seq}의 텐서 목록이 기록된 것과 다릅니다.",
                en=f"The list of tensors of event {event.seq} is not the logged one.",
            )
    return None
