"""Rules stand before the first seal and change only on record."""

from __future__ import annotations

import pytest

from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.programme import require_frozen, rules_in_force


def _act(kind: str, body: dict[str, str]) -> Act:
    return Act(
        programme="p",
        stage="s",
        kind=kind,
        subject=kind,
        at="2026-01-01T00:00:00+09:00",
        body=body,
    )


FROZEN = _act("rules_frozen", {"rules_digest": "A"})
EXCEPTION = _act("rules_exception", {"from_digest": "A", "to_digest": "B"})


def test_nothing_is_in_force_before_the_freeze() -> None:
    """A seal before the freeze would be under no rules."""
    assert rules_in_force([]) is None
    with pytest.raises(NotAllowed, match="not frozen"):
        require_frozen([], rules_digest="A")


def test_other_rules_than_the_frozen_ones_are_refused() -> None:
    """This is the rule change after the fact that the programme must prevent."""
    with pytest.raises(NotAllowed, match="runs under rules A"):
        require_frozen([FROZEN], rules_digest="B")


def test_a_recorded_exception_puts_the_new_rules_in_force() -> None:
    """And takes the old ones out of force."""
    require_frozen([FROZEN, EXCEPTION], rules_digest="B")
    with pytest.raises(NotAllowed):
        require_frozen([FROZEN, EXCEPTION], rules_digest="A")


def test_an_exception_from_other_rules_changes_nothing() -> None:
    """An exception applies to the rules it names."""
    stray = _act("rules_exception", {"from_digest": "X", "to_digest": "B"})
    assert rules_in_force([FROZEN, stray]) == "A"
