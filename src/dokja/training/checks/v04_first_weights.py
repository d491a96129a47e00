"""V4: the first weights are what their recipe makes of their seed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from dokja.errors import DokjaError
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome, not_done
from dokja.training.checks.same_program import not_asked, weighed
from dokja.training.kept_state import KeptState
from dokja.training.ports import Materials, ReplayMachine
from dokja.training.values import Init, TensorDigest

NOT_MADE = Text(
    ko="처음 가중치를 시드에서 다시 만들어 견주지 않았습니다.",
    en="The first weights were not made again from their seed.",
)
LARGEST_PROGRAM = 0.02
"""Of the weights' bytes, that the packed program may have: less than two thirds of a
bit for each float32, into which no trained weights fit."""
UNLIKELY = 1e-4
"""Chance below which two draws are not of one distribution, over all tensors."""
STANDARD_ERRORS = 6.0
"""Of a correlation, that weights of two seeds may have with each other."""
_SAMPLED = 100_000


def first_weights(case: Case) -> Outcome:
    """Fails where the program draws from another distribution than was recorded.

    Equality is asked for bit by bit. Weights that differ and are of the same
    distribution may have been drawn on another device. A program could also hold
    weights and hand them out; so it must be small, and another seed must give
    others.
    """
    materials, machine, init = (
        case.audit.materials,
        case.audit.machine,
        case.reading.init,
    )
    if materials is None or machine is None:
        return not_asked(NOT_MADE)
    tensors = case.replaying.listed if case.replaying else ()
    if init is None or not tensors:
        return CheckResult.INCONCLUSIVE, Text(
            ko="처음 가중치나 그 목록이 기록되지 않았습니다.",
            en="The first weights, or their list, were not recorded.",
        )
    if init.donors:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"다른 곳에서 학습된 텐서 {len(init.donors)}개로 시작하였다고 "
            "신고되었습니다.",
            en=f"The record declares {len(init.donors)} tensors that came trained from "
            "elsewhere.",
        )
    try:
        return weighed(case, _made_again(case, init, tensors))
    except DokjaError as error:
        return CheckResult.INCONCLUSIVE, not_done(error)


def _made_again(case: Case, init: Init, tensors: tuple[TensorDigest, ...]) -> Outcome:
    materials, machine = case.audit.materials, case.audit.machine
    assert materials is not None
    assert machine is not None
    made = machine.initial(init, seed=init.seed)
    names = set(made.names())
    missing = [t.name for t in tensors if t.name not in names]
    if missing:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"프로그램이 만든 처음 가중치에 {missing[0]}이(가) 없습니다.",
            en=f"The program makes no first weight {missing[0]}.",
        )
    other = [t for t in tensors if made.digest(t.name) != t]
    if other:
        return _differing(case, init, made, other)
    return _drawn_by_seed(materials, machine, init, made) or (
        CheckResult.PASS,
        Text(
            ko=f"텐서 {len(tensors)}개를 시드에서 다시 만든 결과가 기록과 완전히 "
            "같습니다. 다른 시드로는 무관한 값이 나옵니다.",
            en=f"All {len(tensors)} tensors made again from the seed equal the "
            "recorded ones bit by bit; another seed gives unrelated ones.",
        ),
    )


def _differing(
    case: Case, init: Init, made: KeptState, other: list[TensorDigest]
) -> Outcome:
    kept = case.kept.of(init) if case.kept is not None else None
    if kept is None or isinstance(kept, Text):
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"텐서 {len(other)}개가 시드에서 다시 만든 것과 다르고, 처음 가중치는 "
            "보관되지 않아 견줄 수 없습니다.",
            en=f"{len(other)} tensors differ from those made again from the seed, and "
            "the first weights were not kept to be looked at.",
        )
    level = UNLIKELY / len(other)
    foreign = [
        t.name
        for t in other
        if not _same_kind(kept.array(t.name), made.array(t.name), level)
    ]
    if foreign:
        return CheckResult.FAIL, Text(
            ko=f"처음 가중치 {foreign[0]} 등 {len(foreign)}개는 기록된 방법으로 나올 "
            "수 없는 값입니다.",
            en=f"{len(foreign)} first weights, such as {foreign[0]}, are not what the "
            "recorded recipe draws.",
        )
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"텐서 {len(other)}개가 시드에서 다시 만든 것과 다르지만 분포는 같습니다. "
        "다른 장치에서 추출했을 수 있습니다.",
        en=f"{len(other)} tensors differ from those made again but are of the same "
        "distribution; they may have been drawn on another device.",
    )


def _same_kind(one: npt.NDArray[Any], two: npt.NDArray[Any], level: float) -> bool:
    """Whether two tensors are draws of one distribution, so far as can be told."""
    if one.shape != two.shape:
        return False
    # Late, since a recorder loads this package into somebody's training process.
    from scipy.stats import ks_2samp

    left, right = (_some(each) for each in (one, two))
    if np.ptp(left) == 0 or np.ptp(right) == 0:
        return bool(np.array_equal(left, right))
    return bool(ks_2samp(left, right).pvalue >= level)


def _some(array: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    flat = array.reshape(-1)
    return flat[:: max(1, len(flat) // _SAMPLED)].astype(np.float64)


def _drawn_by_seed(
    materials: Materials, machine: ReplayMachine, init: Init, made: KeptState
) -> Outcome | None:
    """What speaks against the seed alone having made them; None where nothing does."""
    size = sum(made.array(name).nbytes for name in made.names())
    packed = materials.program_size()
    if packed > LARGEST_PROGRAM * size:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"프로그램({packed}바이트)이 가중치({size}바이트)에 견주어 커서 "
            "가중치를 담고 있을 수 있습니다.",
            en=f"The program ({packed} bytes) is large beside the weights ({size} "
            "bytes), so it could hold them.",
        )
    second = machine.initial(init, seed=another_seed(init.seed))
    names = set(second.names())
    bound = [
        name
        for name in made.names()
        if name not in names or _is_bound(made.array(name), second.array(name))
    ]
    if bound:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"처음 가중치 {bound[0]} 등 {len(bound)}개는 시드를 바꾸어도 "
            "비슷합니다. 정해진 값인지 다른 곳의 값인지 이 점검으로 알 수 없습니다.",
            en=f"{len(bound)} first weights, such as {bound[0]}, stay alike under "
            "another seed: fixed by design or from elsewhere, this check cannot tell.",
        )
    return None


def another_seed(seed: str) -> str:
    """A seed of the same kind that nobody chose."""
    drawn = seed_for("dokja-another-seed/1", seed)
    return str(drawn % 2**31) if seed.isdigit() else f"{drawn:032x}"


def _is_bound(one: npt.NDArray[Any], two: npt.NDArray[Any]) -> bool:
    """Whether weights of two seeds go together; a constant holds nothing to copy."""
    left, right = (each.reshape(-1).astype(np.float64) for each in (one, two))
    if len(left) != len(right):
        return True
    spread = float(np.std(left) * np.std(right))
    if spread == 0 or len(left) < 2:
        return not (np.ptp(left) == 0 and np.array_equal(left, right))
    covariance = float(np.mean((left - left.mean()) * (right - right.mean())))
    return abs(covariance / spread) > STANDARD_ERRORS / math.sqrt(len(left))
