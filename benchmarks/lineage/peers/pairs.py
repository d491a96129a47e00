"""Serves pairs of model folders, one JSON line in and one out, timed and weighed.

Only the standard library, so that it runs in the environment of every peer.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a method says of a pair.

    `score` is higher the nearer the two; None where the method gives none.
    `named` is whether the method calls the candidate a descendant at a threshold
    of its own; None where its authors give no threshold, or it gives no score.
    """

    score: float | None
    named: bool | None
    verdict: str
    detail: dict[str, Any] = field(default_factory=dict)


class NotComparable(Exception):
    """The method gives no answer for these two models, and why."""


def serve(judge: Callable[[Path, Path], Answer], version: str) -> None:
    """Answers every pair on standard input; the first line out is the version.

    Seconds, of the clock and of processors, are those of one pair, loading
    included, in a process that has imported what it needs; the peak is that of
    the whole process while the pair was judged.
    """
    # What a peer prints must not run into the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    print(json.dumps({"version": version}), file=answers, flush=True)
    for line in sys.stdin:
        pair = json.loads(line)
        _forget_peak()
        started, spent = time.perf_counter(), time.process_time()
        try:
            answer = judge(Path(pair["candidate"]), Path(pair["reference"]))
        except NotComparable as no:
            answer = Answer(
                score=None, named=None, verdict="no score", detail={"reason": str(no)}
            )
        cost = {
            "seconds": round(time.perf_counter() - started, 4),
            "cpu_seconds": round(time.process_time() - spent, 4),
            "peak_mb": _peak_mb(),
        }
        out = asdict(answer) | cost
        print(json.dumps(out), file=answers, flush=True)


def _forget_peak() -> None:
    # 5 sets the high-water mark back to what is resident now: proc(5), clear_refs.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise SystemExit("/proc/self/status names no VmHWM")
