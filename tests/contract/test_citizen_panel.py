"""A citizen panel on real stores: places, refusals, erasure and the weighted rating."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import msgspec
import pytest

from dokja.adapters.store import Store, open_store
from dokja.contest.citizens.panel_margins import ShownMargin
from dokja.contest.values import CanaryKind, Choice
from dokja.errors import NotAllowed
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.people import Place, erase, notices_for, own_data, withdraw_consent
from dokja.people.own_data import correct
from dokja.people.register import register_voter
from dokja.people.values import PersonCard, Region, Role, Sex, Skill, Voter
from dokja.wiring.citizen_panel import admission_of, panel_margins
from dokja.wiring.contest_closing import citizens_of, outcome_of, settle
from dokja.wiring.contests import ContestKeeper, ContestSetting
from tests.contract.office_site import Browser, copied_programme, open_site
from tests.contract.people_fixture import (
    CONTROLLER,
    NOW,
    account_of,
    application_of,
    counter_for,
    desk_on,
    person,
)
from tests.contract.test_contest_keeper import EXAMPLE
from tests.contract.test_web_access import new_office, signed_in

QUOTAS = """
[quotas]
size = 8
slack = 0.0
[[quotas.margins]]
id = "sex"
name = { ko = "성별", en = "sex" }
source = "made for tests"
cells = [
  { cell = "female", share = 0.5, name = { ko = "여성", en = "women" } },
  { cell = "male", share = 0.5, name = { ko = "남성", en = "men" } },
]
[[quotas.margins]]
id = "region"
name = { ko = "권역", en = "region" }
source = "made for tests"
cells = [
  { cell = "capital", share = 0.5 },
  { cell = "elsewhere", share = 0.5, answers = ["honam", "yeongnam", "jeju"] },
]
"""
PLACE = Place(programme="example", stage="stage-1")
MALE = PersonCard(sex=Sex.MALE, region=Region.HONAM, skill=Skill.WEEKLY)
FEMALE = PersonCard(sex=Sex.FEMALE, region=Region.CAPITAL, skill=Skill.DAILY)


def citizen_plan(folder: Path) -> None:
    """Makes the contest in the folder one of a citizen panel of eight."""
    file = folder / "contest.toml"
    text = file.read_text("utf8").replace('kind = "public"', 'kind = "citizen"')
    file.write_text(text + QUOTAS, "utf8")


@pytest.fixture
def store(record_url: str) -> Iterator[Store]:
    """A new store."""
    with open_store(record_url) as opened:
        yield opened


@pytest.fixture
def keeper(store: Store, tmp_path: Path) -> ContestKeeper:
    """The example's contest, held with a citizen panel."""
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    for name in ("contest.toml", "answers.jsonl"):
        shutil.copy(EXAMPLE / name, prepared / name)
    citizen_plan(prepared)
    setting = ContestSetting(
        programme="example",
        stage="stage-1",
        beacon="b",
        prepared=prepared,
        work=tmp_path / "work",
    )
    return ContestKeeper(setting, store=store, desk=desk_on(store), clock=lambda: NOW)


def register(keeper: ContestKeeper, number: int, card: PersonCard) -> Voter:
    """Somebody with these answers, let in if there is a place."""
    counter = msgspec.structs.replace(
        counter_for(Role.VOTER), admission=admission_of(keeper)
    )
    return register_voter(
        keeper.desk,
        application_of(Role.VOTER, card=card, born=date(1990, 5, 17)),
        counter,
        contest=keeper.id,
        identity=person(number),
    )


def reached(margins: tuple[ShownMargin, ...]) -> dict[str, int | None]:
    """People by cell."""
    return {cell.cell: cell.reached for margin in margins for cell in margin.cells}


def vote(keeper: ContestKeeper, number: int) -> None:
    """Somebody judges every battle, canaries as people who read would."""
    account = account_of(keeper.desk, number, keeper.id)
    keeper.admit(account)
    draws = uniform_draws(seed_for("panel", f"{number}"), 40)
    while (turn := keeper.turn(account)).shown is not None:
        battle = turn.progress.battle
        assert battle is not None
        choice = Choice.LEFT if draws[battle.number] < 0.5 else Choice.RIGHT
        if battle.canary is CanaryKind.SAME:
            choice = Choice.TIE
        elif battle.broken is not None:
            choice = Choice.LEFT if battle.broken is Choice.RIGHT else Choice.RIGHT
        keeper.vote(account, battle.number, choice, ticket=turn.ticket)


def test_people_who_come_at_once_take_no_more_than_the_places(
    keeper: ContestKeeper,
) -> None:
    """Twelve men for four places, in six windows: four are let in."""
    start = threading.Barrier(6)

    def arrive(worker: int) -> list[bool]:
        start.wait(timeout=30)
        return [is_let_in(worker * 2 + n) for n in range(2)]

    def is_let_in(number: int) -> bool:
        try:
            register(keeper, number, MALE)
        except NotAllowed:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        found = [let_in for part in pool.map(arrive, range(6)) for let_in in part]
    assert sum(found) == 4
    assert reached(panel_margins(keeper, for_office=True))["male"] == 4
    assert len(keeper.desk.people.voter_accounts(keeper.id)) == 4


