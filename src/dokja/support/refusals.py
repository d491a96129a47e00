"""Why an act is refused: the fact, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dokja.errors import NotAllowed


class Refusal(NamedTuple):
    """A reason why an act may not be done."""

    fact: str
    remedy: str


def refuse_first(refusals: Iterator[Refusal], *, clause: str) -> None:
    """Nothing. Raises: NotAllowed with the first refusal and its clauses."""
    found = next(refusals, None)
    if found is not None:
        raise NotAllowed(f"{found.fact} ({clause})", remedy=found.remedy)
