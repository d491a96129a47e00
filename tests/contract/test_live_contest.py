"""A contest whose models are asked while it runs, on a server that also fails."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dokja.contest.battles.cast import VOIDED
from dokja.contest.battles.equalise import plain_text
from dokja.contest.battles.tickets import ticket_for
from dokja.contest.served.endpoint_faults import faults_of
from dokja.contest.served.values import FaultReason
from dokja.contest.values import Choice
from dokja.errors import Conflict, InvalidInput
from dokja.people.values import Account
from dokja.settings import read_settings, shipped_folder
from dokja.wiring.contests import ContestKeeper, Turn
from dokja.wiring.office import Office, OfficeRequest, open_office
from tests.contract import chat_server as chat
from tests.contract.people_fixture import new_voter

TEAMS = ("dalyeoul", "sangeuneul", "moraesinae", "galbaramjae", "cheotnunmaeul")
DEAD = "galbaramjae"
WEIGHTS = "sha256:" + "a" * 64


def says(request: chat.Request) -> None:
    """Answers with the question in it."""
    chat.says(f"Live words about: {request.question}, and some more.")(request)


@contextmanager
def serving(reaction: chat.Reaction) -> Iterator[str]:
    """Address of a server that does this with every question."""
    with chat.chat_server(other=reaction) as server:
        yield server.address


@contextmanager
def live_office(tmp_path: Path, address: str, *, rule: str) -> Iterator[Office]:
    """The example's office with models behind an address, one of them dead."""
    programme = tmp_path / "programme"
    if not programme.exists():
        shutil.copytree(shipped_folder("examples") / "programme", programme)
    stage = programme / "stage-1"
    plan = (stage / "contest.toml").read_text(encoding="utf-8")
    (stage / "contest.toml").write_text(
        plan.replace('endpoints = "prepared"', f'endpoints = "{rule}"'),
        encoding="utf-8",
    )
    lines = ['schema = "dokja-endpoints/1"', "[rules]", "retries = 0"]
    for team in TEAMS:
        place = "http://127.0.0.1:9" if team == DEAD else address
        lines += [
            "[[teams]]",
            f'team = "{team}"',
            f'model = "{chat.MODEL}"',
            f'address = "{place}"',
            f'weights = "{WEIGHTS}"',
        ]
    (stage / "endpoints.toml").write_text("\n".join(lines), encoding="utf-8")
    request = OfficeRequest(
        programme=str(programme), stage="stage-1", work=tmp_path / "work"
    )
    with open_office(request, settings=read_settings({}), clock=now) as office:
        yield office


def now() -> datetime:
    """The real time: what is waited for is a real server."""
    return datetime.now(UTC)


def let_in(office: Office) -> tuple[ContestKeeper, Account]:
    """The keeper of the open contest, and a voter."""
    keeper = office.keeper
    assert keeper is not None
    keeper.open()
    new_voter(office.desk, 1, contest=keeper.id)
    (account,) = office.desk.people.voter_accounts(keeper.id)
    keeper.admit(account)
    return keeper, account


def shown(keeper: ContestKeeper, account: Account) -> Turn:
    """The turn once the models have answered."""
    for _ in range(500):
        turn = keeper.turn(account)
        if not turn.is_waiting:
            return turn
        time.sleep(0.01)
    raise AssertionError("the models were asked for five seconds")


def test_a_dead_model_stands_back_behind_its_prepared_answer(tmp_path: Path) -> None:
    """The voter notices nothing; the fault is an act of the team."""
    with (
        serving(says) as address,
        live_office(tmp_path, address, rule="prepared") as office,
    ):
        keeper, account = let_in(office)
        prepared = 0
        while (turn := shown(keeper, account)).shown is not None:
            battle = turn.progress.battle
            assert battle is not None
            texts = [plain_text(side) for side in (turn.shown.left, turn.shown.right)]
            teams = (battle.left, battle.right)
            for team, text in zip(teams, texts, strict=True):
                if battle.canary is None:
                    assert text.startswith("Live words") == (team != DEAD)
                    prepared += team == DEAD
            keeper.vote(account, battle.number, Choice.TIE, ticket=turn.ticket)
        acts = office.store.acts.acts("example", "stage-1")
        faults = faults_of(acts)
        assert {fault.team for fault in faults} == {DEAD}
        assert prepared >= 5
        reasons = Counter(fault.reason for fault in faults)
        assert set(reasons) == {FaultReason.UNREACHABLE, FaultReason.BREAKER_OPEN}


