"""The money ledger: double entry, nothing below zero, nothing overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act
from dokja.support.history import events_of
from dokja.support.money.values import (
    LARGEST_SUM,
    AccountBalance,
    AccountKind,
    AccountOpened,
    EntryPosted,
    LedgerAccount,
    LedgerEntry,
    LedgerEvent,
)
from dokja.support.refusals import Refusal, refuse_first
from dokja.support.terms import Terms

LEDGER = "ledger"


@dataclass(frozen=True)
class Ledger:
    """Accounts and entries, in the order of posting."""

    accounts: Mapping[str, LedgerAccount] = field(default_factory=dict)
    entries: tuple[LedgerEntry, ...] = ()

    def balance(self, account: str) -> int:
        """What the account holds, in won."""
        return sum(
            posting.krw
            for entry in self.entries
            for posting in entry.postings
            if posting.account == account
        )

    def of_kind(self, kind: AccountKind) -> int:
        """What all accounts of a kind hold together, in won."""
        return sum(
            self.balance(each.id)
            for each in self.accounts.values()
            if each.kind is kind
        )


def ledger_matter(programme: str) -> Matter:
    """Which record the ledger of a programme is."""
    return Matter(programme=programme, kind=LEDGER, id=programme)


def ledger_of(history: Sequence[Act]) -> Ledger:
    """The ledger after its acts."""
    ledger = Ledger()
    event: LedgerEvent
    for event in events_of(history, LedgerEvent):
        ledger = after_event(ledger, event)
    return ledger


def ledger_act(
    history: Sequence[Act],
    event: LedgerEvent,
    *,
    terms: Terms,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act by which an account or an entry enters the ledger.

    Raises: NotAllowed where the entry does not balance or leaves an account below
    zero; Conflict where somebody has acted since.
    """
    refuse_first(_refusals(ledger_of(history), event), clause=terms.money)
    matter = ledger_matter(terms.programme)
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def account_balances(ledger: Ledger) -> tuple[AccountBalance, ...]:
    """What every account holds, in the order of opening."""
    return tuple(
        AccountBalance(
            account=account,
            krw=ledger.balance(account.id),
            entries=sum(
                any(posting.account == account.id for posting in entry.postings)
                for entry in ledger.entries
            ),
        )
        for account in ledger.accounts.values()
    )


def after_event(ledger: Ledger, event: LedgerEvent) -> Ledger:
    """The ledger with one event more."""
    if isinstance(event, AccountOpened):
        account = event.account
        return replace(ledger, accounts={**ledger.accounts, account.id: account})
    return replace(ledger, entries=(*ledger.entries, event.entry))


def _refusals(ledger: Ledger, event: LedgerEvent) -> Iterator[Refusal]:
    if isinstance(event, AccountOpened):
        if event.account.id in ledger.accounts:
            yield Refusal(f"account {event.account.id} is open", "take another id")
        return
    entry = event.entry
    yield from _form_problems(ledger, entry)
    if entry.reverses is not None:
        yield from _reversal_problems(ledger, entry, entry.reverses)
    yield from _overdrawn(after_event(ledger, EntryPosted(entry=entry)), entry)


def _form_problems(ledger: Ledger, entry: LedgerEntry) -> Iterator[Refusal]:
    if any(entry.id == each.id for each in ledger.entries):
        yield Refusal(
            f"entry {entry.id} is posted",
            "entries are never changed: reverse it and post another",
        )
    off = sum(posting.krw for posting in entry.postings)
    if off:
        yield Refusal(
            f"the postings of {entry.id} sum to {off:+,} won, not 0",
            "say where every won comes from and where it goes",
        )
    for posting in entry.postings:
        if posting.account not in ledger.accounts:
            yield Refusal(
                f"there is no account {posting.account}", "open the account first"
            )
            return
        if posting.krw == 0:
            yield Refusal(f"{posting.account} would move by 0 won", "leave it out")
    kinds = {ledger.accounts[posting.account].kind for posting in entry.postings}
    beside = kinds - {AccountKind.TREASURY, AccountKind.APPROPRIATION}
    if AccountKind.TREASURY in kinds and beside:
        yield Refusal(
            f"{entry.id} moves money of the treasury past the appropriation",
            "appropriate it first: what is granted never exceeds the appropriation",
        )


def _reversal_problems(
    ledger: Ledger, entry: LedgerEntry, reversed_id: str
) -> Iterator[Refusal]:
    earlier = next((e for e in ledger.entries if e.id == reversed_id), None)
    if earlier is None:
        yield Refusal(f"there is no entry {reversed_id}", "name the entry to reverse")
        return
    if any(each.reverses == reversed_id for each in ledger.entries):
        yield Refusal(f"entry {reversed_id} is reversed", "it is taken back once")
    if _moves(entry) != {name: -krw for name, krw in _moves(earlier).items()}:
        yield Refusal(
            f"entry {entry.id} does not undo {reversed_id}",
            "post the same accounts with the opposite amounts",
        )


def _moves(entry: LedgerEntry) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for posting in entry.postings:
        found[posting.account] += posting.krw
    return dict(found)


def _overdrawn(ledger: Ledger, entry: LedgerEntry) -> Iterator[Refusal]:
    """Accounts that would be below zero on some day, past ones included."""
    for name in sorted({posting.account for posting in entry.postings}):
        account = ledger.accounts[name]
        for day, held in _held_by_day(ledger, name):
            if held < 0 and account.kind is not AccountKind.TREASURY:
                yield Refusal(
                    f"{name} would be {held:,} won on {day}",
                    "no account but the treasury goes below zero: appropriate or "
                    "move the money first",
                )
            if abs(held) > LARGEST_SUM:
                yield Refusal(f"{name} would hold {held:,} won", "check the amount")


def _held_by_day(ledger: Ledger, account: str) -> Iterator[tuple[date, int]]:
    moved: dict[date, int] = defaultdict(int)
    for entry in ledger.entries:
        for posting in entry.postings:
            if posting.account == account:
                moved[entry.on] += posting.krw
    held = 0
    for day in sorted(moved):
        held += moved[day]
        yield day, held
