"""Money: the ledger in double entry, grants, and figures that were published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException

from dokja.evidence.values import Act, Text
from dokja.programme.agenda import TimelineEntry, timeline
from dokja.programme.matters import Matter, acts_of, read_history
from dokja.support.event_words import EVENT_WORDS
from dokja.support.money.figures import figure_matter
from dokja.support.money.grants import grant_matter
from dokja.support.money.ledger import ledger_of
from dokja.support.money.values import (
    AccountBalance,
    FigureEvent,
    FigureRegister,
    GrantEvent,
    GrantState,
    LedgerEntry,
)
from dokja.support.overview import GrantStanding
from dokja.web.acts import ActLink, links_to
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.support.acts import SUPPORT_ACTS
from dokja.web.support.reader import member_reader, reader_of

room = Room()

LEDGER = Text(ko="사업비 원장", en="Ledger")


class LedgerView(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts and entries; a team is shown what moves its own accounts."""

    accounts: tuple[AccountBalance, ...]
    sum: int
    """Of all balances: 0, as every entry sums to 0. A team's accounts do not."""
    entries: tuple[LedgerEntry, ...]
    """The latest first."""
    reversed: tuple[str, ...]
    """Ids of the entries that were taken back."""
    sees_all: bool
    acts: tuple[ActLink, ...]


class GrantView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a grant."""

    standing: GrantStanding
    sees_all: bool
    acts: tuple[ActLink, ...]
    history: tuple[TimelineEntry, ...]


class FigureView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything published about one amount."""

    register: FigureRegister
    sees_all: bool
    acts: tuple[ActLink, ...]
    history: tuple[TimelineEntry, ...]


@room.page("/support/ledger")
def ledger_page(visit: Visitor) -> Page:
    """Every account and entry, or those of the own team."""
    reader = member_reader(visit)
    standing = reader.standing
    own = frozenset(each.account.id for each in standing.accounts)
    entries = ledger_of(reader.record.acts.ledger).entries
    view = LedgerView(
        accounts=standing.accounts,
        sum=sum(each.krw for each in standing.accounts),
        entries=tuple(
            shown for entry in reversed(entries) if (shown := _moving(entry, own))
        ),
        reversed=tuple(entry.reverses for entry in entries if entry.reverses),
        sees_all=reader.sees_all,
        acts=links_to(
            SUPPORT_ACTS, ("account-open", "entry-post") if reader.may_act else ()
        ),
    )
    return Page(template="support/ledger.html", title=LEDGER, view=view)


@room.page("/support/grants/{grant}")
def grant_page(visit: Visitor, grant: str) -> Page:
    """A talent grant; of a team only its own."""
    reader = member_reader(visit)
    standing = reader.standing
    found = next((g for g in standing.grants if g.grant.id == grant), None)
    if found is None:
        raise HTTPException(404)
    is_open = found.state is not GrantState.ENDED
    names = ("grant-pay", "grant-end") if reader.may_act and is_open else ()
    record = reader.record
    matter = grant_matter(record.terms.programme, grant)
    view = GrantView(
        standing=found,
        sees_all=reader.sees_all,
        acts=links_to(SUPPORT_ACTS, names, of=grant),
        history=_history(matter, record.acts.grants, GrantEvent)
        if reader.sees_all
        else (),
    )
    title = Text(ko=f"인재 지원금 {grant}", en=f"Talent grant {grant}")
    return Page(template="support/grant.html", title=title, view=view)


@room.page("/support/figures/{figure}")
def figure_page(visit: Visitor, figure: str) -> Page:
    """Everything published about one amount, side by side, for everybody."""
    reader = reader_of(visit)
    record = reader.record
    found = next((f for f in record.overview.figures if f.subject == figure), None)
    if found is None:
        raise HTTPException(404)
    names = ("figure-state", "figure-note") if reader.may_act else ()
    matter = figure_matter(record.terms.programme, figure)
    view = FigureView(
        register=found,
        sees_all=reader.sees_all,
        acts=links_to(SUPPORT_ACTS, names, of=figure),
        history=_history(matter, record.acts.figures, FigureEvent)
        if reader.sees_all
        else (),
    )
    title = Text(ko=f"공표 금액 {figure}", en=f"Published figures: {figure}")
    return Page(template="support/figure.html", title=title, view=view)


def _moving(entry: LedgerEntry, own: frozenset[str]) -> LedgerEntry | None:
    """The entry with the postings on these accounts; None where it moves none."""
    postings = tuple(each for each in entry.postings if each.account in own)
    if not postings:
        return None
    return msgspec.structs.replace(entry, postings=postings)


def _history(
    matter: Matter, acts: Sequence[Act], events: Any
) -> tuple[TimelineEntry, ...]:
    recorded = read_history(acts_of(matter, acts), events)
    return timeline([("", recorded)], EVENT_WORDS)
