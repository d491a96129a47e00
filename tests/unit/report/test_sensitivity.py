"""The report draws how far the order hangs on the evidence, or says nothing."""

from __future__ import annotations

import msgspec
import pytest

from dokja.evidence.values import Text
from dokja.report import render_stage_report
from dokja.report.figures.last_place import LastPlaceRow, last_place_figure
from dokja.report.names import Names
from dokja.report.sections.sensitivity import SensitivityView, sensitivity_view
from dokja.stage.values import StageRecord
from dokja.standing.values import Certainty
from tests.programme_simulator import TEAMS, SimulatedStage
from tests.report_fixture import stage_record
from tests.unit.report.parsed_page import parse

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def record() -> StageRecord:
    """The simulated stage, whose rules ask for the analysis."""
    return SimulatedStage().run()


@pytest.fixture(scope="module")
def view(record: StageRecord) -> SensitivityView:
    """What is drawn of it."""
    found = sensitivity_view(record, Names(record))
    assert found is not None
    return found


def test_rules_that_ask_for_nothing_get_nothing() -> None:
    """An old record's report stays as it was."""
    old = stage_record()
    assert sensitivity_view(old, Names(old)) is None
    assert 'id="sensitivity"' not in render_stage_report(old)


def test_every_team_stands_in_every_table(view: SensitivityView) -> None:
    """Best first, under perturbed and uniform weights and in the ranges."""
    assert [table.name.en for table in view.tables] == [
        "Perturbed weights",
        "Uniform weights",
    ]
    for table in view.tables:
        assert [row.team.id for row in table.rows] == list(TEAMS)
        assert all(len(row.cells) == len(TEAMS) for row in table.rows)
    assert [row.team.id for row in view.ranges] == list(TEAMS)


def test_each_source_says_how_many_were_left_out(view: SensitivityView) -> None:
    """Three suites, five experts, twelve users."""
    said = [source.summary.en for source in view.without]
    assert [text.partition(":")[0] for text in said] == [
        "Benchmarks",
        "Raters",
        "Voters",
    ]
    assert ["of 3" in said[0], "of 5" in said[1], "of 12" in said[2]] == [True] * 3


@pytest.mark.parametrize(
    ("certainty", "size", "en", "ko"),
    [
        (Certainty.MINIMUM, 7, "Removing 7 changes who is out; fewer", "7개를 빼면"),
        (Certainty.BETWEEN, 7, "Fewer than 5 cannot (proven)", "5개 미만"),
        (Certainty.NONE_UP_TO, None, "None up to 9", "9개까지는"),
        (Certainty.NONE_FOUND, None, "None found up to 9", "찾지 못함"),
    ],
)
def test_what_is_proven_of_a_set_is_said(
    record: StageRecord, certainty: Certainty, size: int | None, en: str, ko: str
) -> None:
    """A bound must not read like a minimum, nor silence like a proof."""
    whole = record.outcome.sensitivity
    assert whole is not msgspec.UNSET
    one = replace(
        whole.smallest[0], certainty=certainty, size=size, at_least=5, searched=9
    )
    changed = replace(
        record,
        outcome=replace(record.outcome, sensitivity=replace(whole, smallest=(one,))),
    )
    found = sensitivity_view(changed, Names(changed))
    assert found is not None
    assert en in found.smallest[0].found.en
    assert ko in found.smallest[0].found.ko


def test_a_reason_stands_where_nothing_could_be_computed(record: StageRecord) -> None:
    """An undetermined total leaves a sentence, not an empty section."""
    whole = record.outcome.sensitivity
    assert whole is not msgspec.UNSET
    reason = Text("총점이 미정", "A total is undetermined")
    bare = replace(whole, views=(), left_out=(), smallest=(), reason=reason)
    page = render_stage_report(
        replace(record, outcome=replace(record.outcome, sensitivity=bare))
    )
    assert "A total is undetermined" in page
    assert "Probability of being last" not in page


def test_marks_stand_where_the_probabilities_are() -> None:
    """Official, perturbed and uniform in one row, each on the same axis."""
    row = LastPlaceRow(
        name=Text("가", "A"), text="50%", official=0.5, perturbed=0.0, uniform=1.0
    )
    figure = parse(last_place_figure([row], confidence=0.95))
    dots = [e.attributes["cx"] for e in figure.find_all("circle")]
    assert dots == ["58%", "82%"]
    assert {"x": "34%"}.items() <= next(
        e.attributes for e in figure.find_all("svg") if e.attributes.get("overflow")
    ).items()
