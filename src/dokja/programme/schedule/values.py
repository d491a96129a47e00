"""The programme's dates: every version that was published, with why it changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Growing, Text

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d\Z")]
Announced = Annotated[str, Meta(pattern=r"^\d{4}(-\d\d(-\d\d)?)?\Z")]
"""A day, a month or a year: as exact as what was announced, and no more."""
Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\Z")]
Words = Annotated[str, Meta(min_length=1, max_length=2000)]


class Source(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and when something was published."""

    publisher: Words
    on: Announced
    """A page that names a month alone is dated by it."""
    title: Annotated[str, Meta(max_length=2000)] = ""


class Milestone(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One date of the programme; `until` where it lasts longer than `at`."""

    id: Id
    name: Text
    at: Announced
    until: Announced | None = None


class ScheduleSet(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what",
    tag="set",
):  # fmt: skip
    """A version of the schedule; it holds every date, the unchanged ones too."""

    milestones: tuple[Milestone, ...]
    reason: Text | None = None
    """Why it differs from the version before; the first one needs none."""
    notice: Source | None = None
    """How the teams and the public were told."""
    consultation: Id | None = None
    """The consultation that was held about it, if any."""


class ChangeKind(StrEnum):
    """What happened to a date from one version to the next."""

    ADDED = "added"
    MOVED = "moved"
    DROPPED = "dropped"


class DateChange(msgspec.Struct, frozen=True, kw_only=True):
    """One date that differs between two versions."""

    kind: ChangeKind
    before: Milestone | None
    after: Milestone | None
    days: int | None
    """How many days later; None where one side is no single day."""


class ScheduleVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version with what it changed."""

    number: int
    set_at: str
    by: str
    clause: str
    schedule: ScheduleSet
    changes: tuple[DateChange, ...]


class ConsultationAbout(StrEnum):
    """What the teams are asked about."""

    SCHEDULE = "schedule"
    RULES = "rules"


class Stance(StrEnum):
    """What a team says to a proposed change."""

    CONSENT = "consent"
    DISSENT = "dissent"
    NO_VIEW = "no_view"


class ConsultationState(StrEnum):
    """Where a consultation stands."""

    OPEN = "open"
    ADOPTED = "adopted"
    DROPPED = "dropped"


class Proposed(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what",
    tag="proposed",
):  # fmt: skip
    """A change the teams are asked about before it is made."""

    about: ConsultationAbout
    change: Text
    reason: Text
    teams: tuple[Id, ...]
    replies_until: Day
    milestones: tuple[Milestone, ...] = ()
    """Dates as they would be; empty where rules are to change."""
    rules_digest: str | None = None
    """Digest of the rulebook as it would be; None where dates are to change."""


class Answered(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what",
    tag="answered",
):  # fmt: skip
    """A team's reply; a later one stands beside the earlier."""

    team: Id
    stance: Stance
    text: Annotated[str, Meta(max_length=20_000)] = ""


class Adopted(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what",
    tag="adopted",
):  # fmt: skip
    """The change is made. Dissent does not vanish: it is answered here."""

    to_dissent: Text | None = None


class Dropped(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what",
    tag="dropped",
):  # fmt: skip
    """The change is not made."""

    reason: Text


ConsultationEvent = Proposed | Answered | Adopted | Dropped


class Consultation(msgspec.Struct, frozen=True, kw_only=True):
    """A consultation as it stands."""

    id: str
    state: ConsultationState
    proposed: Proposed
    proposed_at: str
    answers: tuple[Answered, ...]
    """The latest of each team, by team."""
    silent: tuple[str, ...]
    """Teams that were asked and said nothing."""
    entries: int
    settled_at: str = ""
    """Empty while it is open."""
    outcome: Text | None = None
    """What was said to dissent, or why the change was dropped."""
