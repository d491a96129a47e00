"""Each failure of the real programme has a test that names it."""

from __future__ import annotations

import re

from tests.unit.house.repository import ROOT

FAILURES = frozenset(range(1, 21))
"""Numbered as in the programme's review of what went wrong."""
NAMED = re.compile(r"^def test_failure_(\d\d)(?:_and_(\d\d))?_", re.MULTILINE)


def test_all_twenty_failures_have_a_test() -> None:
    """A feature that is taken away takes its test with it, and this one fails."""
    named: set[int] = set()
    for path in (ROOT / "tests/unit").rglob("test_*.py"):
        for found in NAMED.finditer(path.read_text(encoding="utf-8")):
            named |= {int(number) for number in found.groups() if number}
    assert sorted(named) == sorted(FAILURES)
