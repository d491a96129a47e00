"""The page on the contest under load, written from the kept record.

    .venv/bin/python -m benchmarks.web.page

Reads `benchmarks/web/results/load.json` and writes `docs/web-load.md`; no figure on
the page is typed by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.web.load import READERS_PAUSE, RECORD

PAGE = Path(__file__).parents[2] / "docs" / "web-load.md"
Fact = Mapping[str, Any]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

HEAD = """# The contest under load

Written by `benchmarks/web/page.py` from `benchmarks/web/results/load.json`, which
`.venv/bin/python -m benchmarks.web.load` measured.

A real `dokja serve` (one process) with the example's prepared answers, and real HTTP
clients in a process of their own on the same machine: each keeps its cookie, opens
the battle page, reads token and ticket from the form and sends a verdict. Not timed:
people are registered and signed in beforehand by the acts that the pages call, and
the contest is opened. Databases write through to the disk (SQLite with
`synchronous = FULL`, PostgreSQL with `fsync` on). All clients come from one address,
so `DOKJA_REQUESTS_PER_SECOND` is raised; every other limit is as shipped."""

KILLED = """## No vote lost, doubled or invented

The server is killed with SIGKILL while votes are under way, and started again on
the same database. Who gets no answer asks again. The clients' own ledger of what was
acknowledged is then held against the acts; "another choice" counts as lost, an act
that nobody sent as invented. The rating the office publishes is compared, byte for
byte, with the one that follows from the ledger."""

TIMES = """## How long it takes

From sending the request to the last byte of the answer, at the client. "At once":
nobody reads, the next request follows the answer, so the times are those of a server
that is asked for all it can give, and by Little's law about the number of clients
over the votes and pages a second. "Reading": {votes} votes of people who read {pause} s
on average before they vote, several times faster than anybody can. Requests that
a kill interrupted are counted apart, with the longest wait among them."""

LIMITS = """## Against a limit

In the same run, by the same clients, as many at once: a FastAPI page that returns a
constant from a plain function, and our own style sheet. Requests a second of the
contest are its pages and votes together."""


def main() -> None:
    """Writes the page."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    PAGE.write_text("\n".join(lines(record)), encoding="utf-8")


def lines(record: Fact) -> Iterator[str]:
    """The page, line by line."""
    plan, machine = record["plan"], record["machine"]
    found = {NAMES[name]: fact for name, fact in record["databases"].items()}
    yield HEAD
    yield ""
    loads = " and ".join(f"{fact['load_average']:.1f}" for fact in found.values())
    yield (
        f"{machine['date']}, {machine['cores']} x86-64 cores shared by server, clients,"
        f" database and other work (load average at the end {loads}), "
        f"Python {machine['python']}. {plan['abreast']} voters at a time, "
        f"{plan['votes']:,} votes, {plan['kills']} kills. Quote ratios: seconds are "
        "those of a busy machine."
    )
    yield ""
    yield KILLED
    yield ""
    yield from _killed(found)
    yield ""
    yield TIMES.format(votes=f"{plan['readers']:,}", pause=READERS_PAUSE)
    yield ""
    yield from _times(found)
    yield ""
    yield LIMITS
    yield ""
    yield from _limits(found)
    yield ""


def _killed(found: Mapping[str, Fact]) -> Iterator[str]:
    yield (
        "| database | acknowledged | in the record | lost | doubled | invented "
        "| same rating | interrupted requests | longest wait, s | starts, s |"
    )
    yield "|---" * 10 + "|"
    for name, fact in found.items():
        record, atonce = fact["record"], fact["at once"]
        both = [atonce["vote"], atonce["page"]]
        again = sum(each["interrupted"] for each in both)
        longest = max(each["longest_interrupted"] for each in both)
        starts = ", ".join(f"{s:.1f}" for s in fact["server"]["start_seconds"])
        yield (
            f"| {name} | {record['acknowledged']:,} | {record['recorded']:,} "
            f"| {record['lost']} | {record['doubled']} | {record['invented']} "
            f"| {'yes' if record['same_rating'] else 'NO'} | {again} | {longest:.1f} "
            f"| {starts} |"
        )


def _times(found: Mapping[str, Fact]) -> Iterator[str]:
    yield (
        "| database | voters | votes a second | vote p50, s | p95 | p99 "
        "| page p50, s | p95 | p99 | server's cores | clients' cores |"
    )
    yield "|---" * 11 + "|"
    for name, fact in found.items():
        for phase in ("at once", "reading"):
            part = fact[phase]
            vote, page = part["vote"], part["page"]
            figures = [vote[q] for q in ("p50", "p95", "p99")]
            figures += [page[q] for q in ("p50", "p95", "p99")]
            seconds = part["seconds"]
            yield (
                f"| {name} | {phase} | {part['votes'] / seconds:.1f} | "
                + " | ".join(f"{figure:.3f}" for figure in figures)
                + f" | {part['server_cpu'] / seconds:.2f} "
                f"| {part['client_cpu'] / seconds:.2f} |"
            )
    yield ""
    for name, fact in found.items():
        peak = fact["server"]["peak_bytes"] / 1e6
        atonce = fact["at once"]
        each = 1000 * atonce["server_cpu"] / atonce["votes"]
        yield (
            f"{name}: at most {peak:.0f} MB of memory in the server; {each:.1f} ms of "
            "its processor for a vote with its page, starts included."
        )


def _limits(found: Mapping[str, Fact]) -> Iterator[str]:
    yield (
        "| run with | constant page, requests a second | style sheet | contest "
        "| contest against the constant | against the style sheet |"
    )
    yield "|---" * 6 + "|"
    for name, fact in found.items():
        limits, atonce = fact["limits"], fact["at once"]
        constant, static = (
            limits[each]["page"]["n"] / limits[each]["seconds"]
            for each in ("constant", "static")
        )
        requests = sum(
            atonce[each]["n"] + atonce[each]["interrupted"] for each in ("vote", "page")
        )
        own = requests / atonce["seconds"]
        yield (
            f"| {name} | {constant:.0f} | {static:.0f} | {own:.0f} "
            f"| {own / constant:.2f} | {own / static:.2f} |"
        )


if __name__ == "__main__":
    main()
