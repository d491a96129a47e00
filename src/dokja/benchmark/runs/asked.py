"""Items of a run as they were put to the model, each with its answers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import structs

from dokja.benchmark.results import item_scores, samples_of, untimed
from dokja.benchmark.runs.values import AskedItem, GivenAnswer
from dokja.benchmark.values import (
    Item,
    OfficialRun,
    SampleRecord,
    Scoring,
    Suite,
    SuiteHeader,
)
from dokja.benchmark.written import broken_rules, prompt_of, read_answer
from dokja.errors import InvalidInput

FEW = 3


def asked_items(run: OfficialRun, suite: Suite) -> tuple[AskedItem, ...]:
    """Every item of the suite in its order."""
    header = suite.header
    scores = dict(item_scores(run, header.id))
    answers: dict[str, list[SampleRecord]] = {}
    for sample in samples_of(run, header.id):
        answers.setdefault(sample.item, []).append(sample)
    return tuple(
        _asked(header, item, answers.get(item.id, ()), scores.get(item.id))
        for item in suite.items
    )


def find_asked(run: OfficialRun, suites: Sequence[Suite], name: str) -> AskedItem:
    """The item of that id; `SUITE/ID` where several suites have it.

    Raises: InvalidInput where there is none, or more than one.
    """
    found = [
        asked
        for suite in suites
        for asked in asked_items(run, suite)
        if name in (asked.item.id, f"{asked.suite}/{asked.item.id}")
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidInput(
            f"several suites of the run have an item {name!r}",
            remedy=f"name the suite as well: {found[0].suite}/{name}",
        )
    known = [item.id for suite in suites for item in suite.items]
    raise InvalidInput(
        f"the run was not asked an item {name!r}",
        remedy=f"it was asked {len(known)}, such as {', '.join(known[:FEW])}",
    )


def untimed_item(asked: AskedItem) -> AskedItem:
    """The item without what a clock said: equal however often it is answered."""
    answers = (
        structs.replace(given, record=untimed(given.record)) for given in asked.answers
    )
    return structs.replace(asked, answers=tuple(answers))


def _asked(
    header: SuiteHeader,
    item: Item,
    records: Sequence[SampleRecord],
    score: Fraction | None,
) -> AskedItem:
    weighed = header.scoring is Scoring.CHOICES
    return AskedItem(
        suite=header.id,
        suite_version=header.version,
        language=header.language,
        scoring=header.scoring,
        item=item,
        prompt=item.question if weighed else prompt_of(header, item),
        score=None if score is None else float(score),
        answers=tuple(
            GivenAnswer(
                record=record,
                read=None
                if record.score is None
                else read_answer(header.scoring, item, record.answer),
                broken=()
                if record.score is None
                else broken_rules(record.answer, item),
            )
            for record in records
        ),
    )