def test_who_is_refused_leaves_nothing_and_may_come_again(
    keeper: ContestKeeper,
) -> None:
    """When a place is free: erasing one's data frees it, and the counts say so."""
    for number in range(4):
        register(keeper, number, MALE)
    with pytest.raises(NotAllowed, match=r"“men”, .*nothing was stored") as refused:
        register(keeper, 9, MALE)
    assert "‘남성’" in refused.value.korean
    people = keeper.desk.people
    assert people.account_of(person(9), keeper.id) is None
    gone = account_of(keeper.desk, 0, keeper.id)
    erase(keeper.desk, gone, by=gone, place=PLACE, now=NOW)
    assert reached(panel_margins(keeper, for_office=True))["male"] == 3
    assert register(keeper, 9, MALE).number == 5
    left = account_of(keeper.desk, 1, keeper.id)
    quota = notices_for(Role.VOTER, CONTROLLER)[1]
    withdraw_consent(people, left, quota, now=NOW)
    assert reached(panel_margins(keeper, for_office=True))["male"] == 3


def test_without_the_answers_nobody_is_let_in(keeper: ContestKeeper) -> None:
    """As without the consent, without which the answers are not kept."""
    for card in (PersonCard(), msgspec.structs.replace(MALE, region=Region.ABROAD)):
        with pytest.raises(NotAllowed, match="optional consent"):
            register(keeper, 1, card)
    assert keeper.desk.people.voters(keeper.id) == ()


def test_nobody_moves_into_a_full_cell_by_correcting_their_answers(
    keeper: ContestKeeper,
) -> None:
    """The card stays as it was; what changes no cell may be corrected."""
    for number in range(4):
        register(keeper, number, MALE)
    register(keeper, 4, FEMALE)
    account = account_of(keeper.desk, 4, keeper.id)
    people, notices = keeper.desk.people, notices_for(Role.VOTER, CONTROLLER)
    admission = admission_of(keeper)
    with pytest.raises(NotAllowed):
        correct(people, account, MALE, notices=notices, admission=admission)
    assert own_data(people, account).card.sex is Sex.FEMALE
    other = msgspec.structs.replace(FEMALE, skill=Skill.NEVER)
    correct(people, account, other, notices=notices, admission=admission)
    assert own_data(people, account).card.skill is Skill.NEVER


def test_the_weighted_rating_stands_beside_the_raw_one(keeper: ContestKeeper) -> None:
    """Acts hold margins, and no stratum of anybody; who was erased weighs nothing."""
    for number, card in enumerate([MALE, MALE, MALE, FEMALE, FEMALE, FEMALE, FEMALE]):
        register(keeper, number, card)
    # Known pairs and votes: now and then the screening would leave somebody out.
    for name, byte in (("secret", b"\x5e"), ("salt", b"\x5a")):
        keeper.desk.keys.keep(f"contest/{keeper.id}/{name}", byte * 32)
    keeper.open()
    for number in range(7):
        vote(keeper, number)
    gone = account_of(keeper.desk, 0, keeper.id)
    erase(keeper.desk, gone, by=gone, place=PLACE, now=NOW)
    settle(keeper, why="the last day is over")
    raw, found = outcome_of(keeper), citizens_of(keeper)
    assert raw is not None
    assert raw.rating.voters == 7
    assert found is not None
    assert (found.people, found.unweighted) == (6, 1)
    assert found.weighted is not None
    assert set(found.weighted.teams) == set(keeper.plan.rules.teams)
    # Two men weigh 3/2 each and four women 3/4: 6 squared over 6.75.
    assert found.weighted.effective_n == pytest.approx(36 / 6.75)
    acts = keeper.store.votes.under("example", "stage-1", keeper.id)
    for act in acts:
        if act.kind != "citizens_weighted":
            assert not re.search(r"female|honam|birth", str(act.body))
    settle(keeper, why="again")
    assert sum(act.kind == "citizens_weighted" for act in keeper.acts) == 1


def test_the_pages_say_which_places_are_left(tmp_path: Path) -> None:
    """In both languages; the public sees no small cell, and a refusal is kind."""
    programme = copied_programme(tmp_path / "copy")
    citizen_plan(Path(programme) / "stage-1")
    with open_site(tmp_path / "work", {}, programme=programme) as office:
        assert office.keeper is not None
        for number in range(4):
            browser = Browser(office)
            answer = browser.register(f"person-{number}", region="capital")
            assert answer.status_code == 303, answer.text
        late = Browser(office)
        answer = late.register("late", region="capital")
        assert answer.status_code == 403
        assert "‘남성’" in answer.text
        assert "저장한 정보는 없" in answer.text
        late.get("/register?lang=en")
        assert "“men”" in late.register("late", region="capital").text
        assert office.desk.people.credential("late") is None
        shown = late.get("/contest.json").json()["margins"]
        assert [c["reached"] for m in shown for c in m["cells"]] == [None] * 4
        assert "Who the panel is made of" in late.get("/contest").text
        assert "You then have no place on this panel" in late.get("/register").text
        new_office(office)
        browser = signed_in(office)
        seen = browser.get("/office/contest.json").json()["margins"]
        assert [c["reached"] for m in seen for c in m["cells"]] == [0, 4, 4, 0]
        assert "국민평가단 구성" in browser.get("/office/contest").text
        assert 'href="/contest"' in browser.get("/").text
