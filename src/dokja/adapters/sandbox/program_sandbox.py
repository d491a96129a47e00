"""Programs that a model wrote, run in namespaces of their own or not at all.

No network, no file that can be written, no file of the office to be read, an
empty environment, bounds on processor, memory, processes and time. What is
not stopped: a program that attacks the tests themselves, which run beside it;
the answers are kept and can be read.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from dokja.benchmark.programs.values import ProgramEnd, ProgramOutcome

READY = b"ready\n"
TOLD_BYTES = 16_384
"""Of what a program tells that are read: less than a pipe holds, so none waits."""
PRINTED_LETTERS = 2000
"""Of what a program prints that are kept where somebody asks for it."""
FACT_BYTES = 4096
KILLED = (137, 124, -9)
"""Of `timeout`, and of a process that the limit of processor time ended."""
_HERE = Path(__file__).parent
_NAMESPACES = ("--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child")
_USER = ("--user", "--map-root-user")


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
        tools = {name: shutil.which(name) for name in ("unshare", "timeout")}
        absent = [name for name, place in tools.items() if place is None]
        if absent or sys.platform != "linux":
            fact = f"no sandbox: {', '.join(absent) or sys.platform} is not there"
            return ProgramOutcome(end=ProgramEnd.NOT_RUN, fact=fact)
        with tempfile.TemporaryDirectory(prefix="dokja-sandbox-") as root:
            places = [str(place) for place in tools.values()]
            return self._within(root, places, {"program": program, "letters": letters})

    def _within(
        self, root: str, tools: list[str], asked: Mapping[str, object]
    ) -> ProgramOutcome:
        unshare, timeout = tools
        word = secrets.token_hex(16)
        with tempfile.TemporaryFile() as orders:
            told = {**self._orders(root), **asked, "word": word}
            orders.write(json.dumps(told).encode())
            orders.seek(0)
            process = subprocess.Popen(
                # `timeout` ends the program even where this process is killed.
                [
                    *(timeout, "--signal=KILL", str(self._limits.wall_seconds)),
                    *(unshare, *_NAMESPACES, *(() if os.geteuid() == 0 else _USER)),
                    *(_python(), "-I", "-S", "-B", "-c", _text("inside.py")),
                ],
                stdin=orders,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={},
                cwd="/",
                start_new_session=True,
            )
            with process:
                return _outcome(process, word)

    def _orders(self, root: str) -> dict[str, object]:
        prefixes = {os.path.realpath(sys.base_prefix), os.path.realpath("/usr")}
        shown = sorted(path for path in prefixes if not path.startswith("/usr"))
        return {
            "root": root,
            "shown": shown,
            "python": _python(),
            "limits": asdict(self._limits),
            "driver": _text("driver.py"),
        }


def _outcome(process: subprocess.Popen[bytes], word: str) -> ProgramOutcome:
    """What came of it: whatever the program wrote, a bounded part is read."""
    code = process.wait()
    assert process.stdout is not None
    assert process.stderr is not None
    told = _read_some(process.stdout.fileno())
    if not told.startswith(READY):
        reason = _read_some(process.stderr.fileno()).decode(errors="replace").strip()
        fact = f"no sandbox: {reason.splitlines()[-1] if reason else f'ended {code}'}"
        return ProgramOutcome(end=ProgramEnd.NOT_RUN, fact=fact)
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


def _read_some(descriptor: int) -> bytes:
    """What lies in a pipe, up to a bound, without waiting for more."""
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, TOLD_BYTES)
    except BlockingIOError:
        return b""


def _python() -> str:
    """The interpreter itself, behind every link and virtual environment."""
    return os.path.realpath(sys.executable)


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
