"""Dates drift; every version stands, with what changed, why, and who said what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.programme.schedule import (
    Adopted,
    Answered,
    ConsultationAbout,
    Dropped,
    Milestone,
    Proposed,
    ScheduleSet,
    Source,
    Stance,
    answer,
    consultation_matter,
    consultation_of,
    date_changes,
    propose,
    schedule_matter,
    schedule_versions,
    set_schedule,
    settle,
)
from dokja.programme.schedule.values import ChangeKind, ConsultationState
from dokja.programme.schedule.versions import first_day, last_day

MATTER = schedule_matter("p")
ASKED = consultation_matter("p", "later-start")


def text(words: str) -> Text:
    """The words in both languages."""
    return Text(ko=words, en=words)


def date(name: str, at: str, until: str | None = None) -> Milestone:
    """A milestone."""
    return Milestone(id=name, name=text(name), at=at, until=until)


def mandate(at: str = "2026-01-05T09:00:00+09:00", by: str = "officer") -> Mandate:
    """A mandate of an officer or a team."""
    return Mandate(by=by, at=at, clause="5.1")


def version(*milestones: Milestone, **more: Any) -> ScheduleSet:
    """A version of the schedule."""
    return ScheduleSet(milestones=milestones, **more)


NOTICE = Source(publisher="office", on="2026-01-04")


def test_failure_18_dates_never_drift_without_reason_and_notice() -> None:
    """Announcement dates moved and the final year differed from page to page."""
    first = set_schedule(
        MATTER,
        (),
        version(date("review", "2025-12"), date("final", "2027")),
        seen=0,
        mandate=mandate(),
    )
    later = version(date("review", "2026-01-05", "2026-01-15"), date("final", "2027"))
    with pytest.raises(NotAllowed, match="reason"):
        set_schedule(MATTER, (first,), later, seen=1, mandate=mandate())
    told = version(*later.milestones, reason=text("supply"), notice=NOTICE)
    second = set_schedule(MATTER, (first,), told, seen=1, mandate=mandate())
    versions = schedule_versions((first, second))
    assert [v.number for v in versions] == [1, 2]
    assert versions[0].schedule.milestones[0].at == "2025-12"
    (moved,) = versions[1].changes
    assert moved.kind is ChangeKind.MOVED
    assert moved.days is None, "a month is no day to count from"


def test_days_are_counted_where_both_dates_are_days() -> None:
    """Later by how much is said only where it is known."""
    before, after = date("a", "2026-02-27"), date("a", "2026-03-02")
    assert date_changes([before], [after])[0].days == 3
    added, dropped = date_changes([before], [date("b", "2026")])
    assert (added.kind, dropped.kind) == (ChangeKind.ADDED, ChangeKind.DROPPED)


@pytest.mark.parametrize(
    "milestones",
    [
        (),
        (date("a", "2026-02-30"),),
        (date("a", "2026-03-02", "2026-03-01"),),
        (date("a", "2026-13"),),
        (date("a", "2026"), date("a", "2027")),
    ],
)
def test_dates_that_are_none_are_refused(milestones: tuple[Milestone, ...]) -> None:
    """No version holds a date that cannot be."""
    with pytest.raises(InvalidInput):
        set_schedule(MATTER, (), version(*milestones), seen=0, mandate=mandate())


def test_stretch_may_end_in_a_month_of_which_no_day_is_known() -> None:
    """An end in the same month is not before the beginning."""
    stretch = version(date("a", "2026-12-15", "2026-12"))
    assert set_schedule(MATTER, (), stretch, seen=0, mandate=mandate())


def test_same_dates_are_no_new_version_and_old_pages_conflict() -> None:
    """A version changes something, and was set on top of what its setter read."""
    same = version(date("a", "2026-02-01"))
    first = set_schedule(MATTER, (), same, seen=0, mandate=mandate())
    again = version(*same.milestones, reason=text("r"), notice=NOTICE)
    with pytest.raises(NotAllowed):
        set_schedule(MATTER, (first,), again, seen=1, mandate=mandate())
    other = version(date("a", "2026-02-02"), reason=text("r"), notice=NOTICE)
    with pytest.raises(Conflict):
        set_schedule(MATTER, (first,), other, seen=0, mandate=mandate())


@given(st.sampled_from(["2026", "2026-02", "2024-02", "2026-02-03", "2027-12"]))
def test_first_day_is_never_after_the_last(announced: str) -> None:
    """What was announced means at least one day."""
    assert first_day(announced) <= last_day(announced)


def proposal(**more: Any) -> Proposed:
    """A change two teams are asked about."""
    given: dict[str, Any] = {
        "about": ConsultationAbout.SCHEDULE,
        "change": text("later"),
        "reason": text("machines were late"),
        "teams": ("alpha", "beta"),
        "replies_until": "2026-01-10",
        "milestones": (date("review", "2026-02-01"),),
    }
    return Proposed(**given | more)


def reply(history: list[Act], team: str, stance: Stance, words: str = "") -> None:
    """Append a team's reply."""
    given = Answered(team=team, stance=stance, text=words)
    by = mandate("2026-01-08T09:00:00+09:00", team)
    history.append(answer(ASKED, history, given, seen=len(history), mandate=by))


