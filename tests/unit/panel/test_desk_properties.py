"""Whatever is typed and in whatever order people act, the panel holds together."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokja.errors import Conflict, NotAllowed
from dokja.panel import check_panel, recusals
from dokja.panel.desk import SheetName, read_fields
from dokja.panel.values import Concern, Criterion, SheetRound
from tests.unit.panel.desk_fixture import EXPERTS, LATER, NOON, TEAMS, Room, typed
from tests.unit.panel.people import CRITERIA, NOTE

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from((*CRITERIA, "x")), inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(("scores", "comments", "y")), JSON, max_size=3)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("fill", "correct", "conflict", "concern", "talk", "close")),
        st.sampled_from(EXPERTS),
        st.sampled_from(TEAMS),
        st.sampled_from(tuple(SheetRound)),
        st.integers(0, 12),
    ),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(body=BODIES)
def test_no_form_breaks_the_desk_and_none_is_taken_half(body: dict[str, Any]) -> None:
    """Every criterion has a score on its scale, a problem, or is missing."""
    criteria = tuple(Criterion(id=c, name=NOTE, max=10) for c in CRITERIA)
    read = read_fields(body, criteria)
    wrong = {problem.field for problem in read.problems}
    for criterion in criteria:
        score = read.scores.get(criterion.id)
        held = score is not None and 0 <= score <= criterion.max
        said = f"scores.{criterion.id}" in wrong
        missing = criterion.id in read.missing(criteria)
        assert [held, said, missing].count(True) == 1
    assert all(problem.text.ko and problem.text.en for problem in read.problems)


@QUICK
@given(steps=STEPS, discussion=st.booleans())
def test_no_order_of_acts_makes_a_panel_that_a_stage_refuses(
    steps: list[tuple[str, str, str, SheetRound, int]], *, discussion: bool
) -> None:
    """No recused expert counts, and what was handed in first stays as it was."""
    room = Room(discussion=discussion)
    firsts: dict[str, Any] = {}
    for kind, expert, team, moment, score in steps:
        name = SheetName(expert=expert, team=team, round=moment)
        _try(room, kind, name, score, "odd")
        handed = room.desk.handed_in(name)
        if handed is not None:
            assert firsts.setdefault(name.subject, handed.first) == handed.first
    panel = room.office.status().panel
    check_panel(panel, teams=TEAMS, where="panel.json")
    barred = {(one.expert, one.team) for one in recusals(panel)}
    assert barred.isdisjoint((s.expert, s.team) for s in panel.sheets)
    kept = {(s.expert, s.team) for s in (*panel.sheets, *panel.before)}
    kept |= {(o.sheet.expert, o.sheet.team) for o in panel.left_out}
    handed_in = {tuple(act.subject.split("/")[1:]) for act in _handed_in(room)}
    assert kept == handed_in, "every sheet either counts or is shown as left out"


@QUICK
@given(steps=STEPS, words=st.text(min_size=1, max_size=20))
def test_no_concern_moves_a_score(
    steps: list[tuple[str, str, str, SheetRound, int]], words: str
) -> None:
    """The same acts with and without concerns: equal sheets, equal recusals."""
    panels = []
    for is_loud in (False, True):
        room = Room()
        for kind, expert, team, moment, score in steps:
            name = SheetName(expert=expert, team=team, round=moment)
            if is_loud:
                _try(room, "concern", name, score, words)
            if kind != "concern":
                _try(room, kind, name, score, words)
        panels.append(room.office.status().panel)
    quiet, loud = panels
    assert loud.sheets == quiet.sheets
    assert loud.left_out == quiet.left_out
    assert quiet.concerns == ()


def _try(room: Room, kind: str, name: SheetName, score: int, words: str) -> None:
    """The act, or nothing where the desk refuses it."""
    with suppress(NotAllowed, Conflict):
        _act(room, kind, name, score, words)


def _act(room: Room, kind: str, name: SheetName, score: int, words: str) -> None:
    if kind == "fill":
        opened = room.desk.open_sheet(name)
        room.desk.save_draft(name, typed(score), version=opened.version)
        room.desk.hand_in(name, at=NOON)
    elif kind == "correct":
        room.desk.correct(name, typed(score), reason="misread", at=LATER)
    elif kind == "conflict":
        room.desk.declare_conflict(name.expert, name.team, at=LATER)
    elif kind == "concern":
        concern = Concern(about="record", text=words)
        room.desk.raise_concern(name.expert, name.team, concern, at=LATER)
    elif kind == "talk":
        room.office.open_discussion(name.team, at=LATER)
    else:
        room.office.close(at=LATER, reason="test" if score > 9 else "")


def _handed_in(room: Room) -> tuple[Any, ...]:
    return room.acts.find("sheet_handed_in")
