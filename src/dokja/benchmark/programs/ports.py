"""What running a program needs from the outside."""

from __future__ import annotations

from typing import Protocol

from dokja.benchmark.programs.values import ProgramOutcome


class ProgramRunner(Protocol):
    """Runs a program that a stranger wrote where it can reach nothing."""

    @property
    def engine(self) -> str:
        """The interpreter and every limit that can change a score."""

    def run(self, program: str) -> ProgramOutcome:
        """How it ended; not run where it could not be run safely."""


class ProgramPrinter(Protocol):
    """Runs a program for what it prints: a tool of the model that wrote it."""

    @property
    def engine(self) -> str:
        """The interpreter and every limit that can change a score."""

    @property
    def missing(self) -> str:
        """Why no program can be run safely here; empty where one can."""

    def run_to_print(self, program: str) -> ProgramOutcome:
        """How it ended and what it printed; not run where it was not safe."""
