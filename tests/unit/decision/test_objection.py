"""Objections and their window."""

from __future__ import annotations

import pytest

from dokja.decision.objection import OBJECTION, FiledObjection, objection_act
from dokja.decision.values import StageDecision, TeamDecision, TeamStatus
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act

DECISION = StageDecision(
    stage="stage-1",
    rules_digest="sha256:0",
    teams=(TeamDecision(team="han", status=TeamStatus.ELIMINATED_BY_GATE, reasons=()),),
    planned_places=4,
    vacancies=1,
    revival_call=True,
    settled_by_data=True,
    objection_until="2026-03-23",
    reasons=(),
)


def filed(
    *,
    team: str = "han",
    text: str = "The encoder was ours.",
    at: str = "2026-03-20T09:00:00+09:00",
    decision: StageDecision | None = DECISION,
    earlier: tuple[Act, ...] = (),
    is_final: bool = False,
) -> Act:
    """The act of an objection."""
    objection = FiledObjection(team=team, about="finding", text=text, at=at)
    return objection_act(
        decision,
        objection,
        earlier,
        programme="example",
        stage="stage-1",
        is_final=is_final,
    )


def test_objections_of_a_team_are_numbered_and_none_replaces_another() -> None:
    """The record only grows."""
    first = filed()
    second = filed(text="And the projector, too.", earlier=(first,))
    assert (first.kind, first.subject) == (OBJECTION, "han/001")
    assert second.subject == "han/002"


def test_the_last_day_counts_whole_and_the_next_is_too_late() -> None:
    """Counted in the zone of the decision's clock."""
    assert filed(at="2026-03-23T23:59:59+09:00").at.startswith("2026-03-23")
    with pytest.raises(NotAllowed):
        filed(at="2026-03-24T00:00:00+09:00")


def test_a_decision_that_was_made_final_early_is_not_objected_to() -> None:
    """Days are left on the calendar, and the revival call may be open already."""
    with pytest.raises(NotAllowed, match="final"):
        filed(at="2026-03-20T09:00:00+09:00", is_final=True)


def test_nothing_can_be_objected_to_before_a_decision() -> None:
    """There is nothing it could be about."""
    with pytest.raises(NotAllowed):
        filed(decision=None)


@pytest.mark.parametrize(("team", "text"), [("other", "no"), ("han", "  ")])
def test_an_objection_comes_from_a_team_and_says_something(
    team: str, text: str
) -> None:
    """A stranger's, and an empty one."""
    with pytest.raises(InvalidInput):
        filed(team=team, text=text)
