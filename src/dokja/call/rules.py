"""The rules of calls in force, and the error of a rulebook that has none."""

from __future__ import annotations

import msgspec

from dokja.errors import NotAllowed
from dokja.programme import Rulebook
from dokja.programme.call_rules import CallRules


def call_rules(rulebook: Rulebook) -> CallRules:
    """The rulebook's rules of calls. Raises: NotAllowed where it has none."""
    if rulebook.call_rules is msgspec.UNSET:
        raise NotAllowed(
            f"the rulebook {rulebook.programme} {rulebook.version} is silent about "
            "calls",
            remedy="add [call_rules] and the clause that governs them",
        )
    return rulebook.call_rules
