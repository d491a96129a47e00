"""Accounts, entries, grants and published figures, as frozen values."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from dokja.evidence.values import Text
from dokja.support.values import CitedSource, Entry, Id, Moment, SupportEvent

LARGEST_SUM = 10**15
"""Won; the largest amount of one posting, exact in every JSON reader."""
Krw = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_SUM)]
SignedKrw = Annotated[int, msgspec.Meta(ge=-LARGEST_SUM, le=LARGEST_SUM)]


class AccountKind(StrEnum):
    """What the money of an account is. Only the treasury's may be below zero."""

    TREASURY = "treasury"
    APPROPRIATION = "appropriation"
    BUDGET = "budget"
    GRANT = "grant"
    SPENT = "spent"


class LedgerAccount(Entry, frozen=True, kw_only=True):
    """An account of the ledger."""

    id: Id
    kind: AccountKind
    name: Text
    team: Id | None = None
    """Whose budget or grant it is; None for what all share."""


class Posting(Entry, frozen=True, kw_only=True):
    """What an account gains, or loses where the amount is below zero."""

    account: Id
    krw: SignedKrw


class LedgerEntry(Entry, frozen=True, kw_only=True):
    """One movement of money: its postings sum to zero."""

    id: Id
    on: date
    """Day from which it counts."""
    text: Text
    source: CitedSource
    postings: Annotated[tuple[Posting, ...], msgspec.Meta(min_length=2)]
    reverses: Id | None = None
    """Entry that was wrong and is taken back; both stay on record."""


class AccountOpened(SupportEvent, frozen=True, kw_only=True, tag="account_opened"):
    """The ledger has a further account."""

    account: LedgerAccount


class EntryPosted(SupportEvent, frozen=True, kw_only=True, tag="entry_posted"):
    """Money moved."""

    entry: LedgerEntry


LedgerEvent = AccountOpened | EntryPosted


class AccountBalance(Entry, frozen=True, kw_only=True):
    """What an account holds."""

    account: LedgerAccount
    krw: int
    entries: int
    """Entries that moved it."""


class GrantState(StrEnum):
    """Where a talent grant stands."""

    AWARDED = "awarded"
    PAYING = "paying"
    ENDED = "ended"


class GrantPurpose(StrEnum):
    """What a talent grant pays for. Whom it pays stands in no record."""

    SALARY = "salary"
    RESEARCH = "research"


class TalentGrant(Entry, frozen=True, kw_only=True):
    """Money for researchers of a team."""

    id: Id
    team: Id
    purpose: GrantPurpose
    krw: Krw
    first: date
    """First day for which it pays."""
    last: date
    pays_from: Id
    """LedgerAccount of the ledger that the money is taken out of."""
    spent_as: Id
    """LedgerAccount that takes up what was paid."""
    source: CitedSource

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"grant {self.id} ends on {self.last}, before it begins")


class GrantAwarded(SupportEvent, frozen=True, kw_only=True, tag="grant_awarded"):
    """A team is promised the money."""

    grant: TalentGrant


class GrantPaid(SupportEvent, frozen=True, kw_only=True, tag="grant_paid"):
    """Part of the money was paid."""

    krw: Krw
    on: date
    source: CitedSource


class GrantEnded(SupportEvent, frozen=True, kw_only=True, tag="grant_ended"):
    """What was not paid until then goes back to the appropriation."""

    on: date
    source: CitedSource


GrantEvent = GrantAwarded | GrantPaid | GrantEnded


class FigurePart(Entry, frozen=True, kw_only=True):
    """Part of a published figure."""

    name: Text
    krw: Krw


class PublishedFigure(Entry, frozen=True, kw_only=True):
    """What somebody published about an amount, on a day."""

    krw: Krw
    says: Text
    """What the figure is of, in the words of this register."""
    source: CitedSource
    parts: tuple[FigurePart, ...] = ()
    """What it was said to consist of; the parts sum to it."""


class FigureStated(SupportEvent, frozen=True, kw_only=True, tag="figure_stated"):
    """A figure was found published. It stands beside earlier ones."""

    figure: PublishedFigure


class FigureNoted(SupportEvent, frozen=True, kw_only=True, tag="figure_noted"):
    """Something that helps to read the figures together, such as why they differ."""

    note: Text
    source: CitedSource


FigureEvent = FigureStated | FigureNoted


class FigureEntry(Entry, frozen=True, kw_only=True):
    """A published figure as the register has it."""

    figure: PublishedFigure
    recorded: Moment


class FigureRegister(Entry, frozen=True, kw_only=True):
    """Everything published about one amount, oldest first."""

    subject: Id
    figures: tuple[FigureEntry, ...]
    notes: tuple[Text, ...]

    @property
    def amounts(self) -> tuple[int, ...]:
        """The different amounts, smallest first; more than one is a conflict."""
        return tuple(sorted({each.figure.krw for each in self.figures}))
