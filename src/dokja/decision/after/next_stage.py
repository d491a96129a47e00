"""From stage to stage and to the last teams: who takes part is an act, not a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dokja.decision.after.progress import next_teams
from dokja.decision.after.vacancy import FinalStage
from dokja.decision.after.values import (
    EmptyPlaces,
    Entered,
    EnteringTeam,
    FinalSelection,
    StageTeamsNamed,
)
from dokja.decision.policy import PolicyMissing
from dokja.decision.values import StageDecision
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act, read_history
from dokja.programme.values import Rulebook

STAGE_TEAMS, FINAL_SELECTION = "stage_teams", "final_selection"


@dataclass(frozen=True, kw_only=True)
class SettledStage:
    """A stage with everything that says who goes on from it."""

    final: FinalStage
    decision: StageDecision
    places: EmptyPlaces
    withdrawn: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class NextStage:
    """The stage that follows, and when its teams develop."""

    id: str
    begins: str
    """For who advanced; moment with zone."""
    ends: str
    begins_of: Mapping[str, str]
    """By team that fills a place, the moment from which its agreement counts."""


def stage_teams_matter(programme: str, stage: str) -> Matter:
    """The matter of who takes part in a stage."""
    return Matter(programme=programme, kind=STAGE_TEAMS, id=stage)


def final_matter(programme: str) -> Matter:
    """The matter of the programme's end."""
    return Matter(programme=programme, kind=FINAL_SELECTION, id=programme)


def name_teams(
    settled: SettledStage,
    following: NextStage,
    history: Sequence[Act],
    *,
    rulebook: Rulebook,
    mandate: Mandate,
) -> Act:
    """The act that names the teams of the next stage.

    Raises: NotAllowed before the decision is final, while a place is open, where the
    programme ends here, and where the stage has its teams; InvalidInput for a time of
    development that is none.
    """
    decision = _require_final(settled.final)
    teams = _going_on(settled)
    rule = rulebook.final or None
    if rule is not None and len(teams) <= rule.teams:
        raise NotAllowed(
            f"{len(teams)} team(s) go on, and the programme ends with {rule.teams}",
            remedy="no stage follows: `dokja decision final`",
        )
    if history or following.id == settled.final.stage:
        raise NotAllowed(
            f"{following.id} has its teams", remedy="name the stage that follows"
        )
    event = StageTeamsNamed(
        after=settled.final.stage,
        decision=decision,
        teams=tuple(_entering(team, settled.places, following) for team in teams),
        ends=following.ends,
    )
    for each in event.teams:
        if _moment(each.begins) >= _moment(following.ends):
            raise InvalidInput(
                f"{each.team} would begin at {each.begins}, and development ends at "
                f"{following.ends}",
                remedy="name a later end",
            )
    matter = stage_teams_matter(settled.final.programme, following.id)
    return next_act(matter, history, event, seen=0, mandate=mandate)


def select_final(
    settled: SettledStage,
    history: Sequence[Act],
    *,
    rulebook: Rulebook,
    mandate: Mandate,
) -> Act:
    """The act that ends the programme with the teams that are left.

    Raises: PolicyMissing where no rule says with how many it ends; NotAllowed while
    there are more, before the decision is final, and once it has ended.
    """
    decision = _require_final(settled.final)
    rule = rulebook.final or None
    if rule is None:
        raise PolicyMissing(
            "the rulebook is silent about how many teams the programme ends with",
            remedy="agree on [final] and the clause that governs it; nobody's number "
            "is assumed",
        )
    teams = _going_on(settled)
    if len(teams) > rule.teams:
        raise NotAllowed(
            f"{len(teams)} teams go on, and the programme ends with {rule.teams}",
            remedy="another stage follows: `dokja decision next`",
        )
    if history:
        raise NotAllowed(
            "the programme has ended", remedy="what came up since is another matter"
        )
    event = FinalSelection(stage=settled.final.stage, decision=decision, teams=teams)
    matter = final_matter(settled.final.programme)
    return next_act(matter, history, event, seen=0, mandate=mandate)


def stage_teams(history: Sequence[Act]) -> StageTeamsNamed | None:
    """Who was named for a stage; None before."""
    entries = read_history(history, StageTeamsNamed)
    return entries[-1].event if entries else None


def final_selection(history: Sequence[Act]) -> FinalSelection | None:
    """How the programme ended; None while it runs."""
    entries = read_history(history, FinalSelection)
    return entries[-1].event if entries else None


def require_named(
    decision: StageDecision,
    named: StageTeamsNamed | None,
    *,
    withdrawn: Collection[str],
) -> None:
    """Nothing. Raises: NotAllowed where others were decided on than take part.

    A team that withdrew may be among them or not.
    """
    if named is None:
        return
    entered = {each.team for each in named.teams}
    decided = {each.team for each in decision.teams}
    strangers, missing = decided - entered, entered - decided - set(withdrawn)
    if strangers or missing:
        raise NotAllowed(
            f"the record names {', '.join(sorted(entered))} for {decision.stage}, and "
            f"the decision is on {', '.join(sorted(decided))}",
            remedy="decide on the teams that take part",
        )


def _require_final(final: FinalStage) -> str:
    if final.confirmed is None:
        raise NotAllowed(
            f"the decision of {final.stage} is not final",
            remedy="confirm it once objections are over or closed early",
        )
    return final.confirmed.decision


def _going_on(settled: SettledStage) -> tuple[str, ...]:
    return next_teams(settled.decision, settled.places, withdrawn=settled.withdrawn)


def _entering(team: str, places: EmptyPlaces, following: NextStage) -> EnteringTeam:
    is_new = team in {place.team for place in places.filled}
    return EnteringTeam(
        team=team,
        entered=Entered.FILLED if is_new else Entered.ADVANCED,
        begins=following.begins_of[team] if is_new else following.begins,
    )


def _moment(at: str) -> datetime:
    try:
        found = datetime.fromisoformat(at)
    except ValueError as error:
        raise InvalidInput(
            f"{at!r} is no moment", remedy="write 2026-02-20T09:00:00+09:00"
        ) from error
    if found.tzinfo is None:
        raise InvalidInput(f"{at} has no zone", remedy="write the zone, such as +09:00")
    return found
