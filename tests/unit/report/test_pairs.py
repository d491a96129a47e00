"""Two teams side by side in the stage's report: from recorded runs, as decided."""

from __future__ import annotations

import pytest
from msgspec import structs

from dokja.benchmark import separation, suite_result
from dokja.benchmark.results import paired_difference
from dokja.benchmark.values import FaultCause, OfficialRun, Suite
from dokja.report import render_stage_report, stage_report_view
from dokja.report.sections.pairs import PairsView
from dokja.stage.values import StageRecord
from tests.report_fixture import stage_record
from tests.run_pages_fixture import choices, failed, numbers, run_of, weighed, written
from tests.unit.report.parsed_page import parse

SUITES = (choices(160), numbers())
SKILLS = {"team-a": 0.9, "team-b": 0.88, "team-c": 0.5}


def _run(team: str, skill: float) -> OfficialRun:
    records = [
        *weighed(SUITES[0], subject=team, skill=skill),
        *written(SUITES[1], lambda item, _: item.target),
    ]
    if team == "team-b":
        records[-1] = failed(records[-1], FaultCause.MODEL, "nothing came")
    return run_of(SUITES, records, subject=team)


def _record(suites: tuple[Suite, ...] = SUITES) -> StageRecord:
    """The made-up stage with runs of three teams; team-b lacks one number."""
    record = stage_record()
    runs = tuple(_run(team, skill) for team, skill in SKILLS.items())
    return structs.replace(
        record,
        evidence=structs.replace(record.evidence, suites=suites, runs=runs),
        outcome=structs.replace(
            record.outcome,
            suite_results=tuple(suite_result(r, s) for r in runs for s in suites),
            separations=tuple(separation(runs, suite) for suite in suites),
        ),
    )


@pytest.fixture(scope="module")
def pairs() -> PairsView:
    """Three pairs on two suites."""
    return stage_report_view(_record()).pairs


def test_every_two_teams_with_a_run_are_paired_once(pairs: PairsView) -> None:
    """In the plan's order; a team is not its own rival."""
    names = [(pair.left.en, pair.right.en) for pair in pairs.pairs]
    assert names == [
        ("Model A", "Model B"),
        ("Model A", "Model C"),
        ("Model B", "Model C"),
    ]


def test_the_interval_and_the_record_tell_the_same_story(pairs: PairsView) -> None:
    """An interval across 0 beside "told apart" would discredit both."""
    for pair, (one, other) in zip(
        pairs.pairs,
        [("team-a", "team-b"), ("team-a", "team-c"), ("team-b", "team-c")],
        strict=True,
    ):
        found = paired_difference(
            _run(one, SKILLS[one]), _run(other, SKILLS[other]), SUITES[0]
        )
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        crosses = found.low <= 0 <= found.high
        assert pair.suites[0].separated is not crosses
    assert [pair.apart for pair in pairs.pairs] == [0, 1, 1]


def test_a_missing_score_leaves_the_pair_undetermined(pairs: PairsView) -> None:
    """A pair with a hole is not a pair that is alike."""
    numbers_of_b = pairs.pairs[0].suites[1]
    assert (numbers_of_b.difference, numbers_of_b.separated) == (None, None)
    assert numbers_of_b.scores == ("100.0%", None)


def test_a_record_without_the_pair_says_nothing_of_it() -> None:
    """Separations are the record's: the report adds none of its own."""
    record = _record()
    outcome = structs.replace(record.outcome, separations=())
    view = stage_report_view(structs.replace(record, outcome=outcome)).pairs
    assert {s.separated for pair in view.pairs for s in pair.suites} == {None}


def test_other_items_are_never_paired() -> None:
    """A run over another set of items has no difference here."""
    run = _run("team-a", 0.9)
    assert paired_difference(run, run, choices(10)) is None


def test_the_page_draws_the_difference_and_prints_no_item() -> None:
    """The public report shows results; what was asked stays in the evidence."""
    html = render_stage_report(_record())
    section = parse(html).by_id("benchmark")
    assert "두 팀 나란히 보기" in section.text
    pair = [e for e in section.walk() if e.attributes.get("class") == "team-pair"][1]
    assert "told apart by 1 of 2" in pair.text
    assert len(pair.find_all("svg")) == 2
    assert SUITES[0].items[0].question not in html
