"""The decision: rank cut, then gates, then what stays empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from dokja.decision import reasons
from dokja.decision.policy import PolicyMissing
from dokja.decision.rank_cut import Place, places, tie_broken_places, unsettled
from dokja.decision.values import (
    StageDecision,
    TeamDecision,
    TeamFacts,
    TeamStatus,
)
from dokja.independence.values import FindingResult
from dokja.programme.values import (
    LowConfidence,
    RankCut,
    Reason,
    Rulebook,
    TieBreak,
    Undetermined,
    VacancyPolicy,
    Withdrawal,
)

__all__ = ["PolicyMissing", "decide_stage"]


@dataclass(frozen=True, kw_only=True)
class _Cut:
    """Where the cut put everybody, and for whom the data alone did not."""

    rule: RankCut | None
    keep: int
    place: dict[str, Place]
    contested: frozenset[str]

    @property
    def tie_break(self) -> TieBreak | msgspec.UnsetType:
        return self.rule.tie_break if self.rule and self.contested else msgspec.UNSET


def decide_stage(
    rulebook: Rulebook,
    facts: Sequence[TeamFacts],
    *,
    stage: str,
    rules_digest: str,
    decided_at: str,
) -> StageDecision:
    """The decision on every team, in the order of the facts.

    A gate only removes: a failed gate ends what a rank allows, and a team
    that fails both is eliminated once, with both reasons on record.
    Raises: PolicyMissing where the case reached has no rule.
    """
    cut = rulebook.rank_cut(stage)
    if cut is None and not rulebook.gates:
        raise PolicyMissing(
            f"{stage} has neither a rank cut nor a gate",
            remedy="agree on [[rank_cuts]] or [[gates]] before the freeze: "
            "without one nothing says who leaves",
        )
    found = _cut(rulebook, cut, facts)
    decided = tuple(_decide_team(rulebook, team, found) for team in facts)
    keep = found.keep
    vacancies = _vacancies(rulebook, decided, keep=keep)
    revival = _revival_follows(rulebook, vacancies)
    undecided = any(team.status is TeamStatus.UNDECIDED for team in decided)
    return StageDecision(
        stage=stage,
        rules_digest=rules_digest,
        teams=decided,
        planned_places=keep,
        vacancies=vacancies,
        revival_call=revival,
        settled_by_data=not found.contested and not undecided,
        objection_until=_objection_until(rulebook, decided_at),
        reasons=(
            *reasons.of_tie_break(rulebook, found.tie_break),
            *reasons.of_stage(rulebook, vacancies=vacancies, revival=revival),
        ),
        tie_break=found.tie_break,
    )


def _cut(rulebook: Rulebook, cut: RankCut | None, facts: Sequence[TeamFacts]) -> _Cut:
    active = [team for team in facts if not team.withdrawn]
    keep = _places_to_fill(rulebook, cut, facts)
    place = places(active, keep=keep, ties=rulebook.ties)
    contested: frozenset[str] = frozenset()
    if cut and len(active) > keep:
        contested = unsettled(active, cut, keep=keep, by_total=place)
        if cut.tie_break is not msgspec.UNSET:
            place = tie_broken_places(
                active, place, contested, by=cut.tie_break, ties=rulebook.ties
            )
    return _Cut(rule=cut, keep=keep, place=place, contested=contested)


def _places_to_fill(
    rulebook: Rulebook, cut: RankCut | None, facts: Sequence[TeamFacts]
) -> int:
    withdrawn = sum(1 for team in facts if team.withdrawn)
    if cut is None:
        return len(facts) - withdrawn
    if not withdrawn:
        return cut.keep
    if rulebook.withdrawal is None:
        raise PolicyMissing(
            f"{withdrawn} team(s) withdrew from {cut.stage}",
            remedy="the rulebook needs [withdrawal]: no rule says whether a "
            "withdrawal counts as the stage's elimination",
        )
    if rulebook.withdrawal.effect is Withdrawal.COUNTS_AS_ELIMINATION:
        return cut.keep
    return max(cut.keep - withdrawn, 0)


def _decide_team(rulebook: Rulebook, team: TeamFacts, cut: _Cut) -> TeamDecision:
    if team.withdrawn:
        return TeamDecision(
            team=team.team,
            status=TeamStatus.WITHDRAWN,
            reasons=(reasons.withdrawn(rulebook),),
        )
    rank_status, rank_reasons = _by_rank(rulebook, team, cut)
    gate_status, gate_reasons = _by_gates(rulebook, team)
    # A certain removal outranks a doubt: a team that fails a gate is out
    # whatever the cut would have said, and one outside the cut is out even
    # while a gate is undetermined.
    for status in (TeamStatus.ELIMINATED_BY_RANK, TeamStatus.ELIMINATED_BY_GATE):
        if status in (rank_status, gate_status):
            return TeamDecision(
                team=team.team, status=status, reasons=rank_reasons + gate_reasons
            )
    doubtful = TeamStatus.UNDECIDED in (rank_status, gate_status)
    return TeamDecision(
        team=team.team,
        status=TeamStatus.UNDECIDED if doubtful else TeamStatus.ADVANCES,
        reasons=rank_reasons + gate_reasons,
    )


def _by_rank(
    rulebook: Rulebook, team: TeamFacts, found: _Cut
) -> tuple[TeamStatus, tuple[Reason, ...]]:
    floor = rulebook.floor.minimum_total if rulebook.floor else None
    if floor is not None and team.total is not None and team.total < floor:
        return (
            TeamStatus.ELIMINATED_BY_RANK,
            (reasons.below_floor(rulebook, team, floor),),
        )
    cut, place = found.rule, found.place[team.team]
    if cut is None:
        return TeamStatus.ADVANCES, ()
    if found.tie_break is not msgspec.UNSET and team.team in found.contested:
        return _STATUS[place], (
            reasons.low_confidence(rulebook, team, cut, keep=found.keep),
            reasons.by_tie_break(rulebook, found.tie_break, _STATUS[place]),
        )
    if place is Place.OPEN:
        return TeamStatus.UNDECIDED, (reasons.place_open(rulebook, team),)
    reason = reasons.by_rank(rulebook, team, cut, inside=place is Place.INSIDE)
    if team.team not in found.contested:
        return _STATUS[place], (reason,)
    doubt = reasons.low_confidence(rulebook, team, cut, keep=found.keep)
    holds = cut.on_low_confidence is LowConfidence.UNDECIDED
    return TeamStatus.UNDECIDED if holds else _STATUS[place], (reason, doubt)


_STATUS = {
    Place.INSIDE: TeamStatus.ADVANCES,
    Place.OUTSIDE: TeamStatus.ELIMINATED_BY_RANK,
    Place.OPEN: TeamStatus.UNDECIDED,
}


def _by_gates(
    rulebook: Rulebook, team: TeamFacts
) -> tuple[TeamStatus, tuple[Reason, ...]]:
    status, found = TeamStatus.ADVANCES, []
    for gate in rulebook.gates:
        result = team.gates.get(gate.id, FindingResult.UNDETERMINED)
        found.append(reasons.by_gate(rulebook, gate, result))
        if result is FindingResult.FAIL:
            status = TeamStatus.ELIMINATED_BY_GATE
        elif (
            result is FindingResult.UNDETERMINED
            and gate.on_undetermined is Undetermined.UNDECIDED
            and status is TeamStatus.ADVANCES
        ):
            status = TeamStatus.UNDECIDED
    return status, tuple(found)


def _vacancies(
    rulebook: Rulebook, decided: Sequence[TeamDecision], *, keep: int
) -> int:
    """Places that stay empty; one kept for an undecided team is not empty."""
    taken = (TeamStatus.ADVANCES, TeamStatus.UNDECIDED)
    vacancies = max(keep - sum(1 for team in decided if team.status in taken), 0)
    if vacancies and rulebook.vacancy is None:
        raise PolicyMissing(
            f"{vacancies} of {keep} places stay empty",
            remedy="the rulebook needs [vacancy]: no rule says what happens to them",
        )
    return vacancies


def _revival_follows(rulebook: Rulebook, vacancies: int) -> bool:
    policy = rulebook.vacancy.policy if rulebook.vacancy else None
    return vacancies > 0 and policy is VacancyPolicy.REVIVAL_CALL


def _objection_until(rulebook: Rulebook, decided_at: str) -> str:
    """Last day of the window, counted in the zone of the decision's clock."""
    if rulebook.objection is None:
        raise PolicyMissing(
            "a decision is due and nobody knows how long it can be objected to",
            remedy="the rulebook needs [objection] with the number of days",
        )
    day = datetime.fromisoformat(decided_at).date()
    return (day + timedelta(days=rulebook.objection.days)).isoformat()
