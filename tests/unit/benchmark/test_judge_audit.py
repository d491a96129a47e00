"""A judge model is audited by people on a sample nobody could prepare for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.benchmark.judging.audit import audit_judge, audit_size, draw_audit
from dokja.benchmark.judging.values import (
    AuditFollows,
    AuditSample,
    JudgeAudit,
    JudgedItem,
)
from dokja.errors import InvalidInput
from dokja.evidence.seeds import permutation, uniform_draws

JUDGED = [
    JudgedItem(
        subject=f"t{i % 5}",
        suite="essay" if i < 600 else "law",
        item=f"q{i // 5:03}",
        score=1.0 if i % 10 else 0.0,
    )
    for i in range(1000)
]


def _draw(judged: list[JudgedItem], beacon: str = "b") -> AuditSample:
    return draw_audit(judged, half_width=0.05, rules_digest="sha256:0", beacon=beacon)


def _audit(
    sample: AuditSample, truth: dict[tuple[str, str, str], float], required: float = 0.9
) -> JudgeAudit:
    return audit_judge(sample, truth, required=required, source="test")


def _people(wrong: float, seed: int) -> dict[tuple[str, str, str], float]:
    """What people give: the judge's score, but the other one for some answers."""
    flipped = uniform_draws(seed, len(JUDGED)) < wrong
    return {
        (j.subject, j.suite, j.item): 1 - j.score if flip else j.score
        for j, flip in zip(JUDGED, flipped, strict=True)
    }


def test_the_size_is_the_textbooks() -> None:
    """385 for 5 points from very many, 278 from 1,000, all of a handful."""
    assert audit_size(10**9, 0.05) == 385
    assert audit_size(1000, 0.05) == 278
    assert audit_size(7, 0.05) == 7


def test_every_suite_and_score_is_drawn_from() -> None:
    """A rare score is where a judge errs unseen."""
    sample = _draw([*JUDGED, JudgedItem(subject="t0", suite="law", item="x", score=9)])
    assert {(s.suite, s.score) for s in sample.strata} == {
        ("essay", 0.0),
        ("essay", 1.0),
        ("law", 0.0),
        ("law", 1.0),
        ("law", 9.0),
    }
    assert all(s.drawn >= min(2, s.judged) for s in sample.strata)
    assert len(sample.items) == sum(s.drawn for s in sample.strata)
    assert 278 <= len(sample.items) <= 278 + 5 + len(sample.strata)
    assert "half-width=0.05" in sample.method


@given(st.integers(0, 2**32))
def test_the_draw_does_not_depend_on_the_order_given(seed: int) -> None:
    """Who lists the answers chooses nothing by it."""
    shuffled = [JUDGED[place] for place in permutation(seed, len(JUDGED))]
    assert _draw(shuffled) == _draw(JUDGED)


def test_the_draw_hangs_on_the_beacon() -> None:
    """Known before scoring, it could be prepared for."""
    assert _draw(JUDGED, "other").items != _draw(JUDGED).items


def test_an_answer_judged_twice_is_refused() -> None:
    """Which of two scores is audited must not be open."""
    with pytest.raises(InvalidInput, match="judged twice"):
        _draw([*JUDGED, JUDGED[0]])
    with pytest.raises(InvalidInput, match="nothing was judged"):
        _draw([])


@pytest.mark.parametrize(
    ("wrong", "follows"),
    [
        (0.02, AuditFollows.JUDGE_STANDS),
        (0.10, AuditFollows.ENLARGE_SAMPLE),
        (0.30, AuditFollows.PEOPLE_SCORE),
    ],
)
def test_what_follows_hangs_on_the_whole_interval(
    wrong: float, follows: AuditFollows
) -> None:
    """Against a required agreement of .9."""
    found = _audit(_draw(JUDGED), _people(wrong, 3))
    assert found.follows is follows
    assert found.detail.ko
    assert found.agreement.low is not None
    assert found.agreement.high is not None
    assert found.agreement.high - found.agreement.low <= 0.1 + 1e-9


def test_an_open_answer_stops_the_audit() -> None:
    """Those left open are seldom the easy ones."""
    people = _people(0.0, 1)
    first = _draw(JUDGED).items[0]
    del people[first.subject, first.suite, first.item]
    with pytest.raises(InvalidInput, match="1 of"):
        _audit(_draw(JUDGED), people)


def test_a_judge_that_favours_a_team_shows_by_team() -> None:
    """People take half a point from t3's answers and nobody else's."""
    people = {
        (j.subject, j.suite, j.item): j.score - (0.5 if j.subject == "t3" else 0)
        for j in JUDGED
    }
    found = _audit(_draw(JUDGED), people)
    biases = dict(found.bias_by_subject)
    assert biases["t3"].value == pytest.approx(0.5)
    assert biases["t1"].value == 0.0
    assert found.bias.value == pytest.approx(0.1, abs=0.03)
    assert found.bias.low is not None
    assert found.bias.low > 0


def test_auditing_every_answer_leaves_no_interval() -> None:
    """Nothing was drawn, so nothing is uncertain; the value decides."""
    few = JUDGED[:40]
    sample = draw_audit(few, half_width=0.01, rules_digest="sha256:0", beacon="b")
    assert len(sample.items) == 40
    found = _audit(sample, _people(0.0, 1))
    assert (found.agreement.value, found.agreement.low) == (1.0, None)
    assert found.follows is AuditFollows.JUDGE_STANDS


def test_agreement_and_bias_are_covered() -> None:
    """93 to 97 % for the bias, no less for the agreement, of 400 draws."""
    people = _people(0.15, 7)
    errors = np.array([j.score - people[j.subject, j.suite, j.item] for j in JUDGED])
    agreed = biased = 0
    for draw in range(400):
        sample = draw_audit(
            JUDGED, half_width=0.08, rules_digest="sha256:0", beacon=str(draw)
        )
        found = _audit(sample, people)
        assert found.agreement.low is not None
        assert found.agreement.high is not None
        agreed += found.agreement.low <= np.mean(errors == 0) <= found.agreement.high
        assert found.bias.low is not None
        assert found.bias.high is not None
        biased += found.bias.low <= errors.mean() <= found.bias.high
    assert agreed / 400 >= 0.93
    assert 0.93 <= biased / 400 <= 0.975
