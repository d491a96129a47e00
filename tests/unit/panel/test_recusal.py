"""Recusals are enforced, shown, and their cost to the panel is counted."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from dokja.errors import InvalidInput
from dokja.panel import (
    agreement_report,
    apply_interests,
    check_panel,
    find_interests,
    panel_coverage,
    recusals,
)
from dokja.panel.values import (
    Anchor,
    Concern,
    Expert,
    Panel,
    RecusalBasis,
    SheetComment,
)
from tests.unit.panel.people import NOTE, TODAY, panel, register, rules, sheet, tie

EXPERTS = ("e1", "e2", "e3", "e4")
TEAMS = ("t1", "t2")
FULL = panel(*(sheet(e, t, 6) for e in EXPERTS for t in TEAMS))


def _interests() -> Any:
    """E1 works for a member of t1; e9, who is not on the panel, too."""
    ties = (
        tie("consortium", "o1", "t1"),
        tie("employment", "e1", "o1"),
        tie("employment", "e9", "o1"),
    )
    found = register(*ties, experts=(*EXPERTS, "e9"), teams=TEAMS)
    return find_interests(found, rules(), on=TODAY)


def test_a_sheet_is_left_out_once_its_interest_is_known() -> None:
    """The sheet stays on record with its reason and counts no more."""
    counted, (out,) = apply_interests(FULL, _interests())
    assert (out.sheet.expert, out.sheet.team) == ("e1", "t1")
    assert "employment" in out.reason.en
    assert "고용" in out.reason.ko
    assert len(counted.sheets) == len(FULL.sheets) - 1
    (found,) = recusals(counted)
    assert (found.expert, found.team, found.basis) == (
        "e1",
        "t1",
        RecusalBasis.COMPUTED,
    )


def test_a_sheet_of_a_computed_recusal_is_refused_at_intake() -> None:
    """Where the graph was there first, the sheet is not taken at all."""
    counted, _ = apply_interests(FULL, _interests())
    with pytest.raises(InvalidInput, match="an interest was found"):
        check_panel(
            structs.replace(counted, sheets=FULL.sheets), teams=TEAMS, where="panel"
        )
    check_panel(counted, teams=TEAMS, where="panel")


def test_what_was_declared_and_found_says_both() -> None:
    """The record keeps that the expert was honest."""
    declared = structs.replace(
        FULL, experts=(Expert(id="e1", conflicts=("t1",)), *FULL.experts[1:])
    )
    counted, _ = apply_interests(declared, _interests())
    (found,) = recusals(counted)
    assert found.basis is RecusalBasis.DECLARED_AND_COMPUTED


def test_a_corrected_register_gives_the_expert_back() -> None:
    """A computed recusal does not outlive the tie it was computed from."""
    counted, _ = apply_interests(FULL, _interests())
    clear = find_interests(register(experts=EXPERTS, teams=TEAMS), rules(), on=TODAY)
    freed, out = apply_interests(counted, clear)
    assert (recusals(freed), out) == ((), ())


def test_coverage_says_what_is_left_for_each_team() -> None:
    """Of four experts three may score t1; four were needed."""
    counted, out = apply_interests(FULL, _interests())
    first, second = panel_coverage(counted, TEAMS, needed=4, left_out=out)
    assert (first.recused, first.sheets, first.left_out) == (1, 3, 1)
    assert (first.is_short, second.is_short) == (True, False)


def test_the_report_leaves_the_sheets_out_and_shows_them() -> None:
    """Whoever reads the report sees who was recused, and what it cost."""
    counted, _ = apply_interests(FULL, _interests())
    late = (sheet("e1", "t1", 10), *counted.sheets)
    mixed = structs.replace(counted, sheets=late, left_out=())
    report = agreement_report(mixed)
    assert next(t.raw for t in report.teams if t.team == "t1") == 0.6
    assert [one.sheet.expert for one in report.left_out] == ["e1"]
    assert len(report.recusals) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (structs.replace(FULL, calibration=(sheet("e1", "a", 5),)), "no anchor"),
        (structs.replace(FULL, anchor="t1"), "is a team of this stage"),
        (
            structs.replace(FULL, anchor="a", calibration=(sheet("e9", "a", 5),)),
            "calibration: sheet of e9 for a: no such expert",
        ),
        (structs.replace(FULL, before=(sheet("e1", "t1", 11),)), "before: .* is 11"),
        (
            structs.replace(
                FULL,
                criteria=(
                    structs.replace(
                        FULL.criteria[0], anchors=(Anchor(score=11, text=NOTE),)
                    ),
                    *FULL.criteria[1:],
                ),
            ),
            "off the scale",
        ),
        (
            panel(
                structs.replace(
                    sheet("e1", "t1", 5),
                    comments=(SheetComment(criterion="x", text=""),),
                )
            ),
            "a comment on x",
        ),
        (
            panel(
                structs.replace(
                    sheet("e1", "t1", 5), concerns=(Concern(about="all", text=" "),)
                )
            ),
            "without a word",
        ),
    ],
)
def test_what_cannot_count_is_named(given: Panel, said: str) -> None:
    """Every sheet and anchor that does not fit is named before any is taken."""
    with pytest.raises(InvalidInput, match=said):
        check_panel(given, teams=TEAMS, where="panel")
