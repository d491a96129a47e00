"""A team that enters late: what it is owed is derived from the record alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from dokja.evidence.values import Act
from dokja.support.equal_entry import EqualSupport, equal_entry
from dokja.support.fairness import DevelopmentTime, FairnessRequest
from dokja.support.gpu.values import EqualTimeGranted
from dokja.support.overview import SupportActs
from tests.support_fixture import (
    TERMS,
    adopted,
    at,
    booked,
    delivered,
    lived,
    measured,
    pool,
    registered,
    share,
    window,
)

STAGE = FairnessRequest(
    stage="s2",
    teams=(
        DevelopmentTime(team="early", window=window(5, 15)),
        DevelopmentTime(team="late", window=window(10, 15)),
    ),
)
POOL = pool()


def shared(*grants: EqualTimeGranted) -> list[Act]:
    """Eight GPUs for who was there since the first stage, eight for the newcomer."""
    early, late = share("early", 8, 1, 15), share("late", 8, 10, 25)
    return booked(*registered(POOL), adopted("first", early, late), *grants)


def seen(book: Sequence[Act], *, on: int) -> EqualSupport:
    """What is owed on a day, when every day until then was delivered in full."""
    record = lived(POOL, measured(POOL, 1), delivered(range(1, on)))
    acts = SupportActs(
        book=book, pools=record, assets=(), ledger=(), grants=(), figures=()
    )
    return equal_entry(STAGE, ["late"], acts, terms=TERMS, now=at(on))


@pytest.mark.parametrize("day", [8, 12, 15])
def test_what_is_owed_counts_the_stage_alone_and_what_is_still_promised(
    day: int,
) -> None:
    """Ten days of 192 hours are 1,920; the newcomer is promised half of it.

    The first stage's days enter for nobody, and the day of asking changes nothing
    while everything comes as promised.
    """
    found = seen(shared(), on=day)
    rows = {row.team: row for row in found.teams}
    assert (rows["early"].hours, rows["late"].hours) == (Decimal(1920), Decimal(960))
    (owed,) = found.newcomers
    assert (owed.owed_days, owed.owed_hours) == (Decimal(5), Decimal(960))
    assert (owed.hours_days, owed.hours_days_due) == (Decimal(4800), Decimal(19200))
    assert owed.deadline == at(20)
    assert not found.is_settled


def test_what_was_slow_before_the_stage_is_not_counted_again() -> None:
    """Days of the first stage were made up for there, or were not."""
    record = lived(
        POOL,
        measured(POOL, 1),
        delivered([1, 4, *range(5, 12)]),
        delivered([2, 3], speed=50),
    )
    acts = SupportActs(
        book=shared(), pools=record, assets=(), ledger=(), grants=(), figures=()
    )
    (owed,) = equal_entry(STAGE, ["late"], acts, terms=TERMS, now=at(12)).newcomers
    assert owed.owed_hours == Decimal(960)


def test_the_derived_deadline_settles_it_and_no_earlier_one_does() -> None:
    """Granted a day short it is still owed."""
    for day, is_settled in ((19, False), (20, True)):
        granted = EqualTimeGranted(
            team="late", stage="s2", deadline=at(day), lost=Decimal(960)
        )
        found = seen(shared(granted), on=12)
        assert found.is_settled is is_settled
        assert found.newcomers[0].granted == at(day)
