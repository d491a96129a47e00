"""Every base of a zoo's sets against the models of its architecture, by every method.

    .venv/bin/python benchmarks/lineage/bench.py --zoo ZOO --sets peers-1 peers-2 \
        --methods dokja modeldna cisco csu phi_match --peers ENVIRONMENTS --out FILE

The zoo is what `zoo/build.py` made, the environments what `peers/install.sh`
made. FILE gets one JSON line a pair and method, at once; pairs that it holds
are not run again, so an interrupted run goes on where it stopped, and a zoo
that is still being built is taken up as it grows. `tables.py` makes the page
from it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, TextIO

from measured import machine, versions
from methods import METHODS, PEERS, answers
from posed import Posed, posed, zoo

KEY = ("set", "candidate", "reference", "method")


def main() -> None:
    """Runs what FILE lacks, method by method within each set."""
    asked = _arguments()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    known = _known(asked.out)
    with asked.out.open("a", encoding="utf-8") as out:
        about = machine() | {"versions": versions()}
        _write(out, {"run": about | {"sets": asked.sets, "methods": asked.methods}})
        for name in asked.sets:
            pairs = posed(asked.zoo / name)
            _write(out, {"zoo": zoo(asked.zoo / name)})
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
    *lines, rest = path.read_text(encoding="utf-8").split("\n")
    if rest:
        # A run that was killed while it wrote; the pair is asked again.
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    records = [json.loads(line) for line in lines]
    return {tuple(one[key] for key in KEY) for one in records if "method" in one}


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
