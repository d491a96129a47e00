"""The expert's desk: who may open what, what stays, and what closing makes of it."""

from __future__ import annotations

import pytest
from msgspec import structs

from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.panel import check_panel, find_interests, raised_concerns
from dokja.panel.desk import PanelDesk, PanelSetup, TaskState
from dokja.panel.ports import Draft
from dokja.panel.values import Concern, InterestRegister, SheetRound
from tests.unit.panel.desk_fixture import (
    LATER,
    NOON,
    TEAMS,
    WORKS_FOR_T1,
    Room,
    after,
    anchor,
    before,
    typed,
)
from tests.unit.panel.people import TODAY, register, rules

DOUBT = Concern(about="text_decoder", text="The loss falls too fast.")


def test_tasks_name_the_teams_and_what_can_be_done() -> None:
    """An expert sees every assigned team, by name, as open."""
    tasks = Room().desk.tasks("e1")
    assert [(t.name.team, t.state) for t in tasks] == [
        ("t1", TaskState.OPEN),
        ("t2", TaskState.OPEN),
    ]
    with pytest.raises(NotAllowed, match="not a member"):
        Room().desk.tasks("e9")


def test_a_recused_expert_opens_nothing_and_reads_why() -> None:
    """The refusal names kinds of ties, in both languages, and no employer."""
    room = Room(*WORKS_FOR_T1, each=2)
    reason = room.desk.refusal(after("e1", "t1"))
    assert reason is not None
    assert "employment, then membership of the consortium" in reason.en
    assert "고용 → 컨소시엄 참여" in reason.ko
    assert "o1" not in reason.en + reason.ko
    for act in (
        lambda: room.desk.open_sheet(after("e1", "t1")),
        lambda: room.desk.save_draft(after("e1", "t1"), typed(5), version=0),
        lambda: room.desk.hand_in(after("e1", "t1"), at=NOON),
    ):
        with pytest.raises(NotAllowed, match="recused"):
            act()
    assert room.acts.kept == []
    assert room.desk.tasks("e1")[0].state is TaskState.RECUSED


def test_an_expert_without_the_assignment_opens_nothing() -> None:
    """Four experts, two a team: whoever was not drawn has no sheet."""
    room = Room(experts=("e1", "e2", "e3", "e4"), each=2)
    (given,) = [one for one in room.setup.assignment.teams if one.team == "t1"]
    idle = next(e for e in ("e1", "e2", "e3", "e4") if e not in given.experts)
    with pytest.raises(NotAllowed, match="not assigned"):
        room.desk.open_sheet(after(idle, "t1"))
    assert "t1" not in [task.name.team for task in room.desk.tasks(idle)]


def test_a_draft_is_kept_as_typed_with_what_is_wrong() -> None:
    """Half a sheet is no error; a score off the scale is named in two languages."""
    room, name = Room(), after("e1", "t1")
    body = {"scores": {"strategy": "7", "plan": "11"}, "comments": {}}
    saved = room.desk.save_draft(name, body, version=0)
    assert (saved.body, saved.version) == (body, 1)
    assert saved.missing == ("technology", "spillover")
    (problem,) = saved.problems
    assert problem.field == "scores.plan"
    assert "0 to 10" in problem.text.en
    assert "0부터 10까지" in problem.text.ko
    assert room.desk.tasks("e1")[0].state is TaskState.DRAFT
    with pytest.raises(Conflict):
        room.desk.save_draft(name, typed(1), version=0)
    assert room.desk.open_sheet(name).body == body


def test_an_incomplete_sheet_is_not_taken() -> None:
    """What it lacks comes back field by field, and nothing is on record."""
    room, name = Room(), after("e1", "t1")
    room.desk.save_draft(name, {"scores": {"strategy": 7}}, version=0)
    found = room.desk.hand_in(name, at=NOON)
    assert found.sheet is None
    fields = [problem.field for problem in found.problems]
    assert fields == ["scores.technology", "scores.plan", "scores.spillover"]
    assert room.acts.kept == []


def test_a_sheet_handed_in_never_changes() -> None:
    """A second click gives the same sheet; another draft is refused."""
    room, name = Room(), after("e1", "t1")
    room.fill(name, 7)
    once = [canonical_bytes(act) for act in room.acts.kept]
    assert room.desk.hand_in(name, at=LATER).sheet is not None
    with pytest.raises(NotAllowed, match="does not change"):
        room.desk.save_draft(name, typed(9), version=0)
    assert [canonical_bytes(act) for act in room.acts.kept] == once
    assert room.desk.tasks("e1")[0].state is TaskState.HANDED_IN


