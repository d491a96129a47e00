"""V15 weighs a run against the organiser's leases, and asks where it cannot know."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dokja.adapters.records import MaterialsFolder, RecordFolder
from dokja.training import Trusted
from dokja.training.checks.case import Audit, Case
from dokja.training.checks.v15_compute import compute, operations
from dokja.training.materials import Lease, ModelPlan
from dokja.training.reading import read_record
from dokja.training.values import Environment, Init, Step, TensorDigest
from tests.recorded_run import write_keys
from tests.written_record import WrittenRecord

STEPS, TOKENS, PACE = 100, 1000, 3.6
PARAMETERS = 10_000
PLAN = f"""
[program]
command = ["python", "train.py"]
[model]
parameters = {PARAMETERS}
active_parameters = {PARAMETERS}
layers = 2
hidden = 10
context = 100
vocabulary = 50
"""
MODEL = msgspec.convert(tomllib.loads(PLAN)["model"], ModelPlan)
DONE = operations(MODEL, STEPS * TOKENS)
HOURS = STEPS * PACE / 3600
LEASE = Lease(
    lease="L1",
    device="GPU",
    count=1,
    hours=HOURS,
    peak_flops=DONE / (HOURS * 3600) / 0.4,
    watts=700.0,
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of 100 steps in six minutes on one accelerator, with materials."""
    folder = tmp_path_factory.mktemp("written")
    key, _ = write_keys(folder, "team")
    record = WrittenRecord(folder / "record", key, pace=PACE)
    record.add(Environment, devices=("GPU",), software={}, ranks=1, lease="L1")
    digest = "sha256:" + "0" * 64
    tensor = TensorDigest(name="w", dtype="float32", shape=(100, 100), digest=digest)
    root, name = record.listed([tensor])
    record.add(Init, recipe="", root=root, tensors=name, count=1)
    for step in range(1, STEPS + 1):
        tokens = step * TOKENS
        record.add(Step, step=step, tokens=tokens, loss=(1.0).hex(), lr=(1.0).hex())
    record.close()
    (folder / "materials").mkdir()
    (folder / "materials/materials.toml").write_text(PLAN)
    return folder


def _case(folder: Path, leases: tuple[Lease, ...] | None) -> Case:
    source = RecordFolder(folder / "record")
    audit = Audit(materials=MaterialsFolder(folder / "materials"), leases=leases)
    return Case(read_record(source), source, Trusted(), audit)


def test_a_run_on_its_lease_passes(written: Path) -> None:
    """A hundred steps of the one accelerator, at two fifths of its peak."""
    result, detail = compute(_case(written, (LEASE,)))
    assert result.value == "pass", detail.en
    assert "40%" in detail.en
    # 6 N D + 6 L d T D by hand.
    assert pytest.approx((6e4 + 6 * 2 * 10 * 100) * 1e5) == DONE


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "more than the machines can do": ({"peak_flops": 0.4}, "fail", "peak"),
    "hardly used": ({"peak_flops": 5.0}, "inconclusive", "usual"),
    "hours nobody logged": ({"hours": 1.5}, "inconclusive", "explained"),
    "fewer hours than logged": ({"hours": 0.8}, "inconclusive", "apart"),
    "another lease": ({"lease": "L2"}, "inconclusive", "list"),
    "more energy than can be drawn": ({"energy_kwh": 1.4}, "inconclusive", "energy"),
    "too little energy for the work": ({"energy_kwh": 0.2}, "inconclusive", "energy"),
    "metered as usual": ({"energy_kwh": 0.8}, "pass", "fit"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_asked_about(name: str, written: Path) -> None:
    """Only what the named machines cannot do fails."""
    change, expected, word = WRONG[name]
    scale = {
        "peak_flops": LEASE.peak_flops,
        "hours": LEASE.hours,
        "energy_kwh": LEASE.hours * LEASE.watts / 1000,
    }
    fields = {k: v * scale[k] if k in scale else v for k, v in change.items()}
    lease = msgspec.structs.replace(LEASE, **fields)
    result, detail = compute(_case(written, (lease,)))
    assert (result.value, word in detail.en) == (expected, True), detail.en


def test_machines_of_the_teams_own_may_have_done_the_rest(written: Path) -> None:
    """The record names another lease than the one it is too much for."""
    small = msgspec.structs.replace(LEASE, lease="L2", peak_flops=1e3)
    assert compute(_case(written, (small,)))[0].value == "inconclusive"


def test_without_leases_nothing_is_weighed(written: Path) -> None:
    """An empty list is the organiser's word; no list is nobody's."""
    assert compute(_case(written, None))[0].value == "not_run"
    assert compute(_case(written, ()))[0].value == "not_applicable"


def test_a_size_the_first_weights_do_not_bear_out_is_no_size(
    written: Path, tmp_path: Path
) -> None:
    """Else a team could choose how much compute it has to explain."""
    case = _case(written, (LEASE,))
    other = PLAN.replace(f"parameters = {PARAMETERS}", "parameters = 10")
    (tmp_path / "materials.toml").write_text(other)
    for materials in (MaterialsFolder(tmp_path), None):
        audit = replace(case.audit, materials=materials)
        assert compute(replace(case, audit=audit))[0].value == "inconclusive"
