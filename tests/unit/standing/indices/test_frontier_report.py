"""Differences keep the pairing, and views never pass for the official index."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.programme.index_rules import IndexRules
from dokja.standing.indices.frontier import FrontierEvidence
from dokja.standing.indices.frontier_report import frontier_report
from dokja.standing.indices.values import FrontierReport, FrontierView, ViewKind
from tests.unit.standing.indices.made_scores import (
    answers,
    benchmark,
    category,
    evidence,
    right,
    rule,
)

TEAMS = ("T1", "T2", "T3")
RULES = IndexRules(
    version="1",
    frontier=rule(
        category("a", "0.5", "x", "y"),
        category("b", "0.3", "z"),
        category("own", "0.2", "p", "q", team_chosen=True),
    ),
)


def _evidence(teams: tuple[str, ...] = TEAMS) -> FrontierEvidence:
    skills = {"x": 0.6, "y": 0.5, "z": 0.55, "p": 0.7, "q": 0.4}
    made = [
        benchmark(
            name,
            {
                team: answers(10 * place + number, np.full(300, base - 0.05 * number))
                for number, team in enumerate(TEAMS)
            },
            chance=0.1,
        )
        for place, (name, base) in enumerate(skills.items())
    ]
    declared = {"T1": ("p",), "T2": ("p", "q"), "T3": ("q",)}
    return evidence(teams, *made, declared=declared)


@pytest.fixture(scope="module")
def report() -> FrontierReport:
    """The report of three teams on five benchmarks."""
    return frontier_report(RULES, _evidence(), beacon="b")


def _views(report: FrontierReport, kind: ViewKind) -> list[FrontierView]:
    return [view for view in report.views if view.kind is kind]


def test_every_pair_is_compared_once(report: FrontierReport) -> None:
    """And the difference is that of the two indices."""
    values = {team.team: team.index.value for team in report.teams if team.index}
    pairs = [(d.left, d.right) for d in report.differences]
    assert pairs == [("T1", "T2"), ("T1", "T3"), ("T2", "T3")]
    for each in report.differences:
        assert each.difference is not None
        assert each.difference.low is not None
        lead = values[each.left] - values[each.right]
        assert each.difference.value == pytest.approx(lead)
        assert each.difference.low < lead
        assert each.separated is (each.difference.low > 0)


def test_equal_answers_differ_by_nothing() -> None:
    """All teams share the weights of the items, so their common luck cancels."""
    scores = answers(1, np.full(200, 0.5))
    given = evidence(("T1", "T2"), benchmark("x", {"T1": scores, "T2": scores}))
    rules = IndexRules(version="1", frontier=rule(category("a", "1", "x")))
    found = frontier_report(rules, given, beacon="b")
    (lead,) = found.differences
    assert lead.difference is not None
    assert (lead.difference.low, lead.difference.high) == (0, 0)
    assert lead.separated is False
    (one, other) = (team.index for team in found.teams)
    assert one == other
    assert one is not None
    assert one.low is not None
    assert one.value - one.low > 1


def test_an_undetermined_team_has_no_difference() -> None:
    """It is not last; nothing is known."""
    given = evidence(("T1", "T2"), benchmark("x", {"T1": right(5, 10)}))
    rules = IndexRules(version="1", frontier=rule(category("a", "1", "x")))
    found = frontier_report(rules, given, beacon="b")
    (lead,) = found.differences
    assert (lead.difference, lead.separated) == (None, None)
    assert lead.reason is not None
    assert found.order == ("T1",)


def test_more_teams_or_their_order_change_no_teams_index() -> None:
    """A team's figures are its own, to the byte."""
    whole = frontier_report(RULES, _evidence(), beacon="b")
    turned = frontier_report(RULES, _evidence(("T3", "T1", "T2")), beacon="b")
    assert canonical_bytes(whole) == canonical_bytes(turned)
    few = frontier_report(RULES, _evidence(("T2", "T1")), beacon="b")
    assert few.teams == whole.teams[:2]
    assert few.differences == whole.differences[:1]


def test_another_beacon_draws_other_items() -> None:
    """Nobody can prepare for the draws; the indices themselves stay."""
    one = frontier_report(RULES, _evidence(), beacon="b")
    other = frontier_report(RULES, _evidence(), beacon="c")
    assert one.teams == other.teams
    assert one.differences != other.differences


