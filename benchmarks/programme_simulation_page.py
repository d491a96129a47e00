"""The page on simulated programmes, written from what a run kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "programme-simulation.md"
WRONG = "lost, halved, doubled or invented"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
Fact = Mapping[str, Any]

HEAD = """# Programmes that were simulated to their end

Written by `benchmarks/programme_simulation.py`, which measured everything on it.

A made-up office runs whole programmes by the product's own acts, on its own desk and
database: the first call with its panels, money, GPU pools, stages with the product's
own stage run, objections, confirmation, revival calls, and the next stage, until two
teams are left or it ends earlier. Rules, scores, votes, comparisons, incidents and
withdrawals are drawn from a seed. Between the steps somebody tries what is mostly not
allowed: too late, too much, out of turn, on an old page, in another's name. A quarter
of the officers' acts is tried by two at once, a tenth is handed in twice.

After each step the whole record is read with SQL and JSON, past the product's own
reading, and the 15 invariants of a programme are counted again from it: totals from
single answers, GPU-hours day by day, money by account and day, votes by expert
(`tests/whole_programme`). That the checks can fail is a test of its own: one planted
violation for each invariant, seen by its check and by no other."""

KILLED = """## Officers killed in the middle of acts

Three processes at once file batches of one to three acts of several matters on one
record until all are killed with SIGKILL, a random few milliseconds after an answer or,
every second time, after one of them was seen to wait for one; then the next three go
on. Each keeps a diary, written before and after it files. At the end every
acknowledged batch must be there once and whole, an unanswered one whole or not at all,
and nothing else; numbers of matters have no gap."""

LIMITS = """## What this does not show

That the invariants are the right ones; that people's screens say what the record
says; anything of speed beyond this machine. Names, scores and votes are invented, and
how often something happens here is a choice of the simulator, not an estimate. An
objection that is upheld leaves the decision as it was; a corrected one is not drawn."""


def written(found: Fact) -> str:
    """The page."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Fact) -> Iterator[str]:
    machine, facts = found["machine"], found["databases"]
    first = next(iter(facts.values()))
    last_seed = found["first_seed"] + first["programmes"] - 1
    yield HEAD
    yield ""
    yield (
        f"{machine['date']}, {machine['cores']} cores shared with other work (load "
        f"average at the end {machine['load_average']:.1f}), Python "
        f"{machine['python']}. Seeds {found['first_seed']} to {last_seed}, the same on "
        "each database."
    )
    yield "\n## What was done\n"
    yield from _table(
        ("database", "programmes", "steps", "acts on record", "looks at the record",
         "two at once", "handed in twice", "refused", "**violations**", "seconds",
         "of the processor"),
        [
            (NAMES[name], *(f"{fact[key]:,}" for key in ("programmes", "steps", "acts",
             "looks", "races", "again")), f"{sum(fact['refused'].values()):,}",
             f"**{len(fact['violations'])}**", f"{fact['seconds']:.0f}",
             f"{fact['cpu_seconds']:.0f}")
            for name, fact in facts.items()
        ],
    )  # fmt: skip
    yield (
        "\nA step is one act that is tried, or a batch of acts that goes on record "
        "together; a look counts all 15 invariants."
    )
    yield from _side_by_side("How they ended", "end", "ends", facts)
    yield from _side_by_side("Refusals by kind", "kind", "refused", facts)
    yield from _side_by_side("Most frequent refusals", "what", "refused_what", facts)
    yield from _side_by_side("What there was to go wrong", "what", "seen", facts)
    yield f"\n{KILLED}\n"
    yield from _table(
        ("database", "officers killed", "acknowledged", WRONG,
         "refused to the slower of two", "unanswered when killed",
         "of these on record, whole"),
        [
            (NAMES[name], *(f"{killed[key]:,}" for key in ("officers", "acknowledged")),
             len(killed["wrong"]), *(f"{killed[key]:,}" for key in ("refused",
             "unanswered", "unanswered_kept")))
            for name, killed in ((n, fact["killed"]) for n, fact in facts.items())
        ],
    )  # fmt: skip
    yield f"\n{LIMITS}"


def _side_by_side(
    title: str, head: str, key: str, facts: Mapping[str, Fact], *, most: int = 24
) -> Iterator[str]:
    names: dict[str, int] = {}
    for fact in facts.values():
        for name, count in fact[key].items():
            names[name] = names.get(name, 0) + count
    rows = sorted(names, key=lambda name: -names[name])[:most]
    yield f"\n## {title}\n"
    yield from _table(
        (head, *(NAMES[name] for name in facts)),
        [(row, *(f"{f[key].get(row, 0):,}" for f in facts.values())) for row in rows],
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"
