"""Talent grants: each step with the movement of money that goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate, Matter, next_act
from dokja.support.history import events_of
from dokja.support.money.ledger import ledger_act
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    GrantAwarded,
    GrantEnded,
    GrantEvent,
    GrantPaid,
    GrantState,
    LedgerAccount,
    LedgerEntry,
    LedgerEvent,
    Posting,
    TalentGrant,
)
from dokja.support.refusals import Refusal, refuse_first
from dokja.support.terms import Terms
from dokja.support.values import CitedSource

GRANT = "talent_grant"
AWARD = Text(ko="인재 지원금 배정", en="talent grant awarded")
PAYMENT = Text(ko="인재 지원금 지급", en="talent grant paid")
RETURN = Text(ko="인재 지원금 잔액 반납", en="rest of a talent grant returned")


@dataclass(frozen=True)
class GrantRecord:
    """A grant as it stands."""

    grant: TalentGrant
    paid: int = 0
    payments: int = 0
    ended: date | None = None

    @property
    def state(self) -> GrantState:
        """Where the grant stands."""
        if self.ended is not None:
            return GrantState.ENDED
        return GrantState.PAYING if self.paid else GrantState.AWARDED


def grant_matter(programme: str, grant: str) -> Matter:
    """Which record a grant is."""
    return Matter(programme=programme, kind=GRANT, id=grant)


def grant_record(history: Sequence[Act]) -> GrantRecord | None:
    """The grant after its acts; None before it was awarded."""
    found: GrantRecord | None = None
    event: GrantEvent
    for event in events_of(history, GrantEvent):
        if isinstance(event, GrantAwarded):
            found = GrantRecord(event.grant)
            continue
        assert found is not None, "a grant begins with its award"
        if isinstance(event, GrantPaid):
            paid, payments = found.paid + event.krw, found.payments + 1
            found = replace(found, paid=paid, payments=payments)
        else:
            found = replace(found, ended=event.on)
    return found


def grant_acts(
    grant: str,
    history: Sequence[Act],
    ledger: Sequence[Act],
    event: GrantEvent,
    *,
    terms: Terms,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The act of the grant and those of the ledger, to be appended together.

    Raises: NotAllowed where the grant or the ledger as they stand forbid it.
    """
    record = grant_record(history)
    refuse_first(_refusals(grant, record, event), clause=terms.money)
    matter = grant_matter(terms.programme, grant)
    acts = [next_act(matter, history, event, seen=len(history), mandate=mandate)]
    entries = list(ledger)
    for move in _moves(record, event):
        act = ledger_act(entries, move, terms=terms, seen=len(entries), mandate=mandate)
        entries.append(act)
        acts.append(act)
    return tuple(acts)


def _refusals(
    name: str, record: GrantRecord | None, event: GrantEvent
) -> Iterator[Refusal]:
    if isinstance(event, GrantAwarded):
        if record is not None:
            yield Refusal(f"grant {name} is awarded", "award the next under another id")
        if event.grant.id != name:
            yield Refusal(
                f"the file awards {event.grant.id}, not {name}", "name the same grant"
            )
        return
    if record is None or record.ended is not None:
        stands = "is not awarded" if record is None else f"ended on {record.ended}"
        yield Refusal(f"grant {name} {stands}", "award a grant, pay it, then end it")
        return
    if isinstance(event, GrantPaid):
        rest = record.grant.krw - record.paid
        if event.krw > rest:
            yield Refusal(
                f"{event.krw:,} won would be paid of the {rest:,} that are left of "
                f"grant {name}",
                "pay what was awarded; more is a further grant",
            )
        if event.on < record.grant.first:
            yield Refusal(f"{event.on} is before the grant begins", "correct the day")


def _moves(record: GrantRecord | None, event: GrantEvent) -> Iterator[LedgerEvent]:
    if isinstance(event, GrantAwarded):
        yield from _award(event.grant)
        return
    assert record is not None, "refused before"
    grant = record.grant
    if isinstance(event, GrantPaid):
        name = f"{grant.id}.paid.{record.payments + 1}"
        sides = (_account(grant), grant.spent_as, event.krw)
        yield _posted(name, PAYMENT, event.on, event.source, sides)
    elif isinstance(event, GrantEnded) and record.paid < grant.krw:
        sides = (_account(grant), grant.pays_from, grant.krw - record.paid)
        yield _posted(f"{grant.id}.returned", RETURN, event.on, event.source, sides)


def _award(grant: TalentGrant) -> Iterator[LedgerEvent]:
    yield AccountOpened(
        account=LedgerAccount(
            id=_account(grant), kind=AccountKind.GRANT, name=AWARD, team=grant.team
        )
    )
    sides = (grant.pays_from, _account(grant), grant.krw)
    yield _posted(f"{grant.id}.awarded", AWARD, grant.source.on, grant.source, sides)


def _account(grant: TalentGrant) -> str:
    return f"{grant.id}.grant"


def _posted(
    name: str, text: Text, on: date, source: CitedSource, sides: tuple[str, str, int]
) -> EntryPosted:
    """The entry that moves an amount from one account to another."""
    giving, taking, krw = sides
    return EntryPosted(
        entry=LedgerEntry(
            id=name,
            on=on,
            text=text,
            source=source,
            postings=(
                Posting(account=giving, krw=-krw),
                Posting(account=taking, krw=krw),
            ),
        )
    )
