"""Rulebooks for tests: the shipped example's text, and changes of it.

Simulated teams hand in neither papers nor training records. So their gate is decided
on the checks of the first rulebooks, which keep their meaning, and all else is the
example's; `tests/dossier_fixture.py` has the gate of the dossier.
"""

from __future__ import annotations

from pathlib import Path

from dokja.programme import Rulebook, parse_rulebook

ROOT = Path(__file__).parents[1]
SHIPPED = (ROOT / "examples/programme/rulebook.toml").read_text(encoding="utf-8")
FIRST_GATE = """
[[gates.aspects]]
id = "technical"
name = { ko = "기술적 측면", en = "Technical aspect" }
requires = [
    { check = "tech-01", accept = ["pass"] },
    { check = "tech-02", accept = ["pass", "declared"] },
]

[[gates.aspects]]
id = "policy"
name = { ko = "정책적 측면", en = "Policy aspect" }
requires = [{ check = "policy-01", accept = ["pass", "declared"] }]

[[gates.aspects]]
id = "ethical"
name = { ko = "윤리적 측면", en = "Ethical aspect" }
requires = [
    { check = "ethic-01", accept = ["pass"] },
    { check = "ethic-02", accept = ["pass", "declared"] },
]

"""


def _first_gate(text: str) -> str:
    """The text with the gate of the first rulebooks in the place of its own."""
    before, dossier, rest = text.partition('dossier = "2026-11"\n')
    assert dossier, "the example's gate is no longer decided on the dossier"
    return before + FIRST_GATE + rest[rest.index("[reply]") :]


EXAMPLE = _first_gate(SHIPPED)


def example_rulebook() -> Rulebook:
    """The rulebook of the example programme."""
    return parse_rulebook(EXAMPLE, where="example")


def changed(old: str, new: str, *, count: int = 1) -> str:
    """The example's text with `old`, which must be there, replaced."""
    assert old in EXAMPLE, f"the example rulebook no longer holds {old!r}"
    return EXAMPLE.replace(old, new, count)
