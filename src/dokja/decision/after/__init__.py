"""What follows a decision: objections, confirmation, empty places, the next stage."""

from dokja.decision.after.confirmation import (
    DecidedStage,
    confirm,
    confirmation_matter,
    confirmed,
    waive,
    waiver_matter,
)
from dokja.decision.after.next_stage import (
    NextStage,
    SettledStage,
    final_matter,
    final_selection,
    name_teams,
    require_named,
    select_final,
    stage_teams,
    stage_teams_matter,
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
    "NextStage",
    "SettledStage",
    "confirm",
    "confirmation_matter",
    "confirmed",
    "empty_places",
    "fill_or_leave",
    "final_matter",
    "final_selection",
    "handle",
    "has_withdrawn",
    "name_teams",
    "next_teams",
    "objection_file",
    "objection_matter",
    "outcome_of",
    "require_named",
    "select_final",
    "stage_teams",
    "stage_teams_matter",
    "vacancy_matter",
    "vacant_places",
    "waive",
    "waiver_matter",
    "withdraw",
    "withdrawal_matter",
]