def test_a_hand_in_that_was_cut_off_goes_on() -> None:
    """The act was appended and the draft still lies there: nothing is lost."""
    room, name = Room(), after("e1", "t1")
    room.fill(name, 7)
    left = Draft(owner="e1", name=name.draft, body=typed(7), version=0)
    room.drafts.save(left)
    assert room.desk.hand_in(name, at=LATER).sheet is not None
    assert room.drafts.find("e1", name.draft) is None


def test_a_correction_stands_beside_the_sheet_with_its_reason() -> None:
    """First sheet and reason stay; the corrected one counts; closing ends it."""
    room, name = Room(), after("e1", "t1")
    room.fill(name, 7)
    refused = room.desk.correct(name, typed(8), reason=" ", at=LATER)
    assert [problem.field for problem in refused.problems] == ["reason"]
    room.desk.correct(name, typed(8), reason="Misread page 4.", at=LATER)
    handed = room.desk.handed_in(name)
    assert handed is not None
    assert (handed.first.scores["plan"], handed.sheet.scores["plan"]) == (7, 8)
    assert [one.reason for one in handed.corrections] == ["Misread page 4."]
    (counted,) = room.office.status().panel.sheets
    assert counted.scores["plan"] == 8
    room.office.close(at=LATER, reason="test")
    with pytest.raises(NotAllowed, match="closed"):
        room.desk.correct(name, typed(9), reason="again", at=LATER)


def test_the_anchor_submission_comes_first() -> None:
    """Nobody scores a team before having agreed on the scale."""
    room = Room(calibration=True)
    states = [(t.name.team, t.state) for t in room.desk.tasks("e1")]
    assert states[:2] == [("anchor", TaskState.OPEN), ("t1", TaskState.WAITING)]
    with pytest.raises(NotAllowed, match="anchor"):
        room.desk.open_sheet(after("e1", "t1"))
    room.fill(anchor("e1"), 5)
    room.fill(after("e1", "t1"), 6)
    panel = room.office.status().panel
    assert [s.team for s in panel.calibration] == ["anchor"]
    assert [s.team for s in panel.sheets] == ["t1"]


def test_the_discussion_freezes_the_sheets_before_it() -> None:
    """Before it nobody sees another's sheet; after it the own one is fixed."""
    room = Room(discussion=True)
    room.fill(before("e1", "t1"), 4)
    with pytest.raises(NotAllowed, match="discussion"):
        room.desk.discussion_sheets("e1", "t1")
    with pytest.raises(NotAllowed, match="missing: e2, e3"):
        room.office.open_discussion("t1", at=NOON)
    room.fill_all(SheetRound.BEFORE)
    room.office.open_discussion("t1", at=NOON)
    seen = room.desk.discussion_sheets("e1", "t1")
    assert [handed.name.expert for handed in seen] == ["e1", "e2", "e3"]
    with pytest.raises(NotAllowed, match="stand as they are"):
        room.desk.correct(before("e1", "t1"), typed(9), reason="late", at=LATER)
    opened = room.desk.open_sheet(after("e1", "t1"))
    assert opened.body["scores"]["plan"] == 4
    room.fill(after("e1", "t1"), 6, at=LATER)
    panel = room.office.status().panel
    plans = {(s.expert, s.team): s.scores["plan"] for s in panel.sheets}
    assert plans["e1", "t1"] == 6
    assert plans["e2", "t1"] == 5, "who changes nothing keeps the first sheet"
    assert {s.scores["plan"] for s in panel.before if s.expert == "e1"} == {4, 5}


def test_a_declared_conflict_takes_the_sheet_out_at_once() -> None:
    """The sheet stays on record with its reason and no longer counts."""
    room = Room()
    room.fill(after("e1", "t1"), 10)
    (changed,) = room.desk.declare_conflict("e1", "t1", at=LATER)
    assert (changed.expert, changed.team, changed.declared) == ("e1", "t1", True)
    assert room.desk.declare_conflict("e1", "t1", at=LATER) == ()
    status = room.office.status()
    assert status.panel.sheets == ()
    assert [(o.sheet.expert, o.round) for o in status.left_out] == [
        ("e1", SheetRound.AFTER)
    ]
    assert [e.conflicts for e in status.panel.experts] == [("t1",), (), ()]
    task = room.desk.tasks("e1")[0]
    assert (task.state, task.left_out) == (TaskState.HANDED_IN, True)
    assert after("e1", "t1") not in status.missing


