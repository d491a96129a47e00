"""Rulebooks for tests: the shipped example's text, and changes of it."""

from __future__ import annotations

from pathlib import Path

from dokja.programme import Rulebook, parse_rulebook

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / "examples/programme/rulebook.toml").read_text(encoding="utf-8")


def example_rulebook() -> Rulebook:
    """The rulebook of the example programme."""
    return parse_rulebook(EXAMPLE, where="example")


def changed(old: str, new: str, *, count: int = 1) -> str:
    """The example's text with `old`, which must be there, replaced."""
    assert old in EXAMPLE, f"the example rulebook no longer holds {old!r}"
    return EXAMPLE.replace(old, new, count)
