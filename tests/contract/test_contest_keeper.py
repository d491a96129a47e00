"""The keeper of a contest on real stores, killed between any two acts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from dokja.adapters.store import Store, open_store
from dokja.contest.battles.cast import CAST, VOIDED
from dokja.contest.battles.participation import participation
from dokja.contest.battles.phase import ContestPhase
from dokja.contest.published.publish import VOTES_PUBLISHED
from dokja.contest.values import CanaryKind, Choice, ReportReason
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.evidence.values import Act
from dokja.people.values import Account
from dokja.settings import shipped_folder
from dokja.wiring.contest_closing import (
    close,
    outcome_of,
    published_votes_of,
    rate,
    reveal,
    screen,
    settle,
)
from dokja.wiring.contests import ContestKeeper, ContestSetting
from tests.contract.people_fixture import NOW, desk_on, new_voter

EXAMPLE = shipped_folder("examples") / "programme" / "stage-1"
PEOPLE = 8
CLOSING = [
    "contest_opened",
    "contest_closed",
    "voters_screened",
    "contest_unblinded",
    "contest_rated",
    "contest_votes_published",
]


class Killed(BaseException):
    """The process is gone; nobody can catch it."""


@dataclass
class Mortal:
    """A record that ends the process after so many acts, each of them written."""

    log: Any
    left: int

    def append(self, act: Act) -> None:
        self.log.append(act)
        self.left -= 1
        if self.left < 0:
            raise Killed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.log, name)


@dataclass(frozen=True)
class Place:
    """Where a contest is prepared and served."""

    store: Store
    prepared: Path
    work: Path

    def keeper(self, *, acts_left: int | None = None) -> ContestKeeper:
        """A keeper as a process that was just started has it."""
        setting = ContestSetting(
            programme="example",
            stage="stage-1",
            beacon="beacon",
            prepared=self.prepared,
            work=self.work,
        )
        found = ContestKeeper(
            setting, store=self.store, desk=desk_on(self.store), clock=_now
        )
        if acts_left is not None:
            found.store = cast(Store, _Seen(Mortal(self.store.votes, acts_left)))
        return found

    def kinds(self) -> list[str]:
        """Kinds of the contest's own acts, in the order of appending."""
        acts = self.store.votes.named("example", "stage-1", "open-1")
        return [act.kind for act in acts]


def _now() -> datetime:
    return NOW


@dataclass(frozen=True)
class _Seen:
    """The part of a store that the acts of a contest are written through."""

    votes: Any


@pytest.fixture
def place(record_url: str, tmp_path: Path) -> Iterator[Place]:
    """A store, and a copy of the example's contest that may be edited."""
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    for name in ("contest.toml", "answers.jsonl"):
        shutil.copy(EXAMPLE / name, prepared / name)
    with open_store(record_url) as store:
        yield Place(store, prepared, tmp_path / "work")


def people(keeper: ContestKeeper, count: int) -> list[Account]:
    """Voters of the contest, in the order of arrival."""
    desk = keeper.desk
    for number in range(count):
        new_voter(desk, number, contest=keeper.id)
    return list(desk.people.voter_accounts(keeper.id))


def vote_all(keeper: ContestKeeper, accounts: list[Account]) -> None:
    """Everybody judges every battle, as people who read would."""
    for account in accounts:
        keeper.admit(account)
        draws = uniform_draws(seed_for("keeper", account.subject), 40)
        while (turn := keeper.turn(account)).shown is not None:
            battle = turn.progress.battle
            assert battle is not None
            choice = Choice.LEFT if draws[battle.number] < 0.5 else Choice.RIGHT
            if battle.canary is CanaryKind.SAME:
                choice = Choice.TIE
            keeper.vote(account, battle.number, choice, ticket=turn.ticket)


def test_a_contest_that_was_killed_after_any_act_ends_as_one_that_was_not(
    place: Place,
) -> None:
    """Closing, screening, revealing, rating, publishing: each once, in this order."""
    keeper = place.keeper()
    keeper.open()
    vote_all(keeper, people(keeper, PEOPLE))
    for acts_left in range(5):
        with pytest.raises(Killed):
            settle(place.keeper(acts_left=0), why="the last day is over")
        assert place.kinds() == CLOSING[: acts_left + 2]
    found = settle(place.keeper(), why="another reason, too late")
    assert place.kinds() == CLOSING
    assert found.rating.votes == PEOPLE * 18
    file = published_votes_of(keeper)
    assert file is not None
    (act,) = (a for a in keeper.acts if a.kind == VOTES_PUBLISHED)
    assert act.body["digest"] == digest_bytes(file)
    assert outcome_of(place.keeper()) == found


