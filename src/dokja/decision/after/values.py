"""After a decision: objections and what became of them, and places left empty."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Text

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]


class _Event(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True,
    tag_field="what",
):  # fmt: skip
    """Base of what happens to an objection, a decision or a place."""


class ObjectionState(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    INADMISSIBLE = "inadmissible"
    REVIEWING = "reviewing"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Admitted(_Event, frozen=True, tag="admitted"):
    """The objection is looked into, by people who did not decide."""

    reviewers: tuple[Name, ...]
    """Pseudonyms."""


class NotAdmitted(_Event, frozen=True, tag="not_admitted"):
    """The objection is not looked into."""

    reason: Text


class ObjectionUpheld(_Event, frozen=True, tag="upheld"):
    """The objection is right; another decision stands in place of the first."""

    reason: Text
    corrected: Digest
    """Digest of the act of the decision that stands now; the first one where only
    reasons or figures beside it change."""


class ObjectionDismissed(_Event, frozen=True, tag="dismissed"):
    """The objection was looked into and changes nothing."""

    reason: Text


ObjectionEvent = Admitted | NotAdmitted | ObjectionUpheld | ObjectionDismissed


class ObjectionFile(msgspec.Struct, frozen=True, kw_only=True):
    """An objection with what became of it."""

    id: str
    team: str
    about: str
    filed_at: str
    state: ObjectionState
    reviewers: tuple[str, ...]
    outcome: Text | None
    corrected: str | None
    entries: int


class WillNotObject(_Event, frozen=True, tag="will_not_object"):
    """A team declares that it does not object."""


class DecisionConfirmed(_Event, frozen=True, tag="confirmed"):
    """The decision is final."""

    decision: Digest
    """Of the act that stands."""
    early: bool
    """Whether before the last day, since every team declared not to object."""


class PlaceState(StrEnum):
    """What became of the places a stage left empty."""

    OPEN = "open"
    REVIVAL_CALL = "revival_call"
    FILLED = "filled"
    LEFT_EMPTY = "left_empty"


class RevivalCalled(_Event, frozen=True, tag="revival_called"):
    """A call was opened for the empty places."""

    call: Name


class PlaceFilled(_Event, frozen=True, tag="filled"):
    """A team selected in that call takes a place."""

    team: Name
    application: Name


class PlacesLeftEmpty(_Event, frozen=True, tag="left_empty"):
    """The places that are left stay empty."""

    reason: Text


VacancyEvent = RevivalCalled | PlaceFilled | PlacesLeftEmpty


class EmptyPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """The empty places of a stage."""

    stage: str
    places: int
    state: PlaceState
    call: str | None
    filled: tuple[PlaceFilled, ...]
    entries: int
    filled_at: tuple[str, ...] = ()
    """When each was filled."""


class Entered(StrEnum):
    """How a team came into a stage."""

    ADVANCED = "advanced"
    FILLED = "filled"


class EnteringTeam(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A team of a stage, and when its development time for it began."""

    team: Name
    entered: Entered
    begins: Name
    """Moment with zone: for who advanced, one for all; for who fills a place, the day
    from which its agreement counts."""


class StageTeamsNamed(_Event, frozen=True, tag="teams_named"):
    """Who takes part in a stage, as the decision of the one before it leaves them."""

    after: Name
    """The stage before."""
    decision: Digest
    teams: tuple[EnteringTeam, ...]
    ends: Name
    """Moment with zone until which they develop, unless one is given longer."""


class FinalSelection(_Event, frozen=True, tag="final_selection"):
    """The programme ends: no further stage follows."""

    stage: Name
    decision: Digest
    teams: tuple[Name, ...]


class TeamWithdrawn(_Event, frozen=True, tag="withdrawn"):
    """A team leaves of its own accord; nothing is held against it."""

    statement: Text | None = None
    """What the team wants said; nothing is asked of it."""