def test_each_benchmark_is_left_out_once(report: FrontierReport) -> None:
    """With the weights of an emptied category shared by the others."""
    views = _views(report, ViewKind.BENCHMARK_LEFT_OUT)
    assert [view.removed for view in views] == [("x",), ("y",), ("z",), ("p",), ("q",)]
    alone = rule(
        category("a", "0.5", "x", "y"),
        category("own", "0.2", "p", "q", team_chosen=True),
    )
    again = frontier_report(
        IndexRules(version="1", frontier=alone), _evidence(), beacon="b"
    )
    wanted = [team.index.value for team in again.teams if team.index]
    found = [s.value.value for s in views[2].scores if s.value]
    assert found == pytest.approx(wanted)


def test_without_its_only_choice_a_team_keeps_the_other_categories(
    report: FrontierReport,
) -> None:
    """T1 declared p alone; without it, its own category falls away."""
    view = _views(report, ViewKind.BENCHMARK_LEFT_OUT)[3]
    assert [s.value is not None for s in view.scores] == [True, True, True]
    (chosen,) = _views(report, ViewKind.TEAM_CHOSEN_REMOVED)
    assert view.scores[0].value is not None
    assert chosen.scores[0].value is not None
    assert view.scores[0].value.value == pytest.approx(chosen.scores[0].value.value)
    assert chosen.removed == ("p", "q")


def test_no_view_passes_for_the_official_index(report: FrontierReport) -> None:
    """Each says so, in both languages, whatever it is cited beside."""
    assert len(report.views) == 7
    for view in report.views:
        assert "Never the official index" in view.note.en
        assert "공식 지수가 아님" in view.note.ko


def test_a_view_that_turns_two_teams_round_says_so() -> None:
    """T2 is ahead by one benchmark; without it T1 is."""
    made = (
        benchmark("x", {"T1": right(60, 100), "T2": right(50, 100)}),
        benchmark("y", {"T1": right(20, 100), "T2": right(60, 100)}),
    )
    rules = IndexRules(version="1", frontier=rule(category("a", "1", "x", "y")))
    found = frontier_report(rules, evidence(("T1", "T2"), *made), beacon="b")
    assert found.order == ("T2", "T1")
    views = _views(found, ViewKind.BENCHMARK_LEFT_OUT)
    assert [view.changes_order for view in views] == [False, True]
    assert [view.order for view in views] == [("T2", "T1"), ("T1", "T2")]


def test_the_win_rate_shows_whom_it_depends_on() -> None:
    """T1 beats T2 once of two times; who else took part moves it."""
    made = (
        benchmark("x", {"T1": right(60, 99), "T2": right(50, 99), "T3": right(1, 99)}),
        benchmark("y", {"T1": right(40, 99), "T2": right(50, 99), "T3": right(40, 99)}),
    )
    rules = IndexRules(version="1", frontier=rule(category("a", "1", "x", "y")))
    found = frontier_report(rules, evidence(TEAMS, *made), beacon="b")
    (view,) = _views(found, ViewKind.MEAN_WIN_RATE)
    first = view.scores[0]
    assert first.value is not None
    assert first.value.value == pytest.approx((0.5 + 0.75) / 2)
    assert first.without_another == pytest.approx((0.5, 0.75))
    assert first.value.low is not None
    assert first.value.high is not None
    assert first.value.low <= first.value.value <= first.value.high


def test_a_lone_team_beats_nobody() -> None:
    """A rate over no opponents is no rate."""
    given = evidence(("T1",), benchmark("x", {"T1": right(5, 10)}))
    rules = IndexRules(version="1", frontier=rule(category("a", "1", "x")))
    found = frontier_report(rules, given, beacon="b")
    (rate,) = _views(found, ViewKind.MEAN_WIN_RATE)
    assert rate.scores == ()
    assert rate.reason is not None
    (left,) = _views(found, ViewKind.BENCHMARK_LEFT_OUT)
    assert left.reason is not None


def test_rules_without_a_frontier_have_no_report() -> None:
    """The rulebook never said what the index is."""
    with pytest.raises(InvalidInput, match="no Frontier Index"):
        frontier_report(IndexRules(version="1"), _evidence(), beacon="b")
