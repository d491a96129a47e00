"""Seconds and memory of the command line on larger checkpoints of random weights.

    .venv/bin/python benchmarks/lineage/speed.py FOLDER [--runs 3] \
        [--without-full] [--peers ENVIRONMENTS] [--out FILE]
    .venv/bin/python benchmarks/lineage/speed.py FOLDER --big [--runs 1] [--out FILE]
    .venv/bin/python benchmarks/lineage/speed.py FOLDER --deep [--runs 1] [--out FILE]

The first compares two models of 349 million parameters by `screen`, by
`compare` and, where its environment is given, by modelDNA. `--big` writes 20 GB
in shards once and holds `fingerprint` of them against `sha256sum`; `--deep`
compares two models of 32 layers and 2.2 thousand million parameters in full.
Every command is a cold process and runs once in each round, so that what else the
machine does falls on all of them; seconds of the processor are given beside
those of the clock. Memory is that of the process tree, the load the machine's
before and after. `--without-full` leaves out the comparison in full, which
takes most of the time, so that the rest can run more often. FILE gets one JSON
line a row, which `tables.py` takes up.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generated import BYTES, Shape, write
from measured import Ran, machine, run

DOKJA = str(Path(sys.executable).with_name("dokja"))
SCREEN = [DOKJA, "lineage", "compare", "--level", "screen", "--json"]
COMPARE = [DOKJA, "lineage", "compare", "--json"]
FINGERPRINT = [DOKJA, "lineage", "fingerprint"]
HELP = [DOKJA, "--help"]
SMALL = Shape(
    vocabulary=32_000,
    hidden=1024,
    layers=24,
    intermediate=2816,
    heads=16,
    kv_heads=8,
)
DEEP = Shape(
    vocabulary=64_000,
    hidden=2048,
    layers=32,
    intermediate=8192,
    heads=32,
    kv_heads=8,
)
BIG = Shape(
    vocabulary=64_000,
    hidden=4096,
    layers=44,
    intermediate=14_336,
    heads=32,
    kv_heads=8,
)
WHOLE = 2**62
SHARD = 4 * 10**9
ENDINGS = {0, 3, 4}
UNKNOWN = 2  # how click ends where there is no such command or option


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A command of a round, and the limit that the project set itself."""

    what: str
    command: list[str]
    limit: str = "none"


def main() -> None:
    """Prints a table and adds the rows to FILE."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--big", dest="made", action="store_const", const=_big)
    which.add_argument("--deep", dest="made", action="store_const", const=_deep)
    parser.set_defaults(made=_pair)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without-full", action="store_true")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        commands = asked.made(asked.folder, asked.peers, Path(place))
        if asked.without_full:
            commands = [one for one in commands if one.command[:-2] != COMPARE]
        rows = _rounds(commands, asked.runs, Path(place))
    about = machine()
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    print("| " + " | ".join(rows[0]) + " |")
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    if asked.out is not None:
        with asked.out.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps({"speed": row | about}) + "\n" for row in rows)


def _pair(folder: Path, peers: Path | None, _: Path) -> list[Timed]:
    models = [folder / "one", folder / "other"]
    for seed, model in enumerate(models):
        write(model, SMALL, seed, WHOLE)
    named = [str(model) for model in models]
    size = f"{SMALL.parameters / 1e6:.0f} M parameters"
    commands = [
        Timed(what="`dokja --help`: the interpreter", command=HELP),
        Timed(
            what=f"`dokja lineage compare --level screen`, two of {size}",
            command=[*SCREEN, *named],
            limit="2 s, 150 MB",
        ),
        Timed(
            what=f"`dokja lineage compare`, two of {size}",
            command=[*COMPARE, *named],
            limit="30 s on two cores",
        ),
    ]
    if peers is not None:
        modeldna = str(peers / "modeldna" / "bin" / "modeldna")
        compare = [modeldna, "compare", *named, "--json"]
        commands.append(
            Timed(what=f"`modeldna compare`, two of {size}", command=compare)
        )
    return commands


def _deep(folder: Path, _peers: Path | None, _place: Path) -> list[Timed]:
    models = [folder / "deep", folder / "other-deep"]
    for seed, model in enumerate(models):
        write(model, DEEP, seed, SHARD)
    what = f"two of {BYTES * DEEP.parameters / 1e9:.1f} GB and {DEEP.layers} layers"
    return [
        Timed(what="`dokja --help`: the interpreter", command=HELP),
        Timed(
            what=f"`dokja lineage compare`, {what}",
            command=[*COMPARE, *(str(model) for model in models)],
        ),
    ]


def _big(folder: Path, _: Path | None, place: Path) -> list[Timed]:
    model = folder / "big"
    write(model, BIG, 0, SHARD)
    files = sorted(str(path) for path in model.glob("*.safetensors"))
    size = f"{BYTES * BIG.parameters / 1e9:.1f} GB in {len(files)} files"
    out = str(place / "fingerprint")
    return [
        Timed(what="`dokja --help`: the interpreter", command=HELP),
        Timed(what=f"`sha256sum`, {size}", command=["sha256sum", *files]),
        Timed(
            what=f"`dokja lineage fingerprint`, {size}",
            command=[*FINGERPRINT, str(model), "-o", out],
            limit="2 GB above the interpreter; twice the seconds of `sha256sum`",
        ),
    ]


def _rounds(commands: list[Timed], runs: int, place: Path) -> list[dict[str, object]]:
    taken: dict[str, list[Ran]] = {one.what: [] for one in commands}
    more = {"MODELDNA_DB": str(place / "modeldna" / "db")}
    missing = set()
    before = os.getloadavg()[0]
    for _ in range(runs):
        for one in commands:
            if one.what in missing:
                continue
            ran = run(one.command, more)
            if ran.code == UNKNOWN:
                missing.add(one.what)
            elif ran.code in ENDINGS:
                taken[one.what].append(ran)
            else:
                raise SystemExit(f"{one.what} ended with {ran.code}: {ran.errors}")
    for what in sorted(missing):
        print(f"not run, there is no such command: {what}")
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    return [
        {
            "what": one.what,
            "runs": len(ran),
            "median_seconds": round(statistics.median(r.seconds for r in ran), 3),
            "least_seconds": round(min(r.seconds for r in ran), 3),
            "cpu_seconds": round(statistics.median(r.cpu_seconds for r in ran), 3),
            "peak_mb": round(max(r.peak_mb for r in ran), 1),
            "limit": one.limit,
            "load": load,
        }
        for one in commands
        if (ran := taken[one.what])
    ]


if __name__ == "__main__":
    main()