def test_a_conflict_may_be_declared_after_closing_until_it_is_on_record() -> None:
    """Silence would be worse than a panel that has to be closed again."""
    room = Room()
    room.fill_all(SheetRound.AFTER)
    room.office.close(at=NOON)
    room.desk.declare_conflict("e2", "t2", at=LATER)
    assert len(room.office.status().left_out) == 1
    room.acts.append([structs.replace(room.acts.kept[0], kind="panel_closed")])
    with pytest.raises(NotAllowed, match="record"):
        room.desk.declare_conflict("e3", "t2", at=LATER)


def test_a_concern_reaches_the_gate_and_no_score() -> None:
    """Every byte but the concern's own stays as it was."""
    room = Room()
    room.fill_all(SheetRound.AFTER)
    quiet = room.office.status().panel
    assert room.desk.raise_concern("e1", "t1", DOUBT, at=NOON) == ()
    assert room.desk.raise_concern("e1", "t1", DOUBT, at=LATER) == ()
    loud = room.office.status().panel
    assert [r.concern for r in raised_concerns(loud, "t1")] == [DOUBT]
    assert structs.replace(loud, concerns=()) == quiet
    assert [one.concern for one in room.desk.concerns("e1")] == [DOUBT]
    assert room.desk.concerns("e2") == ()
    blank = structs.replace(DOUBT, text=" ")
    (problem,) = room.desk.raise_concern("e1", "t1", blank, at=NOON)
    assert problem.field == "concern.text"


def test_a_recused_expert_raises_no_concern_at_the_desk() -> None:
    """Whoever has an interest makes an allegation and names the interest."""
    room = Room(*WORKS_FOR_T1, each=2)
    with pytest.raises(NotAllowed, match="recused"):
        room.desk.raise_concern("e1", "t1", DOUBT, at=NOON)


def test_closing_names_who_is_missing_and_minds_the_quorum() -> None:
    """A short panel closes only with a reason, which is on record."""
    room = Room()
    room.fill(after("e1", "t1"), 5)
    status = room.office.status()
    assert (status.short, len(status.missing)) == (TEAMS, 5)
    with pytest.raises(NotAllowed, match="t1, t2"):
        room.office.close(at=NOON)
    closed = room.office.close(at=NOON, reason="Two experts fell ill.")
    assert closed.is_closed
    (act,) = room.acts.find("sheets_closed")
    assert act.body["reason"] == "Two experts fell ill."
    assert "after/e2/t1" in act.body["missing"]
    assert room.office.close(at=LATER).is_closed
    with pytest.raises(NotAllowed, match="closed"):
        room.desk.open_sheet(after("e2", "t1"))


def test_the_panel_that_closes_is_one_that_a_stage_takes() -> None:
    """`panel.json` is checked there once more, under the same interests."""
    room = Room(*WORKS_FOR_T1, calibration=True, discussion=True, each=2)
    for moment in (SheetRound.CALIBRATION, SheetRound.BEFORE):
        room.fill_all(moment)
    for team in TEAMS:
        room.office.open_discussion(team, at=NOON)
    room.fill_all(SheetRound.AFTER, 8)
    room.desk.declare_conflict("e2", "t1", at=LATER)
    panel = room.office.close(at=LATER, reason="one left").panel
    check_panel(panel, teams=TEAMS, where="panel.json")
    found = find_interests(room.setup.register, rules(), on=TODAY)
    assert panel.computed_from == found.computed_from
    assert {(o.sheet.expert, o.round) for o in panel.left_out} == {
        ("e2", SheetRound.BEFORE),
        ("e2", SheetRound.AFTER),
    }


def test_an_assignment_of_other_interests_opens_no_desk() -> None:
    """A tie that came in since may have recused somebody who was assigned."""
    room = Room()
    changed: InterestRegister = register(
        *WORKS_FOR_T1, experts=("e1", "e2", "e3"), teams=TEAMS
    )
    with pytest.raises(NotAllowed, match="assign"):
        _desk(room, structs.replace(room.setup, register=changed))
    with pytest.raises(InvalidInput, match="anchor"):
        _desk(room, structs.replace(room.setup, anchor="anchor"))
    with pytest.raises(InvalidInput, match="t9"):
        _desk(room, structs.replace(room.setup, teams=("t1", "t9")))


def _desk(room: Room, setup: PanelSetup) -> PanelDesk:
    return PanelDesk(setup, acts=room.acts, drafts=room.drafts)
