"""A command behind walls that reads its folder, writes another, and sees no more."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from dokja.adapters.sandbox.walls import (
    READY,
    begin_within,
    folders_of,
    missing_tools,
    read_some,
    reason_of,
)
from dokja.errors import Unavailable

PROGRAM, WORK = "/program", "/job"
OUTPUT = "output.txt"
_SYSTEM_FACTS = ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")
"""What libraries of arithmetic ask for, and which say nothing of anybody's data."""


@dataclass(frozen=True, kw_only=True)
class CommandLimits:
    """What one command may use."""

    cpu_seconds: int = 14 * 24 * 3600
    wall_seconds: int = 24 * 3600
    memory_bytes: int = 1 << 44
    processes: int = 4096
    file_bytes: int = 1 << 44
    open_files: int = 4096


class WalledCommand:
    """Runs one command at a time: no network, no file but those it is shown."""

    def __init__(self, limits: CommandLimits | None = None) -> None:
        self._limits = limits or CommandLimits()

    @cached_property
    def missing(self) -> str:
        """Why no command can be walled off here; empty where one can."""
        with tempfile.TemporaryDirectory(prefix="dokja-walls-") as work:
            try:
                nothing = shutil.which("true") or "/usr/bin/true"
                self._run([nothing], Path(work), Path(work), {})
            except Unavailable as error:
                return error.fact
        return ""

    def run(
        self,
        command: Sequence[str],
        *,
        program: Path,
        work: Path,
        environment: Mapping[str, str],
    ) -> int:
        """Exit code of the command, which starts in `/program` and writes `/job`.

        What it prints stands in `output.txt` of the work folder. Raises:
        Unavailable where no walls stand here; then nothing was run.
        """
        if self.missing:
            raise _no_walls(self.missing)
        return self._run(command, program, work, environment)

    def _run(
        self,
        command: Sequence[str],
        program: Path,
        work: Path,
        environment: Mapping[str, str],
    ) -> int:
        if missing_tools():
            raise _no_walls(missing_tools())
        work.chmod(0o777)  # Behind the walls it is written by nobody.
        with tempfile.TemporaryDirectory(prefix="dokja-sandbox-") as root:
            orders = {
                "root": root,
                "shown": [*folders_of(sys.prefix, sys.base_prefix), *_SYSTEM_FACTS],
                "placed": {PROGRAM: str(program), WORK: str(work)},
                "writable": WORK,
                "starts_in": PROGRAM,
                "output": f"{WORK}/{OUTPUT}",
                "command": list(command),
                "environment": dict(environment),
                "limits": asdict(self._limits),
            }
            process = begin_within(orders, wall_seconds=self._limits.wall_seconds)
            with process:
                return _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> int:
    code = process.wait()
    assert process.stdout is not None
    if not read_some(process.stdout.fileno()).startswith(READY):
        raise _no_walls(reason_of(process))
    return code


def _no_walls(fact: str) -> Unavailable:
    return Unavailable(
        fact, remedy="run it on Linux, where namespaces may be made (see ADR 0014)"
    )
