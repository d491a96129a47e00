"""Published figures put to the register: each with its page, none overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from dokja.programme.matters import Matter
from dokja.programme.schedule.versions import first_day
from dokja.replay.whole import words
from dokja.replay.whole.moments import first_moment
from dokja.replay.whole.results import Chapter, StatedAmount, Step
from dokja.replay.whole.trying import (
    Found,
    MemoryRecord,
    Steps,
    Tried,
    attempt,
    mandate,
    only_read,
    reproduced_if,
)
from dokja.replay.whole.values import History, PublishedAmount, UnattributedAmount
from dokja.replay.whole.words import filled
from dokja.support.money.figures import figure_act, figure_matter, figures_of
from dokja.support.money.values import FigurePart, FigureStated, PublishedFigure
from dokja.support.terms import Terms
from dokja.support.values import CitedSource


class MoneyReplay:
    """The figures of a history, stated one after another."""

    def __init__(self, history: History, terms: Terms, record: MemoryRecord) -> None:
        self._history = history
        self._terms = terms
        self._record = record
        self._steps = Steps(history=history, chapter=Chapter.MONEY)
        self._refused: dict[str, str] = {}

    def steps(self) -> Iterator[Step]:
        """A step for every figure that names a page."""
        for amount in sorted(self._history.amounts, key=lambda one: one.on):
            before = self._amounts(amount.subject)
            tried = self._state(amount)
            if tried.words is not None:
                self._refused[amount.id] = tried.words
            yield self._steps.of(amount, self._found(amount, before, tried))

    def stated(self) -> tuple[StatedAmount, ...]:
        """Every figure, those that the register does not take too."""
        return (
            *(self._line(amount) for amount in self._history.amounts),
            *(self._uncited(amount) for amount in self._history.unattributed),
        )

    def _state(self, amount: PublishedAmount) -> Tried:
        source = self._history.sources[amount.sources[0]]
        figure = PublishedFigure(
            krw=amount.krw,
            says=amount.text,
            source=CitedSource(name=source.publisher, on=first_day(source.date)),
            parts=tuple(FigurePart(name=p.name, krw=p.krw) for p in amount.parts),
        )
        earlier = self._record.of(self._matter(amount.subject))
        # Stated once the whole of its published day has come.
        at = first_moment(amount.on) + timedelta(days=1)
        return self._record.put(
            partial(
                figure_act,
                amount.subject,
                earlier,
                FigureStated(figure=figure),
                terms=self._terms,
                seen=len(earlier),
                mandate=mandate(at, amount.clauses),
            )
        )

    def _found(
        self, amount: PublishedAmount, before: tuple[int, ...], tried: Tried
    ) -> Found:
        others = tuple(krw for krw in before if krw != amount.krw)
        if tried.refused is not None:
            parts = sum(part.krw for part in amount.parts)
            text = filled(words.PARTS_DIFFER, parts=parts, krw=amount.krw)
        elif others:
            listed = ", ".join(f"₩{krw:,}" for krw in others)
            text = filled(words.AMOUNTS_DIFFER, others=listed)
        else:
            text = words.PARTS_SUM if amount.parts else words.REGISTERED
        month = len(self._history.sources[amount.sources[0]].date) < len("2026-01-15")
        return Found(
            act="support.money.figure_act",
            tried=tried,
            result=reproduced_if(not others and tried.refused is None),
            text=text,
            assumed=(words.FIRST_OF_MONTH,) if month else (),
        )

    def _line(self, amount: PublishedAmount) -> StatedAmount:
        return StatedAmount(
            subject=amount.subject,
            name=self._history.subjects[amount.subject],
            krw=amount.krw,
            text=amount.text,
            parts=amount.parts,
            on=amount.on,
            refused=self._refused.get(amount.id),
            sources=self._history.cited(amount.sources),
        )

    def _uncited(self, amount: UnattributedAmount) -> StatedAmount:
        """A figure without a page, and what the register says to it."""
        return StatedAmount(
            subject=amount.subject,
            name=self._history.subjects[amount.subject],
            krw=amount.krw,
            text=amount.text,
            parts=(),
            on=None,
            refused=_refusal_of_uncited(amount),
            sources=(),
        )

    def _amounts(self, subject: str) -> tuple[int, ...]:
        history = self._record.of(self._matter(subject))
        return figures_of(subject, history).amounts

    def _matter(self, subject: str) -> Matter:
        return figure_matter(self._terms.programme, subject)


def _refusal_of_uncited(amount: UnattributedAmount) -> str | None:
    without_page = {
        "krw": amount.krw,
        "says": {"ko": amount.text.ko, "en": amount.text.en},
    }
    return attempt(partial(only_read, without_page, PublishedFigure)).words
