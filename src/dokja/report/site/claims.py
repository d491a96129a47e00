"""Every claim of a record, in the order in which a reader meets them."""

from __future__ import annotations

from dokja.report.names import Names
from dokja.report.pieces import unique
from dokja.report.site.claim import Claim
from dokja.report.site.contest_claims import ContestClaims
from dokja.report.site.gate_claims import GateClaims
from dokja.report.site.measured_claims import MeasuredClaims
from dokja.report.site.score_claims import ScoreClaims
from dokja.stage.values import StageRecord


def claims_of(record: StageRecord) -> tuple[Claim, ...]:
    """The stage, then team by team: decision, figures, verdicts."""
    names = Names(record)
    gate, score = GateClaims(record, names), ScoreClaims(record, names)
    measured, contest = MeasuredClaims(record, names), ContestClaims(record, names)
    found = [gate.of_stage()]
    standings = {
        team.team: (position, team)
        for position, team in enumerate(record.outcome.standing.teams)
    }
    for team in unique((*standings, *(t.team for t in record.outcome.decision.teams))):
        decided, *verdicts = gate.of_team(team)
        scores = score.of_team(*standings[team]) if team in standings else ()
        voted = contest.of_team(team)
        found += [decided, *scores, *measured.of_team(team), *voted, *verdicts]
    return tuple(found)
