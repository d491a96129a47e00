"""Lines of the bench as its scripts write them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parents[3] / "benchmarks" / "lineage"
Load = Callable[[str], Any]


def stored(score: float | None, **more: Any) -> dict[str, Any]:
    """A line of the bench."""
    return {
        "set": "s",
        "candidate": "x",
        "reference": "a",
        "truth": "independent",
        "relation": "base",
        "strength": "",
        "camouflage": [],
        "same_shape": True,
        "derives": None,
        "true_shares": {},
        "method": "csu",
        "version": "1",
        "start_seconds": 1.0,
        "score": score,
        "named": None if score is None else score > 6,
        "verdict": "",
        "detail": {},
        "seconds": 1.0,
        "cpu_seconds": 0.5,
        "peak_mb": 10.0,
    } | more


def bench_of(load: Load, folder: Path, lines: list[dict[str, Any]]) -> Any:
    """The lines as `tables.py` reads them."""
    path = folder / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return load("records").read([path])


def component(name: str, verdict: str, **more: Any) -> dict[str, Any]:
    """What a line holds of one component of Dokja's answer."""
    return {
        "name": name,
        "verdict": verdict,
        "relation": None,
        "explained_share": None,
        "explained_interval": None,
        "layer_map": [],
        "detection_limit": None,
        "reason": "",
        "margin": 0.5,
        "tests": [],
    } | more
