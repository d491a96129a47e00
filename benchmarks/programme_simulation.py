"""Whole programmes by the thousand steps, on both databases, and officers killed.

    .venv/bin/python -m benchmarks.programme_simulation [--programmes N] [--kills N]
        [--databases sqlite,postgresql] [--first-seed N]

Keeps what it measured in `benchmarks/results/programme-simulation.json` and writes
`docs/programme-simulation.md` from it; no figure on the page is typed by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.programme_simulation_page import NAMES, PAGE, written
from tests.contract.postgres_server import create_database, running_postgres
from tests.whole_programme.crew import killed_crews
from tests.whole_programme.simulate import Simulated, simulate

RECORD = Path(__file__).parent / "results" / "programme-simulation.json"
Fact = dict[str, Any]


@contextmanager
def databases(name: str) -> Iterator[Callable[[], str]]:
    """Addresses of empty databases of this kind."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield lambda: f"sqlite:///{folder}/{uuid.uuid4().hex}.db"
        return
    with running_postgres() as folder:
        yield lambda: create_database(folder, uuid.uuid4().hex)


def of_database(name: str, seeds: Sequence[int], kills: int) -> Fact:
    """What became of the programmes and of the officers on one kind of database."""
    with databases(name) as new_url:
        begun, cpu = time.monotonic(), time.process_time()
        found = simulate(seeds, new_url)
        fact = facts(found) | {
            "seconds": time.monotonic() - begun,
            "cpu_seconds": time.process_time() - cpu,
        }
        with tempfile.TemporaryDirectory() as folder:
            crews = killed_crews(new_url(), Path(folder), kills=kills)
    return fact | {"killed": crews}


def facts(found: Simulated) -> Fact:
    """What was counted, as it is kept."""
    tally = found.tally
    kinds: dict[str, int] = {}
    for (kind, _), count in tally.refused.items():
        kinds[kind] = kinds.get(kind, 0) + count
    return {
        "programmes": found.programmes,
        "steps": tally.steps,
        "acts": found.acts,
        "looks": found.looks,
        "ends": dict(found.ends.most_common()),
        "races": tally.races,
        "again": tally.again,
        "refused": dict(sorted(kinds.items())),
        "refused_what": {
            f"{kind}: {what}": count
            for (kind, what), count in tally.refused.most_common()
        },
        "did": dict(tally.did.most_common()),
        "seen": dict(sorted(found.seen.items())),
        "violations": found.violations,
    }


def machine() -> Mapping[str, object]:
    """Where it ran, and how busy it was."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def main(arguments: Sequence[str]) -> int:
    """Runs what is asked for; 1 where anything was broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--programmes", type=int, default=100)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    given = parser.parse_args(arguments)
    seeds = range(given.first_seed, given.first_seed + given.programmes)
    broken = False
    for name in given.databases.split(","):
        fact = of_database(name, seeds, given.kills)
        print(json.dumps({name: fact}, indent=1, ensure_ascii=False), flush=True)
        found = kept_beside(name, fact, first_seed=given.first_seed)
        RECORD.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        PAGE.write_text(written(found), encoding="utf-8")
        broken |= bool(fact["violations"] or fact["killed"]["wrong"])
    return int(broken)


def kept_beside(name: str, fact: Fact, *, first_seed: int) -> Fact:
    """The record with this database's facts, and others' of the same programmes."""
    known = json.loads(RECORD.read_text()) if RECORD.exists() else {"databases": {}}
    others = {
        other: told
        for other, told in known["databases"].items()
        if (known["first_seed"], told["programmes"]) == (first_seed, fact["programmes"])
    }
    facts = {each: (others | {name: fact}).get(each) for each in NAMES}
    return {
        "first_seed": first_seed,
        "databases": {each: told for each, told in facts.items() if told},
        "machine": machine(),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
