"""Which commitments are to be looked at, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dokja.commitment.assess import in_order_of_days
from dokja.commitment.values import Commitment, CommitmentStatus
from dokja.commitment.words import STATUS_SAYS
from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, Standing

SOON = 30
"""Days before its last one from which a commitment is to be measured."""


def commitment_agenda(found: Sequence[Commitment]) -> tuple[AgendaItem, ...]:
    """What is open past its day, what comes soon, and the next day after that."""
    return (*_open(found), *_coming(found))


def _open(found: Sequence[Commitment]) -> Iterator[AgendaItem]:
    for each in found:
        if each.status is CommitmentStatus.UNDETERMINED:
            yield AgendaItem(
                standing=Standing.OVERDUE,
                what=Text(f"약속 {each.id} 확인", f"settle commitment {each.id}"),
                why=STATUS_SAYS[each.status],
                until=each.due or "",
            )


def _coming(found: Sequence[Commitment]) -> Iterator[AgendaItem]:
    for each in in_order_of_days(found):
        if each.status is not CommitmentStatus.DUE:
            continue
        days = each.days_left or 0
        is_soon = days <= SOON
        yield AgendaItem(
            standing=Standing.DUE if is_soon else Standing.WAITS,
            what=Text(f"약속 {each.id} 측정", f"measure commitment {each.id}"),
            why=Text(f"기한까지 {days}일 남았습니다.", f"{days} day(s) are left"),
            until=each.due or "",
        )
        if not is_soon:
            return
