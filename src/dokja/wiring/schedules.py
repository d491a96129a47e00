"""Schedule and consultations of a programme: read from the record, acted on."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.values import Act, Text
from dokja.programme.agenda import TimelineEntry, timeline
from dokja.programme.matters import Mandate, Recorded, read_history
from dokja.programme.schedule import (
    CONSULTATION,
    Adopted,
    Answered,
    Consultation,
    Dropped,
    Milestone,
    Proposed,
    ScheduleSet,
    ScheduleVersion,
    answer,
    consultation_matter,
    consultation_of,
    propose,
    schedule_matter,
    schedule_versions,
    set_schedule,
    settle,
)
from dokja.programme.schedule.event_words import EVENT_WORDS
from dokja.programme.schedule.values import ConsultationEvent
from dokja.wiring.matter_desk import MatterDesk, entries_read


class Schedules(msgspec.Struct, frozen=True, kw_only=True):
    """What is on record about a programme's dates."""

    programme: str
    versions: tuple[ScheduleVersion, ...]
    consultations: tuple[Consultation, ...]


def read_schedules(desk: MatterDesk) -> Schedules:
    """Every version and every consultation."""
    return Schedules(
        programme=desk.programme,
        versions=schedule_versions(desk.history(schedule_matter(desk.programme))),
        consultations=tuple(
            consultation_of(consultation_matter(desk.programme, name), history)
            for name, history in desk.histories(CONSULTATION).items()
        ),
    )


def consultation_history(desk: MatterDesk, name: str) -> tuple[TimelineEntry, ...]:
    """Everything that happened in a consultation, the earliest first."""
    history = desk.history(consultation_matter(desk.programme, name))
    events: tuple[Recorded[ConsultationEvent], ...] = read_history(
        history,
        ConsultationEvent,  # type: ignore[arg-type]
    )
    return timeline([(name, events)], EVENT_WORDS)


def dates_before(found: Schedules, asked: Consultation) -> tuple[Milestone, ...]:
    """The dates that the consultation would change: those of its day."""
    begun = datetime.fromisoformat(asked.proposed_at)
    known = [v for v in found.versions if datetime.fromisoformat(v.set_at) <= begun]
    return known[-1].schedule.milestones if known else ()


def new_version(
    desk: MatterDesk, schedule: ScheduleSet, *, seen: int | None, mandate: Mandate
) -> Act:
    """The act of a new version of the dates. Raises: what `set_schedule` raises."""
    matter = schedule_matter(desk.programme)
    history = desk.history(matter)
    return set_schedule(
        matter, history, schedule, seen=entries_read(seen, history), mandate=mandate
    )


def new_consultation(
    desk: MatterDesk, name: str, change: Proposed, *, mandate: Mandate
) -> Act:
    """The act that opens a consultation. Raises: what `propose` raises."""
    matter = consultation_matter(desk.programme, name)
    return propose(matter, desk.history(matter), change, mandate=mandate)


def answer_of(
    desk: MatterDesk,
    name: str,
    reply: Answered,
    *,
    seen: int | None,
    mandate: Mandate,
) -> Act:
    """The act of a team's reply. Raises: what `answer` raises."""
    matter = consultation_matter(desk.programme, name)
    history = desk.history(matter)
    return answer(
        matter, history, reply, seen=entries_read(seen, history), mandate=mandate
    )


def settlement_of(
    desk: MatterDesk,
    name: str,
    outcome: Adopted | Dropped,
    *,
    seen: int | None,
    mandate: Mandate,
) -> Act:
    """The act that ends a consultation. Raises: what `settle` raises."""
    matter = consultation_matter(desk.programme, name)
    history = desk.history(matter)
    return settle(
        matter, history, outcome, seen=entries_read(seen, history), mandate=mandate
    )


def outcome_of(*, drop: bool, ko: str, en: str) -> Adopted | Dropped:
    """How a consultation ends. Raises: InvalidInput for words in one language only."""
    if bool(ko.strip()) != bool(en.strip()) or (drop and not ko.strip()):
        raise InvalidInput(
            "the reason stands in one language or in none",
            remedy="give --ko and --en",
        )
    words = Text(ko=ko, en=en) if ko.strip() else None
    if drop and words is not None:
        return Dropped(reason=words)
    return Adopted(to_dissent=words)
