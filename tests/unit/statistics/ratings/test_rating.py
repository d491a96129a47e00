"""What a rating promises, whatever the votes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.evidence.seeds import permutation
from dokja.evidence.values import Estimate
from dokja.statistics.ratings.covariates import side
from dokja.statistics.ratings.rating import Rating, other_estimates, ranked, rate
from dokja.statistics.ratings.values import NoStrength, TieRule
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Votes
from tests.unit.statistics.ratings.made_votes import (
    crowd,
    joined,
    reordered,
    votes_of,
)

RULES = st.sampled_from(list(TieRule))


def _same(one: Rating, other: Rating) -> bool:
    """Whether every bit agrees."""
    pairs = [
        (one.strengths, other.strengths),
        (one.others, other.others),
        (one.model, other.model),
        (one.clustered, other.clustered),
    ]
    return one.reasons == other.reasons and all(
        (a is None and b is None)
        or (a is not None and b is not None and a.tobytes() == b.tobytes())
        for a, b in pairs
    )


@given(joined(), RULES, st.integers(0, 2**32))
@settings(deadline=None)
def test_the_order_of_votes_changes_no_bit(
    votes: Votes, rule: TieRule, seed: int
) -> None:
    """Strengths, errors and reasons, under every reading of ties."""
    shuffled = reordered(votes, permutation(seed, len(votes)))
    assert _same(rate(votes, rule), rate(shuffled, rule))


@given(joined(), st.integers(0, 2**32))
@settings(deadline=None)
def test_the_order_changes_no_bit_beside_terms_either(votes: Votes, seed: int) -> None:
    """Rows are put into an order of their own before anything is added up."""
    order = permutation(seed, len(votes))
    terms = np.stack([np.ones(len(votes)), (votes.voter % 3) / 7.0], axis=1)
    shuffled = reordered(votes, order)
    assert _same(rate(votes, terms=terms), rate(shuffled, terms=terms[order]))


@given(joined(), RULES, st.integers(0, 2**32))
@settings(deadline=None)
def test_teams_can_be_renumbered(votes: Votes, rule: TieRule, seed: int) -> None:
    """A team's strength and error follow it to its new number."""
    number = permutation(seed, votes.teams)
    moved = Votes(
        votes.teams,
        number[votes.left],
        number[votes.right],
        votes.outcome,
        votes.voter,
    )
    one, other = rate(votes, rule), rate(moved, rule)
    assert [other.reasons[place] for place in number] == list(one.reasons)
    if len(one.rated) == votes.teams:
        assert other.strengths[number] == pytest.approx(one.strengths, abs=1e-7)
        model = other.model[number[:, None], number[None, :]]
        assert model == pytest.approx(
            one.model[: votes.teams, : votes.teams], rel=1e-5, abs=1e-7
        )


@given(joined(), RULES)
@settings(deadline=None)
def test_sides_mean_nothing_to_a_plain_rating(votes: Votes, rule: TieRule) -> None:
    """Left and right exchanged, with the outcome: the same votes; ties symmetric."""
    swap = np.array([RIGHT, LEFT, TIE], dtype=np.intp)
    turned = Votes(
        votes.teams, votes.right, votes.left, swap[votes.outcome], votes.voter
    )
    one, other = rate(votes, rule), rate(turned, rule)
    assert one.strengths == pytest.approx(other.strengths, abs=1e-9)
    assert one.model == pytest.approx(other.model, abs=1e-9)
    if one.clustered is not None:
        assert one.clustered == pytest.approx(other.clustered, abs=1e-9)


@given(joined(), RULES)
@settings(deadline=None)
def test_every_vote_twice_halves_the_variance(votes: Votes, rule: TieRule) -> None:
    """By other people, that is; strengths stay where they are."""
    doubled = Votes(
        votes.teams,
        np.tile(votes.left, 2),
        np.tile(votes.right, 2),
        np.tile(votes.outcome, 2),
        np.concatenate([votes.voter, votes.voter + 100]),
    )
    one, other = rate(votes, rule), rate(doubled, rule)
    assert one.reasons == other.reasons
    # From 12 votes on; a smaller table starts a little elsewhere and ends the same.
    assert other.strengths == pytest.approx(one.strengths, abs=1e-7)
    assert other.model * 2 == pytest.approx(one.model, rel=1e-5, abs=1e-8)
    if one.clustered is not None and other.clustered is not None:
        factor = (one.voters / (one.voters - 1)) / (other.voters / (other.voters - 1))
        assert other.clustered * 2 * factor == pytest.approx(
            one.clustered, rel=1e-4, abs=1e-7
        )


def test_the_same_person_twice_adds_nothing() -> None:
    """The clustered error does not fall when everybody votes again alike."""
    votes = crowd(1)
    doubled = Votes(votes.teams, *(np.tile(column, 2) for column in _columns(votes)))
    one, other = rate(votes), rate(doubled)
    assert one.clustered == pytest.approx(other.clustered, rel=1e-9)
    assert other.model == pytest.approx(one.model / 2, rel=1e-9)


def _columns(votes: Votes) -> tuple[np.ndarray, ...]:
    return votes.left, votes.right, votes.outcome, votes.voter


def test_related_votes_have_larger_errors_than_the_model_says() -> None:
    """49 people of strong tastes, 100 votes each: the table of the design."""
    rating = rate(crowd(3, voters=49, each=100))
    assert rating.clustered is not None
    ratio = np.sqrt(np.diag(rating.clustered) / np.diag(rating.model))
    assert 1.2 < ratio.mean() < 2.2


