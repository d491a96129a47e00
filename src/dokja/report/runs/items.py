"""One item of a run: what was asked, what was answered, what it scored."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dokja.benchmark.results import cost_of
from dokja.benchmark.runs.values import AskedItem, GivenAnswer
from dokja.benchmark.values import (
    AnswerRule,
    Measured,
    PriceList,
    SampleRecord,
    SampleStatus,
    Scoring,
)
from dokja.benchmark.written import LETTERS
from dokja.evidence.values import Text
from dokja.report.numerals import fixed
from dokja.report.pieces import Fact, View, Word, same
from dokja.report.runs.passages import Passage, passage, visible, visible_words
from dokja.report.runs.words import CAUSE, NO_CAUSE, STANDING, STATUS, rule_words

OPENING = 90
"""Letters of a question that the list shows."""
LONGEST_CHOICE = 1200
MOST_REPEATS = 8
"""Answers to one item that a page shows."""


class ChoiceView(View, frozen=True, kw_only=True):
    """One choice, with who picked it."""

    letter: str
    text: Passage
    is_right: bool
    picked: int
    """Repeats in which the model chose it."""


class RuleView(View, frozen=True, kw_only=True):
    """One rule of an item, and whether the answer keeps it."""

    text: Text
    is_kept: bool


class AnswerView(View, frozen=True, kw_only=True):
    """One answer."""

    number: int
    status: Word
    score: str | None
    chosen: str | None
    written: Passage | None
    """None where the model only weighs choices."""
    read: Markup | None
    rules: tuple[RuleView, ...]
    cause: Text | None
    error: Passage | None
    facts: tuple[Fact, ...]


class ItemView(View, frozen=True, kw_only=True):
    """One item with everything that was said about it."""

    anchor: str
    id: str
    opening: str
    answered: str
    """The beginning of what the model chose or wrote first."""
    standing: Word
    score: str | None
    cluster: str
    digest: str
    prompt: Passage
    is_weighed: bool
    """Whether the choices follow the prompt one by one, and none is written."""
    language: str | None
    """The suite's, where a browser knows it."""
    choices: tuple[ChoiceView, ...]
    target: Passage | None
    tests: Passage | None
    media: tuple[str, ...]
    answers: tuple[AnswerView, ...]
    repeats: int
    """All of them, of which `answers` may be the first."""


def standing_of(asked: AskedItem) -> str:
    """`right`, `partly`, `wrong`, or `unscored` while a repeat has no score."""
    if asked.score is None:
        return "unscored"
    if asked.score == 1:
        return "right"
    return "partly" if asked.score > 0 else "wrong"


def item_view(asked: AskedItem, *, anchor: str, prices: PriceList | None) -> ItemView:
    """The item as the page opens it."""
    item, standing = asked.item, standing_of(asked)
    first = asked.answers[0].record if asked.answers else None
    return ItemView(
        anchor=anchor,
        id=visible_words(item.id, most=OPENING),
        opening=visible_words(item.question, most=OPENING),
        answered=_answered(asked),
        standing=Word(code=standing, text=STANDING[standing]),
        score=None if asked.score is None else score_shown(asked.score),
        cluster=visible_words(item.cluster, most=OPENING),
        digest=first.item_digest if first else "",
        prompt=passage(asked.prompt),
        is_weighed=asked.scoring is Scoring.CHOICES,
        language=asked.language if asked.language in ("ko", "en") else None,
        choices=_choices(asked),
        target=passage(item.target) if item.target else None,
        tests=passage(item.tests) if item.tests else None,
        media=tuple(f"{m.track.value}: {m.path} {m.digest}" for m in item.media),
        answers=tuple(
            _answer(asked, given, prices) for given in asked.answers[:MOST_REPEATS]
        ),
        repeats=len(asked.answers),
    )


def score_shown(score: float) -> str:
    """A score from 0 to 1, in as many decimals as it has, at most three."""
    return fixed(score, places=3).rstrip("0").rstrip(".")


def letter_of(place: int) -> str:
    """The name of a choice; a number where the letters are used up."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def _answered(asked: AskedItem) -> str:
    if not asked.answers:
        return ""
    given = asked.answers[0]
    said = given.record.answer if given.read is None else given.read
    if asked.scoring is Scoring.CHOICES and given.record.chosen is not None:
        said = asked.item.choices[given.record.chosen]
    return visible_words(said, most=OPENING)


def _choices(asked: AskedItem) -> tuple[ChoiceView, ...]:
    picked = [given.record.chosen for given in asked.answers]
    return tuple(
        ChoiceView(
            letter=letter_of(place),
            text=passage(text, longest=LONGEST_CHOICE),
            is_right=place == asked.item.answer,
            picked=picked.count(place),
        )
        for place, text in enumerate(asked.item.choices)
    )


def _answer(
    asked: AskedItem, given: GivenAnswer, prices: PriceList | None
) -> AnswerView:
    record, is_scored = given.record, given.record.status is SampleStatus.SCORED
    is_written = asked.scoring is not Scoring.CHOICES
    cause = CAUSE[record.cause] if record.cause else NO_CAUSE
    return AnswerView(
        number=record.repeat + 1,
        status=Word(code=record.status.value, text=STATUS[record.status]),
        score=None if record.score is None else score_shown(record.score),
        chosen=None if record.chosen is None else letter_of(record.chosen),
        written=passage(record.answer) if is_written else None,
        read=None if given.read is None else visible(given.read[:OPENING]),
        rules=_rules(asked.item.rules, given.broken) if is_scored else (),
        cause=None if is_scored else cause,
        error=passage(record.error) if record.error else None,
        facts=(
            *_tokens(record.input_tokens, record.output_tokens),
            *_turns(record),
            *_clock(record.measured),
            *_cost(record, prices),
        ),
    )


def _rules(
    rules: Sequence[AnswerRule], broken: Sequence[AnswerRule]
) -> tuple[RuleView, ...]:
    return tuple(
        RuleView(text=rule_words(rule), is_kept=rule not in broken) for rule in rules
    )


def _tokens(given: int | None, written: int | None) -> tuple[Fact, ...]:
    if given is None and written is None:
        return ()
    counts = ["–" if count is None else f"{count:,}" for count in (given, written)]
    return (
        Fact(
            label=Text("토큰 입력/출력", "Tokens in/out"),
            value=same(" / ".join(counts)),
        ),
    )


def _turns(record: SampleRecord) -> tuple[Fact, ...]:
    if record.turns is None:
        return ()
    counts = f"{record.turns} / {record.tool_calls or 0}"
    label = Text("물은 횟수/도구 사용", "Times asked/tool calls")
    return (Fact(label=label, value=same(counts)),)


def _clock(measured: Measured | None) -> tuple[Fact, ...]:
    if measured is None:
        return ()
    found = [
        (Text("걸린 시간", "Time"), measured.seconds),
        (Text("첫 토큰까지", "First token"), measured.first_token_seconds),
    ]
    return tuple(
        Fact(label=name, value=Text(f"{seconds:.2f}초", f"{seconds:.2f} s"))
        for name, seconds in found
        if seconds is not None
    )


def _cost(record: SampleRecord, prices: PriceList | None) -> tuple[Fact, ...]:
    cost = cost_of(record, prices)
    if cost is None:
        return ()
    currency = prices.currency if prices else ""
    shown = visible_words(f"{cost:g} {currency}".rstrip(), most=OPENING)
    return (Fact(label=Text("비용", "Cost"), value=same(shown)),)
