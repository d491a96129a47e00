"""A replayed programme as text for a terminal, in Korean or English."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text as Line

from dokja.cli.replay_writer import ENDING, ReplayWriter
from dokja.evidence.values import Text
from dokja.replay.whole import Step, StepResult, WholeReplay
from dokja.replay.whole.results import Chapter

_CHAPTERS = {
    Chapter.CALLS: Text("공모", "Calls"),
    Chapter.SCHEDULE: Text("일정", "Dates"),
    Chapter.SUPPORT: Text("GPU 지원", "GPUs"),
    Chapter.MONEY: Text("예산", "Money"),
    Chapter.EVALUATION: Text("단계평가", "Evaluation"),
    Chapter.AFTER: Text("결정 이후", "After the decision"),
}
_RESULTS = {
    StepResult.REPRODUCED: Text("재현", "reproduced"),
    StepResult.DIFFERS: Text("다름", "differs"),
    StepResult.UNKNOWN: Text("알 수 없음", "unknown"),
}
_MARKS = {
    StepResult.REPRODUCED: "✓",
    StepResult.DIFFERS: "≠",
    StepResult.UNKNOWN: "?",
}
_WORDS = {
    "outcome": Text("진행 결과", "Where it stands"),
    "applied": Text("신청", "applied"),
    "selected": Text("처음 선정", "selected first"),
    "advances": Text("1차 단계 진출", "advance"),
    "rank": Text("순위에 따른 탈락", "leave by rank"),
    "gate": Text("독자성 분석에 따른 탈락", "leave by the gate"),
    "filled": Text("빈자리", "empty place"),
    "active": Text("2차 단계 참여 팀", "in the second stage"),
    "next": Text("2차 단계 결과: 알 수 없음", "result of the second stage: unknown"),
    "says": Text("행위의 답", "the act says"),
    "clauses": Text("조항", "clauses"),
    "assumed": Text("가정", "stood in"),
    "position": Text("당사자의 입장", "the party's position"),
    "figures": Text("공개된 금액", "Published figures"),
    "refused": Text("등록되지 않음", "not taken"),
    "uncited": Text("출처 미확인", "no page"),
    "events": Text("그 밖의 일", "What else happened"),
    **ENDING,
}


def show_programme(
    found: WholeReplay, *, lang: str, console: Console | None = None
) -> None:
    """Nothing; writes the replay to the console, standard output by default."""
    view = _View(console or Console(highlight=False), found, lang)
    view.head()
    view.outcome()
    for chapter in Chapter:
        view.chapter(chapter)
    view.figures()
    view.closing()


class _View(ReplayWriter):
    """One replay in one language; each method writes one section."""

    def __init__(self, console: Console, found: WholeReplay, lang: str) -> None:
        super().__init__(console, _WORDS, lang)
        self._found = found

    def head(self) -> None:
        """Write what it is, and how many steps came out how."""
        self._console.print(Line(self._say(self._found.name), style="bold"))
        self._console.print(Line(self._say(self._found.note), style="dim"))
        counted = " · ".join(
            f"{_MARKS[result]} {self._say(words)} {len(self._found.steps(result))}"
            for result, words in _RESULTS.items()
        )
        self._print(counted)

    def outcome(self) -> None:
        """Write who is where after the last act."""
        outcome = self._found.outcome
        self._heading("outcome")
        lines = (
            ("applied", outcome.applied),
            ("selected", outcome.selected),
            ("advances", outcome.advances),
            ("rank", outcome.eliminated_by_rank),
            ("gate", outcome.eliminated_by_gate),
            ("filled", (outcome.filled_by,) if outcome.filled_by else ()),
            ("active", outcome.active_teams),
        )
        for word, teams in lines:
            count = f" ({len(teams)})" if len(teams) > 1 else ""
            self._print(f"{self._word(word)}{count}: {self._named(teams)}")
        self._print(self._word("next"))

    def chapter(self, chapter: Chapter) -> None:
        """Write the steps of one chapter, in order of time."""
        self._console.print()
        self._console.print(Line(self._say(_CHAPTERS[chapter]), style="bold cyan"))
        for step in self._found.facts:
            if step.chapter is chapter:
                self._step(step)

    def figures(self) -> None:
        """Write every published figure, the conflicting ones side by side."""
        self._heading("figures")
        for amount in self._found.amounts:
            parts = [f"{self._say(amount.name)}: ₩{amount.krw:,}"]
            parts.append(amount.on or self._word("uncited"))
            if amount.refused is not None:
                parts.append(self._word("refused"))
            line = " · ".join(parts)
            self._print(f"{line} {self._cited(amount.sources)}".rstrip())

    def closing(self) -> None:
        """Write what else happened, the unknown, the sources and how to correct."""
        self.write_ending(
            ((each.on, each.text, each.sources) for each in self._found.events),
            (each.text for each in self._found.unknown),
            correction=self._found.correction,
            rules_digest=self._found.rules_digest,
        )

    def _step(self, step: Step) -> None:
        head = f"{_MARKS[step.result]} {step.on}  {self._say(step.title)}"
        self._print(f"{head} — {self._say(_RESULTS[step.result])}")
        self._print(
            f"{self._say(step.published)} {self._cited(step.sources)}", indent=4
        )
        clauses = f" ({self._word('clauses')} {', '.join(step.clauses)})"
        self._print(
            f"→ {self._say(step.found)}{clauses if step.clauses else ''}", indent=4
        )
        if step.refused is not None:
            words = " ".join(step.refused.split())
            self._print(f"{self._word('says')}: {words}", indent=6, style="dim")
        for assumed in step.assumed:
            line = f"{self._word('assumed')}: {self._say(assumed)}"
            self._print(line, indent=6, style="dim")
        if step.reply is not None:
            self._print(f"{self._word('position')}: {self._say(step.reply)}", indent=4)

    def _named(self, teams: Sequence[str]) -> str:
        return ", ".join(self._say(self._found.names[team]) for team in teams)