def test_a_team_that_won_everything_has_no_strength() -> None:
    """A word in place of a number; the others are rated without its votes."""
    rest = [(0, 1, 0, 0), (1, 0, 0, 1), (1, 2, 0, 2), (2, 0, 0, 3), (0, 2, 2, 4)]
    found = rate(votes_of(4, [*rest, (3, 0, 0, 0), (1, 3, 1, 1), (3, 2, 0, 5)]))
    assert found.reasons == (None, None, None, NoStrength.UNBEATEN)
    alone = rate(votes_of(3, rest))
    assert found.strengths.tolist() == alone.strengths.tolist()
    shown = ranked(found, seed=1, source="test")
    assert shown.strengths[3] is NoStrength.UNBEATEN
    assert (shown.best[3], shown.worst[3]) == (1, 4)
    assert np.isfinite(found.strengths).all()


def test_a_tie_bounds_a_team_only_where_ties_count() -> None:
    """With ties dropped, a team of wins and one tie has no bound from above."""
    rows = [(0, 1, 0, 0), (1, 2, 0, 1), (2, 0, 0, 2), (3, 0, 0, 3), (3, 1, 2, 4)]
    votes = votes_of(4, rows)
    assert rate(votes).reasons == (None,) * 4
    assert rate(votes, TieRule.RAO_KUPPER).reasons == (None,) * 4
    assert rate(votes, TieRule.DROPPED).reasons[3] is NoStrength.UNBEATEN


def test_rao_and_kupper_without_ties_say_so() -> None:
    """The tie parameter is then at its bound: no strengths under this rule."""
    rows = [(0, 1, 0, 0), (1, 2, 0, 1), (2, 0, 0, 2)]
    found = rate(votes_of(3, rows), TieRule.RAO_KUPPER)
    assert found.reasons == (NoStrength.UNSETTLED,) * 3
    assert len(found.strengths) == 0


def test_a_side_that_names_the_team_is_not_told_from_it() -> None:
    """One team always left of the other: position and strength are one thing."""
    rows = [(0, 1, outcome, voter) for voter, outcome in enumerate([0, 0, 1, 2] * 5)]
    votes = votes_of(2, rows)
    assert rate(votes).reasons == (None, None)
    found = rate(votes, terms=side(votes))
    assert found.reasons == (NoStrength.UNSETTLED,) * 2


def test_a_term_that_settles_every_vote_has_no_coefficient() -> None:
    """The longer answer always won: the likelihood has no finite best."""
    votes = crowd(5)
    longer = np.where(votes.outcome == LEFT, 1.0, -1.0) * (1.0 + votes.voter % 5)
    decided = votes.outcome != TIE
    found = rate(votes.of(decided), terms=longer[decided, None])
    assert set(found.reasons) == {NoStrength.UNSETTLED}


def test_a_term_that_never_varies_from_0_says_nothing() -> None:
    """No coefficient rather than one of 0."""
    votes = crowd(5)
    found = rate(votes, terms=np.zeros((len(votes), 1)))
    assert set(found.reasons) == {NoStrength.UNSETTLED}


def test_terms_beside_rao_and_kupper_are_refused() -> None:
    """A model that is not fitted must not quietly be another."""
    votes = crowd(5)
    with pytest.raises(ValueError, match="half a win or dropped"):
        rate(votes, TieRule.RAO_KUPPER, terms=side(votes))


def test_the_unit_of_a_term_is_its_own() -> None:
    """Lengths in thousands of characters: a coefficient a thousand times larger."""
    votes = crowd(6)
    length = np.cos(np.arange(len(votes)))[:, None] * 500
    one, other = rate(votes, terms=length), rate(votes, terms=length / 1000)
    assert other.strengths == pytest.approx(one.strengths, abs=1e-9)
    assert other.others == pytest.approx(one.others * 1000, rel=1e-6)
    low, high = (other_estimates(r, source="test")[0] for r in (one, other))
    assert low.low is not None
    assert high.low == pytest.approx(low.low * 1000, rel=1e-6)


def test_a_planted_side_is_found() -> None:
    """Votes turned towards the left: the term holds it, strengths lose it."""
    votes = crowd(8, voters=2000, taste=0.0)
    toward = (votes.voter % 5 == 0) & (votes.outcome == RIGHT)
    bent = Votes(
        votes.teams,
        votes.left,
        votes.right,
        np.where(toward, LEFT, votes.outcome),
        votes.voter,
    )
    found = other_estimates(rate(bent, terms=side(bent)), source="test")[0]
    assert found.low is not None
    assert found.low > 0.1
    straight = other_estimates(rate(votes, terms=side(votes)), source="test")[0]
    assert straight.low is not None
    assert straight.high is not None
    assert straight.low < 0 < straight.high


def test_one_voter_leaves_every_rank_open() -> None:
    """No error can be seen, so there is no interval, and nobody is certainly last."""
    votes = crowd(9, voters=1, each=200)
    shown = ranked(rate(votes), seed=1, source="test")
    assert {(x.low, x.high) for x in shown.strengths if isinstance(x, Estimate)} == {
        (None, None)
    }
    assert set(zip(shown.best, shown.worst, strict=True)) == {(1, 5)}


def test_a_published_strength_says_how_it_was_found() -> None:
    """n, voters, rule, interval and draws, and equal for equal seed."""
    rating = rate(crowd(10, voters=1500))
    shown = ranked(rating, seed=4, source="stage 1")
    again = ranked(rating, seed=4, source="stage 1")
    assert shown.strengths == again.strengths
    first = shown.strengths[0]
    assert isinstance(first, Estimate)
    assert first.method == (
        "bradley-terry/ties=half/terms=0/voter-clustered/V=1500/max-t/draws=20000/0.95"
    )
    assert (first.n, first.source) == (15000, "stage 1")
    assert shown.best[0] == shown.worst[0] == 5
    assert shown.best[4] == shown.worst[4] == 1
