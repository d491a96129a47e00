"""What follows a decision: objections, confirmation, empty places, the next stage."""

from dokja.decision.after.confirmation import (
    DecidedStage,
    confirm,
    confirmation_matter,
    confirmed,
    waive,
    waiver_matter,
)
from dokja.decision.after.objections import handle, objection_file, objection_matter
from dokja.decision.after.progress import (
    has_withdrawn,
    next_teams,
    withdraw,
    withdrawal_matter,
)
from dokja.decision.after.revival import outcome_of, vacant_places
from dokja.decision.after.vacancy import (
    FinalStage,
    empty_places,
    fill_or_leave,
    vacancy_matter,
)

__all__ = [
    "DecidedStage",
    "FinalStage",
    "confirm",
    "confirmation_matter",
    "confirmed",
    "empty_places",
    "fill_or_leave",
    "handle",
    "has_withdrawn",
    "next_teams",
    "objection_file",
    "objection_matter",
    "outcome_of",
    "vacancy_matter",
    "vacant_places",
    "waive",
    "waiver_matter",
    "withdraw",
    "withdrawal_matter",
]
