"""A replayed programme as text for a terminal, in Korean or English."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Line

from dokja.evidence.values import Text
from dokja.replay.values import Source
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
    "unknown": Text(
        "공개되지 않아 비워 둔 사항", "Not published, and therefore left empty"
    ),
    "sources": Text("출처", "Sources"),
    "rules": Text("규정 해시", "rules"),
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


class _View:
    """One replay in one language; each method writes one section."""

    def __init__(self, console: Console, found: WholeReplay, lang: str) -> None:
        self._console = console
        self._found = found
        self._lang = lang
        self._numbers: dict[Source, int] = {}

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
        """Write events, the unknown, the sources and how to correct."""
        self._heading("events")
        for event in self._found.events:
            cited = self._cited(event.sources)
            self._print(f"{event.on}  {self._say(event.text)} {cited}")
        self._heading("unknown")
        for each in self._found.unknown:
            self._print(f"- {self._say(each.text)}")
        self._heading("sources")
        for source, number in self._numbers.items():
            self._print(
                f"[{number}] {source.publisher}, {source.date}: {source.subject}"
            )
        self._console.print()
        self._print(self._say(self._found.correction), indent=0, style="dim")
        digest = f"{self._word('rules')}: {self._found.rules_digest}"
        self._print(digest, indent=0, style="dim")

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

    def _cited(self, sources: Sequence[Source]) -> str:
        """`[1, 4]`: each source gets its number where it is first cited."""
        if not sources:
            return ""
        numbers = sorted(
            self._numbers.setdefault(source, len(self._numbers) + 1)
            for source in sources
        )
        return f"[{', '.join(str(number) for number in numbers)}]"

    def _heading(self, word: str) -> None:
        self._console.print()
        self._console.print(Line(self._word(word), style="bold cyan"))

    def _print(self, text: str, *, indent: int = 2, style: str = "") -> None:
        self._console.print(
            Padding(Line(text, style=style), (0, 0, 0, indent), expand=False)
        )

    def _word(self, word: str) -> str:
        return self._say(_WORDS[word])

    def _say(self, text: Text) -> str:
        return text.ko if self._lang == "ko" else text.en
