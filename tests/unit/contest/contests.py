"""Small contests for the tests: rules, prompts, answers, a log in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dokja.contest.battles.opening import RunningContest, open_contest
from dokja.contest.values import (
    ContestKind,
    ContestPlan,
    ContestRules,
    EndpointRule,
    PreparedAnswer,
    Prompt,
    TeamNames,
    VoterAdmitted,
)
from dokja.errors import Conflict
from dokja.evidence.values import Act, Text

AT = "2026-01-05T10:00:00+09:00"
SECRET = "5e" * 32
SALT = "5a17"
TEAMS = ("t1", "t2", "t3", "t4", "t5")


@dataclass
class MemoryLog:
    """A record in memory that keeps the port's promises."""

    acts: list[Act] = field(default_factory=list)

    def append(self, act: Act) -> None:
        name = (act.programme, act.stage, act.kind, act.subject)
        for there in self.acts:
            if (there.programme, there.stage, there.kind, there.subject) == name:
                if there.body != act.body:
                    raise Conflict(f"{name} is taken", remedy="read it")
                return
        self.acts.append(act)

    def named(self, programme: str, stage: str, subject: str) -> tuple[Act, ...]:
        return tuple(a for a in self._of(programme, stage) if a.subject == subject)

    def under(self, programme: str, stage: str, prefix: str) -> tuple[Act, ...]:
        found = self._of(programme, stage)
        return tuple(a for a in found if a.subject.startswith(prefix))

    def count(self, programme: str, stage: str, kind: str, prefix: str) -> int:
        return len([a for a in self.under(programme, stage, prefix) if a.kind == kind])

    def _of(self, programme: str, stage: str) -> list[Act]:
        return [a for a in self.acts if (a.programme, a.stage) == (programme, stage)]


def rules(
    teams: Sequence[str] = TEAMS, *, most: int = 24, canaries: int = 4
) -> ContestRules:
    """Rules of a public contest."""
    return ContestRules(
        id="public-1",
        name=Text(ko="공개 평가", en="public contest"),
        kind=ContestKind.PUBLIC,
        teams=tuple(teams),
        names=tuple(
            TeamNames(team=team, names=(f"Nova-{team}", f"노바{team}"))
            for team in teams
        ),
        battles_least=5,
        battles_most=most,
        canaries=canaries,
        least_cell=5,
        least_age=14,
        screening_level=0.05,
        endpoints=EndpointRule.VOID,
    )


def plan(some: ContestRules | None = None, *, prompts: int = 30) -> ContestPlan:
    """A plan with prompts of three fields in two languages."""
    return ContestPlan(
        schema="dokja-contest/1",
        synthetic=True,
        note=Text(ko="시험용", en="made for tests"),
        rules=some or rules(),
        prompts=tuple(
            Prompt(
                id=f"p{number:02d}",
                field=("law", "code", "daily")[number % 3],
                language="ko" if number % 2 else "en",
                text=f"Question {number}?",
            )
            for number in range(prompts)
        ),
    )


def answers(some: ContestPlan) -> tuple[PreparedAnswer, ...]:
    """One answer of each team to each prompt, long enough to be broken."""
    return tuple(
        PreparedAnswer(
            prompt=prompt.id,
            team=team,
            text=f"To {prompt.id} the answer of number {place} has a few plain words "
            "that stand in their order, one after the other.",
            model_digest=f"sha256:{place:064d}",
            tokens=20,
            seconds=1.5,
            measured=AT,
        )
        for prompt in some.prompts
        for place, team in enumerate(some.rules.teams)
    )


def running(some: ContestPlan | None = None) -> RunningContest:
    """The contest under its secret."""
    return RunningContest(
        programme="demo",
        stage="stage-1",
        plan=some or plan(),
        beacon="beacon",
        secret=SECRET,
    )


def opened(contest: RunningContest) -> MemoryLog:
    """A log in which the contest is open."""
    log = MemoryLog()
    open_contest(log, contest, answers(contest.plan), salt=SALT, at=AT)
    return log


def person(number: int, *recused: str) -> VoterAdmitted:
    """A voter's admission."""
    return VoterAdmitted(voter=f"v-{number}", recused=tuple(recused))
