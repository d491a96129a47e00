"""Quotas, admission and weights of a citizen panel, from counts alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.contest.citizens.quotas import (
    HEAVIEST,
    Person,
    cell_states,
    distances,
    full_cells,
    rake,
    weighted_rating,
)
from dokja.contest.values import QuotaCell, QuotaMargin, QuotaPlan
from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.statistics.ratings.rating import rate
from tests.unit.contest.test_rate_votes import TABLE


def _margin(name: str, **shares: float) -> QuotaMargin:
    return QuotaMargin(
        id=name,
        name=Text(ko="기준", en=name),
        cells=tuple(QuotaCell(cell=c, share=s) for c, s in shares.items()),
        source="test",
    )


PLAN = QuotaPlan(
    size=100,
    slack=0.1,
    margins=(
        _margin("sex", f=0.5, m=0.5),
        _margin("age", young=0.3, middle=0.4, old=0.3),
    ),
)


def test_a_cell_is_open_until_its_quota_and_full_with_its_slack() -> None:
    """50 planned, 55 at the most."""
    states = {
        (s.margin, s.cell): s
        for s in cell_states(PLAN, {"sex": {"f": 52, "m": 10}, "age": {"old": 5}})
    }
    assert (states["sex", "f"].open, states["sex", "f"].most) == (0, 55)
    assert states["sex", "m"].open == 40
    assert states["age", "young"].admitted == 0


def test_a_person_is_kept_out_by_the_cells_that_are_full() -> None:
    """All of them are named; a full panel keeps everybody out."""
    admitted = {"sex": {"f": 55, "m": 20}, "age": {"young": 33, "old": 42}}
    assert full_cells(PLAN, admitted, ("m", "middle")) == ()
    full = full_cells(PLAN, admitted, ("f", "young"))
    assert [(s.margin, s.cell) for s in full] == [("sex", "f"), ("age", "young")]
    whole = {"sex": {"f": 50, "m": 50}, "age": {"young": 30, "middle": 40, "old": 30}}
    assert len(full_cells(PLAN, whole, ("m", "middle"))) == 2
    with pytest.raises(InvalidInput, match="no such cell"):
        full_cells(PLAN, admitted, ("x", "young"))
    with pytest.raises(InvalidInput, match="no such cell"):
        full_cells(PLAN, admitted, ("f",))


def test_the_distance_is_the_share_of_people_to_exchange() -> None:
    """0 on the plan, and 1 for a panel of nobody."""
    even = {"sex": {"f": 5, "m": 5}, "age": {"young": 3, "middle": 4, "old": 3}}
    assert [d.distance for d in distances(PLAN, even)] == pytest.approx([0, 0])
    skewed = {"sex": {"f": 7, "m": 3}, "age": {"young": 10}}
    sex, age = distances(PLAN, skewed)
    assert sex.distance == pytest.approx(0.2)
    assert age.distance == pytest.approx(0.7)
    assert age.furthest == "young"
    assert [d.distance for d in distances(PLAN, {})] == [1, 1]


CELLS = [(s, a) for s in ("f", "m") for a in ("young", "middle", "old")]


@given(st.lists(st.integers(4, 40), min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_weights_meet_every_margin(counts: list[int]) -> None:
    """Their mean is 1 and the effective n is at most the number of people."""
    people: dict[Person, int] = dict(zip(CELLS, counts, strict=True))
    found = rake(PLAN, people)
    total = sum(counts)
    weighed = {c: found.weights["/".join(c)] * n for c, n in people.items()}
    if not found.trimmed:
        assert sum(weighed.values()) == pytest.approx(total)
        for place, margin in enumerate(PLAN.margins):
            for cell in margin.cells:
                held = sum(w for c, w in weighed.items() if c[place] == cell.cell)
                assert held / total == pytest.approx(cell.share, abs=1e-6)
    assert 1 <= found.effective_n <= total + 1e-9
    assert found.heaviest <= HEAVIEST


def test_a_panel_on_plan_needs_no_weights_and_an_empty_cell_cannot_be_mended() -> None:
    """Kish's n is then the number of people."""
    people: dict[Person, int] = {
        (s, a): n for s in "fm" for a, n in (("young", 15), ("middle", 20), ("old", 15))
    }
    found = rake(PLAN, people)
    assert found.effective_n == pytest.approx(100)
    assert set(np.round(list(found.weights.values()), 9)) == {1.0}
    with pytest.raises(InvalidInput, match="age: old"):
        rake(PLAN, {c: n for c, n in people.items() if c[1] != "old"})


def test_a_lone_person_is_not_weighted_for_many() -> None:
    """The weight is held, and it is said that the margins are met nearly."""
    people: dict[Person, int] = {
        ("f", "young"): 1,
        ("m", "middle"): 98,
        ("m", "old"): 1,
    }
    found = rake(PLAN, people)
    assert found.trimmed
    assert found.worst_margin > 0.1


def test_equal_weights_give_the_plain_rating_with_its_errors() -> None:
    """And a voter without weight counts as if they had not voted."""
    even = weighted_rating(TABLE, dict.fromkeys(TABLE.voters, 1.0), source="test")
    rating = rate(TABLE.votes)
    assert rating.clustered is not None
    for place, team in enumerate(TABLE.teams):
        found = even.teams[team]
        assert found is not None
        assert found.value == pytest.approx(rating.strengths[place])
        assert found.high is not None
        error = (found.high - found.value) / 1.959964
        assert error == pytest.approx(rating.clustered[place, place] ** 0.5, rel=1e-5)
    assert even.effective_n == pytest.approx(150)
    half = TABLE.voters[:75]
    some = weighted_rating(TABLE, dict.fromkeys(half, 2.0), source="test")
    alone = rate(TABLE.of(TABLE.by_voters(half)).votes)
    for place, team in enumerate(TABLE.teams):
        estimate = some.teams[team]
        assert estimate is not None
        assert estimate.value == pytest.approx(alone.strengths[place])
