"""Points are exact, ranks follow totals, probabilities follow the evidence."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.benchmark.values import SampleStatus
from dokja.evidence.values import quantise
from dokja.stage.acts import read_evidence
from dokja.stage.derive import derive_outcome
from dokja.standing.points import points_of
from dokja.standing.values import TeamStanding
from tests.programme_simulator import SimulatedStage
from tests.rulebooks import example_rulebook

COMMON = next(c for c in example_rulebook().components() if c.id == "common")


@pytest.fixture(scope="module")
def teams() -> tuple[TeamStanding, ...]:
    """The standing of the simulated stage, best first."""
    return SimulatedStage().run().outcome.standing.teams


@pytest.mark.parametrize(
    ("share", "places", "points"),
    [
        (Fraction(7203, 10000), 1, "14.4"),
        (Fraction(1, 3), 2, "6.67"),
        (Fraction(1, 8), 2, "2.50"),
        (Fraction(33125, 100000), 2, "6.63"),
        (Fraction(0), 2, "0.00"),
        (Fraction(1), 1, "20.0"),
    ],
)
def test_points_round_half_up_once(share: Fraction, places: int, points: str) -> None:
    """14.4 is the published score of 72.03 on a component of 20 points."""
    assert str(points_of(share, COMMON, places=places)) == points


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_exact_and_decimal_rounding_agree(right: int, more: int) -> None:
    """The fraction path must not drift from the score sheet's rule."""
    share = Fraction(right, right + more)
    exact = Decimal(share.numerator) * 20 / Decimal(share.denominator)
    assert points_of(share, COMMON, places=2) == quantise(exact, places=2)


def test_ranks_follow_totals(teams: tuple[TeamStanding, ...]) -> None:
    """Best first, ranks 1 to 5, totals falling."""
    assert [team.rank for team in teams] == [1, 2, 3, 4, 5]
    totals = [team.total for team in teams if team.total is not None]
    assert totals == sorted(totals, reverse=True)


def test_probabilities_are_a_distribution(teams: tuple[TeamStanding, ...]) -> None:
    """Each team's ranks sum to one, and so does each rank over the teams."""
    for team in teams:
        assert sum(team.rank_probability) == pytest.approx(1)
    for rank in range(5):
        assert sum(t.rank_probability[rank] for t in teams) == pytest.approx(1)


def test_the_weakest_is_surely_outside(teams: tuple[TeamStanding, ...]) -> None:
    """And the interval of that probability is the Monte-Carlo error's."""
    inside = teams[-1].inside_cut
    assert inside is not None
    assert inside.value < 0.01
    assert inside.high is not None
    assert inside.high < 0.02


def test_an_index_is_the_share_of_its_parts(teams: tuple[TeamStanding, ...]) -> None:
    """Frontier: benchmarks and half of the experts."""
    for team in teams:
        points = {
            part.component: part.points
            for c in team.categories
            for part in c.components
        }
        won = sum(
            (points[name] or Decimal(0) for name in ("nia", "common", "individual")),
            (points["expert_panel"] or Decimal(0)) / 2,
        )
        frontier = next(i.value for i in team.indices if i.index == "frontier")
        assert frontier == quantise(100 * won / Decimal("57.5"), places=2)


def test_a_missing_answer_leaves_the_total_undetermined() -> None:
    """Never 0, and never a mean over what is left."""
    stage = SimulatedStage()
    stage.run()
    evidence = read_evidence(stage.acts())
    replace = msgspec.structs.replace
    broken = replace(
        evidence.runs[0].samples[0],
        status=SampleStatus.ERROR,
        score=None,
        chosen=None,
        error="the engine stopped",
    )
    run = replace(evidence.runs[0], samples=(broken, *evidence.runs[0].samples[1:]))
    evidence = replace(evidence, runs=(run, *evidence.runs[1:]))
    outcome = derive_outcome(evidence, digests=_AnyDigest())
    team = next(t for t in outcome.standing.teams if t.team == run.subject)
    assert (team.total, team.rank, team.inside_cut) == (None, None, None)
    assert not outcome.decision.settled_by_data


class _AnyDigest(dict[str, str]):
    """Names every act, for a derivation whose citations do not matter."""

    def __missing__(self, key: str) -> str:
        return "sha256:test"
