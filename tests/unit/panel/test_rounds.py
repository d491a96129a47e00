"""The anchor round and the discussion are kept and counted."""

from __future__ import annotations

import pytest
from msgspec import structs

from dokja.panel.rounds import calibration_round, discussion_changes
from tests.unit.panel.people import panel, sheet

FULL = panel(*(sheet(e, t, 6) for e in ("e1", "e2", "e3") for t in ("t1", "t2")))


def test_the_anchor_round_says_who_is_strict() -> None:
    """Each expert's distance from the panel on one submission that all scored."""
    scored = structs.replace(
        FULL,
        anchor="anchor",
        calibration=(sheet("e2", "anchor", 8), sheet("e1", "anchor", 6, 4, 4)),
    )
    found = calibration_round(scored)
    assert found is not None
    first, second = found.experts
    assert (first.expert, second.expert, found.missing) == ("e1", "e2", ("e3",))
    assert first.deviation.value == pytest.approx(-0.175)
    assert second.deviation.value == pytest.approx(0.175)
    assert first.deviation.low is not None
    assert first.deviation.low < first.deviation.value
    assert first.deviation.n == 4


def test_a_panel_without_rounds_has_none() -> None:
    """What did not take place is no round of zeros."""
    assert calibration_round(FULL) is None
    assert discussion_changes(FULL) is None


def test_what_the_discussion_changed_is_counted() -> None:
    """One sheet of five changed two of its scores; one came only afterwards."""
    first = structs.replace(FULL.sheets[0], scores=dict(FULL.sheets[0].scores, plan=4))
    first.scores["strategy"] = 5
    talked = structs.replace(
        FULL, before=(first, *FULL.sheets[1:5], sheet("e3", "t9", 1))
    )
    found = discussion_changes(talked)
    assert found is not None
    assert (found.sheets, found.changed_sheets) == (5, 1)
    assert (found.scores, found.changed_scores) == (20, 2)
    assert (found.only_before, found.only_after) == (1, 1)
    assert found.mean_shift == pytest.approx(3 / 40 / 5)
