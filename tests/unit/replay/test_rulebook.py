"""The rulebook of the Korean programme."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dokja.evidence.values import quantise
from dokja.programme import Rulebook, Topic

OURS = (
    "우리의 해석",
    "이와 같이 해석",
    "공개된 바 없",
    "공개 방식을 따른 해석",
    "공개되지",
)


def test_the_weights_are_those_announced(rulebook: Rulebook) -> None:
    """40 (10, 20, 10), 35 and 25: the figures every team was told."""
    found = {part.id: part.points for part in rulebook.components()}
    assert list(found.values()) == [10, 20, 10, 35, 25]
    assert [category.points for category in rulebook.categories] == [40, 35, 25]


# The programme published no analysis of sensitivity, and its rules ask for none.
@pytest.mark.parametrize(
    "topic", [t for t in Topic if t not in (Topic.SENSITIVITY, Topic.PANEL)]
)
def test_every_topic_is_governed(rulebook: Rulebook, topic: Topic) -> None:
    """A decision cites the clause; a topic without one could not."""
    assert rulebook.clause_numbers(topic)


def test_a_published_clause_names_publisher_and_date(rulebook: Rulebook) -> None:
    """Whoever doubts a clause must be able to look it up."""
    for clause in rulebook.clauses:
        _, _, date = clause.source.rpartition(", ")
        assert bool(date.startswith("202")) is clause.published, clause.number


def test_a_clause_nobody_published_says_so(rulebook: Rulebook) -> None:
    """Our reading must not pass for the ministry's rule."""
    silent = [
        clause.number
        for clause in rulebook.clauses
        if not clause.published and not any(mark in clause.text.ko for mark in OURS)
    ]
    assert silent == []
    plain = ("our reading", "published")
    assert [
        clause.number
        for clause in rulebook.clauses
        if not clause.published
        and not any(mark in clause.text.en.lower() for mark in plain)
    ] == []


def test_there_is_no_pass_mark(rulebook: Rulebook) -> None:
    """None was published, so none may eliminate a team."""
    assert rulebook.floor is not None
    assert rulebook.floor.minimum_total is None


def test_the_rounding_rule_reproduces_the_published_sum(rulebook: Rulebook) -> None:
    """14.406 must count as 14.4 for 33.6 to come out."""
    assert rulebook.rounding is not None
    places = rulebook.rounding.component_places
    parts = ("9.2", "14.406", "10.0")
    found = sum(quantise(Decimal(part), places=places) for part in parts)
    assert found == Decimal("33.6")


def test_every_component_counts_once_in_the_indices(rulebook: Rulebook) -> None:
    """The mapping is ours; points lost or doubled would make it wrong too."""
    shares = {part.id: Decimal(0) for part in rulebook.components()}
    for index in rulebook.indices:
        for part in index.parts:
            shares[part.component] += part.share
    assert set(shares.values()) == {Decimal(1)}
