"""Money: every won comes from somewhere, nothing is below zero or overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.support.money.figures import figure_act, figures_of
from dokja.support.money.grants import grant_acts, grant_record
from dokja.support.money.ledger import account_balances, ledger_act, ledger_of
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    FigureNoted,
    FigurePart,
    FigureStated,
    GrantAwarded,
    GrantEnded,
    GrantPaid,
    GrantPurpose,
    GrantState,
    LedgerAccount,
    LedgerEntry,
    LedgerEvent,
    Posting,
    PublishedFigure,
    TalentGrant,
)
from dokja.support.values import CitedSource
from tests.support_fixture import SOURCE, TERMS, mandate

NAME = Text(ko="이름", en="name")
ACCOUNTS = [
    AccountOpened(account=LedgerAccount(id=kind.value, kind=kind, name=NAME))
    for kind in AccountKind
]


def moved(
    name: str, day: int, *sides: tuple[str, int], undoes: str = ""
) -> EntryPosted:
    """An entry of so many won per account, on a day of January."""
    return EntryPosted(
        entry=LedgerEntry(
            id=name,
            on=date(2026, 1, day),
            text=NAME,
            source=SOURCE,
            postings=tuple(Posting(account=a, krw=krw) for a, krw in sides),
            reverses=undoes or None,
        )
    )


def posted(*events: LedgerEvent) -> list[Act]:
    """The ledger after these events, each of which must be allowed."""
    acts: list[Act] = []
    for event in (*ACCOUNTS, *events):
        act = ledger_act(acts, event, terms=TERMS, seen=len(acts), mandate=mandate(40))
        acts.append(act)
    return acts


FUNDED = moved("e1", 5, ("treasury", -100), ("appropriation", 100))
SPENT = moved("e2", 6, ("appropriation", -60), ("spent", 60))
REFUSED: dict[str, tuple[list[LedgerEvent], LedgerEvent, str]] = {
    "an entry that does not balance": (
        [],
        moved("e1", 1, ("treasury", -100), ("appropriation", 99)),
        "sum to -1 won",
    ),
    "more than there is": (
        [FUNDED, SPENT],
        moved("e3", 7, ("appropriation", -41), ("spent", 41)),
        "would be -1 won",
    ),
    "money before it came": (
        [FUNDED],
        moved("e3", 4, ("appropriation", -1), ("spent", 1)),
        "-1 won on 2026-01-04",
    ),
    "money taken from a later day": (
        [FUNDED, moved("e9", 9, ("appropriation", -100), ("spent", 100))],
        moved("e3", 7, ("appropriation", -1), ("spent", 1)),
        "-1 won on 2026-01-09",
    ),
    "a grant past the appropriation": (
        [],
        moved("e1", 1, ("treasury", -100), ("grant", 100)),
        "past the appropriation",
    ),
    "an unknown account": (
        [],
        moved("e1", 1, ("treasury", -1), ("nowhere", 1)),
        "no account nowhere",
    ),
    "an entry twice": ([FUNDED], FUNDED, "is posted"),
    "an account twice": ([], ACCOUNTS[0], "is open"),
    "nothing": (
        [FUNDED],
        moved("e2", 6, ("treasury", 0), ("appropriation", 0)),
        "by 0 won",
    ),
    "a reversal of something else": (
        [FUNDED, SPENT],
        moved("e3", 7, ("appropriation", 59), ("spent", -59), undoes="e2"),
        "does not undo",
    ),
    "a reversal of nothing": (
        [FUNDED],
        moved("e3", 7, ("appropriation", 1), ("spent", -1), undoes="e2"),
        "no entry e2",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_ledger_refuses_names_fact_and_clause(case: str) -> None:
    """Each refusal says what stands against it and under which clause."""
    before, event, words = REFUSED[case]
    acts = posted(*before)
    with pytest.raises(NotAllowed) as refused:
        ledger_act(acts, event, terms=TERMS, seen=len(acts), mandate=mandate())
    assert words in refused.value.fact
    assert "clause 5.3" in refused.value.fact


def test_a_wrong_entry_is_taken_back_and_both_stay() -> None:
    """Nothing is deleted; the same entry is taken back once."""
    undone = moved("e3", 7, ("spent", -60), ("appropriation", 60), undoes="e2")
    acts = posted(FUNDED, SPENT, undone)
    ledger = ledger_of(acts)
    assert [e.id for e in ledger.entries] == ["e1", "e2", "e3"]
    balances = {b.account.id: (b.krw, b.entries) for b in account_balances(ledger)}
    assert balances["appropriation"] == (100, 3)
    assert sum(krw for krw, _ in balances.values()) == 0
    again = moved("e4", 8, ("spent", -60), ("appropriation", 60), undoes="e2")
    with pytest.raises(NotAllowed, match="is reversed"):
        ledger_act(acts, again, terms=TERMS, seen=len(acts), mandate=mandate())


def test_two_bookings_at_once_cannot_spend_the_same_money() -> None:
    """Whoever read the ledger before the other booked has a conflict."""
    acts = posted(FUNDED)
    with pytest.raises(Conflict):
        ledger_act(acts, SPENT, terms=TERMS, seen=len(acts) - 1, mandate=mandate())


GRANT = TalentGrant(
    id="g1",
    team="alpha",
    purpose=GrantPurpose.SALARY,
    krw=50,
    first=date(2026, 1, 10),
    last=date(2026, 6, 30),
    pays_from="appropriation",
    spent_as="spent",
    source=CitedSource(name="agreement", on=date(2026, 1, 8)),
)
PAID = GrantPaid(krw=30, on=date(2026, 1, 20), source=SOURCE)
ENDED = GrantEnded(on=date(2026, 6, 30), source=SOURCE)


def test_a_grant_moves_its_money_with_every_step() -> None:
    """Awarded, paid, ended: the ledger says the same as the grant."""
    own: list[Act] = []
    ledger = posted(FUNDED)
    for event in (GrantAwarded(grant=GRANT), PAID, ENDED):
        acts = grant_acts("g1", own, ledger, event, terms=TERMS, mandate=mandate(40))
        own.append(acts[0])
        ledger += acts[1:]
    record = grant_record(own)
    assert record is not None
    assert (record.state, record.paid) == (GrantState.ENDED, 30)
    held = {b.account.id: b.krw for b in account_balances(ledger_of(ledger))}
    assert held["g1.grant"] == 0
    assert (held["appropriation"], held["spent"]) == (70, 30)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (PAID, "is not awarded"),
        (GrantAwarded(grant=GRANT), "would be -50 won"),
    ],
)
def test_a_grant_is_refused_without_money_or_award(
    event: GrantPaid | GrantAwarded, words: str
) -> None:
    """An empty ledger awards nothing."""
    with pytest.raises(NotAllowed, match=words):
        grant_acts("g1", [], posted(), event, terms=TERMS, mandate=mandate(40))


def figure(krw: int, day: int, *parts: int) -> FigureStated:
    """A total that was published on a day of January."""
    return FigureStated(
        figure=PublishedFigure(
            krw=krw,
            says=NAME,
            source=CitedSource(name="notice", on=date(2026, 1, day)),
            parts=tuple(FigurePart(name=NAME, krw=part) for part in parts),
        )
    )


def test_failure_17_totals_that_disagree_stand_side_by_side() -> None:
    """Each with source and date, in the order of publication; none is replaced."""
    acts: list[Act] = []
    for event in (
        figure(245, 20, 63, 157, 25),
        figure(193, 3),
        FigureNoted(note=NAME, source=SOURCE),
        figure(213, 9),
    ):
        act = figure_act(
            "total", acts, event, terms=TERMS, seen=len(acts), mandate=mandate(40)
        )
        acts.append(act)
    register = figures_of("total", acts)
    assert [e.figure.krw for e in register.figures] == [193, 213, 245]
    assert register.amounts == (193, 213, 245)
    assert register.notes == (NAME,)
    assert len(acts) == 4


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (figure(245, 20, 63, 157), "parts sum to 220"),
        (figure(193, 3), "stands in the register"),
        (figure(193, 30), "has not come yet"),
    ],
)
def test_a_figure_is_copied_as_it_was_published(
    event: FigureStated, words: str
) -> None:
    """Neither twice, nor with parts that do not add up, nor ahead of its day."""
    first = figure_act(
        "t", [], figure(193, 3), terms=TERMS, seen=0, mandate=mandate(20)
    )
    with pytest.raises(NotAllowed, match=words):
        figure_act("t", [first], event, terms=TERMS, seen=1, mandate=mandate(20))
