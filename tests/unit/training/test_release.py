"""V6 finds published weights in the record, however they were rounded and named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from dokja.evidence.values import Text
from dokja.training.checks.v06_lineage import lineage
from dokja.training.kept_state import HeldState
from dokja.training.values import RecordedCheckpoint
from tests.audited_run import AuditedRun, audited_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> AuditedRun:
    """One run for the module."""
    return audited_run(tmp_path_factory.mktemp("run"))


def _result(run: AuditedRun, release: HeldState) -> tuple[str, str]:
    result, detail = lineage(run.case(release))
    return result.value, detail.en


@pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("prefix", ["", "model.", "module."])
def test_the_last_weights_are_found(run: AuditedRun, kind: str, prefix: str) -> None:
    """Rounded to the nearest, under whatever name the trainer gave them."""
    number = np.dtype(ml_dtypes.bfloat16 if kind == "bfloat16" else kind)
    cast = {prefix + n: v.astype(number) for n, v in run.released.items()}
    result, said = _result(run, HeldState(cast))
    assert (result, "the last" in said) == ("pass", True), said


def test_an_earlier_checkpoint_is_named_as_one(run: AuditedRun) -> None:
    """Publishing the best one is nobody's fault, and it is in the record."""
    case = run.case()
    event = case.reading.of(RecordedCheckpoint)[1]
    assert case.kept is not None
    state = case.kept.of(event)
    assert not isinstance(state, Text)
    held = {n: state.array(f"model.{n}") for n in run.released}
    result, said = _result(run, HeldState(held))
    assert (result, f"step {event.step}" in said) == ("pass", True), said


def test_a_tied_weight_may_be_published_once_or_twice(run: AuditedRun) -> None:
    """It has one value under two names."""
    twice = run.published(lm_head=run.released["embed.weight"])
    assert _result(run, twice)[0] == "pass"


def test_other_weights_fail(run: AuditedRun) -> None:
    """One changed number of one tensor is enough."""
    changed = run.released["head.weight"].copy()
    changed[0, 0] = np.nextafter(changed[0, 0], np.float32(1))
    result, said = _result(run, run.published(head_weight=changed))
    assert (result, "head.weight" in said) == ("fail", True), said


def test_weights_cut_off_instead_of_rounded_are_other_ones(run: AuditedRun) -> None:
    """Truncation is no rounding to the nearest, and trainers do not do it."""
    cut = {
        name: (value.view(np.uint32) >> 16).astype(np.uint16).view(ml_dtypes.bfloat16)
        for name, value in run.released.items()
    }
    assert _result(run, HeldState(cut))[0] == "fail"


UNKNOWN: dict[str, dict[str, np.ndarray[Any, Any]]] = {
    "another tensor beside them": {"vision.weight": np.ones(3, dtype=np.float32)},
    "a quantised one": {"head.weight": np.ones((37, 16), dtype=np.int8)},
    "one of another shape": {"head.weight": np.ones((40, 16), dtype=np.float32)},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_the_record_does_not_hold_is_a_question(
    run: AuditedRun, name: str
) -> None:
    """It may have come by a recipe that nobody recorded."""
    tensors: dict[str, np.ndarray[Any, Any]] = {**run.released, **UNKNOWN[name]}
    release = HeldState(tensors)
    assert _result(run, release)[0] == "inconclusive"


def test_a_tensor_left_out_is_a_question(run: AuditedRun) -> None:
    """Unless it is no weight: the buffer of this model is never published."""
    rest = {n: v for n, v in run.released.items() if n != "head.bias"}
    result, said = _result(run, HeldState(rest))
    assert (result, "head.bias" in said) == ("inconclusive", True), said


def test_names_that_fit_nothing_are_no_accusation(run: AuditedRun) -> None:
    """Another naming is not another model."""
    strange = {f"x{n}": v for n, v in enumerate(run.released.values())}
    assert _result(run, HeldState(strange))[0] == "inconclusive"


def test_a_run_that_went_on_accuses_nobody(tmp_path: Path, run: AuditedRun) -> None:
    """Where the last checkpoint is not the end, other weights may be the end's."""
    other = run.published(head_bias=run.released["head.bias"] + np.float32(1))
    case = run.case(other)
    cut = case.reading.before(case.reading.of(RecordedCheckpoint)[-1].seq)
    result, said = lineage(type(case)(cut, case.source, case.trusted, case.audit))
    assert (result.value, "went on" in said.en) == ("inconclusive", True), said.en


def test_without_kept_values_a_cast_cannot_be_made_again(run: AuditedRun) -> None:
    """Digests alone tell only what was published as it was trained."""
    half = HeldState({n: v.astype(np.float16) for n, v in run.released.items()})
    for release, expected in ((half, "inconclusive"), (run.published(), "pass")):
        case = run.case(release)
        audit = type(case.audit)(release=release)
        blind = type(case)(case.reading, case.source, case.trusted, audit)
        assert lineage(blind)[0].value == expected
