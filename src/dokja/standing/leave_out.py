"""The order without each benchmark, rater and voter in turn."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dokja.standing.recount import Order, Recount, Removal
from dokja.standing.tallies import PANEL, VOTERS
from dokja.standing.values import LeaveOneOut, LeftOut, Source

LEFT_OUT = (Source.BENCHMARKS, Source.RATERS, Source.VOTERS)


def leave_one_out(recount: Recount, source: Source) -> LeaveOneOut:
    """What leaving out each unit of a source in turn would change."""
    cases = tuple(
        _case(recount, unit, removal) for unit, removal in _removals(recount, source)
    )
    changing = tuple(case for case in cases if case.changes)
    teams = recount.measured.teams
    return LeaveOneOut(
        source=source,
        tried=len(cases),
        changing=len(changing),
        low={team: _extreme(cases, team, lowest=True) for team in teams},
        high={team: _extreme(cases, team, lowest=False) for team in teams},
        cases=changing if source is Source.VOTERS else cases,
    )


def _removals(recount: Recount, source: Source) -> Iterator[tuple[str, Removal]]:
    if source is Source.BENCHMARKS:
        for suite in sorted(recount.measured.suites):
            yield suite, Removal(suites=frozenset({suite}))
        return
    tally = PANEL if source is Source.RATERS else VOTERS
    for place, unit in enumerate(recount.tallies[tally].units):
        yield unit, Removal(units={tally: (place,)})


def _case(recount: Recount, unit: str, removal: Removal) -> LeftOut:
    order: Order = recount.without(removal)
    return LeftOut(
        removed=unit,
        totals=dict(order.totals),
        possible=order.possible,
        out=order.out,
        level=order.level,
        changes=order.differs(recount.whole),
    )


def _extreme(cases: tuple[LeftOut, ...], team: str, *, lowest: bool) -> Decimal | None:
    """Of the totals over all that can be reached; None where none is known."""
    known = [total for case in cases if (total := case.totals.get(team)) is not None]
    if not known:
        return None
    return min(known) if lowest else max(known)
