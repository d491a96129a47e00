"""The order of applications by a panel's sheets; ties are said, never hidden."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec
import numpy as np

from dokja.call.values import PanelNamed, RankedApplication
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Estimate, quantise
from dokja.panel import check_panel, leave_out_sheets, panel_share, sheet_share
from dokja.panel.values import Criterion, Panel
from dokja.statistics.clustered import mean_estimate, single_items

PLACES = 6
"""Decimals of a criterion's mean as it is shown; the order rests on exact fractions."""

Key = tuple[Fraction, ...]


def counted_panel(
    panel: Panel,
    named: PanelNamed,
    criteria: tuple[Criterion, ...],
    applications: Sequence[str],
) -> Panel:
    """The panel with the sheets of recused experts left out, each with the reason.

    Raises: InvalidInput for another rubric than the call announced, for experts
    without a seat, and for sheets that cannot count.
    """
    if panel.criteria != criteria:
        raise InvalidInput(
            f"the sheets of the {named.round.value} review have another rubric than "
            "the call announced",
            remedy="score by the criteria of the call; they bind since it was opened",
        )
    seats = {seat.expert for seat in named.seats}
    strangers = sorted({expert.id for expert in panel.experts} - seats)
    if strangers:
        raise InvalidInput(
            f"{', '.join(strangers)} has no seat on this panel",
            remedy="name the panel again, with everybody who reviews",
        )
    experts = {expert.id for expert in panel.experts}
    bound = msgspec.structs.replace(
        panel,
        computed=tuple(r for r in named.recusals if r.expert in experts),
        computed_from=named.computed_from,
        assigned=named.assigned,
    )
    counted = leave_out_sheets(bound)
    known = [one.team for one in named.assigned] or applications
    check_panel(counted, teams=known, where="the sheets")
    return counted


def rank_applications(
    panel: Panel,
    applications: Sequence[str],
    *,
    tie_order: Sequence[str],
    least_sheets: int,
) -> tuple[RankedApplication, ...]:
    """Applications from first to last by exact shares, equal ones on one rank.

    Equal shares are parted by the criteria of the tie order that this rubric has,
    and by nothing else. Raises: NotAllowed where one has too few counted sheets.
    """
    short = [
        f"{name} ({count})"
        for name in sorted(applications)
        if (count := sum(s.team == name for s in panel.sheets)) < least_sheets
    ]
    if short:
        raise NotAllowed(
            f"fewer than {least_sheets} counted sheets: {', '.join(short)}",
            remedy="name more experts, or let those of the panel hand in their sheets",
        )
    keys = {name: _key(panel, name, tie_order) for name in applications}
    order = sorted(applications, key=lambda name: (_down(keys[name]), name))
    return tuple(_ranked(panel, name, keys) for name in order)


def cut(
    ranking: Sequence[RankedApplication], places: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is inside for certain, and who shares the last place with others.

    The second part is empty where the places suffice or no tie runs across the end.
    """
    if len(ranking) <= places:
        return tuple(row.application for row in ranking), ()
    last, first_out = ranking[places - 1], ranking[places]
    if last.rank != first_out.rank:
        return tuple(row.application for row in ranking[:places]), ()
    inside = tuple(r.application for r in ranking if r.rank < last.rank)
    return inside, tuple(r.application for r in ranking if r.rank == last.rank)


def _key(panel: Panel, application: str, tie_order: Sequence[str]) -> Key:
    known = {criterion.id for criterion in panel.criteria}
    share = panel_share(panel, application)
    assert share is not None  # least_sheets is at least 1
    parts = (
        _criterion_mean(panel, application, name) for name in tie_order if name in known
    )
    return (share, *parts)


def _down(key: Key) -> Key:
    return tuple(-part for part in key)


def _ranked(panel: Panel, application: str, keys: dict[str, Key]) -> RankedApplication:
    own = keys[application]
    return RankedApplication(
        application=application,
        rank=1 + sum(key > own for key in keys.values()),
        share=_share(panel, application),
        by_criterion={
            criterion.id: _shown(_criterion_mean(panel, application, criterion.id))
            for criterion in panel.criteria
        },
        tied_with=tuple(
            sorted(n for n, key in keys.items() if key == own and n != application)
        ),
    )


def _share(panel: Panel, application: str) -> Estimate:
    shares = sorted(
        float(sheet_share(panel, sheet))
        for sheet in panel.sheets
        if sheet.team == application
    )
    return mean_estimate(
        np.array(shares), single_items(len(shares)), source="sheets of the panel"
    )


def _criterion_mean(panel: Panel, application: str, criterion: str) -> Fraction:
    given = [s.scores[criterion] for s in panel.sheets if s.team == application]
    return Fraction(sum(given), len(given))


def _shown(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return quantise(exact, places=PLACES)
