"""The design table is reproduced within the error of the simulation."""

from __future__ import annotations

import pytest

from dokja.contest.rating.power import DESIGNS, Design, design_outlook

STUDY = {
    (0.2, 500, 1): (0.82, 0.14),
    (0.2, 1000, 1): (0.92, 0.31),
    (0.2, 2000, 1): (0.96, 0.46),
    (0.2, 500, 10): (1.00, 0.72),
}
"""P(last is last) and P(last separated) of the study of the five-team design.

Its cell for 49 people with 20 votes each (.24 separated) is not among them: ten
times as many simulations as here give .14 with an error of .01.
"""
SIMULATIONS = 120


@pytest.mark.parametrize("key", STUDY)
def test_the_table_of_the_study_is_reproduced(key: tuple[float, int, int]) -> None:
    """Within 3 errors of two simulations of this size."""
    gap, voters, each = key
    design = Design(
        gap=gap, voters=voters, votes_each=each, taste=0.5 if each > 1 else 0.0
    )
    found = design_outlook(design, simulations=SIMULATIONS)
    for share, stated in zip(
        (found.last_is_last.value, found.last_separated.value), STUDY[key], strict=True
    ):
        spread = max(stated * (1 - stated), 0.01)
        assert abs(share - stated) < 3 * (2 * spread / SIMULATIONS) ** 0.5


def test_few_people_with_many_votes_have_errors_that_look_too_small() -> None:
    """49 people, 100 votes each: naive .052, clustered .089 in the study."""
    design = Design(gap=0.2, voters=49, votes_each=100, taste=0.5)
    found = design_outlook(design, simulations=10)
    assert found.naive_error == pytest.approx(0.052, rel=0.15)
    assert found.clustered_error == pytest.approx(0.089, rel=0.15)


def test_the_closed_formula_agrees_with_the_simulation() -> None:
    """With the votes it asks for, a pair of teams is told apart in about 80 %."""
    asked = design_outlook(
        Design(gap=0.4, voters=10, votes_each=1, teams=2, ties=0.0), simulations=10
    )
    enough = Design(gap=0.4, voters=asked.votes_needed, votes_each=1, teams=2, ties=0.0)
    found = design_outlook(enough, simulations=400).last_separated
    assert found.low is not None
    assert found.high is not None
    assert found.low - 0.02 < 0.8 < found.high + 0.02


def test_equal_designs_have_equal_outlooks() -> None:
    """The draws belong to the design, not to its place in the table."""
    for design in (DESIGNS[0], DESIGNS[8]):
        assert design_outlook(design, simulations=3) == design_outlook(
            design, simulations=3
        )
    assert len(set(DESIGNS)) == 12
