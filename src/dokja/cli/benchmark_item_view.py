"""One item of a run on the screen: what was asked, what was answered."""

from __future__ import annotations

from operator import attrgetter

from rich.console import Console
from rich.text import Text as Line

from dokja.benchmark.runs.values import AskedItem, GivenAnswer
from dokja.benchmark.values import SampleRecord, SampleStatus, Scoring
from dokja.evidence.values import Text
from dokja.report.runs import (
    CAUSE,
    NO_CAUSE,
    STANDING,
    STATUS,
    letter_of,
    rule_words,
    score_shown,
    standing_of,
    visible_letters,
)

ASKED = Text(ko="물은 말", en="asked")
WEIGHED = Text(ko="이어 붙여 견준 보기", en="choices, each weighed as what follows")
RIGHT = Text(ko="정답", en="right answer")
CHOSEN = Text(ko="모델의 선택", en="the model's choice")
TARGET = Text(ko="맞는 답", en="right answer")
TESTS = Text(ko="프로그램 시험", en="tests of the program")
WRITTEN = Text(ko="모델이 쓴 답", en="what the model wrote")
REPEAT = Text(ko="{}회째", en="repeat {}")
SCORE = Text(ko="점수 {}", en="score {}")
READ = Text(ko="답으로 읽은 것: {}", en="read as the answer: {}")
KEPT = Text(ko="지킴  {}", en="kept    {}")
BROKEN = Text(ko="어김  {}", en="broken  {}")
TURNS = Text(ko="물은 횟수 {} · 도구 {}", en="asked {} times · tool calls {}")
TOKENS = Text(ko="토큰 {} / {}", en="tokens {} / {}")
TIME = Text(ko="{:.2f}초", en="{:.2f} s")
NOTHING = Text(ko="(아무것도 쓰지 않음)", en="(nothing was written)")


def show_item(asked: AskedItem, *, lang: str) -> None:
    """Nothing; prints the item with every answer, in one language."""
    console, say = Console(highlight=False, soft_wrap=True), attrgetter(lang)
    item, standing = asked.item, standing_of(asked)
    score = "" if asked.score is None else f"  {score_shown(asked.score)}"
    title = f"{asked.suite} {asked.suite_version} · {item.id}"
    _say(console, f"{title}  {say(STANDING[standing])}{score}", style="bold")
    _part(console, say(ASKED), asked.prompt)
    for file in item.media:
        _say(console, f"  {file.track.value}: {file.path} {file.digest}", style="dim")
    _choices(console, asked, lang)
    if item.target:
        _part(console, say(TARGET), item.target)
    for given in asked.answers:
        _answer(console, asked, given, lang)
    if item.tests:
        _part(console, say(TESTS), item.tests)


def _choices(console: Console, asked: AskedItem, lang: str) -> None:
    say = attrgetter(lang)
    if not asked.item.choices:
        return
    if asked.scoring is Scoring.CHOICES:
        _say(console, say(WEIGHED), style="dim")
    chosen = [given.record.chosen for given in asked.answers]
    for place, text in enumerate(asked.item.choices):
        marks = [say(RIGHT)] if place == asked.item.answer else []
        if place in chosen:
            times = f" {chosen.count(place)}/{len(chosen)}" if len(chosen) > 1 else ""
            marks.append(say(CHOSEN) + times)
        mark = f"  ← {', '.join(marks)}" if marks else ""
        _say(console, f"  {letter_of(place)} {text}{mark}", style="bold" * bool(mark))


def _answer(console: Console, asked: AskedItem, given: GivenAnswer, lang: str) -> None:
    record, say = given.record, attrgetter(lang)
    if asked.scoring is not Scoring.CHOICES and record.status is SampleStatus.SCORED:
        _part(console, say(WRITTEN), record.answer or say(NOTHING))
    if given.read is not None:
        _say(console, say(READ).format(given.read))
    for rule in asked.item.rules if record.score is not None else ():
        words = BROKEN if rule in given.broken else KEPT
        _say(console, "  " + say(words).format(say(rule_words(rule))))
    facts = [say(REPEAT).format(record.repeat + 1)] if len(asked.answers) > 1 else []
    _say(console, " · ".join([*facts, *_facts(record, lang)]), style="dim")
    if record.error:
        _say(console, record.error, style="yellow")


def _facts(record: SampleRecord, lang: str) -> list[str]:
    say = attrgetter(lang)
    if record.score is None:
        cause = CAUSE[record.cause] if record.cause else NO_CAUSE
        found = [say(STATUS[record.status]), say(cause)]
    else:
        found = [say(SCORE).format(score_shown(record.score))]
    counts = (record.input_tokens, record.output_tokens)
    if counts != (None, None):
        found.append(say(TOKENS).format(*("–" if c is None else c for c in counts)))
    if record.turns is not None:
        found.append(say(TURNS).format(record.turns, record.tool_calls or 0))
    if record.measured is not None:
        found.append(say(TIME).format(record.measured.seconds))
    return found


def _part(console: Console, name: str, text: str) -> None:
    _say(console, name, style="dim")
    _say(console, text)


def _say(console: Console, text: str, *, style: str = "") -> None:
    # A terminal obeys some letters that a model can write.
    console.print(Line(visible_letters(text), style=style))
