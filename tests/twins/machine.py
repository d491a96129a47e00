"""A replay machine that remembers: what nobody changed is trained again only once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dokja.evidence.canonical import digest_bytes
from dokja.training.jobs import Configuration, LossJob, TrainJob, TrainResult
from dokja.training.kept_state import KeptState
from dokja.training.values import Init
from tests.trained_run import SameProcess

Job = TypeVar("Job", TrainJob, LossJob)
Done = TypeVar("Done")
_DONE: dict[Any, Any] = {}


class RememberingMachine:
    """Implements `ReplayMachine`: what comes of a job depends on the job alone."""

    open_to = ""

    def __init__(
        self,
        machine: SameProcess,
        program: str,
        audited_on: tuple[Configuration, ...] = (),
    ) -> None:
        """`program` is the digest of the code that the machine runs."""
        self._machine, self._program = machine, program
        self._audited_on = audited_on or machine.configurations

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """Kinds of arithmetic to be had."""
        return self._audited_on

    def initial(self, init: Init, *, seed: str) -> KeptState:
        """First weights by the recipe."""
        return self._machine.initial(init, seed=seed)

    def train(
        self, jobs: Sequence[TrainJob], on: Configuration
    ) -> tuple[TrainResult, ...]:
        """Where each job leads."""
        return tuple(
            self._once(
                (self._program, on, _of_state(job.start), _of_steps(job)),
                lambda job=job: self._machine.train([job], on)[0],  # type: ignore[misc]
            )
            for job in jobs
        )

    def losses(self, jobs: Sequence[LossJob]) -> tuple[tuple[float, ...], ...]:
        """Mean loss of each sequence of each job."""
        return tuple(
            self._once(
                (self._program, _of_state(job.state), _of_rows(job.sequences)),
                lambda job=job: self._machine.losses([job])[0],  # type: ignore[misc]
            )
            for job in jobs
        )

    def _once(self, key: object, work: Callable[[], Done]) -> Done:
        if key not in _DONE:
            _DONE[key] = work()
        found: Done = _DONE[key]
        return found


def _of_state(state: KeptState) -> tuple[str, ...]:
    return tuple(state.digest(name).digest for name in state.names())


def _of_rows(rows: Sequence[Any]) -> str:
    return digest_bytes(b"".join(row.tobytes() + b"|" for row in rows))


def _of_steps(job: TrainJob) -> tuple[object, ...]:
    return tuple((s.step, s.lr, _of_rows(s.sequences)) for s in job.steps)
