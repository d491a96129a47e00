"""The contest under load: time, and no vote lost though the server is killed.

    .venv/bin/python -m benchmarks.web.load [--votes N] [--abreast N] [--kills N]
        [--databases sqlite,postgresql] [--record FILE]

Writes a record that `benchmarks.web.page` makes docs/web-load.md of.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.web.ledger import compared, read_ledger
from benchmarks.web.prepared import Person, office_in, prepare
from benchmarks.web.served import Served, bare_page, dokja_serve
from tests.contract.postgres_server import create_database, running_postgres

RECORD = Path(__file__).parent / "results" / "load.json"
LOOK_EVERY = 10
"""Votes between two looks at what the server uses."""
UNLIMITED = {"DOKJA_REQUESTS_PER_SECOND": "1000000"}
"""All voters of a load come from one address."""
READERS_PAUSE = 4.0
Fact = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How much is asked for."""

    votes: int
    abreast: int
    kills: int
    readers: int
    """Votes of those who read before they vote."""
    limits: int = 0
    """Requests for each page that is a limit."""


@contextmanager
def database(name: str) -> Iterator[Mapping[str, str]]:
    """The settings that choose a database of this kind, durable as in earnest."""
    if name == "sqlite":
        yield UNLIMITED
        return
    with running_postgres(durable=True) as folder:
        yield UNLIMITED | {"DOKJA_DATABASE": create_database(folder, "load")}


def voted(served: Served, files: Sequence[Path], plan: Plan, pause: float) -> None:
    """Lets people vote; kills the server on the way. Raises: RuntimeError."""
    people, ledger = files
    votes = plan.readers if pause else plan.votes
    deaths = (
        []
        if pause
        else [votes * k // (plan.kills + 1) for k in range(1, plan.kills + 1)]
    )
    with subprocess.Popen(
        module("voters", served.port, people, ledger, votes, plan.abreast, pause),
        stdout=subprocess.PIPE,
        text=True,
    ) as clients:
        assert clients.stdout is not None
        for line in clients.stdout:
            served.look()
            if deaths and int(line) >= deaths[0]:
                # Between two votes of many: some are sent and not answered yet.
                deaths.pop(0)
                served.kill()
                served.start()
    if clients.returncode or deaths:
        raise RuntimeError("the voters did not come to an end")


def of_database(name: str, plan: Plan) -> Fact:
    """What one database did."""
    with tempfile.TemporaryDirectory() as folder, database(name) as environment:
        work = Path(folder)
        with office_in(work / "office", environment) as office:
            assert office.keeper is not None
            most = office.keeper.plan.rules.battles_most
            # Some battles are voided, which is no vote.
            enough = plan.abreast + (plan.votes + plan.readers) * 5 // (4 * most)
            people = prepare(office, enough + plan.abreast)
        served = dokja_serve(work / "office", environment)
        served.start()
        try:
            found = {"limits": limits(served, plan)} if plan.limits else {}
            found |= _phases(served, people, work, plan)
        finally:
            served.kill()
        with office_in(work / "office", environment) as office:
            assert office.keeper is not None
            ledger = read_ledger(*sorted(work.glob("*.jsonl")))
            found["record"] = asdict(compared(office.keeper, ledger))
        found["server"] = {
            "cpu_seconds": served.cpu,
            "peak_bytes": served.peak_bytes,
            "start_seconds": served.starts,
        }
        return found


def _phases(served: Served, people: Sequence[Person], work: Path, plan: Plan) -> Fact:
    found: Fact = {}
    split = len(people) - plan.abreast - plan.readers // 10
    phases = [
        ("at once", 0.0, people[:split]),
        ("reading", READERS_PAUSE, people[split:]),
    ]
    for phase, pause, who in phases[: 2 if plan.readers else 1]:
        files = work / f"{phase}.json", work / f"{phase}.jsonl"
        files[0].write_text(json.dumps([[p.number, p.token] for p in who]))
        before = served.cpu
        voted(served, files, plan, pause)
        served.look()
        ledger = read_ledger(files[1])
        found[phase] = {
            "votes": len(ledger.votes),
            "seconds": ledger.seconds,
            "server_cpu": served.cpu - before,
            "client_cpu": ledger.client_cpu,
            "vote": percentiles(ledger.votes),
            "page": percentiles(ledger.pages),
        }
    return found


def limits(served: Served, plan: Plan) -> Fact:
    """Requests a second where there is next to nothing to do, on the same machine."""
    plain = bare_page()
    plain.start()
    try:
        return {
            "constant": asked(plain.port, "/constant", plan),
            "static": asked(served.port, "/static/dokja.css", plan),
        }
    finally:
        plain.kill()


def asked(port: int, path: str, plan: Plan) -> Fact:
    """How fast the page comes to as many at once as vote."""
    done = subprocess.run(
        module("limit", "ask", port, path, plan.limits, plan.abreast),
        capture_output=True,
        check=True,
        text=True,
    )
    seconds, taken = json.loads(done.stdout)
    return {"seconds": seconds, "page": percentiles([(each, 1) for each in taken])}


def percentiles(taken: Sequence[tuple[float, int]]) -> Fact:
    """Of requests that no kill touched; of the others how many, and the longest."""
    plain = [seconds for seconds, tries in taken if tries == 1]
    again = [seconds for seconds, tries in taken if tries > 1]
    return {
        "n": len(plain),
        **{f"p{q}": float(np.percentile(plain, q)) for q in (50, 95, 99)},
        "interrupted": len(again),
        "longest_interrupted": max(again, default=0.0),
    }


def module(name: str, *arguments: object) -> list[str]:
    """The command that runs one of the modules beside this one."""
    return [sys.executable, "-m", f"benchmarks.web.{name}", *map(str, arguments)]


def main(arguments: Sequence[str]) -> int:
    """Runs what is asked for; 1 where a vote was lost, doubled or invented."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--votes", type=int, default=10_000)
    parser.add_argument("--abreast", type=int, default=200)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--readers", type=int, default=1_500)
    parser.add_argument("--limits", type=int, default=3_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--record", type=Path, default=RECORD)
    given = parser.parse_args(arguments)
    plan = Plan(given.votes, given.abreast, given.kills, given.readers, given.limits)
    found: Fact = {"plan": asdict(plan), "machine": machine(), "databases": {}}
    for name in given.databases.split(","):
        found["databases"][name] = fact = of_database(name, plan)
        fact["load_average"] = os.getloadavg()[0]
        print(json.dumps({name: fact}, indent=1), flush=True)
        given.record.write_text(json.dumps(found, indent=1) + "\n")
    return 0


def machine() -> Fact:
    """Where it ran, and how busy it was."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
