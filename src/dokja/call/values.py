"""A call: its text, its window, what was asked and answered, and who was selected."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec

from dokja.evidence.values import Estimate, Text
from dokja.panel.values import Assigned, Criterion, Panel, Recusal

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"^[\w.\-]+$")]
"""Id of a call, a question or an application: it stands in names of acts."""
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Moment = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
"""ISO 8601 with zone."""


class CallKind(StrEnum):
    """Whether a call begins the programme or fills a vacancy."""

    INITIAL = "initial"
    REVIVAL = "revival"


class CallPhase(StrEnum):
    """Where a call is on its way."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    SCREENING = "screening"
    REVIEWING = "reviewing"
    SELECTED = "selected"
    NO_SELECTION = "no_selection"
    CLOSED_OUT = "closed_out"


class Supply(StrEnum):
    """What an organisation supplies to the programme itself."""

    GPU = "gpu"
    DATA = "data"


class ReviewRound(StrEnum):
    """Which of a call's two reviews a panel holds."""

    DOCUMENTS = "documents"
    PRESENTATION = "presentation"


class Channel(StrEnum):
    """Where a question was put."""

    BRIEFING = "briefing"
    WRITTEN = "written"


class Settled(StrEnum):
    """How the decision that left a place empty became final."""

    CONFIRMED = "confirmed"
    CLOSED_EARLY = "closed_early"


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what stands in an act of a call: unknown keys are errors."""


class BindingDefinition(_Entry, frozen=True, kw_only=True):
    """What may be handed in, in the words that bind, and the clause they repeat."""

    clause: Line
    text: Text


class Supplier(_Entry, frozen=True, kw_only=True):
    """An organisation that supplies the programme and might compete in it."""

    organisation: Line
    supplies: Supply


class VacantPlaces(_Entry, frozen=True, kw_only=True):
    """The places that a revival call fills, and how they came to be final."""

    stage: Line
    places: int
    settled: Settled
    at: Moment
    """When objections were over."""
    decision: Line
    """Digest of the decision that left them empty."""


class CallText(_Entry, frozen=True, kw_only=True):
    """What is announced: everything an applicant is bound by."""

    kind: CallKind
    title: Text
    opens: Moment
    closes: Moment
    """The first moment at which an application is late."""
    slots: int
    shortlist: int
    """Applications that the screening of documents leaves, at most."""
    definition: BindingDefinition
    documents: tuple[Criterion, ...]
    presentation: tuple[Criterion, ...]
    tie_order: tuple[Name, ...] = ()
    """Criteria that part equal totals, in order; of either review."""
    suppliers: tuple[Supplier, ...] = ()


class Contradiction(_Entry, frozen=True, kw_only=True):
    """That what was said contradicts the call, and where; the binding text holds."""

    clause: Line
    explanation: Text


class PanelSeat(_Entry, frozen=True, kw_only=True):
    """An expert under a pseudonym, and the languages they read."""

    expert: Name
    languages: tuple[Line, ...] = ("ko",)
    overseas: bool = False


class RankedApplication(_Entry, frozen=True, kw_only=True):
    """An application's place in a review; ties are said, not hidden."""

    application: Name
    rank: int
    share: Estimate
    """Points given over points possible, mean of the counted sheets."""
    by_criterion: dict[str, Decimal]
    """Mean points of each criterion, to six places."""
    tied_with: tuple[Name, ...] = ()
    """Applications with the same share and the same points in the tie order."""


class Vote(_Entry, frozen=True, kw_only=True):
    """Whether an expert finds a candidate able to compete and to contribute."""

    expert: Name
    application: Name
    in_favour: bool
    reason: Annotated[str, msgspec.Meta(max_length=4000)] = ""


class VoteTally(_Entry, frozen=True, kw_only=True):
    """The votes for one candidate, and of how many more than half are needed."""

    application: Name
    in_favour: int
    cast: int
    of: int
    recused: tuple[Name, ...]
    has_majority: bool


class CallDrafted(_Entry, frozen=True, kw_only=True, tag_field="what", tag="drafted"):
    """A call was written; nobody is bound yet."""

    text: CallText


class CallRevised(_Entry, frozen=True, kw_only=True, tag_field="what", tag="revised"):
    """The draft was replaced, before anybody could apply under it."""

    text: CallText


class CallOpened(_Entry, frozen=True, kw_only=True, tag_field="what", tag="opened"):
    """The call was announced; from now on its text binds."""

    rules_digest: Line
    vacancy: VacantPlaces | None = None


class CallExtended(_Entry, frozen=True, kw_only=True, tag_field="what", tag="extended"):
    """The window closes later than announced; the mandate says why."""

    closes: Moment


class Clarified(_Entry, frozen=True, kw_only=True, tag_field="what", tag="clarified"):
    """An official notice; a later version of one id replaces the earlier."""

    id: Name
    text: Text
    contradicts: Contradiction | None = None


class Asked(_Entry, frozen=True, kw_only=True, tag_field="what", tag="asked"):
    """A question was put; who put it stands nowhere."""

    id: Name
    channel: Channel
    text: Text


class Answered(_Entry, frozen=True, kw_only=True, tag_field="what", tag="answered"):
    """What was said to a question, as it was said."""

    question: Name
    text: Text
    contradicts: Contradiction | None = None


class MarkedContradicting(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="marked"
):
    """An answer or notice given before turned out to contradict the call."""

    id: Name
    """Of the question or the notice."""
    version: int
    contradiction: Contradiction


class CallClosed(_Entry, frozen=True, kw_only=True, tag_field="what", tag="closed"):
    """The window is over; nothing more is taken."""


class PanelNamed(_Entry, frozen=True, kw_only=True, tag_field="what", tag="panel"):
    """Who reviews, and who is kept from which application."""

    round: ReviewRound
    seats: tuple[PanelSeat, ...]
    recusals: tuple[Recusal, ...]
    computed_from: str = ""
    """Digest of the interests; empty where only declared ones count."""
    assigned: tuple[Assigned, ...] = ()
    """Who reviews what; empty where everybody reviews everything."""


class ScreeningBegun(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="screening"
):
    """The documents went to the panel."""


class Screened(_Entry, frozen=True, kw_only=True, tag_field="what", tag="screened"):
    """The documents were reviewed: the sheets, the order, who goes on."""

    panel: Panel
    ranking: tuple[RankedApplication, ...]
    shortlist: tuple[Name, ...]


class CallDecided(_Entry, frozen=True, kw_only=True, tag_field="what", tag="decided"):
    """Who was selected; nobody is a legal answer."""

    panel: Panel
    ranking: tuple[RankedApplication, ...]
    votes: tuple[Vote, ...]
    tallies: tuple[VoteTally, ...]
    """Empty where the rules ask for no majority."""
    selected: tuple[Name, ...]


class BidMovedUp(_Entry, frozen=True, kw_only=True, tag_field="what", tag="moved_up"):
    """The next bid takes the place of a selected one that was withdrawn."""

    application: Name
    instead_of: Name


class CallClosedOut(
    _Entry, frozen=True, kw_only=True, tag_field="what", tag="closed_out"
):
    """Agreements are signed or given up, feedback is given."""


CallEvent = (
    CallDrafted
    | CallRevised
    | CallOpened
    | CallExtended
    | Clarified
    | Asked
    | Answered
    | MarkedContradicting
    | CallClosed
    | PanelNamed
    | ScreeningBegun
    | Screened
    | CallDecided
    | BidMovedUp
    | CallClosedOut
)
