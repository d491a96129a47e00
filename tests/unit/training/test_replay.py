"""Segments done again by the team's program: what agrees, differs, or stays open."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from dokja.adapters.records import MaterialsFolder, RecordFolder, ReleasedWeights
from dokja.adapters.signing import Ed25519Verifier
from dokja.evidence.values import CheckResult, Text
from dokja.training import Audit, Trusted, verify_record
from dokja.training.checks.case import Case
from dokja.training.checks.v04_first_weights import first_weights
from dokja.training.checks.v05_cold_start import cold_start
from dokja.training.checks.v08_continuity import continuity
from dokja.training.checks.v10_replay import replay
from dokja.training.checks.v11_choice import chosen_late
from dokja.training.jobs import Configuration, TrainJob, TrainResult
from dokja.training.kept_state import HeldState, KeptState
from dokja.training.reading import read_record
from dokja.training.values import AnyEvent, Environment, Init, Sketch, Tier
from tests.trained_run import SameProcess, TrainedRun


class Otherwise(SameProcess):
    """The same program, which does each job in another way than was recorded."""

    def __init__(
        self, program: Path, change: Callable[[TrainJob], TrainJob], open_to: str = ""
    ) -> None:
        super().__init__(program)
        self._change, self.open_to = change, open_to

    def train(
        self, jobs: Sequence[TrainJob], on: Configuration
    ) -> tuple[TrainResult, ...]:
        return super().train([self._change(job) for job in jobs], on)


class Donor(SameProcess):
    """A program whose first weights are partly somebody else's."""

    def __init__(self, program: Path, held: HeldState) -> None:
        super().__init__(program)
        self._held = held

    def initial(self, init: Init, *, seed: str) -> KeptState:
        del init, seed
        return self._held


def case_of(run: TrainedRun, audit: Audit, record: Path | None = None) -> Case:
    """The record before a check."""
    source = RecordFolder(record or run.record)
    return Case(read_record(source), source, Trusted(), audit)


def one_segment(run: TrainedRun, change: Callable[[TrainJob], TrainJob]) -> Case:
    """The record, of which a segment or two are done again otherwise."""
    audit = run.audit(segments=1)
    machine = Otherwise(run.materials / "program", change)
    case = case_of(run, replace(audit, machine=machine, riskiest=0))
    assert case.replaying is not None
    choice = case.choice
    assert choice is not None
    # One of the middle, where neither rates nor moments are those of the beginning.
    case.__dict__["choice"] = replace(choice, segments=case.replaying.segments[1:2])
    return case


def test_an_honest_run_reaches_e3(trained: TrainedRun) -> None:
    """Bit for bit where arithmetic is the same, and its data is remembered."""
    assert trained.witness is not None
    keys = [
        Ed25519Verifier.from_pem_text(path.read_text())
        for path in (trained.public, trained.witness)
    ]
    audit = replace(
        trained.audit(segments=14),
        riskiest=1,
        release=ReleasedWeights(trained.release),
        leases=(),
    )
    trusted = Trusted(team=keys[0], witnesses=(keys[1],))
    verdict = verify_record(RecordFolder(trained.record), trusted, audit)
    found = {check.id: check for check in verdict.checks}
    for check in verdict.checks:
        assert check.id == "V15" or check.result is CheckResult.PASS, check.detail.en
    assert verdict.tier is Tier.E3
    assert "1 sketches equal" in found["V8"].detail.en
    assert "at most 0 of their way" in found["V10"].detail.en


def test_dropout_is_replayed_where_generators_are_recorded(
    dropped: TrainedRun,
) -> None:
    """The masks are drawn as they were drawn."""
    case = case_of(dropped, replace(dropped.audit(), riskiest=0))
    assert replay(case)[0] is CheckResult.PASS
    assert continuity(case)[0] is CheckResult.PASS


def _same(job: TrainJob) -> TrainJob:
    return job


def _reversed(job: TrainJob) -> TrainJob:
    rows = [step.sequences for step in job.steps][::-1]
    return replace(
        job,
        steps=tuple(
            replace(s, sequences=r) for s, r in zip(job.steps, rows, strict=True)
        ),
    )


