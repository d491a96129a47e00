"""A panel on the screen: interests, the assignment, agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Estimate, Text
from dokja.panel.recusal import recusal_reason
from dokja.panel.values import (
    AgreementReport,
    Assignment,
    Interest,
    TeamSeverity,
)
from dokja.programme.interest_rules import InterestLevel
from dokja.report.numerals import fixed, interval, percent

LEVELS: Mapping[InterestLevel, Text] = {
    InterestLevel.CONFLICT: Text(ko="이해충돌", en="conflict"),
    InterestLevel.POSSIBLE: Text(ko="이해관계 가능성", en="possible"),
    InterestLevel.NONE: Text(ko="없음", en="none"),
}
INTEREST_HEAD = Text(
    ko="위원|팀|판단|신고|계산|경로", en="expert|team|level|declared|computed|path"
)
UNDECLARED = Text(
    ko="신고하지 않았으나 계산에서 발견된 관계: {}",
    en="found and not declared: {}",
)
NO_INTEREST = Text(ko="이해관계가 없음", en="no interest")
ASSIGN_HEAD = Text(ko="팀|평가위원", en="team|experts")
MISSING = Text(ko="배정할 수 없음", en="no assignment keeps to the rules")
POSSIBLE_USED = Text(
    ko="이해관계 가능성이 있는 배정: {}건(가능한 최소)",
    en="assignments in spite of a possible interest: {} (the fewest there can be)",
)
TEAM_HEAD = Text(
    ko="팀|평균|보정값|95 % 구간|순위|한 명을 제외할 때",
    en="team|mean|adjusted|95 %|rank|any one left out",
)
EXPERT_HEAD = Text(ko="위원|관대함", en="expert|leniency")
ALPHA = Text(ko="일치도 α", en="agreement, alpha")
GENERAL = Text(ko="일반화 계수", en="generalisability")
NOT_TOLD = Text(ko="구할 수 없음(점수에 차이가 없음)", en="none: no two scores differ")
ONE_VALUE = Text(
    ko="모든 점수를 같은 값으로 준 위원: {}", en="one and the same score throughout: {}"
)
TALKED = Text(
    ko="토론 전후: 평가표 {}건 중 {}건, 점수 {}개 중 {}개가 바뀜",
    en="discussion: {1} of {0} sheets and {3} of {2} scores changed",
)
LEFT_OUT = Text(ko="제외한 평가표 {} → {}: {}", en="left out: sheet of {} for {} ({})")
RECUSED = Text(ko="회피 {} → {}: {}", en="recused: {} for {} ({})")


def show_interests(found: Sequence[Interest], *, lang: str) -> None:
    """Nothing; prints every pair that has an interest."""
    console, say = Console(highlight=False), attrgetter(lang)
    shown = [one for one in found if one.level is not InterestLevel.NONE]
    if not shown:
        console.print(say(NO_INTEREST))
        return
    table = _table(say(INTEREST_HEAD))
    for one in shown:
        table.add_row(
            escape(one.expert),
            escape(one.team),
            say(LEVELS[one.level]),
            "✓" if one.declared else "–",
            say(LEVELS[one.computed]),
            escape(say(one.reason)),
        )
    console.print(table)
    hidden = [f"{one.expert} → {one.team}" for one in shown if one.undeclared]
    if hidden:
        console.print(f"[bold]{escape(say(UNDECLARED).format(', '.join(hidden)))}")


def show_assignment(found: Assignment, *, lang: str) -> None:
    """Nothing; prints the assignment, or what is missing for one."""
    console, say = Console(highlight=False), attrgetter(lang)
    if found.shortfalls:
        console.print(f"[bold]{say(MISSING)}")
        for one in found.shortfalls:
            console.print(f"  {escape(say(one.reason))}")
            console.print(f"    → {escape(say(one.remedy))}")
        return
    table = _table(say(ASSIGN_HEAD))
    for team in found.teams:
        table.add_row(escape(team.team), escape(", ".join(team.experts)))
    console.print(table)
    console.print(say(POSSIBLE_USED).format(found.possible_used))


def show_agreement(found: AgreementReport, *, lang: str) -> None:
    """Nothing; prints the report in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    for name, estimate in ((ALPHA, found.alpha), (GENERAL, found.generalisability)):
        shown = say(NOT_TOLD) if estimate is None else _shown(estimate)
        console.print(f"[bold]{say(name)}[/]: {shown}")
    table = _table(say(TEAM_HEAD))
    for team in sorted(found.teams, key=lambda t: (t.rank, t.team)):
        table.add_row(*_team_row(team))
    console.print(table)
    experts = _table(say(EXPERT_HEAD))
    for expert in found.experts:
        experts.add_row(escape(expert.expert), _points(expert.leniency))
    console.print(experts)
    for line in _lines(found, lang):
        console.print(escape(line))
    for note in found.notes:
        console.print(escape(say(note)), style="dim")


def _team_row(team: TeamSeverity) -> tuple[str, ...]:
    ends = team.adjusted.low, team.adjusted.high
    between = (
        "–" if None in ends else " … ".join(percent(e) for e in ends if e is not None)
    )
    ranks = str(team.rank_low)
    if team.rank_high != team.rank_low:
        ranks += f"–{team.rank_high}"
    return (
        escape(team.team),
        percent(team.raw),
        percent(team.adjusted.value),
        between,
        str(team.rank),
        ranks,
    )


def _lines(found: AgreementReport, lang: str) -> list[str]:
    say, lines = attrgetter(lang), []
    if found.one_value:
        lines.append(say(ONE_VALUE).format(", ".join(found.one_value)))
    if found.discussion is not None:
        talk = found.discussion
        counts = talk.sheets, talk.changed_sheets, talk.scores, talk.changed_scores
        lines.append(say(TALKED).format(*counts))
    for recusal in found.recusals:
        why = say(recusal_reason(recusal))
        lines.append(say(RECUSED).format(recusal.expert, recusal.team, why))
    for one in found.left_out:
        pair = one.sheet.expert, one.sheet.team
        lines.append(say(LEFT_OUT).format(*pair, say(one.reason)))
    return lines


def _shown(estimate: Estimate) -> str:
    ends = interval(estimate.low, estimate.high, places=2)
    return fixed(estimate.value, places=2) + (f" ({ends})" if ends else "")


def _points(share: float) -> str:
    return f"{100 * share:+.1f} %p"


def _table(heads: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads.split("|"):
        table.add_column(head)
    return table
