"""Published figures side by side: each with source and date, none overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, Recorded, next_act, read_history
from dokja.support.money.values import (
    FigureEntry,
    FigureEvent,
    FigureNoted,
    FigureRegister,
    FigureStated,
)
from dokja.support.refusals import Refusal, refuse_first
from dokja.support.terms import Terms

FIGURE = "figure"


def figure_matter(programme: str, subject: str) -> Matter:
    """Which record the figures about one amount are."""
    return Matter(programme=programme, kind=FIGURE, id=subject)


def figures_of(subject: str, history: Sequence[Act]) -> FigureRegister:
    """Everything published about the amount, in the order of publication."""
    recorded: tuple[Recorded[FigureEvent], ...]
    recorded = read_history(history, FigureEvent)  # type: ignore[arg-type]
    stated = [
        FigureEntry(
            figure=each.event.figure,
            recorded=datetime.fromisoformat(each.mandate.at),
        )
        for each in recorded
        if isinstance(each.event, FigureStated)
    ]
    return FigureRegister(
        subject=subject,
        figures=tuple(sorted(stated, key=lambda e: (e.figure.source.on, e.recorded))),
        notes=tuple(e.event.note for e in recorded if isinstance(e.event, FigureNoted)),
    )


def figure_act(
    subject: str,
    history: Sequence[Act],
    event: FigureEvent,
    *,
    terms: Terms,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act by which a figure or a note enters the register.

    Raises: NotAllowed for parts that do not sum and for a figure that stands;
    Conflict where somebody has acted since.
    """
    register = figures_of(subject, history)
    refuse_first(_refusals(register, event, mandate), clause=terms.money)
    matter = figure_matter(terms.programme, subject)
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def _refusals(
    register: FigureRegister, event: FigureEvent, mandate: Mandate
) -> Iterator[Refusal]:
    if isinstance(event, FigureNoted):
        return
    figure = event.figure
    parts = sum(part.krw for part in figure.parts)
    if figure.parts and parts != figure.krw:
        yield Refusal(
            f"the parts sum to {parts:,} won and the figure is {figure.krw:,}",
            "copy both as they were published; a figure that does not add up is "
            "stated without parts, with a note",
        )
    if any(figure == each.figure for each in register.figures):
        yield Refusal("this figure stands in the register", "state another")
    if figure.source.on > datetime.fromisoformat(mandate.at).date():
        yield Refusal(
            f"{figure.source.on} has not come yet", "state it once it is published"
        )
