"""The moving target: who stands in the set, and how near a team comes to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest
from msgspec import structs

from dokja.errors import InvalidInput
from dokja.programme.index_rules import Admission, Picker, ReferenceSetPolicy
from dokja.programme.values import ReferenceView, Target
from dokja.standing.indices.attainment import (
    TargetEvidence,
    attainment_share,
    target_reports,
)
from dokja.standing.indices.reference_set import months_before, reference_set
from dokja.standing.indices.scores import BenchmarkScores
from dokja.standing.indices.values import (
    AttainmentView,
    ExclusionReason,
    ReferenceCandidate,
    ReferenceSet,
    TargetReading,
)
from dokja.standing.indices.words import EMPTY_SET, NO_DECLARED_TARGET
from dokja.statistics.clustered import Scores, single_items
from tests.unit.standing.indices.made_scores import answers, benchmark, right

POLICY = ReferenceSetPolicy(
    stage="stage-1",
    cut_off="2025-12-31",
    picked_by=Picker.OFFICE,
    benchmarks=("x",),
    admits=tuple(Admission),
    open_licences=("Apache-2.0", "MIT"),
)
TARGET = Target(
    attainment=Decimal("0.95"),
    window_months=6,
    reset="each_stage",
    chosen_by="team",
    official_view=ReferenceView.DECLARED_TARGET,
    shown_views=tuple(ReferenceView),
)
MAKERS = {"T1": "maker-1", "T2": "maker-2"}


def _candidate(model: str, **changed: str) -> ReferenceCandidate:
    made = ReferenceCandidate(
        model=model,
        maker="elsewhere",
        released="2025-10-01",
        source="release page",
        nominated_by="office",
        licence="Apache-2.0",
    )
    return structs.replace(made, **changed)


def _made(scores: Mapping[str, Scores]) -> dict[str, BenchmarkScores]:
    return {"x": benchmark("x", scores)}


def _set(
    *candidates: ReferenceCandidate,
    policy: ReferenceSetPolicy = POLICY,
    scores: Mapping[str, Scores] | None = None,
) -> ReferenceSet:
    taken = scores or {each.model: right(5, 10) for each in candidates}
    return reference_set(
        policy, candidates, window_months=6, teams=MAKERS, benchmarks=_made(taken)
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"released": "2026-01-01"}, ExclusionReason.RELEASED_LATER),
        ({"released": "2025-06-29"}, ExclusionReason.RELEASED_TOO_EARLY),
        ({"released": ""}, ExclusionReason.NO_RELEASE_DAY),
        ({"source": " "}, ExclusionReason.NO_SOURCE),
        ({"maker": "maker-2"}, ExclusionReason.OF_A_COMPETITOR),
        ({"nominated_by": "T1"}, ExclusionReason.NOT_TO_NOMINATE),
    ],
)
def test_every_exclusion_has_its_reason(
    changed: dict[str, str], reason: ExclusionReason
) -> None:
    """In both languages, whoever asks why a model is not in the set."""
    found = _set(_candidate("a"), _candidate("b", **changed))
    assert found.overall == ("a",)
    (refused,) = found.excluded
    assert (refused.model, refused.reason) == ("b", reason)
    assert refused.detail.ko
    assert refused.detail.en


def test_a_model_nobody_ran_is_no_reference() -> None:
    """A published score is not measured on our items."""
    found = _set(_candidate("a"), _candidate("b"), scores={"a": right(5, 10)})
    assert [e.reason for e in found.excluded] == [ExclusionReason.NOT_MEASURED]


def test_the_set_moves_with_the_cut_off_day() -> None:
    """One dated list, two stages: the later one drops the old and takes the new."""
    listed = (
        _candidate("old", released="2025-07-01"),
        _candidate("new", released="2026-05-01"),
    )
    later = structs.replace(POLICY, stage="stage-2", cut_off="2026-06-30")
    assert _set(*listed).overall == ("old",)
    assert _set(*listed, policy=later).overall == ("new",)
    assert _set(*listed).policy_digest != _set(*listed, policy=later).policy_digest


def test_the_days_at_both_ends_are_inside() -> None:
    """The window is closed."""
    found = _set(
        _candidate("a", released="2025-06-30"), _candidate("b", released="2025-12-31")
    )
    assert (found.first_day, found.overall) == ("2025-06-30", ("a", "b"))


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        ("2025-12-31", 6, "2025-06-30"),
        ("2025-08-31", 6, "2025-02-28"),
        ("2024-08-31", 6, "2024-02-29"),
        ("2026-01-15", 6, "2025-07-15"),
        ("2026-03-01", 15, "2024-12-01"),
    ],
)
def test_months_are_counted_back_to_a_day_there_is(
    day: str, months: int, found: str
) -> None:
    """The last of a shorter month stands for a day it does not have."""
    assert months_before(day, months) == found


def test_open_is_what_the_policy_calls_open() -> None:
    """Published weights under another licence are in the set, but not open."""
    found = _set(
        _candidate("a"),
        _candidate("b", licence="LicenseRef-own"),
        _candidate("c", licence=""),
    )
    assert found.overall == ("a", "b", "c")
    assert found.open_weights == ("a",)


def test_anyone_or_teams_may_nominate_where_the_policy_says_so() -> None:
    """Who picks is data, not code."""
    listed = (
        _candidate("a", nominated_by="T1"),
        _candidate("b", nominated_by="somebody"),
        _candidate("c"),
    )
    by = {
        picker: _set(*listed, policy=structs.replace(POLICY, picked_by=picker)).overall
        for picker in Picker
    }
    assert by == {
        Picker.OFFICE: ("c",),
        Picker.TEAM: ("a",),
        Picker.ANYONE: ("a", "b", "c"),
    }


def test_a_list_that_contradicts_itself_is_refused() -> None:
    """Two days of one model, or a day that cannot be read."""
    with pytest.raises(InvalidInput, match="2 times"):
        _set(_candidate("a"), _candidate("a", released="2025-09-01"))
    with pytest.raises(InvalidInput, match="no day"):
        _set(_candidate("a", released="autumn"))


def _views(
    scores: Mapping[str, Scores],
    *candidates: ReferenceCandidate,
    declared: dict[str, str] | None = None,
) -> dict[ReferenceView, AttainmentView]:
    evidence = TargetEvidence(
        target=TARGET,
        policy=POLICY,
        references=_set(*candidates, scores=scores),
        benchmarks=_made(scores),
        declared=declared or {},
    )
    (report,) = target_reports(evidence, ["T1"], rules="r", beacon="b")
    return {view.view: view for view in report.views}


def test_published_attainment_of_the_first_stage() -> None:
    """72.03 over 69.37 is 103.8 %, from figures and from items alike."""
    exact = attainment_share(Decimal("72.03"), Decimal("69.37"))
    assert round(100 * exact, 1) == Decimal("103.8")
    found = _views(
        {"T1": right(7203, 10_000), "a": right(6937, 10_000)},
        _candidate("a"),
        declared={"T1": "a"},
    )[ReferenceView.DECLARED_TARGET]
    assert found.attainment is not None
    assert round(100 * found.attainment.value, 1) == 103.8
    assert found.official
    assert found.met
    assert found.reading is TargetReading.ABOVE


def test_a_reference_at_zero_gives_no_share() -> None:
    """An exact ratio to nothing is refused; a measured one is undetermined."""
    with pytest.raises(InvalidInput, match="no ratio"):
        attainment_share(Decimal(1), Decimal(0))
    found = _views(
        {"T1": right(5, 50), "a": right(0, 50)},
        _candidate("a"),
        declared={"T1": "a"},
    )[ReferenceView.DECLARED_TARGET]
    assert (found.attainment, found.met, found.reading) == (None, None, None)
    assert found.reason is not None


def test_the_views_stand_side_by_side() -> None:
    """A team above the target it declared may be below the best model."""
    found = _views(
        {
            "T1": right(600, 1000),
            "easy": right(500, 1000),
            "open": right(650, 1000),
            "closed": right(900, 1000),
        },
        _candidate("easy"),
        _candidate("open"),
        _candidate("closed", licence=""),
        declared={"T1": "easy"},
    )
    names = {view: each.reference for view, each in found.items()}
    assert names == {
        ReferenceView.DECLARED_TARGET: "easy",
        ReferenceView.BEST_OPEN: "open",
        ReferenceView.BEST_OVERALL: "closed",
    }
    shares = [each.attainment.value for each in found.values() if each.attainment]
    assert shares == pytest.approx([600 / 500, 600 / 650, 600 / 900])
    assert [each.met for each in found.values()] == [True, False, False]
    assert [each.official for each in found.values()] == [True, False, False]
    assert found[ReferenceView.BEST_OVERALL].reading is TargetReading.BELOW
    chosen = found[ReferenceView.BEST_OVERALL].chosen_best
    assert chosen is not None
    assert (chosen.value, chosen.n) == (1.0, 2000)


def test_a_share_near_the_target_is_not_settled() -> None:
    """The rules decide by the share; the reading says what the data settle."""
    own, other = answers(3, np.full(200, 0.6)), answers(4, np.full(200, 0.6))
    found = _views({"T1": own, "a": other}, _candidate("a"), declared={"T1": "a"})[
        ReferenceView.DECLARED_TARGET
    ]
    assert found.met is not None
    assert found.reading is TargetReading.NOT_SETTLED


def test_two_references_that_cannot_be_told_apart_are_said_to_be() -> None:
    """Which of them is the best hangs on the items that were drawn."""
    found = _views(
        {
            "T1": right(5, 200),
            "a": answers(3, np.full(200, 0.6)),
            "b": answers(5, np.full(200, 0.6)),
        },
        _candidate("a"),
        _candidate("b"),
    )[ReferenceView.BEST_OVERALL]
    assert found.chosen_best is not None
    assert 0.2 < found.chosen_best.value < 0.98


def test_without_a_target_or_a_set_nothing_is_said() -> None:
    """None with a reason, view by view."""
    found = _views({"T1": right(5, 10)})
    assert found[ReferenceView.DECLARED_TARGET].reason == NO_DECLARED_TARGET
    assert found[ReferenceView.BEST_OPEN].reason == EMPTY_SET
    assert found[ReferenceView.BEST_OVERALL].met is None
    later = _views(
        {"T1": right(5, 10), "late": right(1, 10)},
        _candidate("late", released="2026-02-01"),
        declared={"T1": "late"},
    )[ReferenceView.DECLARED_TARGET]
    assert later.reason is not None
    assert "late" in later.reason.en
    unmeasured = _views({"a": right(5, 10)}, _candidate("a"), declared={"T1": "a"})
    assert unmeasured[ReferenceView.DECLARED_TARGET].attainment is None
    assert "x" in str(unmeasured[ReferenceView.DECLARED_TARGET].reason)


def test_a_set_of_another_stage_is_refused() -> None:
    """The target is set anew for each stage."""
    scores = {"T1": right(5, 10), "a": right(5, 10)}
    evidence = TargetEvidence(
        target=TARGET,
        policy=structs.replace(POLICY, stage="stage-2"),
        references=_set(_candidate("a"), scores=scores),
        benchmarks=_made(scores),
        declared={},
    )
    with pytest.raises(InvalidInput, match="stage-1"):
        target_reports(evidence, ["T1"], rules="r", beacon="b")


def test_attainment_is_covered() -> None:
    """93 to 97 of 100 intervals hold the true ratio, .62 over .66."""
    held = 0
    for seed in range(600):
        common = answers(4 * seed, np.full(150, 0.5))
        chance = {"T1": 0.37 + 0.5 * common, "a": 0.41 + 0.5 * common}
        scores = {
            name: answers(4 * seed + place + 1, p)
            for place, (name, p) in enumerate(chance.items())
        }
        made = benchmark("x", scores, clusters=single_items(150))
        policy = structs.replace(POLICY, draws=400)
        evidence = TargetEvidence(
            target=structs.replace(
                TARGET, shown_views=(ReferenceView.DECLARED_TARGET,)
            ),
            policy=policy,
            references=_set(_candidate("a"), policy=policy, scores=scores),
            benchmarks={"x": made},
            declared={"T1": "a"},
        )
        (report,) = target_reports(evidence, ["T1"], rules="r", beacon=str(seed))
        found = report.views[0].attainment
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.62 / 0.66 <= found.high
    assert 0.93 <= held / 600 <= 0.97
