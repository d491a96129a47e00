"""The rulebook: numbered clauses and the policies that answer to them."""

from dokja.programme.freeze import require_frozen, rules_in_force
from dokja.programme.rulebook import (
    ReadRulebook,
    check_rulebook,
    parse_rulebook,
    read_rulebook,
    rules_digest,
)
from dokja.programme.values import Rulebook, Topic

__all__ = [
    "ReadRulebook",
    "Rulebook",
    "Topic",
    "check_rulebook",
    "parse_rulebook",
    "read_rulebook",
    "require_frozen",
    "rules_digest",
    "rules_in_force",
]
