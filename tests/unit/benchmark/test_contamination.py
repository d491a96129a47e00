"""Contamination evidence: what is planted is seen, and nobody is removed by it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec import structs
from scipy.special import ndtri

from dokja.benchmark.contamination.min_k_test import min_k_plus_plus, min_k_test
from dokja.benchmark.contamination.order_test import (
    OrderedSet,
    order_test,
    sharded_order_test,
    shuffled_orders,
)
from dokja.benchmark.contamination.read_together import (
    RULES,
    ComparedScores,
    read_together,
)
from dokja.benchmark.contamination.twin_test import twin_test
from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationReading,
    ContaminationTest,
)
from dokja.benchmark.contamination.words import DOES_NOT_SHOW, FOLLOWS, SHOWS
from dokja.errors import InvalidInput
from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import Scores, cluster_index, single_items

PAIRS = 200
PUBLIC = np.repeat([True, False], PAIRS)
TWINS = cluster_index([f"q{i:03}" for i in range(PAIRS)] * 2)
KOREAN = OrderedSet(subject="t1", suite="ko", items=1000, source="test")


def _normal(seed: int, *shape: int) -> Scores:
    found: Scores = ndtri(uniform_draws(seed, math.prod(shape))).reshape(shape)
    return found


def _answers(seed: int, *, leaked: float, subject: str = "t1") -> ComparedScores:
    """Six models on pairs of like difficulty; the first knows some public answers."""
    draws = uniform_draws(seed, 6 * 2 * PAIRS).reshape(6, 2 * PAIRS)
    difficulty = np.tile(uniform_draws(seed + 1, PAIRS), 2)
    scores = (draws < 0.3 + 0.5 * difficulty).astype(np.float64)
    known = (uniform_draws(seed + 2, 2 * PAIRS) < leaked) & PUBLIC
    scores[0][known] = 1.0
    return ComparedScores(
        subject=subject,
        suite="ko",
        own=scores[0],
        references=scores[1:],
        clusters=TWINS,
        source="test",
    )


def test_public_items_known_by_heart_send_people_to_look() -> None:
    """Half of the public answers leaked: a gain of about .2, and refer."""
    evidence = twin_test(_answers(1, leaked=0.5), PUBLIC)
    assert evidence.estimate is not None
    assert evidence.estimate.value == pytest.approx(0.22, abs=0.1)
    (finding,) = read_together([evidence])
    assert finding.reading is ContaminationReading.REFER
    assert "removes nobody" in finding.follows.en
    public, twins = (estimate for _, estimate in evidence.scores)
    assert public.value - twins.value == pytest.approx(
        evidence.estimate.value + np.mean(evidence.reference_gaps)
    )


def test_innocent_teams_are_left_alone() -> None:
    """Five teams on eight suites each, none leaked: nobody is referred."""
    evidence = [
        twin_test(_answers(10 * k, leaked=0.0, subject=f"t{k}"), PUBLIC)
        for k in range(40)
    ]
    readings = [finding.reading for finding in read_together(evidence)]
    assert readings == [ContaminationReading.NO_EVIDENCE] * 40


def test_a_gain_too_small_to_matter_is_not_referred() -> None:
    """However many items make it certain."""
    evidence = twin_test(_answers(1, leaked=0.5), PUBLIC)
    assert evidence.estimate is not None
    wide = structs.replace(RULES, gap_minimum=evidence.estimate.value + 0.01)
    (finding,) = read_together([evidence], wide)
    assert finding.adjusted_p is not None
    assert finding.adjusted_p <= RULES.alpha
    assert finding.reading is ContaminationReading.NO_EVIDENCE


def test_two_references_make_a_twin_test_untestable() -> None:
    """The gap is told, chance is not guessed, and the reason is given."""
    compared = _answers(1, leaked=0.5)
    few = ComparedScores(
        subject="t1",
        suite="ko",
        own=compared.own,
        references=compared.references[:2],
        clusters=TWINS,
        source="test",
    )
    evidence = twin_test(few, PUBLIC)
    assert evidence.estimate is not None
    assert evidence.reason is not None
    assert "three" in evidence.reason.en
    (finding,) = read_together([evidence])
    assert finding.reading is ContaminationReading.UNTESTABLE
    assert (finding.adjusted_p, finding.family) == (None, 0)


def test_sides_of_unequal_length_are_refused() -> None:
    """A dropped item would shift every later one against its twin."""
    compared = _answers(1, leaked=0.0)
    with pytest.raises(InvalidInput, match="t1 on ko"):
        ComparedScores(
            subject="t1",
            suite="ko",
            own=compared.own[:-1],
            references=compared.references,
            clusters=TWINS,
            source="test",
        )
    with pytest.raises(InvalidInput, match="twins"):
        twin_test(compared, np.ones(2 * PAIRS, dtype=np.bool_))


def test_the_exact_order_test_counts() -> None:
    """P = (1 + #{>=}) / (M + 1): beaten by 2 of 39 shuffles is 3/40."""
    shuffled = np.concatenate([np.full(37, -50.0), [-10.0, -9.0]])
    evidence = order_test(KOREAN, -10.0, shuffled, RULES)
    assert evidence.p_value == pytest.approx(3 / 40)
    assert evidence.estimate is not None
    assert evidence.estimate.method == "order/exact-permutation/M=39"
    assert (evidence.estimate.low, evidence.estimate.n) == (None, 1000)


def test_so_few_orders_that_nothing_could_be_found_are_said_to_be() -> None:
    """10 shuffles can at best give 1/11."""
    evidence = order_test(KOREAN, 0.0, np.full(10, -5.0), RULES)
    assert evidence.p_value is None
    assert evidence.reason is not None
    with pytest.raises(InvalidInput, match="no shuffled order"):
        order_test(KOREAN, 0.0, np.empty(0), RULES)


def test_the_exact_order_test_holds_its_level() -> None:
    """Exchangeable readings: at most 5 % of 1,000 at the 5 % level."""
    readings = _normal(20, 1000, 40)
    found = [order_test(KOREAN, row[0], row[1:], RULES).p_value for row in readings]
    below = np.mean([p <= 0.05 for p in found if p is not None])
    assert 0.03 <= below <= 0.065


def test_the_sharded_order_test_sees_a_small_lead_in_many_shards() -> None:
    """Supporting, never more: a lead in order is not a lead in score."""
    shuffled = _normal(21, 50, 8)
    innocent = sharded_order_test(KOREAN, _normal(22, 50), shuffled)
    leaked = sharded_order_test(KOREAN, _normal(22, 50) + 1.0, shuffled)
    assert innocent.p_value is not None
    assert innocent.p_value > 0.05
    (finding,) = read_together([leaked])
    assert finding.reading is ContaminationReading.SUPPORTING
    with pytest.raises(InvalidInput, match="shuffled log probabilities"):
        sharded_order_test(KOREAN, np.ones(4), shuffled)


def test_orders_are_drawn_by_the_beacon() -> None:
    """Permutations, the same for all teams, others for another beacon."""
    orders = shuffled_orders("sha256:0", "ko", "b", items=30, orders=5)
    assert orders.shape == (5, 30)
    assert (np.sort(orders, axis=1) == np.arange(30)).all()
    again = shuffled_orders("sha256:0", "ko", "b", items=30, orders=5)
    assert np.array_equal(orders, again)
    other = shuffled_orders("sha256:0", "ko", "c", items=30, orders=5)
    assert not np.array_equal(orders, other)


def test_min_k_means_the_least_expected_tokens() -> None:
    """Ten tokens, 20 %: the two lowest of (log p - mu) / sigma."""
    log_p = -np.arange(1.0, 11.0)
    found = min_k_plus_plus(log_p, np.full(10, -2.0), np.full(10, 2.0), RULES)
    assert found == pytest.approx(((-9 + 2) / 2 + (-10 + 2) / 2) / 2)


def test_tokens_with_no_choice_tell_nothing() -> None:
    """A certain token has no deviation; a text of them has no score."""
    ones = np.ones(3)
    assert min_k_plus_plus(-ones, -ones, 0 * ones, RULES) is None
    mixed = min_k_plus_plus(-ones, -ones, np.array([0.0, 1.0, 1.0]), RULES)
    assert mixed == pytest.approx(0.0)


def test_min_k_compares_wordings_and_takes_off_what_references_prefer() -> None:
    """Originals are smoother for everybody by one; the team shows no more."""
    base = _normal(23, 6, 100)
    sides = [
        ComparedScores(
            subject="t1",
            suite="ko",
            own=values[0],
            references=values[1:],
            clusters=single_items(100),
            source="test",
        )
        for values in (base + 1 + _normal(24, 6, 100), base)
    ]
    evidence = min_k_test(sides[0], sides[1], RULES)
    assert [name.en for name, _ in evidence.scores] == ["originals", "paraphrases"]
    assert evidence.p_value is not None
    assert evidence.p_value > 0.05
    assert np.mean(evidence.reference_gaps) == pytest.approx(1, abs=0.2)


def test_each_kind_of_test_is_corrected_within_itself() -> None:
    """Holm over teams and suites; another test does not dilute the twin test."""
    twins = [
        twin_test(_answers(10 * k, leaked=0.3, subject=f"t{k}"), PUBLIC)
        for k in range(3)
    ]
    orders = [order_test(KOREAN, 0.0, np.full(39, -5.0), RULES)]
    findings = read_together([*twins, *orders])
    assert [finding.family for finding in findings] == [3, 3, 3, 1]
    least = min(twins, key=lambda found: found.p_value or 1.0)
    adjusted = next(f for f in findings if f.evidence is least).adjusted_p
    assert adjusted == pytest.approx(3 * (least.p_value or 1.0))
    assert read_together([*orders, *twins])[1:] == findings[:3]


def test_a_result_given_twice_is_refused() -> None:
    """The better of two tries would be one that was chosen."""
    evidence = twin_test(_answers(1, leaked=0.0), PUBLIC)
    with pytest.raises(InvalidInput, match="two results"):
        read_together([evidence, evidence])


def _of_every_kind() -> list[ContaminationEvidence]:
    twin = twin_test(_answers(1, leaked=0.9), PUBLIC)
    return [
        twin,
        order_test(KOREAN, 9.0, np.zeros(999), RULES),
        sharded_order_test(
            OrderedSet(subject="t2", suite="ko", items=50, source="test"),
            _normal(1, 50) + 9,
            _normal(2, 50, 4),
        ),
    ]


def test_no_reading_can_remove_a_team() -> None:
    """At the strongest evidence: refer for twins, supporting for the rest."""
    readings = {f.evidence.test: f.reading for f in read_together(_of_every_kind())}
    assert readings == {
        ContaminationTest.TWIN: ContaminationReading.REFER,
        ContaminationTest.ORDER: ContaminationReading.SUPPORTING,
    }
    words = {reading.value for reading in ContaminationReading}
    assert words == {"refer", "supporting", "no_evidence", "untestable"}


def test_every_test_and_reading_is_explained_in_both_languages() -> None:
    """What it shows, what it does not, and what follows."""
    assert set(SHOWS) == set(DOES_NOT_SHOW) == set(ContaminationTest)
    assert set(FOLLOWS) == set(ContaminationReading)
    texts = [*SHOWS.values(), *DOES_NOT_SHOW.values(), *FOLLOWS.values()]
    assert all(text.ko and text.en for text in texts)
