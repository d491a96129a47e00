"""Facts of outsiders about a team's model, with their date and their source."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Growing, Text
from dokja.programme.schedule.values import Announced

SCHEMA = "dokja-recognition/1"
Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\Z")]
Words = Annotated[str, Meta(min_length=1, max_length=2000)]


class Reported(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the fact was read, and when that was published, as exactly as is known."""

    publisher: Words
    on: Announced
    title: Annotated[str, Meta(max_length=2000)] = ""


class _Fact(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """Base of what an outsider says: of whose model, since when, read where."""

    team: Id
    body: Words
    """Who says it."""
    source: Reported
    model: Words | None = None
    """None where the source names the team alone."""
    on: Announced | None = None
    """When it held; None where the source does not say."""


class Listing(_Fact, frozen=True, kw_only=True, tag="listing"):
    """A model stands on a list."""

    list: Words
    rule: Text
    """By what a model gets on it: mostly not by being good."""


class IndexValue(_Fact, frozen=True, kw_only=True, tag="index"):
    """A model has a value of an index, in one version of it."""

    index: Words
    value: Decimal
    version: Words | None = None
    """None where the source does not say; it is comparable to nothing then."""
    rank: Annotated[int, Meta(ge=1)] | None = None
    among: Text | None = None
    """Of what the rank is, such as models with open weights."""


Fact = Listing | IndexValue


class _Event(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what"
):
    """Base of what happens to a fact on record."""


class Recorded(_Event, frozen=True, kw_only=True, tag="recorded"):
    """The fact was read and put on record."""

    fact: Fact


class FactCorrected(_Event, frozen=True, kw_only=True, tag="corrected"):
    """It was put on record wrongly, or its source corrected it; the first stays."""

    fact: Fact
    reason: Text


class TakenOff(_Event, frozen=True, kw_only=True, tag="taken_off"):
    """The outsider no longer says it."""

    reason: Text
    source: Reported
    on: Announced | None = None


RecognitionEvent = Recorded | FactCorrected | TakenOff


class RecognitionState(StrEnum):
    """Whether a fact still holds."""

    STANDS = "stands"
    CORRECTED = "corrected"
    """It stands in other words than at first."""
    TAKEN_OFF = "taken_off"


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as it stands, with what it was before."""

    id: str
    fact: Fact
    state: RecognitionState
    reason: Text | None
    """Of the last change; None where there was none."""
    earlier: tuple[Fact, ...]
    entries: int


class IndexSeries(msgspec.Struct, frozen=True, kw_only=True):
    """Values of one index in one version: these alone can be held side by side."""

    body: str
    index: str
    version: str | None
    values: tuple[Recognition, ...]
    """The highest first; one only where the version is not known."""


class RecognitionFile(msgspec.Struct, frozen=True, kw_only=True):
    """Facts as they are handed in, by id."""

    schema: str
    facts: dict[Id, Fact]
