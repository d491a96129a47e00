"""Whether the published weights are a checkpoint's of the record: part of V6."""

from __future__ import annotations

from dokja.errors import DokjaError
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.named_release import named_release
from dokja.training.kept_state import KeptState
from dokja.training.kept_states import recorded_tensors
from dokja.training.releasing import Likeness, Recorded, likeness
from dokja.training.values import Init, RecordedCheckpoint


def compared_release(case: Case, init: Init, release: KeptState) -> Outcome:
    """Passes where everything published is one checkpoint's, rounded at the most."""
    trained = [t.name for t in recorded_tensors(case.source, init) or ()]
    last: Likeness | None = None
    checkpoints = case.reading.of(RecordedCheckpoint)[::-1]
    try:
        for event in checkpoints:
            recorded = _recorded(case, event)
            if last is not None and not _may_be(release, recorded, last, trained):
                continue
            found = likeness(release, recorded, trained)
            last = last or found
            if found.is_whole:
                return _passed(found, event, newest=checkpoints[0])
        named = None if last and last.other else named_release(case, release)
    except DokjaError as error:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"공개된 가중치를 읽지 못했습니다: {error.fact}",
            en=f"The published weights cannot be read: {error.fact}",
        )
    return named or _differing(case, last)


def _recorded(case: Case, event: RecordedCheckpoint) -> Recorded:
    """The checkpoint's tensors, and its values where they were kept and proven."""
    tensors = recorded_tensors(case.source, event) or ()
    state = Text(ko="", en="") if case.kept is None else case.kept.of(event)
    return Recorded(tensors=tensors, state=None if isinstance(state, Text) else state)


def _may_be(
    release: KeptState, recorded: Recorded, last: Likeness, trained: list[str]
) -> bool:
    """Whether an earlier checkpoint is worth comparing: one tensor tells most."""
    if not last.other:
        return False
    one = _OnlyOne(release, last.other[0])
    return not likeness(one, recorded, trained).other


class _OnlyOne:
    """A state of which one tensor is looked at; implements `KeptState`."""

    def __init__(self, state: KeptState, name: str) -> None:
        self._name = name
        self.array, self.digest = state.array, state.digest

    def names(self) -> tuple[str, ...]:
        """The one name."""
        return (self._name,)


def _passed(
    found: Likeness, event: RecordedCheckpoint, *, newest: RecordedCheckpoint
) -> Outcome:
    count, rounded = len(found.same) + len(found.cast), len(found.cast)
    which = ("마지막", "the last") if event is newest else ("앞선", "an earlier")
    return CheckResult.PASS, Text(
        ko=f"공개된 텐서 {count}개가 모두 {which[0]} 체크포인트(단계 {event.step})의 "
        f"것이고, 그 가운데 {rounded}개는 수 형식만 바뀌었습니다. 체크포인트는 모두 "
        "처음 가중치까지 이어집니다.",
        en=f"All {count} published tensors are those of {which[1]} checkpoint (step "
        f"{event.step}), {rounded} of them rounded to another number type; every "
        "checkpoint goes back to the first weights.",
    )


def _differing(case: Case, last: Likeness | None) -> Outcome:
    """Words for the first thing that is not as it should be, worst first."""
    if last is None or not (last.same or last.cast or last.other or last.unread):
        return CheckResult.INCONCLUSIVE, Text(
            ko="공개된 텐서의 이름이 체크포인트와 하나도 맞지 않습니다.",
            en="No published tensor has a name that a checkpoint holds.",
        )
    if last.other:
        return _other(case, last.other)
    if last.unread:
        names, ko, en = last.unread, *_UNREAD
    elif last.added:
        names, ko, en = last.added, *_ADDED
    else:
        names, ko, en = last.left_out, *_LEFT_OUT
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"텐서 {len(names)}개({names[0][:80]} 등)가 {ko}.",
        en=f"{len(names)} tensors (such as {names[0][:80]}) {en}.",
    )


_UNREAD = (
    "다른 수 형식이며 체크포인트의 값을 보관하지 않았습니다",
    "are of another number type, and the checkpoint's values were not kept",
)
_ADDED = (
    "체크포인트에 그 모양으로 들어 있지 않습니다",
    "are in no checkpoint in that form",
)
_LEFT_OUT = ("공개된 가중치에 없습니다", "of the checkpoint were not published")


def _other(case: Case, names: tuple[str, ...]) -> Outcome:
    """Other weights; nobody's doing where training went on after the last state."""
    checkpoint = case.reading.of(RecordedCheckpoint)[-1]
    steps = case.reading.steps
    went_on = bool(steps) and steps[-1].step > checkpoint.step
    result = CheckResult.INCONCLUSIVE if went_on else CheckResult.FAIL
    return result, Text(
        ko=f"공개된 텐서 {len(names)}개({names[0][:80]} 등)가 기록된 어느 "
        "체크포인트의 것도 아닙니다."
        + (" 마지막 체크포인트 뒤에도 학습이 이어졌습니다." if went_on else ""),
        en=f"{len(names)} published tensors (such as {names[0][:80]}) are those of no "
        "recorded checkpoint"
        + (", and training went on after the last one." if went_on else "."),
    )
