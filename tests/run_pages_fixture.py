"""Runs made up for tests of their pages: every scoring, every way to fail.

Nothing here was answered by a model: subjects, engines and titles say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import structs

from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import (
    AnswerRule,
    AnswerRuleKind,
    FaultCause,
    Item,
    Measured,
    OfficialRun,
    PriceList,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
    SuiteHeader,
    Track,
)
from dokja.benchmark.written import score_answer
from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text
from dokja.report import Reproduction

REPRODUCTION = Reproduction(
    command="dokja benchmark show 'made up' --html page.html",
    versions=(("Dokja", "0.0.0"), ("numpy", "0.0.0")),
)
HOSTILE = '<script>alert(1)</script>" onload="alert(2)</div>'
TURNED = "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe\N{POP DIRECTIONAL FORMATTING}"
NULL = "\x00"
LONG = "가나다라" * 20_000
"""One word of 80,000 letters, with no place to break it."""
PRICES = PriceList(
    currency="KRW",
    per_million_input=100,
    per_million_output=400,
    source="made up",
    as_of="2026-01-02",
)
Write = Callable[[Item, int], str]
"""What the made-up model writes to an item at a repeat."""


def header(suite: str, scoring: Scoring, *, items: int, chance: float) -> SuiteHeader:
    """The head of a made-up suite."""
    return SuiteHeader(
        id=suite,
        version="1",
        title=Text(f"지어낸 묶음 {suite}", f"Made-up suite {suite}"),
        description=Text("시험을 위해 지어냄", "Made up for tests"),
        track=Track.TEXT,
        language="ko",
        licence="CC0-1.0",
        authors=("Dokja",),
        source="tests",
        chance=chance,
        items=items,
        scoring=scoring,
        output_tokens=0 if scoring is Scoring.CHOICES else 64,
        ceiling=0.97 if scoring is Scoring.LETTER else 1.0,
    )


def choices(items: int = 24, *, scoring: Scoring = Scoring.CHOICES) -> Suite:
    """Two-choice items in eight groups; the right one alternates."""
    asked = tuple(
        Item(
            id=f"{scoring.value}-{number:03d}",
            question=f"지어낸 물음 {number}: 맞는 말은?",
            choices=("예", "아니요"),
            answer=number % 2,
            cluster=f"group {number % 8}",
        )
        for number in range(items)
    )
    return Suite(
        header=header(scoring.value, scoring, items=items, chance=0.5), items=asked
    )


def numbers(items: int = 6) -> Suite:
    """Sums whose answer is a number."""
    asked = tuple(
        Item(
            id=f"number-{n}",
            question=f"{n} + {n} = ?",
            target=str(2 * n),
            cluster="sums",
        )
        for n in range(items)
    )
    return Suite(
        header=header("number", Scoring.NUMBER, items=items, chance=0), items=asked
    )


def instructions() -> Suite:
    """Two instructions of two rules each."""
    rules = (
        AnswerRule(kind=AnswerRuleKind.NO_COMMAS),
        AnswerRule(kind=AnswerRuleKind.ENDS_WITH, text="!"),
    )
    asked = tuple(
        Item(
            id=f"rules-{n}",
            question="두 규칙을 지켜 쓰시오.",
            rules=rules,
            cluster=f"{n}",
        )
        for n in range(2)
    )
    return Suite(header=header("rules", Scoring.RULES, items=2, chance=0), items=asked)


def weighed(
    suite: Suite, *, subject: str, skill: float, repeats: int = 1
) -> list[SampleRecord]:
    """Answers to choices that hang on subject, item and repeat alone."""
    records = []
    for item in suite.items:
        for repeat in range(repeats):
            right = seed_for(subject, f"{item.id}/{repeat}") / 2**128 < skill
            assert item.answer is not None
            chosen = item.answer if right else 1 - item.answer
            records.append(
                structs.replace(
                    _blank(suite, item, repeat), chosen=chosen, score=int(right)
                )
            )
    return records


def written(suite: Suite, write: Write, *, repeats: int = 1) -> list[SampleRecord]:
    """Written answers, scored as the program scores them."""
    records = []
    for item in suite.items:
        for repeat in range(repeats):
            answer = write(item, repeat)
            scored = score_answer(suite.header.scoring, item, answer)
            assert scored is not None
            blank = _blank(suite, item, repeat)
            records.append(
                structs.replace(
                    blank,
                    chosen=scored[0],
                    score=scored[1],
                    answer=answer,
                    input_tokens=21,
                    output_tokens=7,
                    measured=Measured(
                        seconds=1.25, first_token_seconds=0.5, cost=0.004
                    ),
                )
            )
    return records


def failed(record: SampleRecord, cause: FaultCause, error: str) -> SampleRecord:
    """The record as one without a score."""
    return structs.replace(
        record,
        status=SampleStatus.ERROR,
        chosen=None,
        score=None,
        answer="",
        output_tokens=None,
        measured=None,
        cause=cause,
        error=error,
    )


def run_of(
    suites: Sequence[Suite],
    samples: Sequence[SampleRecord],
    *,
    subject: str = "made-up-model",
    repeats: int = 1,
    prices: PriceList | None = None,
) -> OfficialRun:
    """The made-up run of those records."""
    return OfficialRun(
        subject=subject,
        weights_root=digest_of(subject),
        engine="made up for tests; no model was asked",
        suites_digest=digest_of(list(suites)),
        samples=tuple(samples),
        repeats=repeats,
        prices=prices,
    )


def every_scoring() -> tuple[OfficialRun, tuple[Suite, ...]]:
    """Two repeats over four suites; the letters have an answer without a score."""
    suites = (
        choices(),
        choices(6, scoring=Scoring.LETTER),
        numbers(),
        instructions(),
    )
    letters = written(
        suites[1],
        lambda _, repeat: f"생각하면 그렇다.\n정답: {'AB'[repeat]}",
        repeats=2,
    )
    letters[5] = failed(
        letters[5], FaultCause.INFRASTRUCTURE, "the endpoint said 503, five times"
    )
    samples = [
        *weighed(suites[0], subject="made-up-model", skill=0.75, repeats=2),
        *letters,
        *written(
            suites[2],
            lambda item, repeat: f"계산하면 {item.target if repeat else '7'}",
            repeats=2,
        ),
        *written(
            suites[3],
            lambda item, _: "하나, 둘!" if item.id == "rules-0" else "둘!",
            repeats=2,
        ),
    ]
    return run_of(suites, samples, repeats=2, prices=PRICES), suites


def hostile() -> tuple[OfficialRun, tuple[Suite, ...]]:
    """Every text that a stranger could have a hand in is an attack."""
    attacks = (HOSTILE, TURNED, NULL + "\x1b[2J", LONG, "")
    asked = tuple(
        Item(
            id=f"{n} {attack[:60]}",
            question=attack,
            target=HOSTILE,
            cluster=attack[:60],
        )
        for n, attack in enumerate(attacks)
    )
    head = structs.replace(
        header("exact", Scoring.EXACT, items=len(asked), chance=0),
        title=Text(HOSTILE, HOSTILE),
        licence=TURNED,
        source=HOSTILE,
    )
    suite = Suite(header=head, items=asked)
    samples = [
        structs.replace(record, answer=attack, score=0, error=attack, measured=None)
        for record, attack in zip(
            (_blank(suite, item, 0) for item in asked), attacks, strict=True
        )
    ]
    samples[1] = failed(samples[1], FaultCause.MODEL, HOSTILE + TURNED + NULL)
    return run_of((suite,), samples, subject=HOSTILE), (suite,)


def pair() -> tuple[tuple[OfficialRun, OfficialRun], dict[str, Suite]]:
    """Two runs: one suite apart, one not, one that only the left answered."""
    suites = (choices(160), numbers(), instructions())
    better = [
        *weighed(suites[0], subject="made-up-left", skill=0.95),
        *written(suites[1], lambda item, _: item.target),
    ]
    left = [*better, *written(suites[2], lambda *_: "둘!")]
    right = [
        *weighed(suites[0], subject="made-up-right", skill=0.6),
        *written(suites[1], lambda *_: "정답: 4"),
    ]
    runs = (
        run_of(suites, left, subject="made-up-left"),
        run_of(suites[:2], right, subject="made-up-right"),
    )
    return runs, {suite.header.id: suite for suite in suites}


def _blank(suite: Suite, item: Item, repeat: int) -> SampleRecord:
    return SampleRecord(
        suite=suite.header.id,
        suite_version=suite.header.version,
        item=item.id,
        item_digest=item_digest(item),
        cluster=item.cluster,
        status=SampleStatus.SCORED,
        chosen=None,
        score=0,
        repeat=repeat,
    )
