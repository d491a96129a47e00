"""The report draws indices and target where a stage has them, else nothing."""

from __future__ import annotations

import msgspec
import pytest

from dokja.evidence.values import Estimate, Text
from dokja.report import render_stage_report
from dokja.report.figures.intervals import (
    IntervalRow,
    Level,
    interval_figure,
    scale_of,
)
from dokja.report.names import Names
from dokja.report.sections.indices import IndicesView, indices_view
from dokja.stage.values import StageRecord
from dokja.standing.indices.values import MeasuredIndices
from tests.index_fixture import indexed_stage
from tests.programme_simulator import TEAMS
from tests.report_fixture import stage_record
from tests.unit.report.parsed_page import parse

NAME = Text("가", "A")


@pytest.fixture(scope="module")
def record() -> StageRecord:
    """A simulated stage with every index and a target."""
    return indexed_stage().run()


@pytest.fixture(scope="module")
def view(record: StageRecord) -> IndicesView:
    """What is drawn of it."""
    found = indices_view(record, Names(record))
    assert found is not None
    return found


def test_a_stage_without_indices_shows_nothing_of_them() -> None:
    """An old record's report keeps its style, too."""
    old = stage_record()
    assert indices_view(old, Names(old)) is None
    page = render_stage_report(old)
    assert 'id="indices"' not in page
    assert "target-team" not in page


def test_every_team_stands_side_by_side(view: IndicesView) -> None:
    """Category, then its benchmarks; every team has a cell in every line."""
    assert view.frontier is not None
    assert [team.en for team in view.frontier.teams] == list(TEAMS)
    groups = [line.name.en for line in view.frontier.lines if line.is_group]
    assert groups == ["Korean", "General", "Chosen by teams"]
    assert {len(line.cells) for line in view.frontier.lines} == {len(TEAMS)}
    assert len(view.frontier.differences) == 10
    assert view.diffusion is not None
    assert [line.weight for line in view.diffusion.lines] == ["40.0%", "20.0%", "40.0%"]


def test_a_reason_stands_once_with_the_teams_it_is_about(view: IndicesView) -> None:
    """Five equal lines would hide the sixth."""
    assert view.frontier is not None
    ((teams, reason),) = view.frontier.reasons
    assert teams.en == ", ".join(TEAMS)
    assert "asked only once" in reason.en


def test_views_that_are_never_official_say_so(
    record: StageRecord, view: IndicesView
) -> None:
    """On the page, in both languages, around the table and below it."""
    assert len(view.views) == 5
    page = render_stage_report(record)
    start = page.index('<div class="unofficial">')
    box = page[start : page.index("</article>", start)]
    assert "참고용 · 공식 지수 아님" in box
    assert "never the official index" in box
    assert "without one model" in box


def test_differences_beyond_100_points_stay_on_the_scale(view: IndicesView) -> None:
    """An unclipped index below chance is far from the best one."""
    assert view.frontier is not None
    far = next(d for d in view.frontier.differences if d.shown.text == "156.0")
    assert far.figure is not None
    ticks = [e.text for e in parse(far.figure).find_all("text")]
    assert ticks[-1] == "+180"


def test_a_team_without_an_index_is_undetermined(view: IndicesView) -> None:
    """Not a 0, in the figure as little as in the table."""
    assert view.diffusion is not None
    words = [e.text for e in parse(view.diffusion.figure).find_all("text")]
    assert "undetermined" in "".join(words)
    assert view.diffusion.lines[0].cells[-1].shown.text is None


def test_the_target_has_its_views_beside_each_other(view: IndicesView) -> None:
    """One scale for all teams; the official view is named."""
    assert view.targets is not None
    assert view.targets.required == "95%"
    assert len(view.targets.teams) == len(TEAMS)
    for team in view.targets.teams:
        assert [line.is_official for line in team.lines] == [False, True, False]
        assert team.lines[1].chosen_best == "100%"
    levels = {
        line.attributes["x1"]
        for team in view.targets.teams
        for line in parse(team.figure).find_all("line")
        if line.attributes.get("class") == "least"
    }
    assert len(levels) == 1


def test_repeats_are_drawn_as_a_band_within_the_interval(record: StageRecord) -> None:
    """Noise of the run beside noise of the items."""
    indices = record.outcome.indices
    assert isinstance(indices, MeasuredIndices)
    assert indices.frontier is not None
    first = indices.frontier.teams[0]
    noise = Estimate(value=88, low=86, high=90, n=1, method="m", source="s")
    teams = (
        msgspec.structs.replace(first, run_noise=noise),
        *indices.frontier.teams[1:],
    )
    changed = msgspec.structs.replace(
        record,
        outcome=msgspec.structs.replace(
            record.outcome,
            indices=msgspec.structs.replace(
                indices, frontier=msgspec.structs.replace(indices.frontier, teams=teams)
            ),
        ),
    )
    found = indices_view(changed, Names(changed))
    assert found is not None
    assert found.frontier is not None
    bands = parse(found.frontier.figure).find_all("rect")
    assert [band.attributes["class"] for band in bands] == ["band"]


def test_marks_stand_where_the_values_are() -> None:
    """0 to 100 between the insets, the level where it belongs."""
    row = IntervalRow(name=NAME, value=50.0, text="50.0", interval=(25.0, 75.0))
    other = msgspec.structs.replace(row, is_official=False)
    scale = scale_of(
        [row], levels=(Level(at=95.0, name=NAME),), ticks=((0.0, "0"), (100.0, "100"))
    )
    page = parse(
        interval_figure("k", [row, other], scale, title=NAME, description=NAME)
    )
    assert [dot.attributes["cx"] for dot in page.find_all("circle")] == ["50%"]
    places = {
        line.attributes["x1"]
        for line in page.find_all("line")
        if line.attributes["class"] in ("whisker", "least")
    }
    assert places == {"27%", "73%", "91.4%"}
