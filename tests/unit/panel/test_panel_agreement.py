"""The report a stage asks for: made, or the reason why not; drawn to scale."""

from __future__ import annotations

import re

from dokja.evidence.values import Estimate, Text
from dokja.panel import panel_agreement
from dokja.report.figures.panel import PanelRow, panel_figure
from tests.unit.panel.people import panel, sheet


def test_too_few_sheets_have_a_reason_and_no_report() -> None:
    """One expert alone agrees with nobody; a stage goes on nevertheless."""
    found = panel_agreement(panel(sheet("e1", "t1", 5), sheet("e1", "t2", 6)))
    assert found.report is None
    assert found.reason is not None
    assert "two experts" in found.reason.en
    nobody = panel_agreement(panel(experts=("e1", "e2")))
    assert nobody.report is None


def test_enough_sheets_have_a_report() -> None:
    """Two experts and two teams are the least."""
    sheets = [
        sheet(expert, team, 5 + lean + gain, 4 + lean, 6 + gain)
        for lean, expert in enumerate(("e1", "e2"))
        for gain, team in enumerate(("t1", "t2"))
    ]
    found = panel_agreement(panel(*sheets))
    assert found.reason is None
    assert found.report is not None
    assert [team.team for team in found.report.teams] == ["t1", "t2"]


def test_the_figure_marks_official_and_adjusted_apart() -> None:
    """A dot and a diamond on one scale, which holds the whole interval."""
    adjusted = Estimate(value=0.7, low=0.55, high=0.93, n=9, method="m", source="s")
    rows = [PanelRow(name=Text("가", "A"), official=0.61, adjusted=adjusted)]
    drawn = str(panel_figure(rows))
    assert drawn.count('class="mark"') == 1
    assert drawn.count('class="hollow"') == 1
    assert ">61.0%<" in drawn
    ticks = re.findall(r'class="tick"[^>]*>(\d+)%<', drawn)
    assert ticks == ["50", "60", "70", "80", "90", "100"]


def test_the_figure_without_an_interval_draws_no_rule() -> None:
    """An interval that cannot be given is not drawn as one of no width."""
    bare = Estimate(value=0.5, low=None, high=None, n=1, method="m", source="s")
    rows = [PanelRow(name=Text("가", "A"), official=0.5, adjusted=bare)]
    assert "whisker" not in str(panel_figure(rows))
