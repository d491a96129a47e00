"""What the record itself says was handed in at its end: part of V6.

A last checkpoint may hold, beside the state, the weights as they are published, under
`release.`. Then other weights are known by their digests, though no state was kept.
"""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.kept_state import KeptState
from dokja.training.kept_states import recorded_tensors
from dokja.training.values import RecordedCheckpoint, TensorDigest

PART = "release."


def named_release(case: Case, release: KeptState) -> Outcome | None:
    """Fails where other weights are published than the record names.

    It passes nothing: that they are the last state's takes that state. None where the
    record names none, or in another form than is published.

    Raises: InvalidInput where the published weights cannot be read.
    """
    checkpoint = case.reading.of(RecordedCheckpoint)[-1]
    named = {
        tensor.name.removeprefix(PART): tensor
        for tensor in recorded_tensors(case.source, checkpoint) or ()
        if tensor.name.startswith(PART)
    }
    published = {name: release.digest(name) for name in release.names()}
    pairs = [(named[n], found) for n, found in published.items() if n in named]
    if not pairs or any(_form(one) != _form(two) for one, two in pairs):
        return None
    other = [one for one, two in pairs if one.digest != two.digest]
    if other:
        name = other[0].name.removeprefix(PART)[:80]
        return CheckResult.FAIL, Text(
            ko=f"공개된 텐서 {len(published)}개 가운데 {len(other)}개({name} 등)가 "
            "기록이 끝날 때 제출한다고 적은 가중치와 다릅니다. 이 기록은 제출된 "
            "가중치의 학습 기록이 아닙니다.",
            en=f"{len(other)} of {len(published)} published tensors (such as {name}) "
            "are not those which the record names at its end. It is no record of how "
            "the published weights were trained.",
        )
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"기록이 끝날 때 적은 가중치와 공개된 텐서 {len(pairs)}개가 같습니다. "
        "그것이 마지막 상태에서 나왔는지는 상태를 보아야 합니다.",
        en=f"{len(pairs)} published tensors are those which the record names at its "
        "end. Whether they are the last state's takes that state.",
    )


def _form(tensor: TensorDigest) -> tuple[str, tuple[int, ...]]:
    return tensor.dtype, tensor.shape
