"""What a contest finds in the record, whichever database it stands in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dokja.adapters.store import Store, open_store
from dokja.adapters.store.vote_log import SqlVoteLog
from dokja.errors import Conflict
from dokja.evidence.values import Act


def act(kind: str, subject: str, **body: str) -> Act:
    """An act of a contest."""
    return Act(
        programme="example",
        stage="stage-1",
        kind=kind,
        subject=subject,
        at="2026-03-05T09:00:00+09:00",
        body=dict(body),
    )


@pytest.fixture
def store(record_url: str) -> Iterator[Store]:
    """A new store."""
    with open_store(record_url) as opened:
        yield opened


@pytest.fixture
def votes(store: Store) -> SqlVoteLog:
    """The contest's way to the record, with acts of several voters in it."""
    for voter in ("000001", "000002", "000010"):
        store.votes.append(act("voter_admitted", f"c/{voter}"))
        for battle in ("002", "001"):
            store.votes.append(act("vote_cast", f"c/{voter}/{battle}"))
    store.votes.append(act("battle_voided", "c/000001/003"))
    store.votes.append(act("contest_opened", "c"))
    store.votes.append(act("vote_cast", "cc/000001/001"))
    return store.votes


def subjects(found: tuple[Act, ...]) -> list[str]:
    """What the acts are about."""
    return [entry.subject for entry in found]


def test_a_prefix_finds_one_voter_in_order_of_appending(votes: SqlVoteLog) -> None:
    """A neighbour's number begins alike and is not found."""
    found = votes.under("example", "stage-1", "c/000001/")
    assert subjects(found) == ["c/000001/002", "c/000001/001", "c/000001/003"]
    assert votes.under("example", "stage-2", "c/000001/") == ()


def test_a_subject_is_found_whatever_was_done_to_it(votes: SqlVoteLog) -> None:
    """Opened, closed and rated are acts of one subject."""
    votes.append(act("contest_closed", "c"))
    kinds = [entry.kind for entry in votes.named("example", "stage-1", "c")]
    assert kinds == ["contest_opened", "contest_closed"]


def test_acts_of_a_kind_are_counted(votes: SqlVoteLog) -> None:
    """Another contest's votes are not among them."""
    assert votes.count("example", "stage-1", "vote_cast", "c/") == 6
    assert votes.count("example", "stage-1", "battle_voided", "c/") == 1


def test_a_second_vote_on_a_battle_is_refused(votes: SqlVoteLog) -> None:
    """The act's name is taken, and the first vote stands."""
    votes.append(act("vote_cast", "c/000003/001", choice="left"))
    votes.append(act("vote_cast", "c/000003/001", choice="left"))
    with pytest.raises(Conflict):
        votes.append(act("vote_cast", "c/000003/001", choice="right"))
    (kept,) = votes.named("example", "stage-1", "c/000003/001")
    assert kept.body == {"choice": "left"}


def test_days_and_owners_are_counted_where_they_lie(votes: SqlVoteLog) -> None:
    """A page that many people watch must not read the acts for its numbers."""
    later = Act(
        programme="example",
        stage="stage-1",
        kind="vote_cast",
        subject="c/000010/003",
        at="2026-03-06T00:10:00+09:00",
        body={},
    )
    votes.append(later)
    place = ("example", "stage-1", "vote_cast", "c/")
    assert votes.by_day(*place) == {"2026-03-05": 6, "2026-03-06": 1}
    assert votes.owners(*place, len("c/000001")) == 3
    assert votes.owners("example", "stage-1", "vote_cast", "d/", 8) == 0
    assert votes.latest(*place) == later.at
    assert votes.latest("example", "stage-1", "vote_cast", "d/") is None
    assert subjects(votes.of_kind("example", "stage-1", "battle_voided", "c/")) == [
        "c/000001/003"
    ]