def test_dissent_stays_attached_and_is_answered() -> None:
    """A change over dissent says what it answers to it."""
    history = [propose(ASKED, (), proposal(), mandate=mandate())]
    reply(history, "alpha", Stance.CONSENT)
    with pytest.raises(NotAllowed, match="beta"):
        settle(ASKED, history, Adopted(), seen=2, mandate=mandate())
    reply(history, "beta", Stance.DISSENT, "our machines were not late")
    with pytest.raises(NotAllowed, match="dissented"):
        settle(ASKED, history, Adopted(), seen=3, mandate=mandate())
    adopted = Adopted(to_dissent=text("equal time for both"))
    history.append(settle(ASKED, history, adopted, seen=3, mandate=mandate()))
    found = consultation_of(ASKED, history)
    assert found.state is ConsultationState.ADOPTED
    assert [a.stance for a in found.answers] == [Stance.CONSENT, Stance.DISSENT]
    with pytest.raises(NotAllowed, match="adopted"):
        settle(ASKED, history, Dropped(reason=text("r")), seen=4, mandate=mandate())


def test_silence_is_waited_for_and_named() -> None:
    """After the last day the change may be made; who was silent is said."""
    history = [propose(ASKED, (), proposal(), mandate=mandate())]
    late = mandate("2026-01-11T00:00:00+09:00")
    history.append(settle(ASKED, history, Adopted(), seen=1, mandate=late))
    assert consultation_of(ASKED, history).silent == ("alpha", "beta")


def test_reply_after_the_last_day_and_of_strangers_is_refused() -> None:
    """Only who was asked, and in time."""
    history = [propose(ASKED, (), proposal(), mandate=mandate())]
    given = Answered(team="gamma", stance=Stance.CONSENT)
    with pytest.raises(NotAllowed, match="not asked"):
        answer(ASKED, history, given, seen=1, mandate=mandate())
    late = mandate("2026-01-11T00:00:00+09:00", "alpha")
    own = Answered(team="alpha", stance=Stance.CONSENT)
    with pytest.raises(NotAllowed, match="until"):
        answer(ASKED, history, own, seen=1, mandate=late)
    silent_dissent = Answered(team="alpha", stance=Stance.DISSENT)
    with pytest.raises(InvalidInput):
        answer(ASKED, history, silent_dissent, seen=1, mandate=mandate())


@pytest.mark.parametrize(
    "wrong",
    [
        {"milestones": ()},
        {"about": ConsultationAbout.RULES},
        {"rules_digest": "sha256:0"},
        {"teams": ()},
        {"teams": ("alpha", "alpha")},
        {"replies_until": "2026-01-04"},
    ],
)
def test_proposals_that_ask_nothing_are_refused(wrong: dict[str, Any]) -> None:
    """Whoever is asked is told what, and given time."""
    with pytest.raises(DokjaError):
        propose(ASKED, (), proposal(**wrong), mandate=mandate())
