"""What the page of a replayed programme prints, section by section."""

from __future__ import annotations

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.replay.values import Source
from dokja.replay.whole.results import (
    CitedClause,
)
from dokja.report.comparison import Reproduction
from dokja.report.pieces import View, Word


class TallyView(View, frozen=True, kw_only=True):
    """How many steps came out one way."""

    word: Word
    meaning: Text
    count: int


class StationView(View, frozen=True, kw_only=True):
    """How many took part at a point of the way; None where nobody knows."""

    count: int | None
    text: Text
    names: Text


class EntryView(View, frozen=True, kw_only=True):
    """A line of the chronicle: a step, or an event that no act can check."""

    anchor: str
    when: Text
    title: Text
    chapter: Text | None
    result: Word | None
    published: Text
    found: Text | None
    act: str | None
    refused: str | None
    clauses: tuple[str, ...]
    assumed: tuple[Text, ...]
    reply: Text | None
    status: Text
    sources: tuple[int, ...]


class MonthView(View, frozen=True, kw_only=True):
    """A month of the chronicle."""

    name: Text
    entries: tuple[EntryView, ...]


class AmountView(View, frozen=True, kw_only=True):
    """A published figure as a row."""

    amount: Text
    when: Text | None
    text: Text
    parts: Text | None
    refused: str | None
    sources: tuple[int, ...]


class SubjectView(View, frozen=True, kw_only=True):
    """All figures about one amount, with their picture where they differ."""

    name: Text
    figure: Markup | None
    amounts: tuple[AmountView, ...]


class GivenView(View, frozen=True, kw_only=True):
    """What teams were given in one time."""

    title: Text
    when: Text
    figure: Markup


class PoolView(View, frozen=True, kw_only=True):
    """A leased pool beside what is known to have been given of it."""

    title: Text
    when: Text | None
    """None where nobody published it."""
    units: str | None
    """None where no rule says what its GPUs count as."""
    given: str | None
    """None where nobody published who was given any."""


class DateView(View, frozen=True, kw_only=True):
    """One announcement of one date."""

    name: Text
    announced: Text
    at: Text
    result: Word
    sources: tuple[int, ...]


class DisputeView(View, frozen=True, kw_only=True):
    """A disputed fact, how it ended, and the position of the party concerned."""

    title: Text
    text: Text
    result: Word
    ended: Text | None
    reply: Text
    sources: tuple[int, ...]


class TimelineView(View, frozen=True, kw_only=True):
    """Everything the template prints, section by section."""

    name: Text
    note: Text
    correction: Text
    tally: tuple[TallyView, ...]
    facts: int
    acts: int
    way: tuple[StationView, ...]
    overview: Markup
    read_until: Text
    months: tuple[MonthView, ...]
    drift: Markup
    dates: tuple[DateView, ...]
    pools: tuple[PoolView, ...]
    given: tuple[GivenView, ...]
    subjects: tuple[SubjectView, ...]
    disputes: tuple[DisputeView, ...]
    clauses: tuple[CitedClause, ...]
    unknown: tuple[Text, ...]
    sources: tuple[Source, ...]
    reproduction: Reproduction
    rules_digest: str
