"""What is due about dates: versions, consultations, the date that comes next."""

from __future__ import annotations

from typing import get_args

from dokja.evidence.values import Text
from dokja.programme.agenda import Standing
from dokja.programme.schedule.agenda import schedule_agenda
from dokja.programme.schedule.event_words import EVENT_WORDS
from dokja.programme.schedule.values import (
    ChangeKind,
    Consultation,
    ConsultationAbout,
    ConsultationEvent,
    ConsultationState,
    Milestone,
    Proposed,
    ScheduleSet,
    ScheduleVersion,
    Stance,
)
from dokja.programme.schedule.words import (
    ABOUT,
    CHANGE_KINDS,
    CONSULTATION_STATES,
    STANCES,
)

NOW = "2026-03-04T12:00:00+09:00"
WORDS = Text(ko="말", en="words")


def version(*dates: str, consultation: str | None = None) -> ScheduleVersion:
    """A version with a milestone on each date."""
    return ScheduleVersion(
        number=1,
        set_at=NOW,
        by="officer",
        clause="1.1",
        schedule=ScheduleSet(
            milestones=tuple(Milestone(id=f"m{at}", name=WORDS, at=at) for at in dates),
            consultation=consultation,
        ),
        changes=(),
    )


def consultation(
    state: ConsultationState = ConsultationState.OPEN,
    *,
    silent: tuple[str, ...] = ("beta",),
    until: str = "2026-03-10",
    about: ConsultationAbout = ConsultationAbout.SCHEDULE,
) -> Consultation:
    """A consultation of two teams."""
    return Consultation(
        id="c1",
        state=state,
        proposed=Proposed(
            about=about,
            change=WORDS,
            reason=WORDS,
            teams=("alpha", "beta"),
            replies_until=until,
        ),
        proposed_at=NOW,
        answers=(),
        silent=silent,
        entries=1,
    )


def standings(
    versions: tuple[ScheduleVersion, ...], *consultations: Consultation
) -> list[tuple[Standing, str]]:
    """What is on the list, each with the moment it hangs on."""
    found = schedule_agenda(versions, consultations, now=NOW)
    return [(item.standing, item.until) for item in found]


def test_every_act_and_every_value_has_words() -> None:
    """A page that meets one without would not open."""
    assert set(EVENT_WORDS) == {ScheduleSet, *get_args(ConsultationEvent)}
    for words, values in (
        (CHANGE_KINDS, ChangeKind),
        (CONSULTATION_STATES, ConsultationState),
        (STANCES, Stance),
        (ABOUT, ConsultationAbout),
    ):
        assert set(words) == set(values)


def test_without_dates_the_first_version_is_due() -> None:
    """With dates, the next one stands there: today's counts, a past one does not."""
    assert standings(()) == [(Standing.DUE, "")]
    found = standings((version("2026-02-01", "2026-03-04", "2026-05"),))
    assert found == [(Standing.WAITS, "2026-03-04")]
    assert standings((version("2026-02-01"),)) == []


def test_a_consultation_waits_for_replies_or_for_its_last_day() -> None:
    """Then it is due to be settled."""
    versions = (version("2026-02-01"),)
    assert standings(versions, consultation()) == [(Standing.WAITS, "2026-03-10")]
    assert standings(versions, consultation(silent=())) == [
        (Standing.DUE, "2026-03-10")
    ]
    assert standings(versions, consultation(until="2026-03-03")) == [
        (Standing.DUE, "2026-03-03")
    ]


def test_adopted_dates_are_due_until_a_version_has_them() -> None:
    """Rules that were adopted are no dates."""
    adopted = consultation(ConsultationState.ADOPTED)
    assert standings((version("2026-02-01"),), adopted) == [(Standing.DUE, "")]
    named = version("2026-02-01", consultation="c1")
    assert standings((named,), adopted) == []
    rules = consultation(ConsultationState.ADOPTED, about=ConsultationAbout.RULES)
    assert standings((version("2026-02-01"),), rules) == []
