"""What was published about a whole programme, as data."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from dokja.call.values import CallKind, Channel, ReviewRound
from dokja.evidence.values import Text
from dokja.programme.schedule.values import Announced
from dokja.replay.values import Published, Record, Source, Unknown
from dokja.support.money.values import Krw

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\Z")]
Moment = Annotated[str, Meta(pattern=r"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d\+09:00)?)?)?\Z")]
"""As exact as it was published: a year, a month, a day, or an hour in Korea."""


class Told(Published, frozen=True, kw_only=True):
    """Base of a published fact: when, what, and the party's own reply to it."""

    id: Id
    on: Moment
    until: Moment | None = None
    title: Text
    text: Text
    reply: Text | None = None
    """What the party concerned says itself; None where nothing is in dispute."""
    clauses: tuple[str, ...] = ()
    """Clauses of the rulebook that speak of it."""
    turning_point: bool = False
    """Whether the programme is another one after it: who takes part changes."""


class Organisation(Published, frozen=True, kw_only=True):
    """An organisation that the history names."""

    id: Id
    name: Text


class PublishedCall(Told, frozen=True, kw_only=True):
    """A call as it was announced; `until` is the last day, or the hour of its end."""

    kind: CallKind
    slots: int
    shortlist: int
    """Applications after the review of documents, as they were counted."""


class PublishedCriteria(Told, frozen=True, kw_only=True):
    """What a review was said to judge; the points of each were not published."""

    call: Id
    criteria: tuple[Text, ...]


class PublishedStatement(Told, frozen=True, kw_only=True):
    """Something said while a call was open."""

    call: Id
    channel: Channel | None = None
    """None for an official notice."""
    contradicts: Text | None = None
    """In what it differs from the text of the call; None where it does not."""


class PublishedApplicants(Told, frozen=True, kw_only=True):
    """Who applied, by the organisation that leads the bid."""

    call: Id
    applicants: tuple[Id, ...]
    counted: int


class PublishedReview(Told, frozen=True, kw_only=True):
    """Who was left after a review."""

    call: Id
    round: ReviewRound
    kept: tuple[Id, ...]
    counted: int


class PublishedDate(Record, frozen=True, kw_only=True):
    """A date of the schedule as somebody announced it."""

    milestone: Id
    at: Announced
    until: Announced | None = None


class PublishedDates(Told, frozen=True, kw_only=True):
    """Dates that were announced on a day; those that are not named stay."""

    dates: tuple[PublishedDate, ...]
    reason: Text | None = None
    """Why they differ, where that was published."""


class PublishedPool(Told, frozen=True, kw_only=True):
    """GPUs that the programme leased, from `on` until `until`.

    Without `until` the time is not known, and `on` is the day of the tender.
    """

    supplier: Id
    gpu_type: str
    count: int


class PublishedShare(Record, frozen=True, kw_only=True):
    """GPUs of a type that a team was given."""

    team: Id
    gpu_type: str
    gpus: int
    pool: Id | None = None
    """None where nobody published from which pool they came."""


class PublishedSupport(Told, frozen=True, kw_only=True):
    """Who was given how many GPUs in a time."""

    shares: tuple[PublishedShare, ...]


class PublishedIncident(Told, frozen=True, kw_only=True):
    """Something that kept pools from what was promised, known only in words."""

    pools: tuple[Id, ...]


class PublishedPart(Record, frozen=True, kw_only=True):
    """What a figure was said to consist of."""

    name: Text
    krw: Krw


class PublishedAmount(Told, frozen=True, kw_only=True):
    """A figure about an amount of money."""

    subject: Id
    krw: Krw
    parts: tuple[PublishedPart, ...] = ()


class UnattributedAmount(Record, frozen=True, kw_only=True):
    """A figure that circulates without a page that could be cited."""

    id: Id
    subject: Id
    krw: Krw
    text: Text


class Practice(StrEnum):
    """In what the process and a rule that Dokja enforces can be held together."""

    LATE_RULE = "late_rule"
    """A rule was fixed after it had begun to apply."""
    MORE_OUT = "more_out"
    """More teams left than the plan said."""
    OBJECTIONS = "objections"
    """A decision became final before the last day for objections."""
    VACANCY = "vacancy"
    """An empty place was called for under a rule announced with the result."""
    QUORUM = "quorum"
    """Who is selected hangs on a majority."""
    ACTIVE_TEAMS = "active_teams"
    """Who goes on is counted."""
    EQUAL_TIME = "equal_time"
    """A team that entered late has as much time as the others."""
    LESSORS = "lessors"
    """Teams whose companies lease GPUs out hold none."""
    RESULT = "result"
    """A stage whose result is not known."""


class PublishedPractice(Told, frozen=True, kw_only=True):
    """Something the process did that a rule speaks of."""

    practice: Practice
    teams: tuple[Id, ...] = ()


class History(Record, frozen=True, kw_only=True):
    """A whole programme as it was published, from its data files."""

    schema: str
    case: Id
    programme: Id
    stage: Id
    """The published stage that is decided again on the way."""
    name: Text
    note: Text
    correction: Text
    sources: dict[str, Source]
    organisations: tuple[Organisation, ...]
    calls: tuple[PublishedCall, ...]
    criteria: tuple[PublishedCriteria, ...]
    statements: tuple[PublishedStatement, ...]
    applicants: tuple[PublishedApplicants, ...]
    reviews: tuple[PublishedReview, ...]
    milestones: dict[str, Text]
    dates: tuple[PublishedDates, ...]
    pools: tuple[PublishedPool, ...]
    support: tuple[PublishedSupport, ...]
    incidents: tuple[PublishedIncident, ...]
    subjects: dict[str, Text]
    amounts: tuple[PublishedAmount, ...]
    unattributed: tuple[UnattributedAmount, ...]
    practices: tuple[PublishedPractice, ...]
    events: tuple[Told, ...]
    unknown: tuple[Unknown, ...]

    def told(self) -> tuple[Told, ...]:
        """Every published fact, in the order of the data files."""
        return (
            *self.calls,
            *self.criteria,
            *self.statements,
            *self.applicants,
            *self.reviews,
            *self.dates,
            *self.pools,
            *self.support,
            *self.incidents,
            *self.amounts,
            *self.practices,
            *self.events,
        )

    def call(self, name: str) -> PublishedCall:
        """The call of this id."""
        return next(each for each in self.calls if each.id == name)

    def cited(self, ids: tuple[str, ...]) -> tuple[Source, ...]:
        """The sources with these ids."""
        return tuple(self.sources[each] for each in ids)
