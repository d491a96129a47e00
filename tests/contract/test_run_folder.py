"""A run in its folder: stopped anywhere, it ends as if it had never been."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokja.adapters.compute import LocalPool, RayCluster
from dokja.adapters.folders.run_folder import RunFolder
from dokja.benchmark.results import untimed
from dokja.benchmark.runs import Running, quota_of, resume_run, shards_of
from dokja.benchmark.runs.ports import ShardTask
from dokja.benchmark.runs.values import Allowance, AttemptEnd, RunPlan
from dokja.benchmark.values import FaultCause, OfficialRun, SampleRecord, Suite
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.ports import Compute, InOrder
from tests.benchmark_fixture import answered, made_up_suite, plan_of, unscored
from tests.contract.ray_nodes import Nodes

SUITES = (made_up_suite("one"), made_up_suite("two", items=8))
MODEL = "made-up-model"


class _Stopped(BaseException):
    """Stands for a process that ends without a word."""


def _silent(_done: int, _total: int) -> None:
    """Be told how far it is and do nothing."""


def _run(
    folder: Path,
    plan: RunPlan,
    *,
    suites: tuple[Suite, ...] = SUITES,
    compute: Compute | None = None,
    measure: object = answered,
) -> OfficialRun:
    running = Running(
        store=RunFolder(folder),
        compute=compute or InOrder(),
        measure=measure,  # type: ignore[arg-type]
        on_items=_silent,
    )
    return resume_run(plan, suites, MODEL, running)


class _StopsAfter:
    """Measures so many shards and ends the process in the middle of the next."""

    def __init__(self, shards: int) -> None:
        self.left = shards

    def __call__(self, task: ShardTask) -> tuple[SampleRecord, ...]:
        if not self.left:
            raise _Stopped
        self.left -= 1
        return answered(task)


@given(
    stops=st.lists(st.integers(0, 4), max_size=3),
    repeats=st.integers(1, 3),
    shard_items=st.integers(1, 30),
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_run_stopped_anywhere_equals_one_that_was_not(
    tmp_path_factory: pytest.TempPathFactory,
    stops: list[int],
    repeats: int,
    shard_items: int,
) -> None:
    """All fields of all records, but what a clock said."""
    plan = plan_of(SUITES, repeats=repeats, shard_items=shard_items)
    folder = tmp_path_factory.mktemp("stopped")
    for count in stops:
        try:
            _run(folder, plan, measure=_StopsAfter(count))
        except _Stopped:
            continue
    stopped = _run(folder, plan)
    whole = _run(tmp_path_factory.mktemp("whole"), plan)
    assert [untimed(s) for s in stopped.samples] == [untimed(s) for s in whole.samples]
    assert {len(shard.name) for shard in shards_of(plan, SUITES)} == {
        len("one.r000.000000-000005")
    }


def test_what_is_kept_is_not_measured_again(tmp_path: Path) -> None:
    """Nothing is left to do after a run that ended."""
    plan = plan_of(SUITES)
    _run(tmp_path, plan)
    again = _run(tmp_path, plan, measure=_StopsAfter(0))
    assert len(again.samples) == 31
    assert [a.end for a in RunFolder(tmp_path).attempts()] == [
        AttemptEnd.COMPLETED,
        AttemptEnd.COMPLETED,
    ]


def test_places_give_equal_records(tmp_path: Path, ray_nodes: Nodes) -> None:
    """In order, two processes, a cluster of two nodes."""
    plan = plan_of(SUITES, repeats=2)
    places: tuple[Compute, ...] = (
        InOrder(),
        LocalPool(2),
        RayCluster(ray_nodes.address, workers=1),
    )
    found = [
        canonical_bytes(_run(tmp_path / str(number), plan, compute=place))
        for number, place in enumerate(places)
    ]
    assert found[0] == found[1] == found[2]


def test_a_shard_with_a_machine_s_fault_is_measured_again(tmp_path: Path) -> None:
    """The model's own errors stay as they are: asking again would be a second try."""
    plan = plan_of(SUITES)

    def faulty(task: ShardTask) -> tuple[SampleRecord, ...]:
        first, *rest = answered(task)
        cause = (
            FaultCause.INFRASTRUCTURE if task.shard.suite == "one" else FaultCause.MODEL
        )
        return (unscored(first, cause=cause, error="timeout"), *rest)

    _run(tmp_path, plan, measure=faulty)
    after = _run(tmp_path, plan)
    open_ = [s for s in after.samples if s.score is None]
    assert {s.suite for s in open_} == {"two"}
    assert {s.cause for s in open_} == {FaultCause.MODEL}


