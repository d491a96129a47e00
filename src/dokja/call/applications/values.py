"""An application: consortium, earlier work, files, and what became of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from dokja.call.values import Line, Moment, Name
from dokja.evidence.values import Check, CheckResult, Text
from dokja.programme.call_rules import FirmSize, TrackItem
from dokja.programme.values import Reason

VerdictWord = Literal[
    "identical", "derived", "partial", "refer", "no_evidence", "untestable"
]
"""The verdict of a comparison of weights, as its report says it."""
Paragraphs = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class ApplicationPhase(StrEnum):
    """Where an application is on its way."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    SCREENED_IN = "screened_in"
    SCREENED_OUT = "screened_out"
    PRESENTED = "presented"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"


class ConsortiumRole(StrEnum):
    """What an organisation is in a consortium."""

    LEAD = "lead"
    MEMBER = "member"


class ConsortiumState(StrEnum):
    """Whether a consortium can still be changed without a reason."""

    PROPOSED = "proposed"
    FIXED = "fixed"
    AMENDED = "amended"


class Eligibility(StrEnum):
    """Whether an application is looked at at all."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what stands in an act of an application: unknown keys are errors."""


class ConsortiumMember(_Entry, frozen=True, kw_only=True):
    """An organisation of a consortium and its part in the work."""

    organisation: Line
    role: ConsortiumRole
    size: FirmSize
    part: Line


class HandedInFile(_Entry, frozen=True, kw_only=True):
    """A file that was handed in: the office keeps it, the record its digest."""

    name: Line
    digest: Line
    bytes: int


class TrackEntry(_Entry, frozen=True, kw_only=True):
    """One piece of earlier work that an applicant names."""

    id: Name
    item: TrackItem
    name: Line
    amount: int = 1
    """People-months, or 1 for a model, a code base, a release."""
    released: date | None = None
    evidence: tuple[Line, ...] = ()
    """Addresses, or digests of files of the application."""


class Proposal(_Entry, frozen=True, kw_only=True):
    """What an applicant proposes, and what it can show."""

    name: Text
    members: tuple[ConsortiumMember, ...]
    track: tuple[TrackEntry, ...]
    open_share: Decimal
    """Share of the results that it promises to release openly."""
    licence: Line
    """Licence of the release, as an SPDX expression or by name."""

    @property
    def lead(self) -> ConsortiumMember:
        """The organisation that answers for the bid."""
        return next(m for m in self.members if m.role is ConsortiumRole.LEAD)

    @property
    def organisations(self) -> frozenset[str]:
        """Every organisation of the consortium."""
        return frozenset(member.organisation for member in self.members)


class CitedVerdict(_Entry, frozen=True, kw_only=True):
    """What a report says of one component against one reference."""

    component: Line
    verdict: VerdictWord


class CitedComparison(_Entry, frozen=True, kw_only=True):
    """A comparison of the weights of a shown model, cited by its digest.

    Weights do not say who came first: without a day of release of both, a
    resemblance proves no descent.
    """

    entry: Name
    """The piece of earlier work that was compared."""
    report: Line
    """Digest of the report."""
    rules_digest: Line
    candidate: Line
    """Name of the compared model, as the report has it."""
    reference: Line
    reference_holder: Line
    """Organisation that released the reference."""
    reference_released: date | None
    verdicts: tuple[CitedVerdict, ...]


class ApplicationDrafted(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="drafted"
):
    """An applicant began to write; nothing is handed in."""

    call: Name
    proposal: Proposal


class ApplicationRevised(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="revised"
):
    """The draft was replaced by the applicant."""

    proposal: Proposal


class ApplicationSubmitted(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="submitted"
):
    """The files were handed in and the consortium is fixed."""

    files: tuple[HandedInFile, ...]
    digest: Line
    """Of the proposal and the files together: what the applicant can hold up."""


class ConsortiumAmended(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="amended"
):
    """The consortium changed after it was fixed; the mandate says why."""

    members: tuple[ConsortiumMember, ...]


class TrackChecked(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="track_checked"
):
    """The office looked at a piece of earlier work."""

    entry: Name
    result: CheckResult
    detail: Text


class ComparisonCited(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="comparison_cited"
):
    """A comparison of weights was put before the applicant's models."""

    comparison: CitedComparison


class ApplicantAsked(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="reply_asked"
):
    """What speaks against the application was shown to the applicant."""

    checks: tuple[Line, ...]
    facts: Text
    until: Moment


class ApplicantReplied(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="replied"
):
    """What the applicant answered."""

    text: Paragraphs
    files: tuple[HandedInFile, ...] = ()


class EligibilityFound(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="eligibility"
):
    """Whether the application is looked at, with the checks it rests on."""

    outcome: Eligibility
    checks: tuple[Check, ...]
    reasons: tuple[Reason, ...]
    reviewers: tuple[Name, ...] = ()
    """People who decided where the checks alone did not; empty otherwise."""


class DocumentsReviewed(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="documents_reviewed"
):
    """Whether the application goes on to the presentation."""

    goes_on: bool
    rank: int
    reasons: tuple[Reason, ...]


class PresentationHeld(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="presented"
):
    """The applicant presented, with material in these languages."""

    languages: tuple[Line, ...]


class SelectionMade(_Entry, frozen=True, kw_only=True, tag_field="what", tag="decided"):
    """Whether the application was selected, and why."""

    selected: bool
    rank: int
    reasons: tuple[Reason, ...]


class MovedUp(_Entry, frozen=True, kw_only=True, tag_field="what", tag="moved_up"):
    """The application is selected after all, since one before it was withdrawn."""

    instead_of: Name
    rank: int
    reasons: tuple[Reason, ...]


class FeedbackGiven(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="feedback"
):
    """What helps an applicant that was not selected; nobody else is shown it."""

    text: Text


class ApplicationWithdrawn(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="withdrawn"
):
    """The applicant withdrew; nothing follows from it."""


ApplicationEvent = (
    ApplicationDrafted
    | ApplicationRevised
    | ApplicationSubmitted
    | ConsortiumAmended
    | TrackChecked
    | ComparisonCited
    | ApplicantAsked
    | ApplicantReplied
    | EligibilityFound
    | DocumentsReviewed
    | PresentationHeld
    | SelectionMade
    | MovedUp
    | FeedbackGiven
    | ApplicationWithdrawn
)
