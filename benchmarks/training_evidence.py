"""Forged twins and honest variations of recorded runs, and what each check says.

    .venv/bin/python -m benchmarks.training_evidence WORK [--only TEXT …] [--kind K]

Trains small models in WORK, makes every twin of tests/twins of an honest run, trains
every honest variation, verifies all of them with replay, and adds what came of each
to benchmarks/results/training-evidence.jsonl; `benchmarks.training_evidence_page`
makes the page of it. What was measured before is measured again, and replaced.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

import dokja
from tests import trained_run
from tests.trained_run import Recipe, train_and_record
from tests.twins.catalogue import CATALOGUE
from tests.twins.honest import Kept, honest_run, make_keys
from tests.twins.judge import Judgement, judged, results_of
from tests.twins.variations import VARIATIONS, Variation

RESULTS = Path(__file__).parent / "results" / "training-evidence.jsonl"
BASES = {"one": Recipe(), "two": Recipe(seed="99")}
"""The run that is forged, and the run that donors' weights are taken from."""


def main(arguments: argparse.Namespace) -> None:
    """Nothing; the results are in their file."""
    torch.set_num_threads(1)
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    if arguments.kind == "train":
        train_all(work, int(arguments.only[0]))
        return
    if arguments.kind in ("all", "forged"):
        forged(work, arguments.only)
    if arguments.kind in ("all", "honest"):
        honest(work, arguments.only)
    keep([{"kind": "machine", "name": "machine", **machine()}])


def forged(work: Path, only: list[str]) -> None:
    """Every twin, after the honest run that it is a twin of."""
    keys = make_keys(work)
    stories = {}
    for name, recipe in BASES.items():
        if not (work / name / "release").is_dir():
            train_and_record(work / name, recipe)
        stories[name] = honest_run(work / name, work / f"honest-{name}", keys)
    kept = replace(stories["one"], other=stories["two"].story)
    before, tier = results_of(kept)
    line = {"kind": "base", "name": "honest", "after": before, "tier": tier}
    keep([line])
    for mutation in CATALOGUE:
        if only and not any(text in mutation.name for text in only):
            continue
        start = time.perf_counter()
        found = judged(mutation, kept, before, work / "twin")
        keep([_line(found)])
        print(
            "found " if found.is_caught else "MISSED",
            mutation.name,
            f"({mutation.caught_by}) {time.perf_counter() - start:.1f} s",
            flush=True,
        )


def _line(found: Judgement) -> dict[str, Any]:
    mutation = found.mutation
    return {
        "kind": "twin",
        "name": mutation.name,
        "hand": mutation.hand.value,
        "check": mutation.caught_by,
        "says": mutation.as_,
        "after": dict(found.after),
        "tier": found.tier,
        "is_caught": found.is_caught,
    }


def honest(work: Path, only: list[str]) -> None:
    """Every variation, each trained by a process with its environment."""
    again = [sys.executable, "-m", "benchmarks.training_evidence", str(work)]
    for number, environment in enumerate(_environments()):
        if _untrained(work, environment):
            subprocess.run(
                [*again, "--kind", "train", "--only", str(number)],
                env={**os.environ, **environment},
                check=True,
            )
    keys = make_keys(work)
    for variation in VARIATIONS:
        shown = f"{variation.family}: {variation.name}"
        if only and not any(text in shown for text in only):
            continue
        kept = _told(
            variation, work, honest_run(run_of(work, variation), work / "h", keys)
        )
        after, tier = results_of(kept)
        line = {"kind": "variation", "name": shown, "family": variation.family}
        keep([{**line, "after": dict(after), "tier": tier}])
        said = {check: result for check, result in after.items() if result != "pass"}
        print(shown, tier, said, flush=True)


def _told(variation: Variation, work: Path, kept: Kept) -> Kept:
    if variation.told is not None:
        kept = kept.again(variation.told(kept.story), work / "varied")
    return replace(kept, audited_on=variation.audited_on)


def train_all(work: Path, group: int) -> None:
    """Trains the runs of one environment that are not there yet."""
    while missing := _untrained(work, _environments()[group]):
        _train(missing[0], run_of(work, missing[0]))


def _untrained(work: Path, environment: dict[str, str]) -> list[Variation]:
    mine = [v for v in VARIATIONS if dict(v.environment) == environment]
    return [v for v in mine if not run_of(work, v).exists()]


def _train(variation: Variation, folder: Path) -> None:
    program = folder.with_name("program")
    program.mkdir(exist_ok=True)
    text = (trained_run.PROGRAM / "train.py").read_text()
    for old, new in variation.program:
        if text.count(old) != 1:
            raise ValueError(
                f"{variation.name}: {old!r} stands {text.count(old)} times"
            )
        text = text.replace(old, new)
    (program / "train.py").write_text(text)
    torch.set_num_threads(variation.threads)
    scratch = folder.with_name("unfinished")
    shutil.rmtree(scratch, ignore_errors=True)
    with patch.object(trained_run, "PROGRAM", program):
        train_and_record(scratch, variation.recipe)
    plan = scratch / "materials" / "materials.toml"
    said = plan.read_text().replace("float32", variation.dtype)
    plan.write_text(said)
    scratch.rename(folder)


def run_of(work: Path, variation: Variation) -> Path:
    """Where the run lies that the variation is told of; some are told of the same."""
    plain = Variation(family="", name="")
    is_plain = replace(variation, family="", name="", told=None, audited_on=()) == plain
    name = "plain" if is_plain else f"{variation.family} {variation.name}"
    return work / f"run-{re.sub(r'[^a-z0-9.]+', '-', name.lower())}"


def _environments() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for variation in VARIATIONS:
        if dict(variation.environment) not in found:
            found.append(dict(variation.environment))
    return found


def keep(lines: Iterable[dict[str, Any]]) -> None:
    """Puts the lines in the place of those of the same kind and name."""
    RESULTS.parent.mkdir(exist_ok=True)
    known = read() if RESULTS.exists() else {}
    known |= {(line["kind"], line["name"]): line for line in lines}
    text = "".join(
        json.dumps(known[key], sort_keys=True) + "\n" for key in sorted(known)
    )
    RESULTS.write_text(text)


def read() -> dict[tuple[str, str], dict[str, Any]]:
    """What was measured, by kind and name."""
    lines = map(json.loads, RESULTS.read_text().splitlines())
    return {(line["kind"], line["name"]): line for line in lines}


def machine() -> dict[str, str]:
    """Where and with what it was measured."""
    packages = ", ".join(f"{n} {version(n)}" for n in ("torch", "numpy", "safetensors"))
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} {platform.machine()} cores, "
        f"{torch.backends.cpu.get_cpu_capability()}, no GPU",
        "versions": f"Dokja {dokja.__version__}, Python {platform.python_version()}, "
        f"{packages}",
    }


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument(
        "--kind", choices=("all", "forged", "honest", "train"), default="all"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main(asked())