def test_a_dead_model_voids_its_battles_where_the_rules_say_so(tmp_path: Path) -> None:
    """Each is counted with its reason, and the voter goes on with the next one."""
    with (
        serving(says) as address,
        live_office(tmp_path, address, rule="void") as office,
    ):
        keeper, account = let_in(office)
        judged = 0
        while (turn := shown(keeper, account)).shown is not None:
            battle = turn.progress.battle
            assert battle is not None
            assert DEAD not in (battle.left, battle.right)
            keeper.vote(account, battle.number, Choice.TIE, ticket=turn.ticket)
            judged += 1
        voided = office.store.votes.of_kind("example", "stage-1", VOIDED, "open-1/")
        assert {act.body["reason"] for act in voided} == {"endpoint_dead"}
        assert judged + len(voided) == keeper.plan.rules.battles_most


def test_an_answer_is_kept_before_it_is_shown(tmp_path: Path) -> None:
    """An office that was opened again shows the same, whatever the models say now."""
    with (
        serving(says) as address,
        live_office(tmp_path, address, rule="prepared") as office,
    ):
        keeper, account = let_in(office)
        assert keeper.turn(account).ticket == ""
        before = shown(keeper, account)
    with (
        serving(chat.says("Something else.")) as address,
        live_office(tmp_path, address, rule="prepared") as office,
    ):
        assert office.keeper is not None
        after = office.keeper.turn(account)
    assert after.shown == before.shown


def test_other_weights_cannot_take_part_once_it_is_open(tmp_path: Path) -> None:
    """A server may move; what it serves may not change."""
    with (
        serving(says) as address,
        live_office(tmp_path, address, rule="prepared") as office,
    ):
        let_in(office)
    file = tmp_path / "programme" / "stage-1" / "endpoints.toml"
    text = file.read_text(encoding="utf-8").replace("a" * 64, "b" * 64, 1)
    file.write_text(text, encoding="utf-8")
    request = OfficeRequest(
        programme=str(tmp_path / "programme"), stage="stage-1", work=tmp_path / "work"
    )
    with (
        pytest.raises(Conflict, match="other weights"),
        open_office(request, settings=read_settings({}), clock=now),
    ):
        pytest.fail("it opened")


def test_what_was_not_shown_cannot_be_judged(tmp_path: Path) -> None:
    """Not even with a ticket, which nobody is given before both have answered."""
    with (
        serving(chat.hangs) as address,
        live_office(tmp_path, address, rule="void") as office,
    ):
        keeper, account = let_in(office)
        assert keeper.turn(account).is_waiting
        place = (keeper.seat_of(account).number, 1)
        ticket = ticket_for(keeper.key("tickets"), place, now=office.now())
        with pytest.raises(Conflict, match="not shown"):
            keeper.vote(account, 1, Choice.LEFT, ticket=ticket)


def test_a_list_that_leaves_a_team_out_is_refused(tmp_path: Path) -> None:
    """Before the contest is opened, not in the middle of it."""
    with live_office(tmp_path, "http://127.0.0.1:9", rule="void"):
        pass
    file = tmp_path / "programme" / "stage-1" / "endpoints.toml"
    text = file.read_text(encoding="utf-8")
    first = text.index("[[teams]]")
    second = text.index("[[teams]]", first + 1)
    file.write_text(text[:first] + text[second:], encoding="utf-8")
    request = OfficeRequest(
        programme=str(tmp_path / "programme"), stage="stage-1", work=tmp_path / "other"
    )
    with (
        pytest.raises(InvalidInput, match="no model of dalyeoul"),
        open_office(request, settings=read_settings({}), clock=now),
    ):
        pytest.fail("it opened")
