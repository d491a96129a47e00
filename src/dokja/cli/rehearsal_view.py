"""A rehearsal on the screen: assumptions, risks, and what the rules leave open."""

from __future__ import annotations

from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Estimate
from dokja.rehearsal.values import Assumptions, FoundBy, Rehearsal

HEADS = {
    "ko": (
        "상황 (모의)",
        "잘못된 탈락",
        "95% 구간",
        "자료로 판정",
        "보류",
        "규정 없음",
    ),
    "en": (
        "scenario (simulated)",
        "wrong team out",
        "95 % interval",
        "data decide",
        "undecided",
        "no rule",
    ),
}
FOUND_BY = {
    FoundBy.CHECK: {"ko": "규정 점검", "en": "check"},
    FoundBy.PROBE: {"ko": "시험 사례", "en": "probe"},
    FoundBy.SIMULATION: {"ko": "모의실험", "en": "simulation"},
}


def show_rehearsal(found: Rehearsal, *, lang: str) -> None:
    """Nothing; prints the rehearsal in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    ko = lang == "ko"
    title = "규정 예행연습" if ko else "Rehearsal of the rules"
    stage = found.stage or ("순위 컷 없음" if ko else "no rank cut")
    console.print(f"[bold]{title}[/]  {escape(found.programme)} / {escape(stage)}")
    console.print(found.rules_digest)
    console.print(_assumptions(found.assumptions, lang=lang))
    if found.scenarios:
        console.print(_table(found, lang=lang))
    head = "규정이 비어 있는 경우" if ko else "Cases the rules leave open"
    console.print(f"\n[bold]{head}: {len(found.open_cases)}[/]")
    for case in found.open_cases:
        clauses = f" ({', '.join(case.clauses)})" if case.clauses else ""
        by = FOUND_BY[case.found_by][lang]
        console.print(f"  - {escape(say(case.text))}{clauses}  [dim]{by}[/]")
    console.print(f"\n[dim]{escape(say(found.note))}[/]")


def _assumptions(assumed: Assumptions, *, lang: str) -> str:
    if lang == "ko":
        return (
            f"가정: {assumed.teams}개 팀, 팀 간 실제 격차 {assumed.gap:g}점, "
            f"벤치마크당 {assumed.items}문항, 전문가 {assumed.raters}명, "
            f"이용자 {assumed.voters}명; 모의실험 {assumed.simulations}회, "
            f"시드 {assumed.seed}"
        )
    return (
        f"Assumed: {assumed.teams} teams, true gap {assumed.gap:g} points, "
        f"{assumed.items} items a suite, {assumed.raters} raters, "
        f"{assumed.voters} voters; {assumed.simulations} simulations, "
        f"seed {assumed.seed}"
    )


def _table(found: Rehearsal, *, lang: str) -> Table:
    say = attrgetter(lang)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, head in enumerate(HEADS[lang]):
        table.add_column(head, justify="right" if position else "left")
    for result in found.scenarios:
        wrong = result.wrong
        assert wrong.low is not None  # a share of simulations has an interval
        assert wrong.high is not None
        table.add_row(
            escape(say(result.scenario.name)),
            f"{100 * wrong.value:.1f}%",
            f"{100 * wrong.low:.1f} – {100 * wrong.high:.1f}%",
            _share(result.settled),
            _share(result.undecided),
            _share(result.refused),
        )
    return table


def _share(share: Estimate) -> str:
    return f"{100 * share.value:.0f}%"
