"""How each method is started: peers in their environments, ours by its command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from measured import run

HERE = Path(__file__).parent / "peers"
PEERS = {"modeldna": "modeldna", "cisco": "cisco"}
PUBLISHED = (
    "csu",
    "phi_match",
    "awm",
    "huref_ics",
    "huref_pcs",
    "jsd",
    "reef",
    "intrinsic",
)
METHODS = ("dokja", *PEERS, *PUBLISHED)
# One thread each, so that seconds compare; no method may ask a hub.
QUIET = {
    "OMP_NUM_THREADS": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
NAMED = {"identical", "derived", "partial"}
ENDINGS = {0, 3, 4}
# The engine prints it and rests nothing on it: shared embeddings alone raise it.
WITHOUT_FINDING = {"T3"}
KEPT = (
    "name",
    "verdict",
    "relation",
    "explained_share",
    "explained_interval",
    "layer_map",
    "detection_limit",
)
Pair = tuple[Path, Path]
Answer = dict[str, Any]


def answers(method: str, pairs: Sequence[Pair], peers: Path) -> Iterator[Answer]:
    """What a method says of each pair, in their order, as it is said."""
    if method == "dokja":
        yield from map(_dokja, pairs)
        return
    if method in PEERS:
        python = peers / PEERS[method] / "bin" / "python"
        command = [str(python), str(HERE / f"run_{method}.py")]
    else:
        command = [sys.executable, str(HERE / "run_published.py"), method]
    left = list(pairs)
    while left:
        said = 0
        for answer in _served(command, left):
            yield answer
            said += 1
        # A process that died has said so of one pair; the others get a new one.
        left = left[said:]


def _served(command: list[str], pairs: Sequence[Pair]) -> Iterator[Answer]:
    """Answers from one process; the last one is a failure if the process dies."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | QUIET,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first:
            raise SystemExit(f"{command} did not start: {_last(errors)}")
        same = {
            "version": json.loads(first)["version"],
            "start_seconds": round(time.perf_counter() - started, 3),
        }
        for candidate, reference in pairs:
            pair = {"candidate": str(candidate), "reference": str(reference)}
            print(json.dumps(pair), file=process.stdin, flush=True)
            line = process.stdout.readline()
            yield same | (json.loads(line) if line else _failed(_last(errors)))
            if not line:
                break
        process.stdin.close()
        process.wait()


def _failed(reason: str) -> Answer:
    return {
        "score": None,
        "named": None,
        "verdict": "failed",
        "detail": {"reason": reason},
        "seconds": None,
        "cpu_seconds": None,
        "peak_mb": None,
    }


def _last(errors: Any) -> str:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _dokja(pair: Pair) -> Answer:
    """A cold run of the command line: worst verdict, score and the components.

    The score is the largest margin of a test's effect over its highest negative
    control, over components and the tests that can carry a finding; the command
    itself prints no single score.
    """
    command = str(Path(sys.executable).with_name("dokja"))
    ran = run(
        [command, "lineage", "compare", *map(str, pair), "--json"],
        QUIET | {"DOKJA_WORKERS": "1"},
    )
    same = {
        "version": version("dokja"),
        "start_seconds": 0.0,
        "seconds": round(ran.seconds, 4),
        "cpu_seconds": round(ran.cpu_seconds, 4),
        "peak_mb": round(ran.peak_mb, 1),
    }
    if ran.code not in ENDINGS:
        lines = ran.errors.strip().splitlines()
        return _failed(lines[-1] if lines else f"exit {ran.code}") | same
    report = json.loads(ran.out)
    components = [_component(one) for one in report["components"]]
    margins = [m for one in components if (m := one["margin"]) is not None]
    return same | {
        "version": f"{same['version']}, rules {report['rules_digest'][-8:]}",
        "score": max(margins, default=None),
        "named": report["verdict"] in NAMED,
        "verdict": report["verdict"],
        "detail": {"components": components},
    }


def _component(component: dict[str, Any]) -> dict[str, Any]:
    tests = [
        {
            "id": test["id"],
            "tensor_class": test["tensor_class"],
            "effect": test["effect"],
            "p_value": test["p_value"],
            "control": max(test["controls_negative"], default=None),
            "margin": _margin(test),
        }
        for test in component["tests"]
    ]
    margins = [m for test in tests if (m := test["margin"]) is not None]
    return {key: component[key] for key in KEPT} | {
        "reason": component["reason"]["en"],
        "margin": max(margins, default=None),
        "tests": tests,
    }


def _margin(test: dict[str, Any]) -> float | None:
    if test["effect"] is None or test["id"] in WITHOUT_FINDING:
        return None
    return float(test["effect"]) - max(test["controls_negative"], default=0.0)
