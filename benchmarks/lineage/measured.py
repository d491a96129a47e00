"""Runs a command and says how long it took, worked and held in memory at once."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

INTERVAL = 0.02
KIB = 1024


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One run: exit code, what it printed, seconds, and peak MB of its tree.

    `cpu_seconds` are those of user and system over the tree: beside others on
    the same cores they say more than the clock.
    """

    code: int
    out: str
    errors: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def run(command: Sequence[str], more: Mapping[str, str] | None = None) -> Ran:
    """The run of a command in a process of its own, with `more` in its environment.

    The peak is the greatest sum of resident sizes over the process and those it
    started, looked at every 20 ms, and not below the kernel's own mark of the
    largest of them at the last look. Pages that two of them share count twice.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=errors, env=os.environ | (more or {})
        )
        peaks = [0]
        done = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, peaks, done))
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watch.join()
        out.seek(0)
        errors.seek(0)
        return Ran(
            code=process.returncode,
            out=out.read().decode(),
            errors=errors.read().decode(errors="replace"),
            seconds=took,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mb=peaks[0] / KIB,
        )


def _watch(pid: int, peaks: list[int], done: threading.Event) -> None:
    while not done.wait(INTERVAL):
        # Not rusage: its mark survives exec, so it would hold the caller's memory.
        held = [_held(one) for one in _tree(pid)]
        resident = sum(now for now, _ in held)
        peaks[0] = max(peaks[0], resident, *(most for _, most in held))


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in _text(path).split()]
    return found


def _held(pid: int) -> tuple[int, int]:
    lines = dict(
        line.split(":", 1)
        for line in _text(Path(f"/proc/{pid}/status")).splitlines()
        if line.startswith(("VmRSS:", "VmHWM:"))
    )
    now, most = (int(lines.get(name, "0").split()[0]) for name in ("VmRSS", "VmHWM"))
    return now, most


def _text(path: Path) -> str:
    # A process may end between being named and being looked at.
    try:
        return path.read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def machine() -> dict[str, str | int]:
    """The day, the kind of processor, its cores and the memory in GiB."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "day": datetime.now(tz=UTC).date().isoformat(),
        "processor": platform.machine(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(pages / KIB**3),
    }


def versions() -> dict[str, str]:
    """Python, and what the statistics and the zoo's models are computed with."""
    packages = ("numpy", "scipy", "torch", "transformers", "tokenizers", "safetensors")
    python = {"Python": platform.python_version()}
    return python | {name: version(name).partition("+")[0] for name in packages}
