"""What an office hands in, and the acts that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, acts_of
from dokja.programme.values import Topic
from dokja.support.data.assets import asset_acts, asset_matter
from dokja.support.data.values import DataEvent
from dokja.support.gpu.balance import shared_pool
from dokja.support.gpu.book import book_act, book_of
from dokja.support.gpu.compensate import compensate
from dokja.support.gpu.pool import judge_test, pool_act, pool_matter, pool_record
from dokja.support.gpu.values import (
    AcceptanceTest,
    BookEvent,
    DayCorrected,
    DaysDelivered,
    EqualTimeGranted,
    IncidentFixed,
    IncidentOpened,
    LeaseSigned,
    PoolClosed,
    PoolEvent,
    PoolRegistered,
    TeamReleased,
)
from dokja.support.money.figures import figure_act, figure_matter
from dokja.support.money.grants import grant_acts, grant_matter
from dokja.support.money.ledger import ledger_act
from dokja.support.money.values import FigureEvent, GrantEvent, LedgerEvent
from dokja.support.overview import SupportActs
from dokja.support.terms import Terms
from dokja.support.values import Id, SupportEvent


class PoolMeasured(SupportEvent, frozen=True, kw_only=True, tag="pool_measured"):
    """A test of acceptance was made; its outcome follows from the rules."""

    test: AcceptanceTest


class CompensationDue(SupportEvent, frozen=True, kw_only=True, tag="compensation_due"):
    """An incident is to be made up for; the time follows from the record."""

    id: Id


SupportRequest = (
    PoolRegistered
    | PoolClosed
    | TeamReleased
    | EqualTimeGranted
    | LeaseSigned
    | PoolMeasured
    | DaysDelivered
    | DayCorrected
    | IncidentOpened
    | IncidentFixed
    | CompensationDue
    | LedgerEvent
    | GrantEvent
    | FigureEvent
    | DataEvent
)
"""Everything that is handed in. What is computed (the outcome of a test, a
compensation, an allocation) is not among it."""


def topic_of(request: SupportRequest) -> Topic:
    """What the clauses have to govern under which the request is made."""
    if isinstance(request, get_args(DataEvent)):
        return Topic.DATA
    is_money = isinstance(request, get_args(LedgerEvent | GrantEvent | FigureEvent))
    return Topic.MONEY if is_money else Topic.SUPPORT


def next_acts(
    acts: SupportActs,
    subject: str | None,
    request: SupportRequest,
    *,
    terms: Terms,
    mandate: Mandate,
    seen: int | None = None,
) -> tuple[Act, ...]:
    """The acts that follow from the request, to be appended together.

    `subject` names the pool, asset, grant or figure where the request does not.
    `seen` is how many acts of that matter whoever acts has read; None: all.

    Raises: InvalidInput, NotAllowed, Conflict.
    """
    if isinstance(request, get_args(BookEvent)):
        history = _seen(acts.book, seen)
        return (
            book_act(history, request, terms=terms, seen=len(history), mandate=mandate),
        )
    if isinstance(request, get_args(LedgerEvent)):
        history = _seen(acts.ledger, seen)
        return (
            ledger_act(
                history, request, terms=terms, seen=len(history), mandate=mandate
            ),
        )
    if subject is None:
        raise InvalidInput(
            "nothing says which pool, asset, grant or figure this is about",
            remedy="name it with --of",
        )
    return _of_subject(acts, subject, request, terms, mandate, seen)


def _of_subject(
    acts: SupportActs,
    subject: str,
    request: Any,
    terms: Terms,
    mandate: Mandate,
    seen: int | None,
) -> tuple[Act, ...]:
    programme = terms.programme
    if isinstance(request, get_args(DataEvent)):
        history = _seen(acts_of(asset_matter(programme, subject), acts.assets), seen)
        return asset_acts(
            subject, history, acts.ledger, request, terms=terms, mandate=mandate
        )
    if isinstance(request, get_args(GrantEvent)):
        history = _seen(acts_of(grant_matter(programme, subject), acts.grants), seen)
        return grant_acts(
            subject, history, acts.ledger, request, terms=terms, mandate=mandate
        )
    if isinstance(request, get_args(FigureEvent)):
        history = _seen(acts_of(figure_matter(programme, subject), acts.figures), seen)
        act = figure_act(
            subject, history, request, terms=terms, seen=len(history), mandate=mandate
        )
        return (act,)
    history = _seen(acts_of(pool_matter(programme, subject), acts.pools), seen)
    book = book_of(acts.book)
    if subject not in book.pools:
        raise NotAllowed(
            f"there is no pool {subject} ({terms.gpu})", remedy="register it first"
        )
    event: PoolEvent = request
    if isinstance(request, PoolMeasured):
        event = judge_test(book.pools[subject], request.test, terms)
    elif isinstance(request, CompensationDue):
        shared = shared_pool(book, subject, pool_record(history), terms=terms)
        event = compensate(shared, request.id, terms=terms)
    act = pool_act(
        book.pools[subject],
        history,
        event,
        terms=terms,
        seen=len(history),
        mandate=mandate,
    )
    return (act,)


def _seen(history: Sequence[Act], seen: int | None) -> Sequence[Act]:
    if seen is not None and seen != len(history):
        raise Conflict(
            f"this matter has {len(history)} entries, and you have read {seen}",
            remedy="read what was added, then act again",
        )
    return history
