"""What a probe saw, before any figure is made of it: the evidence of a measurement."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from dokja.commitment.values import Id, Link
from dokja.evidence.values import Growing
from dokja.licence.values import Grant, TableVersion

SCHEMA = "dokja-probe/1"
Reason = Annotated[str, Meta(max_length=1000)]
Seconds = Annotated[float, Meta(ge=0)]


class Request(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request to a service: whether it was answered whole, and in what time."""

    answered: bool | None
    """None where what came back says nothing of the service: we were refused, or
    nothing shows that our own network was up."""
    seconds: Seconds
    """Until the answer was whole, or until it was given up."""
    reason: Reason = ""
    """Why there is no whole answer."""


class _Seen(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="seen"
):
    """Base of what the probe of one rule saw."""


class EndpointSeen(_Seen, frozen=True, tag="endpoint"):
    """Requests sent to a service at fixed moments, whether or not others had ended."""

    requests: tuple[Request, ...]
    model: str
    """Asked of an OpenAI-compatible server; empty where a page was fetched."""
    every_seconds: float
    within_seconds: float
    most_tokens: int = 0
    control: str = ""
    """Address that was asked beside it to show that our network was up."""


class LicenceReading(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the tables know of one licence that a release names."""

    licence: str
    commercial: Grant
    limited_by: tuple[str, ...] = ()
    """Limits of users, revenue or territory: beyond them another licence is needed."""


class LicenceSeen(_Seen, frozen=True, tag="licence"):
    """What a release says of its licence, and what the tables say of that."""

    declared: str
    where: str
    """The file that says so, or whoever read the text."""
    canonical: str
    alternatives: tuple[tuple[str, ...], ...]
    readings: tuple[LicenceReading, ...]
    tables: tuple[TableVersion, ...]
    files: tuple[str, ...] = ()
    """Digests of what was read."""


class FormatState(StrEnum):
    """What came of one format of a release."""

    COMPARED = "compared"
    BROKEN = "broken"
    """Its own rules say that the file is damaged."""
    UNTRIED = "untried"
    """Nothing here could tell, for the reason that is given."""


class FormatSeen(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One format of a release: its files, what ran them, and what it said."""

    format: str
    state: FormatState
    engine: str = ""
    reason: Reason = ""
    files: tuple[str, ...] = ()
    """Digests of the files that hold it."""
    said: tuple[tuple[tuple[float, ...], ...], ...] = ()
    """By sequence and place: log-probabilities of the tokens asked about there."""


class ReleaseSeen(_Seen, frozen=True, tag="release"):
    """The same questions put to every format of a release."""

    beacon: str
    vocabulary: int
    """Tokens that every format knows, from which the sequences were drawn."""
    sequences: tuple[tuple[int, ...], ...]
    asked: tuple[tuple[tuple[int, ...], ...], ...]
    """By sequence and place: the tokens that the first format finds likeliest."""
    formats: tuple[FormatSeen, ...]


class EntrySeen(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a catalogue that was tried."""

    id: str
    manifest: bool | None
    """None where nothing tells, as where we were turned away."""
    answered: bool | None
    """None where it would not let us ask, or offers no way in which we can."""
    seconds: Seconds = 0.0
    reason: Reason = ""


class CatalogueSeen(_Seen, frozen=True, tag="catalogue"):
    """A catalogue, and those of its entries that a draw picked."""

    listed: int
    catalogue: str
    """Digest of the list as it was read."""
    beacon: str
    tried: tuple[EntrySeen, ...]


Seen = EndpointSeen | LicenceSeen | ReleaseSeen | CatalogueSeen


class ProbeEvidence(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file that a measurement rests on; its digest stands in the act."""

    schema: str
    programme: str
    commitment: Id
    promise: str
    """Digest of the act that the promise or its latest change stands in."""
    places: tuple[Link, ...]
    """Addresses or names of folders that were looked at."""
    at: str
    """ISO 8601 with zone: when the probe began."""
    seen: Seen