def test_a_dropped_or_repeated_item_is_never_kept(tmp_path: Path) -> None:
    """294 in, 288 scored: other harnesses have done that."""
    plan = plan_of(SUITES)
    with pytest.raises(InvalidInput, match="4 records for 5 items"):
        _run(tmp_path, plan, measure=lambda task: answered(task)[:-1])
    assert not RunFolder(tmp_path).records()
    (attempt,) = RunFolder(tmp_path).attempts()
    assert attempt.end is AttemptEnd.FAILED


def test_another_run_is_refused_in_the_same_folder(tmp_path: Path) -> None:
    """The refusal names what differs, and nothing is touched."""
    _run(tmp_path, plan_of(SUITES))
    before = {p: p.read_bytes() for p in tmp_path.rglob("*.json")}
    with pytest.raises(Conflict, match="repeats"):
        _run(tmp_path, plan_of(SUITES, repeats=2))
    assert {p: p.read_bytes() for p in tmp_path.rglob("*.json")} == before


def test_records_of_another_run_do_not_slip_in(tmp_path: Path) -> None:
    """A shard file that was copied over is found out."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    _run(ours, plan_of(SUITES))
    _run(theirs, plan_of(SUITES, subject="another"))
    shard = sorted((theirs / "shards").iterdir())[0]
    (ours / "shards" / shard.name).write_bytes(shard.read_bytes())
    with pytest.raises(Conflict, match="another run"):
        _run(ours, plan_of(SUITES))


def test_a_damaged_shard_is_named(tmp_path: Path) -> None:
    """With what to do about it."""
    _run(tmp_path, plan_of(SUITES))
    shard = sorted((tmp_path / "shards").iterdir())[0]
    shard.write_text("{", encoding="utf-8")
    with pytest.raises(InvalidInput, match=shard.name) as raised:
        _run(tmp_path, plan_of(SUITES))
    assert "remove the file" in raised.value.remedy


def test_attempts_stand_before_anything_is_measured(tmp_path: Path) -> None:
    """A killed one is on record; the quota gives it back, and charges the rest once."""
    plan = plan_of(SUITES)
    with pytest.raises(_Stopped):
        _run(tmp_path, plan, measure=_StopsAfter(2))

    def stopped_server(_task: ShardTask) -> tuple[SampleRecord, ...]:
        raise Unavailable("the server does not answer", remedy="start it")

    def broken_model(_task: ShardTask) -> tuple[SampleRecord, ...]:
        raise InvalidInput("the model cannot be loaded", remedy="correct it")

    with pytest.raises(Unavailable):
        _run(tmp_path, plan, measure=stopped_server)
    with pytest.raises(InvalidInput):
        _run(tmp_path, plan, measure=broken_model)
    _run(tmp_path, plan)
    attempts = RunFolder(tmp_path).attempts()
    assert [(a.number, a.end, a.cause) for a in attempts] == [
        (1, AttemptEnd.INTERRUPTED, None),
        (2, AttemptEnd.FAILED, FaultCause.INFRASTRUCTURE),
        (3, AttemptEnd.FAILED, FaultCause.MODEL),
        (4, AttemptEnd.COMPLETED, None),
    ]
    quota = quota_of(attempts, Allowance(runs=2, faults=2))
    assert (quota.runs_left, quota.faults_left) == (1, 1)
    assert [a.number for a in quota.refunded] == [1, 2]


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    """Every file is whole JSON, and no part file stays."""
    _run(tmp_path, plan_of(SUITES))
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert path.suffix == ".json"
            json.loads(path.read_bytes())
