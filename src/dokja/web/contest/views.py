"""What the contest's pages say. Nothing of whose an answer is has a field here."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from markupsafe import Markup

from dokja.contest.battles.equalise import Block, Pacing
from dokja.contest.battles.participation import Participation
from dokja.contest.battles.phase import ContestPhase
from dokja.contest.battles.show import ShownBattle
from dokja.contest.citizens.panel_margins import ShownMargin
from dokja.contest.values import Choice, ContestOpened, ContestPlan, ReportReason
from dokja.evidence.values import Text
from dokja.report.figures.columns import Column, columns_figure
from dokja.web.contest.words import CHOICES, PHASES, REPORTS
from dokja.wiring.contests import Turn


class Standing(StrEnum):
    """What a visitor of the contest's first page may do."""

    VISITOR = "visitor"
    VOTER = "voter"
    DONE = "done"
    OTHER = "other"


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """What was fixed by digests when the contest was opened."""

    commitment: str
    rules: str
    prompts: str
    answers: str
    beacon: str


class FrontView(msgspec.Struct, frozen=True, kw_only=True):
    """The contest's first page."""

    name: Text
    note: Text
    synthetic: bool
    phase: ContestPhase
    phase_name: Text
    teams: int
    prompts: int
    least: int
    most: int
    least_age: int
    least_cell: int
    standing: Standing
    sealed: Sealed | None
    participation: Participation | None
    margins: tuple[ShownMargin, ...]
    """Of a citizen panel, small cells hidden; none of a public contest."""


class JoinView(msgspec.Struct, frozen=True, kw_only=True):
    """What a voter reads before the first battle."""

    least: int
    most: int


class AskingView(msgspec.Struct, frozen=True, kw_only=True):
    """That the models are being asked."""

    done: int
    most: int


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One button of the verdict."""

    choice: Choice
    name: Text
    key: int


class ReportOption(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to report a battle."""

    reason: ReportReason
    name: Text


class BattleView(msgspec.Struct, frozen=True, kw_only=True):
    """One battle as its voter sees it."""

    number: int
    least: int
    most: int
    prompt: str
    language: str
    picture: str
    """Address of the picture; empty without one."""
    left: tuple[Block, ...]
    right: tuple[Block, ...]
    pacing: Pacing
    ticket: str
    options: tuple[Option, ...]
    reports: tuple[ReportOption, ...]

    @property
    def step(self) -> int:
        """Characters of one tick, on both sides."""
        return max((*self.pacing.left[:1], *self.pacing.right[:1]), default=1)

    @property
    def sides(self) -> tuple[tuple[str, Text, tuple[Block, ...]], ...]:
        """Both answers with the names they have on the page."""
        return (
            ("left", Text(ko="왼쪽 답변", en="Left answer"), self.left),
            ("right", Text(ko="오른쪽 답변", en="Right answer"), self.right),
        )


class DoneView(msgspec.Struct, frozen=True, kw_only=True):
    """Thanks, and what happens next."""

    done: int
    least: int
    most: int
    may_go_on: bool
    phase: ContestPhase


class ParticipationView(msgspec.Struct, frozen=True, kw_only=True):
    """The live page."""

    phase: ContestPhase
    phase_name: Text
    participation: Participation | None

    @property
    def figure(self) -> Markup:
        """Votes day by day; the table below has the numbers."""
        days = () if self.participation is None else self.participation.days
        return columns_figure(
            "days",
            # Month and day: the year stands in the table.
            [
                Column(name=day.day[5:].replace("-", "."), count=day.votes)
                for day in days
            ],
            title=Text(ko="날짜별 투표 수", en="Votes by day"),
            description=Text(
                ko="막대마다 그날의 투표 수를 적었습니다.",
                en="Each column bears the number of votes of its day.",
            ),
        )


def front_view(
    plan: ContestPlan,
    phase: ContestPhase,
    opened: ContestOpened | None,
    participation: Participation | None,
    standing: Standing,
    margins: tuple[ShownMargin, ...] = (),
) -> FrontView:
    """The first page's words and numbers."""
    rules = plan.rules
    return FrontView(
        name=rules.name,
        note=plan.note,
        synthetic=plan.synthetic,
        phase=phase,
        phase_name=PHASES[phase],
        teams=len(rules.teams),
        prompts=len(plan.prompts),
        least=rules.battles_least,
        most=rules.battles_most,
        least_age=rules.least_age,
        least_cell=rules.least_cell,
        standing=standing,
        sealed=None
        if opened is None
        else Sealed(
            commitment=opened.commitment,
            rules=opened.rules_digest,
            prompts=opened.prompts_digest,
            answers=opened.answers_digest,
            beacon=opened.beacon,
        ),
        participation=participation,
        margins=margins,
    )


def battle_view(turn: Turn, shown: ShownBattle) -> BattleView:
    """The battle, with everything a voter can say of it."""
    digest = shown.image_digest.removeprefix("sha256:")
    return BattleView(
        number=shown.number,
        least=turn.progress.least,
        most=turn.progress.most,
        prompt=shown.prompt,
        language=shown.language,
        picture=f"/contest/picture/{digest}" if digest else "",
        left=shown.left,
        right=shown.right,
        pacing=shown.pacing,
        ticket=turn.ticket,
        options=tuple(
            Option(choice=choice, name=name, key=key)
            for key, (choice, name) in enumerate(CHOICES.items(), start=1)
        ),
        reports=tuple(
            ReportOption(reason=reason, name=name) for reason, name in REPORTS.items()
        ),
    )
