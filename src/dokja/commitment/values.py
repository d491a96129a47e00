"""What a team promised, by when, how it is measured, and what was found."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Estimate, Growing, Text
from dokja.programme.schedule.values import Announced, Source

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\Z")]
Words = Annotated[str, Meta(min_length=1, max_length=4000)]
Link = Annotated[str, Meta(max_length=2000)]
Share = Annotated[float, Meta(ge=0, le=1)]


class CommitmentStatus(StrEnum):
    """Where a commitment stands on a day."""

    DUE = "due"
    """Its day has not come, or none was named."""
    MET = "met"
    MISSED = "missed"
    UNDETERMINED = "undetermined"
    """Its day has passed, and nothing on record settles it."""
    WITHDRAWN = "withdrawn"


class Reporter(StrEnum):
    """Who says what became of a commitment."""

    PROBE = "probe"
    TEAM = "team"
    OFFICE = "office"
    OUTSIDER = "outsider"


class _Rule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True,
    tag_field="measure",
):  # fmt: skip
    """How a commitment is measured."""


class EndpointRule(_Rule, frozen=True, tag="endpoint"):
    """A service answers often enough and fast enough."""

    availability: Share
    """Share of requests answered, at least."""
    p95_seconds: float
    """Seconds within which 95 % of the answers are whole."""


class ReleaseRule(_Rule, frozen=True, tag="release"):
    """Released files load, and every format gives the same model."""

    formats: tuple[Words, ...]
    tolerance: float
    """Largest difference of a log-probability between two formats."""


class LicenceRule(_Rule, frozen=True, tag="licence"):
    """A release may be used commercially."""


class CatalogueRule(_Rule, frozen=True, tag="catalogue"):
    """A public list holds entries that answer when they are called."""

    entries: int
    answering: Share = 1.0
    """Share of the entries tried that have to answer, at least."""


class CountRule(_Rule, frozen=True, tag="count"):
    """A number that is reported with its source reaches a target."""

    at_least: float
    unit: Words


class JudgedRule(_Rule, frozen=True, tag="judged"):
    """No number settles it: people say so, with their evidence."""


MeasuringRule = (
    EndpointRule | ReleaseRule | LicenceRule | CatalogueRule | CountRule | JudgedRule
)


class _Event(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what"
):
    """Base of what happens to a commitment."""


class Promised(_Event, frozen=True, tag="promised"):
    """What was promised, where, and how anybody will tell."""

    team: Id
    text: Text
    target: Text
    source: Source
    rule: MeasuringRule
    reporter: Reporter
    due: Announced | None = None
    """As exact as it was announced; None where no day was named."""
    reading: Text | None = None
    """What of rule, target or day is the office's own reading and was not announced;
    None where all of it was."""


class PromiseAmended(_Event, frozen=True, tag="amended"):
    """The promise was changed in public; the first words stay on record."""

    text: Text
    target: Text
    reason: Text
    source: Source
    due: Announced | None = None
    rule: MeasuringRule | None = None
    """None where it is measured as before."""
    reading: Text | None = None
    """As in `Promised`; what was said of the first words is no longer."""


class MeasuredFigure(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measured figure under the name the rule gives it."""

    name: Id
    estimate: Estimate


class Measured(_Event, frozen=True, tag="measured"):
    """What a probe found: one figure for each part of the rule.

    None at all where it settled nothing; then the note says why, and what was
    measured before still holds.
    """

    by: Reporter
    figures: tuple[MeasuredFigure, ...]
    evidence: tuple[Link, ...] = ()
    """Digests of what was kept, or addresses."""
    note: Text | None = None


class Judged(_Event, frozen=True, tag="judged"):
    """Somebody says whether it was kept, with what it rests on."""

    by: Reporter
    met: bool
    reason: Text
    source: Source


class PromiseWithdrawn(_Event, frozen=True, tag="withdrawn"):
    """The promise is taken back, in public."""

    reason: Text
    source: Source


CommitmentEvent = Promised | PromiseAmended | Measured | Judged | PromiseWithdrawn


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What the latest evidence says of one part of a rule."""

    name: str
    estimate: Estimate | None
    target: float
    met: bool | None
    """None where the interval holds the target, or nothing was measured."""


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of what was measured, with who put it on record and when."""

    at: str
    recorded_by: str
    """Pseudonym of whoever acted."""
    by: Reporter
    figures: tuple[MeasuredFigure, ...]
    evidence: tuple[str, ...]
    note: Text | None


class Commitment(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment as it stands on a day."""

    id: str
    team: str
    text: Text
    target: Text
    source: Source
    due: str | None
    rule: MeasuringRule
    reporter: Reporter
    status: CommitmentStatus
    reason: Text
    findings: tuple[Finding, ...]
    evidence: tuple[str, ...]
    amended: int
    """How often the promise was changed."""
    entries: int
    reading: Text | None
    """What of rule, target or day was not announced."""
    days_left: int | None
    """Days until its last day, none of them left on it; None where none was named,
    it has passed, or the promise was taken back."""
    measurements: tuple[Measurement, ...]
    """Everything that was measured, oldest first."""
