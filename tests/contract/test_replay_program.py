"""A team's program is a stranger's: what it sees, what it may hand back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dokja.adapters.replay_program import ReplayProgram, ragged
from dokja.adapters.sandbox import CommandLimits, WalledCommand
from dokja.errors import Unavailable
from dokja.training.jobs import LossJob, TrainJob, TrainStep
from dokja.training.kept_state import HeldState
from dokja.training.materials import HeldOut, MaterialsPlan, ModelPlan, ProgramPlan

PLAN = MaterialsPlan(
    program=ProgramPlan(command=("python", "run.py")),
    model=ModelPlan(
        parameters=100,
        active_parameters=100,
        layers=1,
        hidden=1,
        context=8,
        vocabulary=8,
    ),
    held_out=HeldOut(),
)
STATE = HeldState({"model.a": np.arange(4, dtype=np.float32)})
ROWS = (np.arange(3), np.arange(5))
HONEST = """
import json, os, pathlib, shutil, sys
task, work = sys.argv[1], pathlib.Path(sys.argv[2])
for job in json.loads((work / "jobs.json").read_text())["jobs"]:
    place = work / job["folder"]
    shutil.copyfile(place / "state.safetensors", place / "out.safetensors")
    (place / "losses.json").write_text(json.dumps([(0.5).hex(), (1.5).hex()]))
"""
SPY = """
import os, socket
seen = []
for place, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if f not in ("usr", "proc", "sys", "dev")]
    seen += files
print("found" if "secret.txt" in seen else "nothing")
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError as error:
    print(error.strerror, sorted(os.environ))
"""


class NoWalls:
    """A machine that can build none."""

    missing = "no sandbox here"

    def run(self, *_: object, **__: object) -> int:
        raise AssertionError(self.missing)


def program(folder: Path, text: str) -> Path:
    """A tree of one file."""
    place = folder / "program"
    place.mkdir(exist_ok=True)
    (place / "run.py").write_text(text)
    return place


@pytest.fixture
def walls() -> WalledCommand:
    """Walls, where the kernel lets us build some."""
    found = WalledCommand(replace(CommandLimits(), wall_seconds=60, file_bytes=1 << 20))
    if found.missing:
        pytest.skip(f"no walls here: {found.missing}")
    return found


def test_it_is_handed_jobs_and_hands_back_states(
    tmp_path: Path, walls: WalledCommand
) -> None:
    """Several in one process, each in its own folder."""
    machine = ReplayProgram(program(tmp_path, HONEST), PLAN, walls)
    assert machine.open_to == ""
    steps = tuple(TrainStep(step=n, lr=0.1, sequences=ROWS) for n in (1, 2))
    job = TrainJob(start=STATE, after=0, steps=steps, rule=None, init=None)
    results = machine.train([job, job], machine.configurations[1])
    assert [r.losses for r in results] == [(0.5, 1.5)] * 2
    assert results[0].end.array("model.a").tolist() == [0, 1, 2, 3]
    assert machine.losses([LossJob(state=STATE, sequences=ROWS)]) == ((0.5, 1.5),)


def test_sequences_of_any_length_are_two_rows_of_numbers() -> None:
    """The program cuts them apart by their lengths."""
    found = ragged(ROWS)
    assert found["lengths"].tolist() == [3, 5]
    assert found["tokens"].tolist() == [0, 1, 2, 0, 1, 2, 3, 4]


def test_it_sees_neither_the_claimed_states_nor_the_network(
    tmp_path: Path, walls: WalledCommand
) -> None:
    """A program that can read where it should end need not train."""
    (tmp_path / "secret.txt").write_text("the claimed state")
    work = tmp_path / "job"
    work.mkdir()
    place = program(tmp_path, SPY)
    command = [sys.executable, "run.py"]
    code = walls.run(command, program=place, work=work, environment={"A": "b"})
    printed = (work / "output.txt").read_text()
    assert code == 0, printed
    assert printed.startswith("nothing")
    assert "unreachable" in printed
    assert "PATH" not in printed


def _without_walls(folder: Path, text: str) -> ReplayProgram:
    return ReplayProgram(program(folder, text), PLAN, NoWalls(), seconds=2)


def test_without_walls_it_runs_and_says_what_it_could_reach(tmp_path: Path) -> None:
    """The checks then let nothing pass."""
    machine = _without_walls(tmp_path, HONEST)
    assert machine.open_to == "no sandbox here"
    assert machine.losses([LossJob(state=STATE, sequences=ROWS)]) == ((0.5, 1.5),)


HOSTILE: dict[str, Callable[[], str]] = {
    "ends badly": lambda: "raise SystemExit(3)",
    "writes nothing": lambda: "pass",
    "too few losses": lambda: HONEST.replace(", (1.5).hex()", ""),
    "no number": lambda: HONEST.replace("(1.5).hex()", '"nan"'),
    "deep nesting": lambda: HONEST.replace(
        "json.dumps([(0.5).hex(), (1.5).hex()])", '"[" * 100000'
    ),
    "a link": lambda: (
        HONEST + '\n(place / "losses.json").unlink()\n'
        'os.symlink("/etc/passwd", place / "losses.json")'
    ),
    "a pipe": lambda: (
        HONEST + '\n(place / "losses.json").unlink()\nos.mkfifo(place / "losses.json")'
    ),
    "goes on": lambda: "import time\ntime.sleep(60)",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_it_hands_back_is_bounded_and_plain(
    tmp_path: Path, text: Callable[[], str]
) -> None:
    """Whatever it does, the check could not be made, and nothing else happens."""
    machine = _without_walls(tmp_path, text())
    with pytest.raises(Unavailable):
        machine.losses([LossJob(state=STATE, sequences=ROWS)])


def test_a_command_that_is_not_there_is_a_fact(tmp_path: Path) -> None:
    """The plan is the team's text."""
    asked = ProgramPlan(command=("no-such-command",))
    plan = MaterialsPlan(program=asked, model=PLAN.model)
    machine = ReplayProgram(program(tmp_path, HONEST), plan, NoWalls())
    with pytest.raises(Unavailable, match="no-such-command"):
        machine.losses([LossJob(state=STATE, sequences=ROWS)])
