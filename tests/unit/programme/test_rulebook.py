"""A rulebook that could leave a stage without a rule is refused by name."""

from __future__ import annotations

import msgspec
import pytest

from dokja.errors import InvalidInput
from dokja.programme import (
    check_rulebook,
    parse_rulebook,
    read_rulebook,
    rules_digest,
)
from dokja.programme.values import Rulebook
from tests.rulebooks import EXAMPLE, changed, example_rulebook

MISTAKES = {
    "unknown key": (
        changed("keep = 4", "keep = 4\nkeeps = 5"),
        ("unknown field `keeps`", "rank_cuts[0]", "clause 3.1"),
    ),
    "unknown table": (EXAMPLE + "\n[bonus]\npoints = 3\n", ("`bonus`",)),
    "weights do not sum to 100": (
        changed("points = 25", "points = 24", count=2),
        ("clause 2.1, 2.2", "sum to 99, not 100"),
    ),
    "components do not sum to their category": (
        changed("points = 20", "points = 21"),
        ("clause 2.1, 2.2", "components of benchmark sum to 41, not 40"),
    ),
    "gate that adds points": (
        changed(
            'on_undetermined = "stays_with_note"',
            'on_undetermined = "stays_with_note"\npoints = 5',
        ),
        ("clause 3.4", "gate independence would change the total by 5"),
    ),
    "gate that accepts failure": (
        changed('accept = ["pass"]', 'accept = ["pass", "fail"]'),
        ("clause 3.4", "never `fail`"),
    ),
    "no policy for ties": (
        changed('[ties]\norder = ["benchmark", "expert", "user"]\n', "").replace(
            'on_full_tie = "undecided"\n', "", 1
        ),
        ("clause 3.2", "what breaks equal totals"),
    ),
    "no policy for a vacancy": (
        changed('[vacancy]\npolicy = "revival_call"\n', ""),
        ("clause 4.2", "place that stays empty"),
    ),
    "a vacancy leads to a call nobody described": (
        changed("[revival]", "[old_revival]").split("[old_revival]", maxsplit=1)[0]
        + EXAMPLE[EXAMPLE.index("[objection]") :],
        ("clause 4.2", "no [revival]"),
    ),
    "no rank cut": (
        changed("[[rank_cuts]]", "[[unused]]").split("[[unused]]", maxsplit=1)[0]
        + EXAMPLE[EXAMPLE.index("[ties]") :],
        ("clause 3.1", "how many teams stay"),
    ),
    "no clause governs the floor": (
        changed('governs = ["floor"]', "governs = []"),
        ("no clause governs floor",),
    ),
    "clause without its Korean text": (
        changed('ko = "최저 점수는 두지 아니한다."', 'ko = " "'),
        ("clause 3.3 lacks",),
    ),
    "clause twice": (
        changed('number = "3.3"', 'number = "3.2"'),
        ("clause 3.2 stands 2 times",),
    ),
    "tie broken by no category": (
        changed('order = ["benchmark"', 'order = ["luck"'),
        ("clause 3.2", "no category luck"),
    ),
    "a tie-break that nobody named": (
        changed('on_low_confidence = "undecided"', 'on_low_confidence = "tie_break"'),
        ("clause 3.1", "no tie_break names it"),
    ),
    "a tie-break that would never apply": (
        changed("draws = 4000", 'draws = 4000\ntie_break = "total"'),
        ("clause 3.1", "would never apply"),
    ),
    "a search that would remove everything": (
        changed("largest_share = 0.3", "largest_share = 1"),
        ("clause 2.8", "cannot remove 1"),
    ),
    "weights perturbed by nothing": (
        changed("kappa = 40", "kappa = 0"),
        ("clause 2.8", "kappa 0"),
    ),
    "sensitivity without a clause": (
        changed('governs = ["sensitivity"]', "governs = []"),
        ("no clause governs sensitivity",),
    ),
    "banker's rounding": (
        changed('mode = "half_up"', 'mode = "half_even"'),
        ("clause 2.5", "half_even"),
    ),
    "wrong type": (changed("keep = 4", 'keep = "four"'), ("rank_cuts", "clause 3.1")),
    "not TOML": ("clauses = [", ("is not TOML",)),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_named_with_its_clause(mistake: str) -> None:
    """An office must find the clause to mend without reading our code."""
    text, named = MISTAKES[mistake]
    with pytest.raises(InvalidInput) as caught:
        parse_rulebook(text, where="rulebook.toml")
    for part in ("rulebook.toml", *named):
        assert part in caught.value.fact
    assert caught.value.remedy


def test_comments_and_spacing_leave_the_digest_alone() -> None:
    """The digest is of the rules, not of the typing."""
    respaced = "# note\n" + EXAMPLE.replace("keep = 4", "keep   =   4")
    again = parse_rulebook(respaced, where="respaced")
    assert rules_digest(again) == rules_digest(example_rulebook())


@pytest.mark.parametrize(
    ("old", "new"),
    [("days = 10", "days = 11"), ("최저 점수는 두지", "최저 점수를 두지")],
)
def test_any_change_of_a_rule_or_its_text_changes_the_digest(
    old: str, new: str
) -> None:
    """A clause's wording is part of what was agreed."""
    other = parse_rulebook(changed(old, new), where="other")
    assert rules_digest(other) != rules_digest(example_rulebook())


def test_a_rulebook_survives_its_own_plain_form() -> None:
    """Bundles store the rulebook as JSON and read it back."""
    rulebook = example_rulebook()
    plain = msgspec.to_builtins(rulebook)
    assert msgspec.convert(plain, Rulebook, strict=False) == rulebook
    assert check_rulebook(rulebook) == ()


WITHOUT_OPTIONS = changed(
    "[sensitivity]\nkappa = 40\nlargest_share = 0.3\n\n", ""
).replace('governs = ["sensitivity"]', "governs = []")


def test_rules_from_before_the_options_stand_as_they_were_frozen() -> None:
    """An option that is absent leaves no trace in what the digest is taken of."""
    rulebook = parse_rulebook(WITHOUT_OPTIONS, where="old")
    plain = msgspec.to_builtins(rulebook)
    assert "sensitivity" not in plain
    assert "tie_break" not in plain["rank_cuts"][0]
    assert plain["revival"] is not None


def test_the_named_tie_break_is_read_and_is_part_of_the_rules() -> None:
    """Another tie-break is another rule."""
    found = {
        by: parse_rulebook(
            changed(
                'on_low_confidence = "undecided"',
                f'on_low_confidence = "tie_break"\ntie_break = "{by}"',
            ),
            where=by,
        )
        for by in ("total", "category_order", "second_panel")
    }
    assert len({rules_digest(rules) for rules in found.values()}) == 3
    assert found["second_panel"].rank_cuts[0].tie_break == "second_panel"


def test_a_draft_is_read_with_what_it_leaves_open() -> None:
    """A rehearsal shows a draft's gaps; only a run refuses them."""
    draft = read_rulebook(
        changed("[objection]\n", "[withdrawn_objection]\n").split(
            "[withdrawn_objection]"
        )[0],
        where="draft",
    )
    assert draft.objection is None
    assert check_rulebook(draft) != ()