def _other_data(job: TrainJob) -> TrainJob:
    return replace(
        job,
        steps=tuple(
            replace(s, sequences=tuple((row + 1) % 256 for row in s.sequences))
            for s in job.steps
        ),
    )


def _fresh_optimizer(job: TrainJob) -> TrainJob:
    names = [n for n in job.start.names() if not n.startswith("optimizer.")]
    return replace(job, start=HeldState({n: job.start.array(n) for n in names}))


def _rate(factor: float) -> Callable[[TrainJob], TrainJob]:
    return lambda job: replace(
        job, steps=tuple(replace(s, lr=s.lr * factor) for s in job.steps)
    )


def _moved(job: TrainJob) -> TrainJob:
    """What an interpolated or teleported start comes to: other weights."""
    tensors = {n: job.start.array(n) for n in job.start.names()}
    place = "model.embed.weight"
    return replace(job, start=HeldState({**tensors, place: tensors[place] * 1.2}))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_same, CheckResult.PASS),
        (_reversed, CheckResult.FAIL),
        (_other_data, CheckResult.FAIL),
        (_fresh_optimizer, CheckResult.FAIL),
        (_rate(1.5), CheckResult.FAIL),
        (_rate(1.01), CheckResult.INCONCLUSIVE),
        (_moved, CheckResult.FAIL),
    ],
)
def test_another_way_leads_elsewhere(
    trained: TrainedRun,
    change: Callable[[TrainJob], TrainJob],
    expected: CheckResult,
) -> None:
    """Order, data, optimizer state, rates, start: each is seen, by its size."""
    result, said = replay(one_segment(trained, change))
    assert result is expected, said.en


def test_the_first_step_that_parts_is_named(trained: TrainedRun) -> None:
    """An auditor need not look through the whole segment."""
    _, said = replay(one_segment(trained, _other_data))
    assert "part from step 21 on" in said.en


def _without_generators(job: TrainJob) -> TrainJob:
    names = [n for n in job.start.names() if not n.startswith("rng.")]
    return replace(job, start=HeldState({n: job.start.array(n) for n in names}))


def test_masks_drawn_otherwise_accuse_nobody(dropped: TrainedRun) -> None:
    """Unless generators and split are on record, so that others can be drawn."""
    case = one_segment(dropped, _without_generators)
    assert replay(case)[0] is CheckResult.FAIL
    case = one_segment(dropped, _without_generators)
    case.__dict__["reading"] = replace(
        case.reading, events=tuple(map(_of_unknown_split, case.reading.events))
    )
    result, said = replay(case)
    assert result is CheckResult.INCONCLUSIVE
    assert "dropout" in said.en


def _of_unknown_split(event: AnyEvent) -> AnyEvent:
    if isinstance(event, Environment):
        return msgspec.structs.replace(event, micro_batch=None)
    return event


def test_another_program_shows_nothing(trained: TrainedRun, tmp_path: Path) -> None:
    """Neither agreement nor difference: it is not what was recorded."""
    place = shutil.copytree(trained.materials, tmp_path / "materials")
    with (place / "program" / "train.py").open("a") as file:
        file.write("# one line more\n")
    materials = MaterialsFolder(place)
    for change in (_same, _other_data):
        case = one_segment(trained, change)
        case.__dict__["audit"] = replace(case.audit, materials=materials)
        result, said = replay(case)
        assert result is CheckResult.INCONCLUSIVE
        assert "not the recorded one" in said.en


def test_a_program_that_could_read_the_answer_does_not_pass(
    trained: TrainedRun,
) -> None:
    """Behind no walls agreement is worth nothing; a difference still is."""
    program = trained.materials / "program"
    for change, expected in (
        (_same, CheckResult.INCONCLUSIVE),
        (_other_data, CheckResult.FAIL),
    ):
        case = one_segment(trained, change)
        machine = Otherwise(program, change, open_to="network")
        case.__dict__["audit"] = replace(case.audit, machine=machine)
        assert replay(case)[0] is expected


