"""A rehearsal errs as often as it says, and finds what the rules leave open."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.programme import rules_digest
from dokja.programme.values import (
    FullTie,
    LowConfidence,
    Rulebook,
    TieBreak,
    Topic,
)
from dokja.rehearsal import Assumptions, Rehearsal, rehearse_rules
from dokja.rehearsal.scenarios import SCENARIOS
from dokja.rehearsal.simulate import simulate
from dokja.rehearsal.values import FoundBy, ScenarioResult
from tests.rulebooks import example_rulebook

replace = msgspec.structs.replace
RULES = example_rulebook()
FEW = Assumptions(simulations=200, voters=60, posterior_draws=200)


def _with_cut(low: LowConfidence, by: TieBreak | None = None) -> Rulebook:
    cut = replace(RULES.rank_cuts[0], on_low_confidence=low)
    if by is not None:
        cut = replace(cut, tie_break=by)
    return replace(RULES, rank_cuts=(cut,))


BOLD = _with_cut(LowConfidence.DECIDE)


def _rehearsed(rules: Rulebook, assumed: Assumptions = FEW) -> Rehearsal:
    return rehearse_rules(rules, assumed, on_step=lambda *_: None)


def _result(found: Rehearsal, scenario: str) -> ScenarioResult:
    return next(r for r in found.scenarios if r.scenario.id == scenario)


@pytest.fixture(scope="module")
def bold() -> Rehearsal:
    """The rehearsal of rules that follow the totals."""
    return _rehearsed(BOLD)


def test_a_wide_gap_makes_no_mistake_and_none_makes_many() -> None:
    """The risk falls with the gap; with none there is nothing to mistake."""
    wide = _result(_rehearsed(BOLD, replace(FEW, gap=8.0)), "as_assumed")
    close = _result(_rehearsed(BOLD, replace(FEW, gap=0.3)), "as_assumed")
    none = _result(_rehearsed(BOLD, replace(FEW, gap=0.0)), "as_assumed")
    assert wide.wrong.value == 0
    assert close.wrong.value > 0.4
    assert none.wrong.value == 0
    assert wide.wrong.high is not None
    assert 0 < wide.wrong.high < 0.03


def test_two_teams_at_the_cut_err_as_the_normal_law_says() -> None:
    """Measured totals of all teams are nearly normal about the true ones."""
    assumed = replace(FEW, simulations=4000)
    world = simulate(BOLD, assumed, SCENARIOS[0], digest=rules_digest(BOLD))
    totals = sum(world.points.values(), np.zeros((4000, 5)))
    apart = totals[:, 3] - totals[:, 4]
    gap = world.truth[3] - world.truth[4]
    assert apart.mean() == pytest.approx(gap, abs=0.1)
    wanted = norm.cdf(-gap / apart.std())
    assert (apart < 0).mean() == pytest.approx(wanted, abs=0.02)


def test_what_the_simulated_posterior_says_is_calibrated() -> None:
    """Where the true gaps are spread widely, P(last) of 80 % is right in 80 %."""
    said, held = [], []
    for gap in np.linspace(0, 3, 13):
        assumed = replace(FEW, gap=float(gap), simulations=300, teams=3)
        world = simulate(RULES, assumed, SCENARIOS[0], digest=f"gap {gap}")
        # The order of the teams is known; by symmetry gap and -gap are alike.
        said += [*world.ranks[:, 2, 2], *world.ranks[:, 0, 2]]
        held += [1.0] * 300 + [0.0] * 300
    chances, truth = np.array(said), np.array(held)
    inside = (chances > 0.7) & (chances < 0.95)
    assert inside.sum() > 200
    assert truth[inside].mean() == pytest.approx(chances[inside].mean(), abs=0.12)


def test_fewer_voters_and_a_noisy_suite_raise_the_risk() -> None:
    """The scenarios are there to show what a stage must be able to bear."""
    found = _rehearsed(BOLD, replace(FEW, simulations=600, voters=2000))
    base = _result(found, "as_assumed").wrong.value
    assert _result(found, "close_field").wrong.value > base
    assert _result(found, "noisy_suite").wrong.value > base
    assert _result(found, "voters_49").wrong.value >= base


def test_rules_that_hold_in_doubt_err_less_and_decide_less(bold: Rehearsal) -> None:
    """The price of the one is the other, and both are shown."""
    held = _result(
        _rehearsed(_with_cut(LowConfidence.TIE_BREAK, TieBreak.SECOND_PANEL)),
        "as_assumed",
    )
    plain = _result(bold, "as_assumed")
    assert held.wrong.value < plain.wrong.value
    assert held.undecided.value > 0.3
    assert plain.undecided.value == 0
    assert held.wrong_and_settled.value <= held.wrong.value


def test_a_withdrawal_that_counts_eliminates_nobody_else(bold: Rehearsal) -> None:
    """Four teams for four places."""
    found = _result(bold, "withdrawal")
    assert found.wrong.value == 0
    assert found.undecided.value == 0


def test_a_missing_run_leaves_the_cut_open(bold: Rehearsal) -> None:
    """Never a 0 for the team that lacks it."""
    assert _result(bold, "missing_run").undecided.value == 1


def test_equal_seeds_give_equal_bytes_and_others_do_not(bold: Rehearsal) -> None:
    """An office can publish its rehearsal and anybody repeat it."""
    assert canonical_bytes(_rehearsed(BOLD)) == canonical_bytes(bold)
    other = _rehearsed(BOLD, replace(FEW, seed=1))
    assert canonical_bytes(other) != canonical_bytes(bold)


def test_every_figure_says_that_it_is_simulated(bold: Rehearsal) -> None:
    """Nobody may quote one as measured."""
    for result in bold.scenarios:
        for share in (result.wrong, result.settled, result.undecided, result.refused):
            assert share.source == "simulated"
            assert share.method.startswith("simulated/")
            assert share.n == FEW.simulations
    assert "simulated" in bold.note.en


def test_a_case_without_a_rule_is_named_with_its_clause() -> None:
    """The full tie that the rules only hold is open, one that lets all in is not."""
    clauses = RULES.clause_numbers(Topic.TIES)
    held = [c for c in _rehearsed(RULES).open_cases if "full tie" in c.text.en]
    assert [case.clauses for case in held] == [clauses]
    assert RULES.ties is not None
    ties = replace(RULES.ties, on_full_tie=FullTie.ALL_ADVANCE)
    settled = _rehearsed(replace(RULES, ties=ties)).open_cases
    assert not [c for c in settled if "full tie" in c.text.en]


def test_a_draft_without_tie_rules_is_rehearsed_and_its_gap_counted() -> None:
    """Check, probe and simulation each show it, and the risk is still given."""
    found = _rehearsed(replace(BOLD, ties=None))
    assert {case.found_by for case in found.open_cases} == set(FoundBy)
    assert _result(found, "level_totals").refused.value == 1
    assert _result(found, "as_assumed").refused.value < 0.1


def test_a_draft_without_a_cut_has_nothing_to_simulate() -> None:
    """What the check finds is said all the same."""
    found = _rehearsed(replace(RULES, rank_cuts=()))
    assert found.scenarios == ()
    assert found.stage is None
    assert any("how many teams stay" in case.text.en for case in found.open_cases)


@pytest.mark.parametrize("change", [{"teams": 2}, {"gap": 50.0}, {"voters": 0}])
def test_what_cannot_be_simulated_is_refused(change: dict[str, float]) -> None:
    """A figure for an impossible stage would be made up twice."""
    with pytest.raises(InvalidInput):
        _rehearsed(RULES, replace(FEW, **change))


def test_a_stage_without_a_cut_is_refused_by_name() -> None:
    """The remedy lists the stages there are."""
    with pytest.raises(InvalidInput, match="stage-9"):
        rehearse_rules(RULES, FEW, stage="stage-9", on_step=lambda *_: None)


@settings(derandomize=True, deadline=None, max_examples=10)
@given(st.integers(3, 7), st.integers(0, 5))
def test_ranks_are_a_distribution(teams: int, seed: int) -> None:
    """Every team has some rank, and every rank some team."""
    assumed = replace(FEW, teams=teams, seed=seed, simulations=20)
    world = simulate(RULES, assumed, SCENARIOS[0], digest="d")
    assert world.ranks.sum(axis=2) == pytest.approx(np.ones((20, teams)))
    assert world.ranks.sum(axis=1) == pytest.approx(np.ones((20, teams)))
