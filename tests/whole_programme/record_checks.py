"""The fifteen invariants of a programme, each by its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.whole_programme import (
    checks_of_decisions,
    checks_of_stages,
    checks_of_support,
)
from tests.whole_programme.rows import Record

Check = Callable[[Record], Iterator[str]]


def _named() -> Iterator[tuple[int, Check]]:
    for module in (checks_of_stages, checks_of_decisions, checks_of_support):
        for name, found in vars(module).items():
            if name.startswith("invariant_"):
                yield int(name.split("_")[1]), found


INVARIANTS: Mapping[int, Check] = dict(sorted(_named()))


def violations(record: Record) -> dict[int, list[str]]:
    """By number, what breaks an invariant; empty where none is broken."""
    found = {number: list(check(record)) for number, check in INVARIANTS.items()}
    return {number: said for number, said in found.items() if said}
