"""A citizen panel by its margins: who belongs where, and what is shown of it.

A person's answers come in as words and leave as counts: no joint cell, which
could be one person, is shown or put on record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dokja.contest.citizens.quotas import (
    CellState,
    Margins,
    PanelDistance,
    Person,
    WeightedRating,
    cell_states,
    distances,
    rake,
    weighted_rating,
)
from dokja.contest.rating.vote_table import VoteTable
from dokja.contest.values import QuotaCell, QuotaMargin, QuotaPlan
from dokja.evidence.values import Growing, Text


class ShownCell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Planned against reached in one cell."""

    cell: str
    name: Text
    planned: int
    reached: int | None
    """None where so few people would not be hidden by the number."""


class ShownMargin(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One margin of the panel, as it may be shown."""

    margin: str
    name: Text
    source: str
    cells: tuple[ShownCell, ...]
    distance: float | None
    """Half the sum of absolute differences of shares; None where a cell is hidden."""


class CitizenOutcome(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The panel's rating as the planned population would give it: a view."""

    margins: tuple[ShownMargin, ...]
    """Of those who voted and whose answers were kept until then."""
    weighted: WeightedRating | None
    people: int
    """With a weight."""
    unweighted: int
    """Who voted, and whose answers were erased or withdrawn; they weigh nothing."""
    empty: tuple[str, ...]
    """Cells for which nobody stands, so that no weight mends them."""
    heaviest: float | None
    trimmed: bool
    worst_margin: float | None


def person_of(plan: QuotaPlan, answers: Mapping[str, str]) -> Person | None:
    """The person's cells, one of each margin; None where an answer is in none."""
    cells = [_cell_of(margin, answers.get(margin.id, "")) for margin in plan.margins]
    return None if None in cells else tuple(cell for cell in cells if cell is not None)


def margins_of(plan: QuotaPlan, people: Sequence[Person]) -> Margins:
    """How many people each cell of each margin holds."""
    return {
        margin.id: Counter(person[place] for person in people)
        for place, margin in enumerate(plan.margins)
    }


def shown_margins(
    plan: QuotaPlan, people: Sequence[Person], *, least_cell: int = 0
) -> tuple[ShownMargin, ...]:
    """Every margin, cells of fewer than `least_cell` people hidden.

    A margin never hides one cell alone: the total would tell it.
    """
    counts = margins_of(plan, people)
    states = cell_states(plan, counts)
    apart = {each.margin: each for each in distances(plan, counts)}
    return tuple(
        _shown(
            margin,
            [state for state in states if state.margin == margin.id],
            apart[margin.id],
            least_cell,
        )
        for margin in plan.margins
    )


def citizen_outcome(
    plan: QuotaPlan,
    table: VoteTable,
    people: Mapping[str, Person],
    *,
    least_cell: int,
    source: str,
) -> CitizenOutcome:
    """The rating with voters weighted to the plan; `people` are by voter's name.

    Without a rating where nobody stands for a planned cell.
    """
    seen = sorted({table.voters[voter] for voter in table.votes.voter})
    known = {name: people[name] for name in seen if name in people}
    counts = margins_of(plan, tuple(known.values()))
    empty = tuple(
        f"{state.margin}: {state.cell}"
        for state in cell_states(plan, counts)
        if not state.admitted
    )
    raked = None if empty else rake(plan, Counter(known.values()))
    weighted = None
    if raked is not None:
        weights = {
            name: raked.weights["/".join(cells)] for name, cells in known.items()
        }
        weighted = weighted_rating(table, weights, source=source)
    return CitizenOutcome(
        margins=shown_margins(plan, tuple(known.values()), least_cell=least_cell),
        weighted=weighted,
        people=len(known),
        unweighted=len(seen) - len(known),
        empty=empty,
        heaviest=None if raked is None else raked.heaviest,
        trimmed=raked is not None and raked.trimmed,
        worst_margin=None if raked is None else raked.worst_margin,
    )


def _cell_of(margin: QuotaMargin, answer: str) -> str | None:
    for cell in margin.cells:
        if answer in (cell.answers or (cell.cell,)):
            return cell.cell
    return None


def _shown(
    margin: QuotaMargin,
    states: Sequence[CellState],
    apart: PanelDistance,
    least_cell: int,
) -> ShownMargin:
    by_size = sorted(states, key=lambda state: state.admitted)
    hidden = {state.cell for state in states if state.admitted < least_cell}
    if len(hidden) == 1:
        hidden = {state.cell for state in by_size[:2]}
    return ShownMargin(
        margin=margin.id,
        name=margin.name,
        source=margin.source,
        cells=tuple(
            ShownCell(
                cell=cell.cell,
                name=_name(cell),
                planned=state.planned,
                reached=None if cell.cell in hidden else state.admitted,
            )
            for cell, state in zip(margin.cells, states, strict=True)
        ),
        distance=None if hidden else apart.distance,
    )


def _name(cell: QuotaCell) -> Text:
    return cell.name or Text(ko=cell.cell, en=cell.cell)
