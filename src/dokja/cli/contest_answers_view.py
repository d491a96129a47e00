"""Prepared answers on the screen: how many of each team, how fast, what is missing."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from statistics import median

from rich.console import Console
from rich.table import Table

from dokja.cli.benchmark_view import escape
from dokja.contest.served.endpoint_words import REASONS
from dokja.contest.served.prepared import AnswerPlan, Prepared
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text

HEADS = Text(
    ko="팀|모델|답변|토큰 중앙값|첫 토큰 중앙값|답변 시간 중앙값|받지 못한 답변",
    en="team|model|answers|tokens, median|first token, median|seconds, median|missing",
)
DIGEST = Text(ko="답변 파일의 요약값: {}", en="answers: {}")
MISSING = Text(
    ko="{team}: {reason} {count}건. 같은 명령을 다시 실행하면 받지 못한 답변만 "
    "다시 요청함",
    en="{team}: {reason}, {count} times; the same command asks for these alone again",
)
WOULD_ASK = Text(
    ko="질문 {prompts}개 × 팀 {teams}개, 요청 {all}건 (계획 {digest})",
    en="{prompts} prompts of {teams} teams: {all} questions (plan {digest})",
)


def show_plan(plan: AnswerPlan, *, lang: str) -> None:
    """Nothing; prints what would be asked."""
    prompts, teams = len(plan.prompts), len(plan.models)
    line = str(getattr(WOULD_ASK, lang)).format(
        prompts=prompts, teams=teams, all=prompts * teams, digest=plan.digest
    )
    Console(highlight=False).print(line)


def show_prepared(prepared: Prepared, *, lang: str) -> None:
    """Nothing; prints what was had and what was not."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = Table(*say(HEADS).split("|"), box=None, header_style="bold")
    for model in prepared.plan.models:
        table.add_row(
            escape(model.team), escape(model.model), *_row(prepared, model.team)
        )
    console.print(table)
    console.print(say(DIGEST).format(digest_bytes(prepared.answers_bytes)), style="dim")
    found = Counter((missing.team, missing.reason) for missing in prepared.missing)
    for (team, reason), count in sorted(found.items()):
        line = say(MISSING).format(team=team, reason=say(REASONS[reason]), count=count)
        console.print(escape(line), style="yellow")


def _row(prepared: Prepared, team: str) -> tuple[str, ...]:
    times = [found for found in prepared.times if found.team == team]
    answers = [found for found in prepared.answers if found.team == team]
    tokens = [found.tokens for found in answers if found.tokens is not None]
    return (
        str(len(answers)),
        f"{median(tokens):g}" if tokens else "–",
        f"{median(t.first_token_seconds for t in times):.2f} s" if times else "–",
        f"{median(t.seconds for t in times):.2f} s" if times else "–",
        str(sum(missing.team == team for missing in prepared.missing)),
    )
