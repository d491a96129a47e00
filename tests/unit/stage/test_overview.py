"""What an office is told of a stage at one moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from dokja.contest.battles.participation import Participation
from dokja.contest.battles.phase import ContestPhase
from dokja.contest.values import VoidReason
from dokja.evidence.values import Text
from dokja.panel.desk import PanelStatus, SheetName
from dokja.panel.values import Coverage, Panel, SheetRound
from dokja.stage import acts
from dokja.stage.overview import (
    AlarmLevel,
    Duty,
    DutyState,
    Overview,
    Situation,
    UserEvaluation,
    overview,
)
from dokja.stage.values import Schedule

SCHEDULE = Schedule(
    rules_frozen="2026-02-23T09:00:00+09:00",
    sealed="2026-03-02T18:00:00+09:00",
    benchmarked="2026-03-04T09:00:00+09:00",
    panel_closed="2026-03-05T18:00:00+09:00",
    ballots_closed="2026-03-05T18:00:00+09:00",
    lineage_measured="2026-03-06T09:00:00+09:00",
    reply_requested="2026-03-06T10:00:00+09:00",
    decided="2026-03-13T10:00:00+09:00",
)
NOW = datetime.fromisoformat("2026-03-03T09:00:00+09:00")
CALM = Situation(
    now=NOW,
    schedule=SCHEDULE,
    tally={"rules_frozen": 1, acts.SEAL: 5},
    teams=5,
    panel=None,
    contest=None,
    phase=None,
    votes_needed=0,
    last_vote=None,
    endpoints=(),
)


def seen(**changes: Any) -> Overview:
    """The overview of the calm situation with some of it changed."""
    return overview(msgspec.structs.replace(CALM, **changes))


def states(found: Overview) -> dict[str, DutyState]:
    """State of each duty."""
    return {duty.id: duty.state for duty in found.duties}


def alarms(found: Overview) -> dict[str, AlarmLevel]:
    """Level of each alarm."""
    return {alarm.id: alarm.level for alarm in found.alarms}


def status(*, missing: int = 0, is_short: bool = False) -> PanelStatus:
    """A panel with sheets missing, or too few experts for a team."""
    names = tuple(
        SheetName(expert=f"e{n}", team="han", round=SheetRound.AFTER)
        for n in range(missing)
    )
    line = Coverage(
        team="han",
        experts=10,
        recused=8,
        sheets=0,
        left_out=0,
        needed=4,
        is_short=is_short,
    )
    panel = Panel(
        synthetic=True, note=Text(ko="", en=""), criteria=(), experts=(), sheets=()
    )
    return PanelStatus(
        panel=panel,
        missing=names,
        coverage=(line,),
        short=("han",) if is_short else (),
        left_out=(),
        is_closed=False,
    )


def took_part(*, votes: int, voided: int) -> Participation:
    """A contest with so many votes and voided battles."""
    reasons = {reason.value: 0 for reason in VoidReason}
    reasons["endpoint_dead"] = voided
    return Participation(admitted=9, voters=9, votes=votes, voided=reasons, days=())


def test_duties_follow_the_clock_and_the_record() -> None:
    """Done is what the record shows, not what the date says."""
    assert states(seen()) == {
        "rules_frozen": DutyState.DONE,
        "sealed": DutyState.DONE,
        "benchmarked": DutyState.DUE,
        "panel_closed": DutyState.DUE,
        "ballots_closed": DutyState.DUE,
        "lineage_measured": DutyState.AHEAD,
        "reply_requested": DutyState.AHEAD,
        "decided": DutyState.AHEAD,
    }


def test_a_seal_that_is_missing_is_overdue_and_counted() -> None:
    """Four seals of five are not a sealed stage."""
    found = seen(tally={"rules_frozen": 1, acts.SEAL: 4})
    (sealed,) = (duty for duty in found.duties if duty.id == "sealed")
    assert sealed.state is DutyState.OVERDUE
    assert sealed.waits_for[0].en == "1 of 5 teams have sealed nothing"
    assert alarms(found)["overdue"] is AlarmLevel.ACT
    assert "overdue" not in alarms(seen())


def test_missing_sheets_are_counted_and_a_short_panel_is_an_alarm() -> None:
    """The office sees what to do while there is time."""
    found = seen(panel=status(missing=3, is_short=True))
    (duty,) = (duty for duty in found.duties if duty.id == "panel_closed")
    assert [text.en for text in duty.waits_for] == [
        "3 sheets are missing",
        "han: fewer sheets than the quorum",
    ]
    assert alarms(found) == {"panel-short/han": AlarmLevel.ACT}


def test_an_open_contest_raises_its_alarms_the_urgent_first() -> None:
    """Voided battles, silence and few votes near the end."""
    found = seen(
        contest=took_part(votes=80, voided=20),
        phase=ContestPhase.OPEN,
        votes_needed=1000,
        last_vote=NOW - timedelta(hours=30),
    )
    assert alarms(found) == {
        "contest-voided": AlarmLevel.ACT,
        "contest-quiet": AlarmLevel.WATCH,
        "contest-few-votes": AlarmLevel.WATCH,
    }
    assert found.alarms[0].id == "contest-voided"
    assert "30 hours" in found.alarms[1].text.en


def test_a_contest_that_is_closed_is_quiet_for_good_reason() -> None:
    """No alarm about votes that are no longer asked for."""
    found = seen(
        contest=took_part(votes=80, voided=20),
        phase=ContestPhase.CLOSED,
        votes_needed=1000,
        last_vote=NOW - timedelta(hours=30),
    )
    assert alarms(found) == {}


def test_two_voided_battles_of_few_are_no_alarm() -> None:
    """A share of nearly nothing says nothing."""
    found = seen(
        contest=took_part(votes=1, voided=2),
        phase=ContestPhase.OPEN,
        last_vote=NOW,
    )
    assert alarms(found) == {}


USERS = UserEvaluation(is_open=True, is_closed=False, users=3, not_begun=1, missing=4)


def ballots(**changes: Any) -> Duty:
    """The duty of the user evaluation."""
    users = msgspec.structs.replace(USERS, **changes)
    found = seen(users=users).duties
    return next(duty for duty in found if duty.id == "ballots_closed")


def test_the_user_evaluation_waits_for_people_and_their_ballots() -> None:
    """Counts, so that somebody knows whom to remind."""
    texts = [text.en for text in ballots().waits_for]
    assert any("1 of 3" in text for text in texts)
    assert any("4 ballots" in text for text in texts)


def test_a_closed_user_evaluation_is_done_whatever_is_missing() -> None:
    """After the closing nothing can come in any more."""
    assert ballots(is_closed=True, is_open=False).state is DutyState.DONE


def test_an_evaluation_without_users_says_so() -> None:
    """Open and nobody there would otherwise look finished."""
    texts = [t.en for t in ballots(users=0, not_begun=0, missing=0).waits_for]
    assert texts == ["no invited user has an account"]


def test_guessing_and_stale_invitations_raise_alarms() -> None:
    """One wants somebody to act at once, the other a reminder."""
    assert not seen(failed_sign_ins=20).alarms
    found = seen(failed_sign_ins=21, invitations_expired=2).alarms
    assert [(a.id, a.level) for a in found] == [
        ("sign-ins", AlarmLevel.ACT),
        ("invitations", AlarmLevel.WATCH),
    ]
