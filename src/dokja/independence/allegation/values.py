"""An allegation against a team: from its receipt to how it was resolved."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from dokja.evidence.values import Growing, Text

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")]
Words = Annotated[str, Meta(max_length=5000)]


class AllegationState(StrEnum):
    """How far an allegation has come."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    MEASURED = "measured"
    REPLY = "reply"
    RESOLVED = "resolved"


class AllegationOutcome(StrEnum):
    """How an allegation was resolved."""

    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"
    INSUFFICIENT = "insufficient"


class AccuserKind(StrEnum):
    """In which capacity somebody alleges something; never who it is."""

    TEAM = "team"
    APPLICANT = "applicant"
    EXPERT = "expert"
    PUBLIC = "public"
    PRESS = "press"
    ANONYMOUS = "anonymous"


class InterestStatement(StrEnum):
    """What the accuser says of an interest of their own."""

    STATED = "stated"
    STATED_NONE = "stated_none"
    NOT_STATED = "not_stated"


class Receipt(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An allegation as it came in. It names capacities and no people."""

    id: Name
    team: Name
    component: Name
    aspect: Name
    about: Text
    """What is alleged, in the office's neutral words."""
    accuser: AccuserKind
    interest: InterestStatement
    interest_text: Words = ""
    reference: Name | None = None
    """The model the weights are said to come from, where one is named."""
    at: str


class Triage(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be measured; or the allegation that says the same."""

    to_measure: tuple[Words, ...] = ()
    joined_to: Name | None = None
    at: str


class MeasuredFact(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was measured, with its digest, and whether it bears the allegation out."""

    what: Words
    digest: Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]
    bears_out: bool | None
    """None where the measurement settles nothing."""


class Measurement(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that was measured on an allegation."""

    facts: tuple[MeasuredFact, ...]
    at: str


class AccusedReply(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the accused team answered."""

    text: Text
    at: str


class Resolution(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the allegation was resolved, and on which clauses."""

    outcome: AllegationOutcome
    reasons: Text
    clauses: tuple[Name, ...]
    at: str


class Allegation(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An allegation with everything that has happened to it."""

    receipt: Receipt
    state: AllegationState = AllegationState.RECEIVED
    triage: Triage | None = None
    measurement: Measurement | None = None
    replies: tuple[AccusedReply, ...] = ()
    resolution: Resolution | None = None
    joined: tuple[Name, ...] = ()
    """Allegations that say the same and share its course."""

    @property
    def is_joined(self) -> bool:
        """Whether another allegation stands for it."""
        return self.triage is not None and self.triage.joined_to is not None

    @property
    def awaits_resolution(self) -> bool:
        """Whether it was measured and nobody has resolved it."""
        return self.state in (AllegationState.MEASURED, AllegationState.REPLY)


class PublishedAllegation(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What the public reads of an allegation: nothing before it is resolved."""

    team: str
    outcome: AllegationOutcome
    resolved_at: str
    about: Text | None = None
    """Only of an allegation that was upheld, and what follows, too."""
    accuser: AccuserKind | None = None
    interest: Text | None = None
    measured: tuple[MeasuredFact, ...] = ()
    replies: tuple[AccusedReply, ...] = ()
    reasons: Text | None = None
    clauses: tuple[str, ...] = ()
