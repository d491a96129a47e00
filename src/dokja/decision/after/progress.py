"""Who goes on: into the next stage, up to the last teams of the programme."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from dokja.decision.after.values import EmptyPlaces, PlaceState, TeamWithdrawn
from dokja.decision.values import StageDecision, TeamStatus
from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act, read_history

WITHDRAWAL = "withdrawal"
_SETTLED = (PlaceState.FILLED, PlaceState.LEFT_EMPTY)


def withdrawal_matter(programme: str, team: str) -> Matter:
    """The matter in which a team leaves the programme."""
    return Matter(programme=programme, kind=WITHDRAWAL, id=team)


def withdraw(
    matter: Matter,
    history: Sequence[Act],
    left: TeamWithdrawn,
    *,
    active: Collection[str],
    mandate: Mandate,
) -> Act:
    """The act by which a team leaves of its own accord.

    Raises: NotAllowed where the team takes no part or somebody else says so for it;
    Conflict where it has left before.
    """
    if matter.id not in active:
        raise NotAllowed(
            f"{matter.id} takes no part", remedy="name a team of the programme"
        )
    if mandate.by != matter.id:
        raise NotAllowed(
            f"only {matter.id} itself can withdraw",
            remedy="a team that does not meet its duties is another matter",
        )
    return next_act(matter, history, left, seen=0, mandate=mandate)


def has_withdrawn(history: Sequence[Act]) -> bool:
    """Whether the team has left."""
    return bool(read_history(history, TeamWithdrawn))


def require_listed(
    acts: Sequence[Act],
    active: Collection[str],
    *,
    decided: str,
) -> None:
    """Nothing; `acts` are the withdrawals of the programme, `active` who is decided on.

    Raises: NotAllowed where a team that left before the moment of the decision would be
    decided on: it could take a place that nobody holds.
    """
    end = datetime.fromisoformat(decided)
    left = {
        act.subject.rpartition("/")[0]
        for act in acts
        if datetime.fromisoformat(act.at) < end
    }
    if counted := sorted(left & set(active)):
        raise NotAllowed(
            f"{', '.join(counted)} left the programme and would be decided on",
            remedy="list who left under `withdrawn` in the stage's stage.toml",
        )


def next_teams(
    decision: StageDecision,
    places: EmptyPlaces,
    *,
    withdrawn: Collection[str] = (),
) -> tuple[str, ...]:
    """Teams of the next stage, by id: who advances, and who fills an empty place.

    Raises: NotAllowed while a place is open or a team's status is, so that no stage
    begins with teams that nobody decided on.
    """
    undecided = decision.teams_with(TeamStatus.UNDECIDED)
    if undecided:
        raise NotAllowed(
            f"nothing was decided on {', '.join(undecided)}",
            remedy="gather what the decision asks for first",
        )
    if places.places and places.state not in _SETTLED:
        raise NotAllowed(
            f"{places.places - len(places.filled)} place(s) of {places.stage} are open",
            remedy="fill them or leave them empty first",
        )
    teams = {
        *decision.teams_with(TeamStatus.ADVANCES),
        *(place.team for place in places.filled),
    }
    return tuple(sorted(teams - set(withdrawn)))
