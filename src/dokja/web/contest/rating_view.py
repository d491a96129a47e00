"""The result's numbers in the order in which they are read, and its figure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from markupsafe import Markup

from dokja.contest.battles.phase import ContestPhase
from dokja.contest.citizens.panel_margins import CitizenOutcome
from dokja.contest.rating.rate_contest import ContestOutcome
from dokja.contest.rating.rated import RatedTeam
from dokja.contest.values import ContestOpened, ContestPlan, ContestUnblinded
from dokja.evidence.values import Text
from dokja.report.figures.strengths import strengths_figure, strongest_first
from dokja.web.contest.words import VOIDED


class WaitingView(msgspec.Struct, frozen=True, kw_only=True):
    """That there is no result yet."""

    phase: ContestPhase
    phase_name: Text


class Flagged(msgspec.Struct, frozen=True, kw_only=True):
    """A voter that the screening left out, the team named now."""

    voter: str
    suspicion: str
    about: Text
    battles: int
    agreeing: int
    expected: float
    adjusted: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Another way to read the same votes."""

    name: Text
    order: tuple[Text, ...]
    order_differs: bool


class Voided(msgspec.Struct, frozen=True, kw_only=True):
    """Battles of a team that were not judged, for one reason."""

    team: Text
    reason: Text
    battles: int


class RatingPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page; the outcome is the act's, whole."""

    contest: Text
    outcome: ContestOutcome
    standings: tuple[RatedTeam, ...]
    """From the strongest."""
    names: dict[str, Text]
    flagged: tuple[Flagged, ...]
    voided: tuple[Voided, ...]
    readings: tuple[Reading, ...]
    commitment: str
    beacon: str
    secret: str
    has_votes: bool
    citizens: CitizenOutcome | None
    """Of a citizen panel: the rating as the planned population would give it."""

    @property
    def figure(self) -> Markup:
        """Strengths with their intervals."""
        return strengths_figure("strengths", self.standings, self.names.__getitem__)


def rating_view(
    plan: ContestPlan,
    outcome: ContestOutcome,
    opened: ContestOpened,
    secret: ContestUnblinded,
    *,
    has_votes: bool,
    citizens: CitizenOutcome | None = None,
) -> RatingPage:
    """The page of the result."""
    names = {team: team_name(plan, team) for team in plan.rules.teams}
    return RatingPage(
        contest=plan.rules.name,
        outcome=outcome,
        standings=strongest_first(outcome.rating.teams),
        names=names,
        flagged=tuple(
            Flagged(
                voter=one.voter,
                suspicion=one.suspicion.value,
                about=names.get(outcome.labels.get(one.about, ""), Text(ko="", en="")),
                battles=one.battles,
                agreeing=one.agreeing,
                expected=one.expected,
                adjusted=one.adjusted,
            )
            for one in outcome.screening.flagged
        ),
        voided=tuple(
            Voided(team=names[one.team], reason=VOIDED[one.reason], battles=one.battles)
            for one in outcome.voided
        ),
        readings=_readings(outcome, names),
        commitment=opened.commitment,
        beacon=opened.beacon,
        secret=secret.secret,
        has_votes=has_votes,
        citizens=citizens,
    )


def _readings(
    outcome: ContestOutcome, names: Mapping[str, Text]
) -> tuple[Reading, ...]:
    return tuple(
        Reading(
            name=view.name,
            order=tuple(
                names[team.team]
                for team in sorted(
                    (t for t in view.teams if t.strength is not None),
                    key=lambda team: -(team.strength or 0.0),
                )
            ),
            order_differs=view.order_differs,
        )
        for view in outcome.rating.views
    )


def team_name(plan: ContestPlan, team: str) -> Text:
    """A team's name as the rules have it, in either script; its id without one."""
    known = next((entry.names for entry in plan.rules.names if entry.team == team), ())
    korean = next((name for name in known if not name.isascii()), team)
    return Text(ko=korean, en=next((n for n in known if n.isascii()), korean))
