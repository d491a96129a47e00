"""Drafts of questions, and the items made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.values import Item
from dokja.errors import InvalidInput

_TRIES = 2000


@dataclass(frozen=True)
class Draft:
    """A question before its choices are put in order."""

    question: str
    right: str
    wrong: tuple[str, ...]
    cluster: str


Maker = Callable[[Draws], Draft]
"""Drafts one question of a template."""


def draw_items(
    makers: Sequence[Maker], *, suite: str, items: int, beacon: str
) -> tuple[Item, ...]:
    """Different items, as many of each template, answers spread over the places.

    Raises: InvalidInput where the templates hold fewer different questions.
    """
    draws, seen = Draws(suite, "drafts", beacon), set[tuple[str, str]]()
    drafts = [
        _unseen(makers[number % len(makers)], draws, seen, suite)
        for number in range(items)
    ]
    choices = 1 + len(drafts[0].wrong)
    places = Draws(suite, "places", beacon).shuffled(
        [number % choices for number in range(items)]
    )
    return tuple(
        _item(f"{suite}-{number:04d}", draft, place, draws)
        for number, (draft, place) in enumerate(
            zip(drafts, places, strict=True), start=1
        )
    )


def _unseen(
    maker: Maker, draws: Draws, seen: set[tuple[str, str]], suite: str
) -> Draft:
    for _ in range(_TRIES):
        draft = maker(draws)
        key = (draft.question, draft.right)
        if key not in seen:
            seen.add(key)
            return draft
    raise InvalidInput(
        f"suite {suite}: a template has no further question after {len(seen)}",
        remedy="ask for fewer items",
    )


def _item(name: str, draft: Draft, place: int, draws: Draws) -> Item:
    wrong = draws.shuffled(draft.wrong)
    return Item(
        id=name,
        question=draft.question,
        choices=(*wrong[:place], draft.right, *wrong[place:]),
        answer=place,
        cluster=draft.cluster,
    )
