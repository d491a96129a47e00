"""What follows a decision, printed: who takes part, and how the programme ended."""

from __future__ import annotations

import msgspec
import pytest

from dokja.cli.decision_view import show_aftermath
from dokja.decision.after.values import (
    EmptyPlaces,
    Entered,
    EnteringTeam,
    FinalSelection,
    PlaceState,
    StageTeamsNamed,
)
from dokja.decision.values import StageDecision
from dokja.wiring.after_decision import Aftermath
from tests.after_fixture import decision_act

DIGEST = "sha256:" + "a" * 64
AT = "2026-02-20T00:00:00+09:00"


def test_a_later_stage_names_its_teams_and_the_end_its_last_ones(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both languages; once it has ended no next stage is spoken of."""
    monkeypatch.setenv("COLUMNS", "200")
    entering = EnteringTeam(team="newcomer", entered=Entered.FILLED, begins=AT)
    found = Aftermath(
        stage="stage-2",
        decision=msgspec.convert(decision_act().body, StageDecision),
        objections=(),
        waived=(),
        silent=(),
        confirmed=None,
        places=EmptyPlaces(
            stage="stage-2",
            places=0,
            state=PlaceState.OPEN,
            call=None,
            filled=(),
            entries=0,
        ),
        next_teams=("dalyeoul", "newcomer"),
        entered=StageTeamsNamed(
            after="stage-1", decision=DIGEST, teams=(entering,), ends=AT
        ),
    )
    show_aftermath(found, lang="en")
    said = capsys.readouterr().out
    assert "teams of this stage: newcomer" in said
    assert "teams of the next stage: dalyeoul, newcomer" in said
    last = FinalSelection(
        stage="stage-2", decision=DIGEST, teams=("dalyeoul", "newcomer")
    )
    show_aftermath(msgspec.structs.replace(found, ended=last), lang="ko")
    said = capsys.readouterr().out
    assert "최종 팀: dalyeoul, newcomer. 이후 단계는 없습니다." in said
    assert "다음 단계" not in said
