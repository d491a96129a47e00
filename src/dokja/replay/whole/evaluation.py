"""The stage on the way: decided again, and held against the rules it ran under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from dokja.evidence.values import Act, Text
from dokja.programme.freeze import FROZEN, require_frozen
from dokja.programme.rulebook import rules_digest
from dokja.programme.values import Measure, Rulebook
from dokja.replay.completions import Completion
from dokja.replay.outcome import decider_for
from dokja.replay.results import ReplayReport
from dokja.replay.values import PublishedStage
from dokja.replay.whole import words
from dokja.replay.whole.moments import first_moment
from dokja.replay.whole.results import Chapter, Step
from dokja.replay.whole.trying import Found, Steps, attempt, reproduced_if
from dokja.replay.whole.values import History, Practice, PublishedPractice
from dokja.replay.whole.words import filled


@dataclass(frozen=True, kw_only=True)
class EvaluationReplay:
    """The published stage within the whole programme."""

    history: History
    stage: PublishedStage
    report: ReplayReport
    rulebook: Rulebook
    completion: Completion

    def steps(self) -> Iterator[Step]:
        """What was fixed late, the decision, and how many left."""
        steps = Steps(history=self.history, chapter=Chapter.EVALUATION)
        for practice in self._practices(Practice.LATE_RULE):
            yield steps.of(practice, self._late())
        yield self._decision()
        for practice in self._practices(Practice.MORE_OUT):
            yield steps.of(practice, self._more_out(practice))

    def _late(self) -> Found:
        """The rules with the individual benchmarks, after those without were frozen."""
        frozen = Act(
            programme=self.history.programme,
            stage=self.history.stage,
            kind=FROZEN,
            subject=self.history.stage,
            at=first_moment(self._began()).isoformat(),
            body={"rules_digest": rules_digest(_without_individual(self.rulebook))},
        )

        def look() -> tuple[Act, ...]:
            require_frozen((frozen,), rules_digest=rules_digest(self.rulebook))
            return ()

        tried = attempt(look)
        return Found(
            act="programme.freeze.require_frozen",
            tried=tried,
            result=reproduced_if(tried.refused is None),
            text=words.LATE_RULE,
            assumed=(words.WITHOUT_INDIVIDUAL,),
        )

    def _decision(self) -> Step:
        decision, outcome = self.stage.decision, self.report.outcome
        held = sum(fact.holds for fact in self.report.facts)
        same = self.report.settled_by_data and held == len(self.report.facts)
        replies = {finding.team: finding.reply for finding in self.stage.findings}
        return Step(
            id=f"{self.history.stage}-decision",
            chapter=Chapter.EVALUATION,
            on=decision.announced,
            until=None,
            title=words.DECISION_TITLE,
            result=reproduced_if(same),
            published=filled(
                words.DECISION,
                advances=self._named(decision.advances),
                rank=self._named(decision.eliminated_by_rank),
                gate=self._named(decision.eliminated_by_gate),
            ),
            found=filled(
                words.DECIDED,
                facts=len(self.report.facts),
                held=held,
                drawn=self.report.completions.drawn,
            ),
            act="replay.replay_stage",
            refused=None,
            clauses=tuple(
                dict.fromkeys(c for r in outcome.removals for c in r.clauses)
            ),
            turning_point=True,
            assumed=(),
            reply=next((replies[team] for team in decision.eliminated_by_gate), None),
            status=decision.status,
            sources=self.stage.cited(decision.sources),
        )

    def _more_out(self, practice: PublishedPractice) -> Found:
        """The same stage where the rules hold the rank cut alone."""
        alone = msgspec.structs.replace(self.rulebook, gates=())
        outcome, _ = decider_for(self.stage, alone).outcome(self.completion)
        left = len(practice.teams)
        return Found(
            act="decision.decide_stage",
            result=reproduced_if(left == self.stage.ranking.planned_eliminations),
            text=filled(
                words.MORE_OUT, by_rank=len(outcome.eliminated_by_rank), left=left
            ),
        )

    def _practices(self, which: Practice) -> tuple[PublishedPractice, ...]:
        return tuple(p for p in self.history.practices if p.practice is which)

    def _began(self) -> str:
        """When the evaluation began; the rules are frozen no later."""
        return next(e.on for e in self.history.events if e.id == "evaluation")

    def _named(self, teams: tuple[str, ...]) -> Text:
        names = {each.id: each.name for each in self.stage.teams}
        return Text(
            ko=", ".join(names[team].ko for team in teams),
            en=", ".join(names[team].en for team in teams),
        )


def _without_individual(rulebook: Rulebook) -> Rulebook:
    """The rules as they were before the individual benchmarks."""
    return msgspec.structs.replace(
        rulebook,
        categories=tuple(
            msgspec.structs.replace(
                category,
                components=tuple(
                    part
                    for part in category.components
                    if part.measure is not Measure.TARGET_ATTAINMENT
                ),
            )
            for category in rulebook.categories
        ),
    )
