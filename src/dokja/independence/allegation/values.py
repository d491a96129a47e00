"""An allegation against a team: from its receipt to how it was resolved."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Growing, Text

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")]
Words = Annotated[str, Meta(max_length=5000)]
Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]


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

    COMPETING_TEAM = "competing_team"
    REJECTED_APPLICANT = "rejected_applicant"
    EVALUATOR = "evaluator"
    CITIZEN = "citizen"
    PRESS = "press"
    ANONYMOUS = "anonymous"


class InterestStatement(StrEnum):
    """What the accuser says of an interest of their own."""

    STATED = "stated"
    STATED_NONE = "stated_none"
    NOT_STATED = "not_stated"


class _Happened(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="what",
):
    """Base of what happens to an allegation; when and by whom says the mandate."""


class Received(_Happened, frozen=True, kw_only=True, tag="received"):
    """An allegation as it came in. It names capacities and no people."""

    team: Name
    component: Name
    aspect: Name
    about: Text
    """What is alleged, in the office's neutral words."""
    accuser: AccuserKind
    interest: InterestStatement
    interest_text: Words = ""
    reference: str = ""
    """The model the weights are said to come from, where one is named."""


class Triaged(_Happened, frozen=True, kw_only=True, tag="triaged"):
    """What is to be measured."""

    to_measure: Annotated[tuple[Words, ...], Meta(min_length=1, max_length=50)]


class Joined(_Happened, frozen=True, kw_only=True, tag="joined"):
    """An earlier allegation says the same and stands for this one."""

    to: Name


class MeasuredFact(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What was measured, with its digest, and whether it bears the allegation out."""

    what: Words
    digest: Digest
    bears_out: bool | None
    """None where the measurement settles nothing."""


class Measured(_Happened, frozen=True, kw_only=True, tag="measured"):
    """Everything that was measured on an allegation."""

    facts: Annotated[tuple[MeasuredFact, ...], Meta(min_length=1, max_length=50)]


class Replied(_Happened, frozen=True, kw_only=True, tag="replied"):
    """What the accused team answered; the mandate is the team's own."""

    text: Text


class Resolved(_Happened, frozen=True, kw_only=True, tag="resolved"):
    """How the allegation was resolved."""

    outcome: AllegationOutcome
    reasons: Text


AllegationEvent = Received | Triaged | Joined | Measured | Replied | Resolved


class GivenReply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply of the accused team with its time."""

    text: Text
    at: str


class Allegation(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An allegation with everything that has happened to it."""

    id: str
    received: Received
    received_at: str
    state: AllegationState = AllegationState.RECEIVED
    to_measure: tuple[str, ...] = ()
    joined_to: str = ""
    facts: tuple[MeasuredFact, ...] = ()
    reply_until: str = ""
    """Empty before anything was measured."""
    replies: tuple[GivenReply, ...] = ()
    outcome: AllegationOutcome | None = None
    reasons: Text | None = None
    clause: str = ""
    resolved_at: str = ""

    @property
    def bears_out(self) -> bool:
        """Whether anything that was measured speaks for the allegation."""
        return any(fact.bears_out for fact in self.facts)


class AllegationStanding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """As much of an allegation as a stage is told before it is resolved."""

    id: str
    team: str
    aspect: str
    state: AllegationState
    outcome: AllegationOutcome | None = None

    @property
    def awaits_resolution(self) -> bool:
        """Whether it was measured and nobody has resolved it."""
        return self.state in (AllegationState.MEASURED, AllegationState.REPLY)


class PublishedAllegation(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What the public reads of an allegation: nothing before it is resolved."""

    id: str
    team: str
    outcome: AllegationOutcome
    resolved_at: str
    clause: str
    upheld: Allegation | None = None
    """The whole course, of an allegation that was upheld."""
