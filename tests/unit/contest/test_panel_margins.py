"""What is shown of a citizen panel's margins, and the published plan as a file."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.citizens.panel_margins import (
    citizen_outcome,
    person_of,
    shown_margins,
)
from dokja.contest.plan import parse_quotas
from dokja.errors import InvalidInput
from dokja.people.values import AgeBand, Region, Sex, Skill
from dokja.settings import shipped_folder
from tests.unit.contest.test_citizens import PLAN
from tests.unit.contest.test_rate_votes import TABLE

K_AI = (shipped_folder("programmes") / "k-ai" / "citizen-quotas.toml").read_text("utf8")
CELLS = [("f", "m"), ("young", "middle", "old")]


def test_the_published_plan_of_the_programme_can_be_read() -> None:
    """500 people: 250/250, 250/250, 5 x 100, 100/250/150."""
    plan = parse_quotas(K_AI, where="citizen-quotas.toml")
    found = {m.margin: [c.planned for c in m.cells] for m in shown_margins(plan, ())}
    assert found == {
        "sex": [250, 250],
        "region": [250, 250],
        "age": [100] * 5,
        "skill": [100, 250, 150],
    }


def test_every_answer_of_the_registration_has_a_cell_in_that_plan() -> None:
    """But for who lives abroad or says nothing; no word of the form is forgotten."""
    plan = parse_quotas(K_AI, where="citizen-quotas.toml")
    for sex, region, age, skill in itertools.product(Sex, Region, AgeBand, Skill):
        answers = {"sex": sex, "region": region, "age": age, "skill": skill}
        outside = "unstated" in answers.values() or region is Region.ABROAD
        assert (person_of(plan, answers) is None) is outside


def test_an_answer_in_two_cells_is_refused() -> None:
    """Nobody could say which place they take."""
    with pytest.raises(InvalidInput, match="never belongs to two cells"):
        parse_quotas(
            K_AI.replace('["monthly", "weekly"]', '["monthly", "never"]'), where="q"
        )


@given(st.lists(st.tuples(*map(st.sampled_from, CELLS)), max_size=60))
def test_no_small_cell_is_shown_or_follows_from_the_total(
    people: list[tuple[str, str]],
) -> None:
    """One hidden cell alone would be the total less the others."""
    for margin in shown_margins(PLAN, people, least_cell=5):
        hidden = [cell for cell in margin.cells if cell.reached is None]
        assert all(c.reached is None or c.reached >= 5 for c in margin.cells)
        assert len(hidden) != 1
        assert (margin.distance is None) is bool(hidden)


def test_who_was_erased_weighs_nothing_and_is_counted() -> None:
    """Their votes stay in the raw rating."""
    names = sorted({TABLE.voters[v] for v in TABLE.votes.voter})
    cells = list(itertools.product(*CELLS))
    people = {name: cells[n % len(cells)] for n, name in enumerate(names)}
    whole = citizen_outcome(PLAN, TABLE, people, least_cell=1, source="test")
    assert (whole.people, whole.unweighted, whole.empty) == (len(names), 0, ())
    del people[names[0]]
    found = citizen_outcome(PLAN, TABLE, people, least_cell=1, source="test")
    assert (found.people, found.unweighted) == (len(names) - 1, 1)
    assert found.weighted is not None
    assert found.weighted.effective_n <= found.people
    some = dict.fromkeys(names, ("f", "old"))
    none = citizen_outcome(PLAN, TABLE, some, least_cell=1, source="test")
    assert none.weighted is None
    assert "sex: m" in none.empty
