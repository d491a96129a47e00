"""Which items of a large run a page opens: it has to stay small enough to send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dokja.benchmark.runs.values import AskedItem
from dokja.benchmark.values import Scoring
from dokja.report.runs.items import MOST_REPEATS, standing_of
from dokja.report.runs.passages import LONGEST

PAGE_BYTES = 1_800_000
"""That items may take of a page, which keeps it under three million bytes."""
MARKUP, CHOICE_MARKUP = 1600, 200
WRITTEN_MARKUP, WEIGHED_MARKUP = 1100, 200
"""Bytes of markup around an item, a choice and an answer; from measured pages."""
FIRST = ("unscored", "wrong", "partly", "right")
"""Order in which items are taken: what a reader asks about comes first."""


def within_budget(
    items: Sequence[AskedItem], *, budget: int = PAGE_BYTES
) -> frozenset[int]:
    """Places of the items that the page opens, by standing and then by order."""
    order = sorted(
        range(len(items)), key=lambda at: (FIRST.index(standing_of(items[at])), at)
    )
    return frozenset(_affordable(((at, weight(items[at])) for at in order), budget))


def weight(asked: AskedItem) -> int:
    """Bytes that the item takes of a page, about."""
    item, answers = asked.item, asked.answers[:MOST_REPEATS]
    texts = [asked.prompt, item.target, item.tests, *item.choices]
    for given in answers:
        texts += [given.record.answer, given.record.error]
    weighed = asked.scoring is Scoring.CHOICES
    marks = len(answers) * (WEIGHED_MARKUP if weighed else WRITTEN_MARKUP)
    marks += len(item.choices) * CHOICE_MARKUP
    return MARKUP + marks + sum(map(_bytes, texts))


def _bytes(text: str) -> int:
    """Of a text as it is shown; escaped, a letter may take several."""
    shown = (
        text if len(text) <= LONGEST else text[: LONGEST // 2] + text[-LONGEST // 2 :]
    )
    marks = sum(shown.count(letter) for letter in "<>&\"'")
    hidden = sum(not letter.isprintable() for letter in shown)
    return len(shown.encode(errors="replace")) + 4 * marks + 24 * hidden


def _affordable(weights: Iterable[tuple[int, int]], budget: int) -> list[int]:
    taken, spent = [], 0
    for place, cost in weights:
        if spent + cost > budget:
            break
        taken.append(place)
        spent += cost
    return taken
