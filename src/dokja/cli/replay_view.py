"""A replay as text for a terminal, in Korean or English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.text import Text as Line

from dokja.cli.replay_writer import ENDING, ReplayWriter
from dokja.evidence.values import Text
from dokja.replay.results import (
    Counterfactual,
    Outcome,
    PairReplay,
    RemovedBy,
    ReplayReport,
)
from dokja.standing.values import Bounds

_WORDS = {
    "outcome": Text("결정", "Decision"),
    "advances": Text("진출", "advances"),
    "eliminated_by_rank": Text("순위에 따른 탈락", "eliminated by rank"),
    "eliminated_by_gate": Text("독자성 분석에 따른 탈락", "eliminated by the gate"),
    "undecided": Text("미정", "undecided"),
    "clauses": Text("조항", "clauses"),
    "vacancy": Text("빈자리", "Vacancies"),
    "call": Text("추가 공모", "Extra call"),
    "yes": Text("실시", "follows"),
    "no": Text("없음", "none"),
    "selected": Text("추가 선정", "Selected in the extra call"),
    "objection": Text("이의제기 기한", "Objections until"),
    "completions": Text(
        "미공개 점수를 공개된 사실에 맞게 {n}번 가상으로 채웠으며(메모리에서만, 역할 "
        "기호로), 결정은 모두 같았음.",
        "Unpublished scores were filled in {n} times to meet every published fact "
        "(in memory only, under role labels); the decision never changed.",
    ),
    "unsettled": Text(
        "공개된 자료만으로는 결정되지 않음.", "The published data alone do not decide."
    ),
    "facts": Text(
        "공개된 사실과 다시 계산한 값", "Published facts, beside what Dokja derives"
    ),
    "recomputed": Text("재계산", "derived"),
    "true": Text("예", "yes"),
    "false": Text("아니요", "no"),
    "none": Text("없음", "none"),
    "stated": Text(
        "다시 계산할 자료가 없는 공개 수치",
        "Published figures with nothing to derive them from",
    ),
    "bounds": Text(
        "공개된 평균에서 도출되는 범위 (점수를 공개하지 않은 팀 전체)",
        "What the published means leave for the teams without published scores",
    ),
    "sum": Text("합", "sum"),
    "mean": Text("평균", "mean"),
    "lowest": Text(
        "총점이 가장 낮은 팀은 {x}점 이하", "The lowest total is at most {x}"
    ),
    "findings": Text(
        "독자성 분석 결과와 팀의 입장", "The gate, and what each team says"
    ),
    "pairs": Text(
        "다른 이들이 공개한 가중치 비교", "Comparisons of weights published by others"
    ),
    "cosine": Text("코사인", "raw cosine"),
    "centred": Text("중심화한 상관", "centred correlation"),
    "position": Text("당사자의 입장", "The party's position"),
    "resolution": Text("처리 결과", "How it ended"),
    "not_published": Text("미공개", "not published"),
    "counterfactuals": Text("가정에 따른 결과", "Had one thing been otherwise"),
    "refused": Text("결정하지 않음", "no decision"),
    "removed_by": Text("사유", "reasons"),
    "rank_cut": Text("순위", "rank cut"),
    "gate": Text("독자성", "gate"),
    "events": Text("주요 일정", "What happened when"),
    **ENDING,
    "pass": Text("충족", "met"),
    "fail": Text("불충족", "not met"),
    "undetermined": Text("미정", "undetermined"),
    "identical": Text("동일", "identical"),
    "derived": Text("파생", "derived"),
    "partial": Text("일부 파생", "partial"),
    "refer": Text("확인 필요", "refer"),
    "no_evidence": Text("파생 증거 없음", "no evidence"),
    "untestable": Text("판단 불가", "untestable"),
}


def show_report(
    report: ReplayReport, *, lang: str, console: Console | None = None
) -> None:
    """Nothing; writes the report to the console, standard output by default."""
    view = _View(console or Console(highlight=False), report, lang)
    view.outcome()
    view.facts()
    view.bounds()
    view.findings()
    view.pairs()
    view.counterfactuals()
    view.lists()


class _View(ReplayWriter):
    """One report in one language; each method writes one section."""

    def __init__(self, console: Console, report: ReplayReport, lang: str) -> None:
        super().__init__(console, _WORDS, lang)
        self._report = report
        self._names = {each.team: self._say(each.name) for each in report.scores} | {
            bid.id: self._say(bid.name) for bid in report.selection.bids
        }

    def outcome(self) -> None:
        """Write the decision first: the rest is why."""
        report, outcome = self._report, self._report.outcome
        self._console.print(Line(self._say(report.name), style="bold"))
        self._console.print(Line(self._say(report.note), style="dim"))
        self._heading("outcome")
        for line in self._outcome_lines(outcome):
            self._print(line)
        if outcome.selected:
            self._print(f"{self._word('selected')}: {self._names[outcome.selected]}")
            self._print(self._say(report.selection.text), style="dim", indent=4)
        if report.settled_by_data:
            text = self._word("completions").format(n=report.completions.drawn)
            self._print(text)
        else:
            self._print(self._word("unsettled"), style="yellow")

    def facts(self) -> None:
        """Write what can be checked, then what can only be restated."""
        self._heading("facts")
        for fact in self._report.facts:
            text = f"{self._say(fact.text)}: {self._readable(fact.published)}"
            if fact.recomputed != fact.published:
                found = self._readable(fact.recomputed)
                text += f" ({self._word('recomputed')} {found})"
            self._print(
                f"{_mark(holds=fact.holds)} {text} {self._cited(fact.sources)}",
                style="" if fact.holds else "red",
            )
        self._heading("stated")
        for stated in self._report.stated:
            cited = self._cited(stated.sources)
            self._print(f"{self._say(stated.text)}: {stated.value} {cited}")

    def bounds(self) -> None:
        """Write what interval arithmetic leaves open."""
        self._heading("bounds")
        for each in self._report.bounds:
            self._print(
                f"{self._say(each.name)}: {self._word('sum')} {_range(each.sum)}, "
                f"{self._word('mean')} {_range(each.mean)}"
            )
        limit = self._report.lowest_total_at_most
        self._print(self._word("lowest").format(x=limit))

    def findings(self) -> None:
        """Write each team's finding with its own position beside it."""
        self._heading("findings")
        for each in self._report.findings:
            style = "red" if each.result.value == "fail" else ""
            head = f"{self._names[each.team]}: {self._word(each.result.value)}"
            self._print(head, style=style)
            self._print(self._say(each.text), indent=4)
            reply = f"{self._word('position')}: {self._say(each.reply)}"
            self._print(f"{reply} {self._cited(each.sources)}", indent=4)

    def pairs(self) -> None:
        """Write the published comparisons with their verdicts."""
        self._heading("pairs")
        wording = {self._say(pair.wording) for pair in self._report.independence}
        for text in (*sorted(wording), self._say(self._report.pair_thresholds.basis)):
            self._print(text, style="dim")
        for pair in self._report.independence:
            self._pair(pair)

    def counterfactuals(self) -> None:
        """Write what would have followed otherwise."""
        self._heading("counterfactuals")
        for case in self._report.counterfactuals:
            self._print(self._say(case.text))
            for line in self._case_lines(case):
                self._print(line, indent=4)

    def lists(self) -> None:
        """Write the dates, the unknown, the sources and how to correct."""
        self.write_ending(
            ((each.date, each.text, each.sources) for each in self._report.events),
            (each.text for each in self._report.unknown),
            correction=self._report.correction,
            rules_digest=self._report.rules_digest,
        )

    def _pair(self, pair: PairReplay) -> None:
        self._print(
            f"{_mark(holds=pair.holds)} {pair.candidate} – {pair.reference} "
            f"({self._say(pair.component)}): {self._word(pair.verdict.value)}"
        )
        self._print(
            f"{self._word('cosine')} {self._figure(pair.raw_cosine)}, "
            f"{self._word('centred')} {self._figure(pair.centred)}",
            indent=4,
        )
        for text in (pair.reason, pair.text):
            self._print(self._say(text), indent=4)
        self._print(f"{self._word('position')}: {self._say(pair.reply)}", indent=4)
        ended = f"{self._word('resolution')}: {self._say(pair.resolution)}"
        self._print(f"{ended} {self._cited(pair.sources)}", indent=4)

    def _case_lines(self, case: Counterfactual) -> Iterable[str]:
        if case.refused is not None:
            yield f"→ {self._word('refused')}: {self._say(case.refused)}"
        if case.outcome is not None:
            yield from (f"→ {line}" for line in self._outcome_lines(case.outcome))

    def _outcome_lines(self, outcome: Outcome) -> Iterable[str]:
        if outcome.advances:
            yield f"{self._word('advances')}: {self._named(outcome.advances)}"
        status = dict.fromkeys(outcome.eliminated_by_rank, "eliminated_by_rank")
        status |= dict.fromkeys(outcome.eliminated_by_gate, "eliminated_by_gate")
        for removal in outcome.removals:
            yield (
                f"{self._word(status[removal.team])}: {self._names[removal.team]} "
                f"({self._word('removed_by')}: {self._reasons(removal.removed_by)}; "
                f"{self._word('clauses')} {', '.join(removal.clauses)})"
            )
        if outcome.undecided:
            yield f"{self._word('undecided')}: {self._named(outcome.undecided)}"
        call = self._word("yes" if outcome.revival_call else "no")
        yield (
            f"{self._word('vacancy')}: {outcome.vacancy} · "
            f"{self._word('call')}: {call} · "
            f"{self._word('objection')} {outcome.objection_until}"
        )

    def _reasons(self, removed_by: Sequence[RemovedBy]) -> str:
        return " + ".join(self._word(each.value) for each in removed_by)

    def _figure(self, figure: Bounds | None) -> str:
        return self._word("not_published") if figure is None else _range(figure)

    def _named(self, teams: Sequence[str]) -> str:
        return ", ".join(self._names[team] for team in teams)

    def _readable(self, value: str) -> str:
        """A fact's value with names for the ids in it."""

        def name(match: re.Match[str]) -> str:
            word = match.group()
            if word in self._names:
                return self._names[word]
            return self._word(word) if word in _WORDS else word

        return re.sub("[a-z][a-z0-9-]*", name, value)


def _range(bounds: Bounds) -> str:
    low, high = _plain(bounds.low), _plain(bounds.high)
    return low if low == high else f"{low}–{high}"


def _mark(*, holds: bool) -> str:
    return "✓" if holds else "✗"


def _plain(value: Decimal) -> str:
    return format(value, "f")
