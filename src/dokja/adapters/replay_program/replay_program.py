"""Runs the team's program, behind walls where this machine can build them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec

from dokja.adapters.replay_program.job_folder import (
    BATCHES,
    JOBS,
    LOSSES,
    OUT,
    STATE,
    described,
    init_of,
    not_done,
    ragged,
    read_losses,
    read_state,
    tail_of,
    write_state,
)
from dokja.training.jobs import Configuration, LossJob, TrainJob, TrainResult
from dokja.training.kept_state import HeldState, KeptState
from dokja.training.materials import MaterialsPlan
from dokja.training.values import Init

OUTPUT = "output.txt"
_WIDEST = 8
"""Bytes of one weight."""
_INTERPRETERS = ("python", "python3")


class Walls(Protocol):
    """Runs a command where it sees its program and its job, and nothing else."""

    @property
    def missing(self) -> str:
        """Why none can be built here; empty where they can."""

    def run(
        self,
        command: Sequence[str],
        *,
        program: Path,
        work: Path,
        environment: Mapping[str, str],
    ) -> int:
        """Exit code of the command, which starts in `/program` and writes `/job`."""


class ReplayProgram:
    """Implements `ReplayMachine` with a process of its own for each call."""

    def __init__(
        self,
        program: Path,
        plan: MaterialsPlan,
        walls: Walls,
        *,
        seconds: int = 86_400,
        on_step: Callable[[str, str], None] | None = None,
    ) -> None:
        """`seconds` bounds one call where no walls do; `on_step` hears of each."""
        self._program, self._plan, self._walls = program, plan, walls
        self._seconds, self._on_step = seconds, on_step

    @property
    def open_to(self) -> str:
        """What the program could reach beyond its orders; empty behind walls."""
        return self._walls.missing

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """The machine's own arithmetic, then a lesser instruction set and threads.

        A batch is split only where no dropout is declared: its draws would differ.
        """
        parts = 2 if self._plan.program.dropout == 0 else 1
        lesser = Configuration(threads=2, instruction_set="avx2", micro_batches=parts)
        return Configuration(), lesser

    def initial(self, init: Init, *, seed: str) -> KeptState:
        """First weights by the recipe from a seed."""
        told = {"init": init_of(init, seed)}
        with self._done("init", [told], _nothing, Configuration()) as folders:
            return read_state(folders[0] / OUT, _WIDEST * self._plan.model.parameters)

    def train(
        self, jobs: Sequence[TrainJob], on: Configuration
    ) -> tuple[TrainResult, ...]:
        """Where each job leads."""
        sizes: dict[int, int] = {}

        def fill(number: int, folder: Path) -> None:
            job = jobs[number]
            sizes[number] = write_state(folder / STATE, job.start)
            rows = [row for step in job.steps for row in step.sequences]
            write_state(folder / BATCHES, HeldState(ragged(rows)))

        told = [described(job, on) for job in jobs]
        with self._done("train", told, fill, on) as folders:
            return tuple(
                TrainResult(
                    end=read_state(folder / OUT, sizes[number]),
                    losses=read_losses(folder / LOSSES, len(jobs[number].steps)),
                )
                for number, folder in enumerate(folders)
            )

    def losses(self, jobs: Sequence[LossJob]) -> tuple[tuple[float, ...], ...]:
        """Mean loss of each sequence of each job."""

        def fill(number: int, folder: Path) -> None:
            write_state(folder / STATE, jobs[number].state)
            batches = HeldState(ragged(jobs[number].sequences))
            write_state(folder / BATCHES, batches)

        told: list[dict[str, Any]] = [{} for _ in jobs]
        with self._done("loss", told, fill, Configuration()) as folders:
            return tuple(
                read_losses(folder / LOSSES, len(job.sequences))
                for job, folder in zip(jobs, folders, strict=True)
            )

    @contextmanager
    def _done(
        self,
        task: str,
        told: Sequence[dict[str, Any]],
        fill: Callable[[int, Path], None],
        on: Configuration,
    ) -> Iterator[list[Path]]:
        """The jobs' folders, once the program has been through them."""
        with tempfile.TemporaryDirectory(prefix="dokja-replay-") as scratch:
            program, work = Path(scratch) / "program", Path(scratch) / "job"
            _copy_program(self._program, program)
            work.mkdir()
            folders = [work / f"{number:06d}" for number in range(len(told))]
            for number, folder in enumerate(folders):
                folder.mkdir()
                folder.chmod(0o777)  # Behind the walls it is written by nobody.
                fill(number, folder)
            jobs = [
                {**each, "folder": folder.name}
                for each, folder in zip(told, folders, strict=True)
            ]
            (work / JOBS).write_bytes(msgspec.json.encode({"jobs": jobs}))
            if self._on_step is not None:
                self._on_step(task, f"{len(jobs)} jobs, {on.shown}")
            code = self._run(task, program, work, on)
            if code:
                raise not_done(f"it ended {code}; {tail_of(work / OUTPUT)}")
            yield folders

    def _run(self, task: str, program: Path, work: Path, on: Configuration) -> int:
        first, *rest = self._plan.program.command
        place = sys.executable if first in _INTERPRETERS else shutil.which(first)
        if place is None:
            raise not_done(f"there is no command {first[:80]} here")
        if not self._walls.missing:
            command = [place, *rest, task, "/job"]
            return self._walls.run(
                command,
                program=program,
                work=work,
                environment=_environment(on, "/job"),
            )
        return self._unwalled([place, *rest, task, str(work)], program, work, on)

    def _unwalled(
        self, command: list[str], program: Path, work: Path, on: Configuration
    ) -> int:
        with (work / OUTPUT).open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=program,
                env=_environment(on, str(work)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            try:
                return process.wait(self._seconds)
            except subprocess.TimeoutExpired as error:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise not_done(f"it took more than {self._seconds} s") from error


def _nothing(number: int, folder: Path) -> None:
    """Nothing: first weights are made of a seed alone."""
    del number, folder


def _copy_program(source: Path, target: Path) -> None:
    """Nothing; the tree is copied with its links as links, readable by anybody."""
    shutil.copytree(
        source,
        target,
        symlinks=True,
        copy_function=shutil.copyfile,
        ignore=shutil.ignore_patterns("__pycache__"),
    )


def _environment(on: Configuration, home: str) -> dict[str, str]:
    """All that the program finds in its environment."""
    threads = str(on.threads)
    found = {
        "HOME": home,
        "TMPDIR": home,
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "OMP_WAIT_POLICY": "PASSIVE",  # Two threads on a busy core would spin.
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    }
    if on.instruction_set:
        found |= {
            "ATEN_CPU_CAPABILITY": on.instruction_set,
            "MKL_ENABLE_INSTRUCTIONS": on.instruction_set.upper(),
            "ONEDNN_MAX_CPU_ISA": on.instruction_set.upper(),
        }
    return found