def test_first_weights_that_ignore_the_seed_do_not_pass(trained: TrainedRun) -> None:
    """A program can hold a donor's weights and hand them out."""
    honest = SameProcess(trained.materials / "program")
    case = case_of(trained, trained.audit())
    init = case.reading.init
    assert init is not None
    made = honest.initial(init, seed=init.seed)
    held = HeldState({name: made.array(name) for name in made.names()})
    machine = Donor(trained.materials / "program", held)
    case = case_of(trained, replace(trained.audit(), machine=machine))
    result, said = first_weights(case)
    assert result is CheckResult.INCONCLUSIVE
    assert "another seed" in said.en


@pytest.mark.parametrize(
    ("other", "expected"),
    [("77", CheckResult.INCONCLUSIVE), ("heavy", CheckResult.FAIL)],
)
def test_first_weights_of_another_origin_are_told_apart(
    trained: TrainedRun, other: str, expected: CheckResult
) -> None:
    """Of the same distribution they may be another device's; of another, not."""
    honest = SameProcess(trained.materials / "program")
    init = case_of(trained, trained.audit()).reading.init
    assert init is not None
    seed = other if other.isdigit() else init.seed
    made = honest.initial(init, seed=seed)
    tensors = {name: made.array(name) for name in made.names()}
    if other == "heavy":
        tensors["embed.weight"] = np.sign(tensors["embed.weight"]) * np.float32(0.02)
    machine = Donor(trained.materials / "program", HeldState(tensors))
    case = case_of(trained, replace(trained.audit(), machine=machine))
    assert first_weights(case)[0] is expected


def test_a_first_loss_that_is_not_the_weights_own_fails(trained: TrainedRun) -> None:
    """A warm start behind a cold record: the loss does not come out of them."""
    case = case_of(trained, trained.audit())
    further = case.further
    assert isinstance(further, tuple)
    case.__dict__["further"] = (replace(further[0], loss=2.5), *further[1:])
    assert cold_start(case)[0] is CheckResult.FAIL
    assert continuity(case)[0] is CheckResult.FAIL


def test_a_sketch_of_other_weights_fails(trained: TrainedRun) -> None:
    """Sketch and checkpoint are of one moment, so they are equal or not both true."""
    case = case_of(trained, trained.audit())
    events = list(case.reading.events)
    place, sketch = next((n, e) for n, e in enumerate(events) if isinstance(e, Sketch))
    first = sketch.sets[0]
    spoilt = msgspec.structs.replace(first, weights=("0x1.0p+0", *first.weights[1:]))
    events[place] = msgspec.structs.replace(sketch, sets=(spoilt, *sketch.sets[1:]))
    case.__dict__["reading"] = replace(case.reading, events=tuple(events))
    assert continuity(case)[0] is CheckResult.FAIL


def test_without_states_or_data_nothing_is_held_against_anybody(
    trained: TrainedRun, tmp_path: Path
) -> None:
    """Lost files leave checks open."""
    for lost in ("states", "data", "order.jsonl"):
        place = shutil.copytree(trained.materials, tmp_path / lost)
        (place / lost).rename(tmp_path / f"{lost}.lost")
        audit = replace(trained.audit(place, segments=1), riskiest=0)
        case = case_of(trained, audit)
        for check in (first_weights, cold_start, continuity, replay, chosen_late):
            result, _ = check(case)
            assert result is not CheckResult.FAIL
        assert replay(case)[0] is CheckResult.INCONCLUSIVE


def test_a_foreseeable_beacon_chooses_nothing(trained: TrainedRun) -> None:
    """Too short, no hex, or too few draws: open; with none, not run."""
    for beacon, count in (("ab", 14), ("z" * 32, 14), ("ab" * 16, 1)):
        audit = replace(trained.audit(segments=count), beacon=beacon, riskiest=0)
        case = case_of(trained, audit)
        case.__dict__["drifts"] = {}
        assert chosen_late(case)[0] is CheckResult.INCONCLUSIVE
    none = case_of(trained, replace(trained.audit(), beacon=""))
    assert chosen_late(none)[0] is CheckResult.NOT_RUN
    assert replay(none)[0] is CheckResult.NOT_RUN
    assert isinstance(none.further, tuple | Text)
