"""Every base of a zoo's sets against every other model, by every method.

    .venv/bin/python benchmarks/lineage/bench.py --zoo ZOO --sets peers-1 peers-2 \
        --methods dokja modeldna cisco csu phi_match --peers ENVIRONMENTS --out FILE

The zoo is what `zoo/build.py` made, the environments what `peers/install.sh`
made. FILE gets one JSON line a pair and method, at once; pairs that it holds
are not run again, so an interrupted run goes on where it stopped. `tables.py`
makes the page from it.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from measured import machine
from methods import METHODS, PEERS, answers

KEY = ("set", "candidate", "reference", "method")


@dataclass(frozen=True, kw_only=True)
class Posed:
    """A pair that is asked, with what is true of it."""

    folders: tuple[Path, Path]
    truth: dict[str, Any]


def main() -> None:
    """Runs what FILE lacks, method by method within each set."""
    asked = _arguments()
    known = _known(asked.out)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    with asked.out.open("a", encoding="utf-8") as out:
        about = machine() | {"python": platform.python_version()}
        _write(out, {"run": about | {"sets": asked.sets, "methods": asked.methods}})
        for name in asked.sets:
            pairs = list(posed(asked.zoo / name))
            for method in asked.methods:
                _fill(out, known, method, pairs, asked.peers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zoo", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", required=True)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    if asked.peers is None and set(asked.methods) & PEERS.keys():
        parser.error("--peers is needed for methods that have an environment")
    return asked


def _known(path: Path) -> set[tuple[str, ...]]:
    if not path.exists():
        return set()
    lines = path.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {tuple(one[key] for key in KEY) for one in records if "method" in one}


def posed(place: Path) -> Iterator[Posed]:
    """The pairs of a set: each base as reference, two bases once.

    What is true comes from the zoo's record alone: `derived` where a part of the
    candidate descends from the reference, `knowledge` where it only learned from
    the reference's answers, and else `independent`.
    """
    truth = json.loads((place / "truth.json").read_text(encoding="utf-8"))
    models = truth["models"]
    bases = [name for name, model in models.items() if model["relation"] == "base"]
    for at, reference in enumerate(bases):
        for candidate, model in models.items():
            if candidate in bases[: at + 1]:
                continue
            yield Posed(
                folders=(place / candidate, place / reference),
                truth={
                    "set": truth["set"],
                    "candidate": candidate,
                    "reference": reference,
                    "truth": _kind(model, reference),
                    "relation": model["relation"],
                    "strength": model["strength"],
                    "camouflage": model["camouflage"],
                    "same_shape": model["shape"] == models[reference]["shape"],
                    "derives": model["derives"].get(reference),
                },
            )


def _kind(model: dict[str, Any], reference: str) -> str:
    if reference in model["derives"]:
        return "derived"
    return "knowledge" if reference in model["behaviour_of"] else "independent"


def _fill(
    out: TextIO,
    known: set[tuple[str, ...]],
    method: str,
    pairs: list[Posed],
    peers: Path,
) -> None:
    left = []
    for pair in pairs:
        truth = pair.truth
        key = (truth["set"], truth["candidate"], truth["reference"], method)
        if key not in known:
            left.append(pair)
    folders = [pair.folders for pair in left]
    for pair, answer in zip(left, answers(method, folders, peers), strict=True):
        _write(out, {**pair.truth, "method": method, **answer})
    print(f"{method}: {len(left)} of {len(pairs)} pairs run", flush=True)


def _write(out: TextIO, record: dict[str, Any]) -> None:
    out.write(json.dumps(record, ensure_ascii=False) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
