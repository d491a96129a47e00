"""Rules of interests and of the panel: optional, whole, and each mistake named."""

from __future__ import annotations

import msgspec
import pytest

from dokja.errors import InvalidInput
from dokja.programme import Rulebook, parse_rulebook, rules_digest
from dokja.programme.interest_rules import InterestLevel, TieKind
from tests.rulebooks import EXAMPLE, ROOT, changed, example_rulebook

PUBLISHED = (ROOT / "programmes/k-ai/rulebook.toml").read_text(encoding="utf-8")


def test_the_example_has_a_rule_for_every_kind_of_tie() -> None:
    """And survives the JSON that bundles keep."""
    rulebook = example_rulebook()
    assert rulebook.interest_rules is not msgspec.UNSET
    levels = {rule.kind: rule.level for rule in rulebook.interest_rules.ties}
    assert set(levels) == set(TieKind)
    assert levels[TieKind.SUPPLY] is InterestLevel.POSSIBLE
    assert rulebook.panel_rules is not msgspec.UNSET
    assert rulebook.panel_rules.agreement
    again = msgspec.convert(msgspec.to_builtins(rulebook), Rulebook, strict=False)
    assert again == rulebook
    assert rules_digest(again) == rules_digest(rulebook)


def test_rules_without_the_tables_stand_as_they_were_frozen() -> None:
    """The published programme says nothing of them, and its digest has no trace."""
    plain = msgspec.to_builtins(parse_rulebook(PUBLISHED, where="k-ai"))
    assert plain.keys().isdisjoint({"interest_rules", "panel_rules"})


def test_defaults_that_are_written_out_change_no_digest() -> None:
    """What was agreed is the same, whoever typed more of it."""
    spelt = changed("quorum = 8", "quorum = 8\ndiscussion = false")
    assert rules_digest(parse_rulebook(spelt, where="s")) == rules_digest(
        example_rulebook()
    )
    other = changed("quorum = 8", "quorum = 7")
    assert rules_digest(parse_rulebook(other, where="o")) != rules_digest(
        example_rulebook()
    )


LAST_RULE = '  { kind = "data_deal", level = "possible", cooling_months = 12 },\n'
MISTAKES = {
    "unknown key": (
        changed("quorum = 8", "quroum = 8"),
        ("unknown field `quroum`", "clause 2.9"),
    ),
    "unknown kind": (
        changed('kind = "holding"', 'kind = "gift"'),
        ("interest_rules.ties", "clause 2.7"),
    ),
    "a kind without a rule": (
        changed(LAST_RULE, ""),
        ("clause 2.7: no rule says what data_deal amounts to",),
    ),
    "a kind with two": (
        changed(LAST_RULE, LAST_RULE * 2),
        ("clause 2.7: data_deal has 2 rules",),
    ),
    "no path": (
        changed("longest_path = 3", "longest_path = 0"),
        ("longest path of 0",),
    ),
    "cooling-off below zero": (
        changed("cooling_months = 24", "cooling_months = -1"),
        ("employment would count -1 months",),
    ),
    "nothing recuses": (
        EXAMPLE.replace('level = "conflict"', 'level = "possible"'),
        ("nobody would ever be recused",),
    ),
    "quorum above the assigned": (
        changed("quorum = 8", "quorum = 10"),
        ("clause 2.9: a quorum of 10 sheets is more than the 9",),
    ),
    "nobody assigned": (
        changed("experts_per_team = 9", "experts_per_team = 0"),
        ("clause 2.9: experts_per_team is 0, below 1",),
    ),
    "a field twice": (
        changed(
            "quorum = 8\n",
            'quorum = 8\nfields = [{ field = "a", least = 1 }, '
            '{ field = "a", least = 0 }]\n',
        ),
        ("field 'a' stands 2 times", "least of a is 0, below 1"),
    ),
    "no clause": (
        changed('governs = ["panel"]', "governs = []"),
        ("no clause governs panel",),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_named_with_its_clause(mistake: str) -> None:
    """A rule that is wrong is refused before anybody is asked in."""
    text, words = MISTAKES[mistake]
    with pytest.raises(InvalidInput) as caught:
        parse_rulebook(text, where="rulebook.toml")
    for word in words:
        assert word in caught.value.fact, caught.value.fact
