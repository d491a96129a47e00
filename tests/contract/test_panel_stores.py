"""The expert's desk over the real stores, on both databases."""

from __future__ import annotations

import pytest

from dokja.adapters.store.store import open_store
from dokja.errors import Conflict
from dokja.panel.desk import PanelDesk, PanelOffice
from dokja.wiring.panel_stores import DeskDrafts, StageActs
from tests.contract.people_fixture import NOW
from tests.unit.panel.desk_fixture import LATER, NOON, Room, after, typed


def test_a_sheet_goes_from_draft_to_panel(record_url: str) -> None:
    """Saved, contested by a second window, handed in, corrected, closed."""
    setup, name = Room().setup, after("e1", "t1")
    with open_store(record_url) as store:
        acts = StageActs(store.acts, setup.programme, setup.stage)
        desk = PanelDesk(
            setup, acts=acts, drafts=DeskDrafts(store.drafts, "a-1", now=lambda: NOW)
        )
        saved = desk.save_draft(name, typed("7"), version=0)
        assert desk.open_sheet(name) == saved
        with pytest.raises(Conflict):
            desk.save_draft(name, typed("3"), version=0)
        assert desk.hand_in(name, at=NOON).problems == ()
        assert desk.hand_in(name, at=LATER).problems == ()
        desk.correct(name, typed(8), reason="misread", at=LATER)
        desk.declare_conflict("e2", "t1", at=LATER)
        office = PanelOffice(setup, acts=acts)
        panel = office.close(at=LATER, reason="test").panel
    assert [(s.expert, s.scores["plan"]) for s in panel.sheets] == [("e1", 8)]
    assert panel.experts[1].conflicts == ("t1",)
