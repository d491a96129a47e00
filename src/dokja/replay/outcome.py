"""Deciding completions, and saying of the decision what no score enters."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.decision.decide import decide_stage
from dokja.decision.values import StageDecision, TeamDecision, TeamFacts, TeamStatus
from dokja.programme.rulebook import rules_digest
from dokja.programme.values import Rulebook
from dokja.replay.completions import Completion
from dokja.replay.results import Outcome, Removal, RemovedBy
from dokja.replay.values import TOTAL, PublishedStage

_REMOVED = (TeamStatus.ELIMINATED_BY_RANK, TeamStatus.ELIMINATED_BY_GATE)


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What a set of completions decides when they agree."""

    outcome: Outcome
    """That of the first completion."""
    same_outcome: bool
    settled_by_data: bool


class Decider(msgspec.Struct, frozen=True, kw_only=True):
    """A published stage under a rulebook, ready to decide completions."""

    published: PublishedStage
    rulebook: Rulebook
    digest: str

    def decide(self, completion: Completion) -> StageDecision:
        """The decision; its teams are role labels, its sentences name points.

        Raises: PolicyMissing where the rulebook has no rule for the case.
        """
        return self._decide_under(self.rulebook, completion)

    def outcome(self, completion: Completion) -> tuple[Outcome, bool]:
        """The outcome by team ids, and whether the data settled it."""
        decision = self.decide(completion)
        team = {each.role: each.id for each in self.published.teams}
        alone = self._removed_alone(completion)

        def named(status: TeamStatus) -> tuple[str, ...]:
            return tuple(team[role] for role in decision.teams_with(status))

        outcome = Outcome(
            advances=named(TeamStatus.ADVANCES),
            eliminated_by_rank=named(TeamStatus.ELIMINATED_BY_RANK),
            eliminated_by_gate=named(TeamStatus.ELIMINATED_BY_GATE),
            undecided=named(TeamStatus.UNDECIDED),
            removals=tuple(
                Removal(
                    team=team[each.team],
                    removed_by=tuple(by for by in alone if each.team in alone[by]),
                    clauses=_clauses(each),
                )
                for each in decision.teams
                if each.status in _REMOVED
            ),
            vacancy=decision.vacancies,
            revival_call=decision.revival_call,
            objection_until=decision.objection_until,
        )
        return outcome, decision.settled_by_data

    def _removed_alone(self, completion: Completion) -> dict[RemovedBy, frozenset[str]]:
        """Roles that the rank cut, or the gate, removes without the other."""
        replace = msgspec.structs.replace
        found = {}
        if self.rulebook.rank_cut(self.published.stage) is not None:
            found[RemovedBy.RANK_CUT] = replace(self.rulebook, gates=())
        if self.rulebook.gates:
            found[RemovedBy.GATE] = replace(self.rulebook, rank_cuts=())
        return {
            by: _removed(self._decide_under(rules, completion))
            for by, rules in found.items()
        }

    def _decide_under(
        self, rulebook: Rulebook, completion: Completion
    ) -> StageDecision:
        order = rulebook.ties.order if rulebook.ties else ()
        facts = tuple(
            TeamFacts(
                team=role,
                total=points[TOTAL],
                tie_break=tuple(points[category] for category in order),
                inside_cut=None,
                gates=completion.gates[role],
            )
            for role, points in completion.points.items()
        )
        return decide_stage(
            rulebook,
            facts,
            stage=self.published.stage,
            rules_digest=self.digest,
            decided_at=f"{self.published.decision.announced}T00:00:00+09:00",
        )


def decider_for(published: PublishedStage, rulebook: Rulebook) -> Decider:
    """The stage under these rules, whose digest every decision names."""
    return Decider(
        published=published, rulebook=rulebook, digest=rules_digest(rulebook)
    )


def decide_all(
    published: PublishedStage, rulebook: Rulebook, completions: Sequence[Completion]
) -> Decided:
    """The outcome of the first completion, and whether all others share it.

    Raises: PolicyMissing where the rulebook has no rule for the case.
    """
    decider = decider_for(published, rulebook)
    results = [decider.outcome(completion) for completion in completions]
    first = results[0][0]
    return Decided(
        outcome=first,
        same_outcome=all(outcome == first for outcome, _ in results),
        settled_by_data=all(settled for _, settled in results),
    )


def _removed(decision: StageDecision) -> frozenset[str]:
    return frozenset(
        role for status in _REMOVED for role in decision.teams_with(status)
    )


def _clauses(decided: TeamDecision) -> tuple[str, ...]:
    """Every clause the reasons cite, once, in their order."""
    return tuple(dict.fromkeys(n for reason in decided.reasons for n in reason.clauses))
