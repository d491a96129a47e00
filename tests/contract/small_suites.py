"""Small suites of every kind of written answer."""

from __future__ import annotations

import msgspec

from dokja.benchmark import parse_suite
from dokja.benchmark.values import Item, Scoring, Suite, SuiteHeader, Track
from dokja.evidence.values import Text
from tests.e2e.conftest import ROOT

SUITES = ROOT / "examples/programme/stage-1/suites"


def shipped(name: str, items: int) -> Suite:
    """The first items of a shipped suite of choices."""
    whole = parse_suite(
        (SUITES / name / "suite.toml").read_text(encoding="utf-8"),
        (SUITES / name / "items.jsonl").read_text(encoding="utf-8"),
        where=name,
    )
    header = msgspec.structs.replace(whole.header, items=items)
    return Suite(header=header, items=whole.items[:items])


def made(scoring: Scoring, items: tuple[Item, ...], *, tokens: int = 8) -> Suite:
    """A suite of one's own."""
    header = SuiteHeader(
        id=f"small-{scoring.value}",
        version="1",
        title=Text(ko="작은 묶음", en="Small suite"),
        description=Text(ko="검사용", en="For tests"),
        track=Track.TEXT,
        language="ko",
        licence="CC0-1.0",
        authors=("tests",),
        source="written for the tests",
        chance=0.0,
        items=len(items),
        scoring=scoring,
        output_tokens=tokens,
    )
    return Suite(header=header, items=items)


def letters(*questions: str) -> Suite:
    """Questions whose right answer is the first of two letters."""
    return made(
        Scoring.LETTER,
        tuple(
            Item(
                id=f"letter-{place}",
                question=question,
                choices=("옳다", "그르다"),
                answer=0,
                cluster=f"c{place}",
            )
            for place, question in enumerate(questions)
        ),
    )
