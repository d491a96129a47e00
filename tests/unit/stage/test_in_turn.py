"""Whoever is faster, the record has one order, and early ones wait for no more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dokja.stage.in_turn import InTurn

NAMES = ("a", "b", "c", "d", "e")


@given(st.permutations(NAMES))
def test_any_order_of_arrival_ends_in_the_order_of_the_names(
    arrival: list[str],
) -> None:
    """And each is handed on as soon as all before it are there."""
    handed: list[str] = []
    turn = InTurn[str](NAMES, handed.append)
    for count, name in enumerate(arrival, start=1):
        turn.put(name, name)
        there = set(arrival[:count])
        first_missing = next((n for n in NAMES if n not in there), None)
        ready = len(NAMES) if first_missing is None else NAMES.index(first_missing)
        assert handed == list(NAMES[:ready])