def test_opening_again_after_a_kill_keeps_the_secret(place: Place) -> None:
    """The secret is kept before the act that commits to it."""
    with pytest.raises(Killed):
        place.keeper(acts_left=0).open()
    first = place.keeper()
    again = place.keeper()
    assert first.contest.secret == again.contest.secret
    assert place.keeper().open() == first.open()
    assert place.kinds() == ["contest_opened"]


def test_edits_after_the_opening_change_nothing(place: Place) -> None:
    """The office's folder holds the contest as it was opened, and is checked."""
    opened = place.keeper()
    opened.open()
    (place.prepared / "contest.toml").write_text("nonsense", encoding="utf-8")
    assert place.keeper().plan == opened.plan
    frozen = place.work / "answers.jsonl"
    frozen.write_text(
        frozen.read_text(encoding="utf-8").replace("선택", "선턱", 1), encoding="utf-8"
    )
    with pytest.raises(Conflict, match="answers"):
        _ = place.keeper().contest


def test_a_contest_whose_secret_was_lost_is_not_shown(place: Place) -> None:
    """No other secret explains the pairs that people saw."""
    keeper = place.keeper()
    keeper.open()
    keeper.desk.keys.destroy(f"contest/{keeper.id}/secret", NOW)
    with pytest.raises(Conflict, match="secret"):
        _ = place.keeper().contest


def test_votes_that_cross_become_one(place: Place) -> None:
    """Two tabs, two choices, at once: one stands, whichever came first."""
    keeper = place.keeper()
    keeper.open()
    (account,) = people(keeper, 1)
    keeper.admit(account)
    ticket = keeper.turn(account).ticket

    def vote(choice: Choice) -> str:
        try:
            keeper.vote(account, 1, choice, ticket=ticket)
        except Conflict:
            return "refused"
        return "taken"

    choices = [Choice.LEFT, Choice.RIGHT, Choice.TIE, Choice.BOTH_BAD] * 2
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(vote, choices))
    acts = place.store.votes.under("example", "stage-1", "open-1/000001/")
    (stands,) = (act for act in acts if act.kind == CAST)
    taken = {c for c, end in zip(choices, ends, strict=True) if end == "taken"}
    assert taken == {Choice(stands.body["choice"])}


def test_a_report_voids_the_battle_and_says_why(place: Place) -> None:
    """The reason is a word, so that no voter writes a name into the record."""
    keeper = place.keeper()
    keeper.open()
    (account,) = people(keeper, 1)
    keeper.admit(account)
    turn = keeper.turn(account)
    keeper.report(account, 1, ReportReason.HARMFUL, ticket=turn.ticket)
    (act,) = place.store.votes.of_kind("example", "stage-1", VOIDED, "open-1/")
    assert (act.body["reason"], act.body["report"]) == ("reported", "harmful")
    assert keeper.turn(account).progress.done == 1


def test_the_steps_of_the_end_cannot_be_taken_out_of_order(place: Place) -> None:
    """Nothing is revealed before the votes were screened, nor screened while open."""
    keeper = place.keeper()
    assert keeper.phase is ContestPhase.PLANNED
    with pytest.raises(NotAllowed, match="not open"):
        close(keeper, why="too early")
    keeper.open()
    vote_all(keeper, people(keeper, 3))
    for step in (screen, reveal, rate):
        with pytest.raises(NotAllowed):
            step(keeper)
    close(keeper, why="the last day is over")
    with pytest.raises(NotAllowed, match="screened"):
        reveal(keeper)
    screen(keeper)
    reveal(keeper)
    rate(keeper)
    assert keeper.phase.value == ContestPhase.RATED.value


def test_too_few_voters_are_rated_and_not_published(place: Place) -> None:
    """Below the smallest cell nothing would hide them."""
    keeper = place.keeper()
    keeper.open()
    vote_all(keeper, people(keeper, 3))
    settle(keeper, why="the last day is over")
    assert place.kinds() == CLOSING[:-1]
    assert published_votes_of(keeper) is None


def test_counts_of_the_live_page_are_those_of_the_acts(place: Place) -> None:
    """What the log counts where it lies, and what all acts come to."""
    keeper = place.keeper()
    keeper.open()
    accounts = people(keeper, 2)
    vote_all(keeper, accounts)
    acts = place.store.votes.under("example", "stage-1", "open-1/")
    assert keeper.participation() == participation(acts)


def test_only_a_voter_of_this_contest_has_a_seat(place: Place) -> None:
    """An account of another contest is another person here."""
    keeper = place.keeper()
    keeper.open()
    (account,) = people(keeper, 1)
    strange = msgspec.structs.replace(account, id="other", contest="another")
    with pytest.raises(NotAllowed, match="does not belong"):
        keeper.turn(strange)
