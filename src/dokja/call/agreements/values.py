"""An agreement: its terms, its obligations, and what became of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from dokja.call.values import Line, Name
from dokja.evidence.values import Text
from dokja.programme.call_rules import FirmSize, ObligationKind


class AgreementPhase(StrEnum):
    """Where an agreement is on its way."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    ACTIVE = "active"
    AMENDED = "amended"
    TERMINATED = "terminated"
    COMPLETED = "completed"


class ObligationStatus(StrEnum):
    """What became of something that is owed."""

    DUE = "due"
    MET = "met"
    BREACHED = "breached"
    WAIVED = "waived"


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what stands in an act of an agreement: unknown keys are errors."""


class CostShare(_Entry, frozen=True, kw_only=True):
    """The share of the costs that the team bears, or why none can be given."""

    size: FirmSize
    """Of the lead."""
    share: Decimal | None
    reason: Text


class Obligation(_Entry, frozen=True, kw_only=True):
    """Something a team owes, and until which day."""

    id: Name
    kind: ObligationKind
    name: Text
    due: date
    clause: Line


class AgreementTerms(_Entry, frozen=True, kw_only=True):
    """What both sides sign."""

    call: Name
    application: Name
    starts: date
    cost_share: CostShare
    open_share: Decimal
    licence: Line
    obligations: tuple[Obligation, ...]


class AgreementDrafted(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="drafted"
):
    """The terms were written, by the rules and what the team promised."""

    terms: AgreementTerms


class AgreementSigned(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="signed"
):
    """Both sides signed the document of this digest."""

    document: Line


class AgreementActivated(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="active"
):
    """The work began."""


class AgreementAmended(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="amended"
):
    """The terms changed by consent; the mandate says why."""

    terms: AgreementTerms
    consent: Line
    """Digest of what both sides signed."""


class ObligationMet(_Entry, frozen=True, kw_only=True, tag_field="what", tag="met"):
    """What was owed is there, and where."""

    obligation: Name
    evidence: Line


class ObligationBreached(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="breached"
):
    """What was owed is not there after its day; the mandate says why it counts."""

    obligation: Name
    heard: Text
    """What the team said to it."""


class ObligationWaived(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="waived"
):
    """What was owed is owed no more; the mandate says why."""

    obligation: Name


class AgreementTerminated(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="terminated"
):
    """The agreement ended before its work; the mandate says why."""


class AgreementCompleted(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="completed"
):
    """Nothing is owed any more."""


AgreementEvent = (
    AgreementDrafted
    | AgreementSigned
    | AgreementActivated
    | AgreementAmended
    | ObligationMet
    | ObligationBreached
    | ObligationWaived
    | AgreementTerminated
    | AgreementCompleted
)
