"""The dates of a made-up programme: set, drifting, and asked about before they move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from dokja.evidence.values import Text
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
)
from dokja.wiring.schedules import (
    answer_of,
    new_consultation,
    new_version,
    settlement_of,
)
from tests.whole_programme.office import Office

WORDS = Text("사유", "the reason")


def milestones(office: Office, stage: str, *, late: int = 0) -> tuple[Milestone, ...]:
    """The dates of a stage, so many days later than planned."""
    today = office.clock.now.date()
    return tuple(
        Milestone(
            id=f"{stage}-{name}",
            name=Text(name, name),
            at=(today + timedelta(days=days + late)).isoformat(),
        )
        for name, days in (("sealed", 60), ("decided", 71))
    )


def set_dates(office: Office, stage: str, *, late: int = 0) -> Iterator[str]:
    """A version of the schedule, with its reason and the notice of it."""
    notice = Source(publisher="office", on=office.clock.now.date().isoformat())
    version = ScheduleSet(
        milestones=milestones(office, stage, late=late), reason=WORDS, notice=notice
    )
    office.act(
        "set schedule",
        lambda m: new_version(office.desk, version, seen=None, mandate=m),
    )
    yield "schedule"


def consult(office: Office, stage: str, teams: Sequence[str]) -> Iterator[str]:
    """The teams are asked about later dates; what they say decides what follows."""
    name = f"{stage}-later"
    until = (office.clock.now + timedelta(days=5)).date().isoformat()
    change = Proposed(
        about=ConsultationAbout.SCHEDULE,
        change=Text("연기", "later by a week"),
        reason=WORDS,
        teams=tuple(teams),
        replies_until=until,
        milestones=milestones(office, stage, late=7),
    )
    office.act(
        "consult",
        lambda m: new_consultation(office.desk, name, change, mandate=m),
    )
    yield "consulted"
    for team in office.some(teams, 0.8):
        stance = office.luck.choice(tuple(Stance))
        said = Answered(team=team, stance=stance, text="our view")
        office.act(
            "answer consultation",
            lambda m, said=said: answer_of(  # type: ignore[misc]
                office.desk, name, said, seen=None, mandate=m
            ),
            by=team,
        )
    yield "answered"
    if office.chance(0.7):
        office.wait(days=6)
    outcome: Adopted | Dropped = Adopted(
        to_dissent=WORDS if office.chance(0.8) else None
    )
    if office.chance(0.2):
        outcome = Dropped(reason=WORDS)
    settled = office.act(
        "settle consultation",
        lambda m: settlement_of(office.desk, name, outcome, seen=None, mandate=m),
    )
    yield "settled"
    if settled and isinstance(outcome, Adopted):
        yield from set_dates(office, stage, late=7)
