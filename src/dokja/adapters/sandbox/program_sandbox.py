"""Programs that a model wrote, run in namespaces of their own or not at all.

No network, no file that can be written, no file of the office to be read, an
empty environment, bounds on processor, memory, processes and time. What is
not stopped: a program that attacks the tests themselves, which run beside it;
the answers are kept and can be read.
"""

from __future__ import annotations

import platform
import secrets
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import cached_property

from dokja.adapters.sandbox.walls import (
    READY,
    begin_within,
    folders_of,
    interpreter,
    missing_tools,
    read_some,
    reason_of,
    text_beside,
)
from dokja.benchmark.programs.values import ProgramEnd, ProgramOutcome

PRINTED_LETTERS = 2000
"""Of what a program prints that are kept where somebody asks for it."""
FACT_BYTES = 4096
KILLED = (137, 124, -9)
"""Of `timeout`, and of a process that the limit of processor time ended."""


@dataclass(frozen=True, kw_only=True)
class SandboxLimits:
    """What one program may use; part of the name of every score."""

    cpu_seconds: int = 5
    wall_seconds: int = 20
    memory_bytes: int = 512 << 20
    processes: int = 8


class ProgramSandbox:
    """Runs one program at a time; implements the two ports of `benchmark.programs`."""

    def __init__(self, limits: SandboxLimits | None = None) -> None:
        self._limits = limits or SandboxLimits()

    @property
    def engine(self) -> str:
        """The interpreter and every limit that can change a score."""
        used, mebibytes = self._limits, self._limits.memory_bytes >> 20
        return (
            f"CPython {platform.python_version()} in namespaces; "
            f"{used.cpu_seconds} s of processor, {used.wall_seconds} s, "
            f"{mebibytes} MiB, {used.processes} processes"
        )

    @cached_property
    def missing(self) -> str:
        """Why programs cannot be run safely here; empty where they can."""
        outcome = self._run("pass")
        return outcome.fact if outcome.end is not ProgramEnd.PASSED else ""

    def run(self, program: str) -> ProgramOutcome:
        """How the program ended; not run where there are no walls to run it in."""
        if self.missing:
            return ProgramOutcome(end=ProgramEnd.NOT_RUN, fact=self.missing)
        return self._run(program)

    def run_to_print(self, program: str) -> ProgramOutcome:
        """How the program ended, with the beginning of what it printed.

        Of one that was stopped nothing is kept.
        """
        if self.missing:
            return ProgramOutcome(end=ProgramEnd.NOT_RUN, fact=self.missing)
        return self._run(program, letters=PRINTED_LETTERS)

    def _run(self, program: str, *, letters: int = 0) -> ProgramOutcome:
        fact = missing_tools()
        if fact:
            return ProgramOutcome(end=ProgramEnd.NOT_RUN, fact=fact)
        word = secrets.token_hex(16)
        with tempfile.TemporaryDirectory(prefix="dokja-sandbox-") as root:
            asked = {"program": program, "letters": letters, "word": word}
            orders = {**self._orders(root), **asked}
            process = begin_within(orders, wall_seconds=self._limits.wall_seconds)
            with process:
                return _outcome(process, word)

    def _orders(self, root: str) -> dict[str, object]:
        flags = ["-I", "-S", "-B", "-X", "utf8", "-c", text_beside("driver.py")]
        return {
            "root": root,
            "shown": folders_of(sys.base_prefix),
            "command": [interpreter(), *flags],
            "limits": {**asdict(self._limits), "file_bytes": 0, "open_files": 32},
        }


def _outcome(process: subprocess.Popen[bytes], word: str) -> ProgramOutcome:
    """What came of it: whatever the program wrote, a bounded part is read."""
    code = process.wait()
    assert process.stdout is not None
    told = read_some(process.stdout.fileno())
    if not told.startswith(READY):
        return ProgramOutcome(end=ProgramEnd.NOT_RUN, fact=reason_of(process))
    said, _, shown = told.removeprefix(READY).partition(b"\0")
    printed = shown.decode(errors="replace").replace("\0", "")[:PRINTED_LETTERS]
    if said == word.encode():
        return ProgramOutcome(end=ProgramEnd.PASSED, printed=printed)
    if code in KILLED:
        return ProgramOutcome(
            end=ProgramEnd.TIMED_OUT, fact="stopped at a limit of time"
        )
    fact = (
        said[:FACT_BYTES].decode(errors="replace")
        or f"ended {code} before its tests did"
    )
    return ProgramOutcome(end=ProgramEnd.FAILED, fact=fact, printed=printed)
