"""The rooms of invited users, of the office and of teams, through their pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from dokja.adapters.folders import ProgrammeFolder
from dokja.contest.users.trials import CAST, blind_models
from dokja.lineage import shipped_rules
from dokja.people import open_session
from dokja.people.values import Role, SessionRules
from dokja.stage import read_stage
from dokja.wiring.published import shelf_of
from tests.contract.house import START, House, opened_house, publish
from tests.contract.office_site import Browser
from tests.panel_room_fixture import open_account

TEAMS = ("dalyeoul", "sangeuneul", "moraesinae", "galbaramjae", "cheotnunmaeul")
ENGLISH = {"lang": "en"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office whose programme lies in a folder of its own."""
    with opened_house(tmp_path) as found:
        yield found


def rate(browser: Browser, label: str, mark: int = 7, **fields: str) -> int:
    """Status of a whole ballot that is handed in."""
    sent = {
        "answer-usefulness": str(mark),
        "answer-efficiency": "3",
        "version": "0",
        "do": "hand_in",
        **fields,
    }
    return browser.send(f"/trials/{label}", f"/trials/{label}", **sent).status_code


def begin(house: House, user: str = "u01", employer: str = "") -> Browser:
    """A user who was let in."""
    browser = house.window(Role.EXPERT_USER, user)
    browser.send("/trials", "/trials/begin", employer=employer)
    return browser


def test_before_the_opening_nobody_rates(house: House) -> None:
    """The page says so, and a form sent nevertheless is refused."""
    browser = house.window(Role.EXPERT_USER, "u01")
    assert "Not open yet" in browser.get("/trials", params=ENGLISH).text
    assert browser.send("/trials", "/trials/begin", employer="").status_code == 403


def test_a_users_pages_name_no_team_and_no_answer_does(house: House) -> None:
    """Neither pages nor twins nor headers tell one model from another by name."""
    assert house.step("users-open") == 303
    browser = begin(house)
    names = [n for team in house.office.trials.plan.rules.names for n in team.names]  # type: ignore[union-attr]
    for path in ("/trials", *(f"/trials/{label}" for label in "ABCDE")):
        for address in (path, f"{path}.json"):
            found = browser.get(address)
            assert found.status_code == 200
            text = found.text + repr(found.headers)
            assert not [n for n in (*TEAMS, *names) if n in text]


def test_a_draft_is_saved_and_a_second_window_does_not_overwrite_it(
    house: House,
) -> None:
    """The version says which save a form goes on from."""
    house.step("users-open")
    browser = begin(house)
    first = {"answer-usefulness": "7", "version": "0", "do": "save"}
    assert browser.send("/trials/A", "/trials/A", **first).status_code == 200
    view = house.view(browser, "/trials/A")
    assert view["questions"][0]["answer"] == 7  # type: ignore[index]
    assert view["version"] == 1
    late = {**first, "answer-usefulness": "2"}
    assert browser.send("/trials/A", "/trials/A", **late).status_code == 409
    assert house.view(browser, "/trials/A")["version"] == 1


def test_half_a_ballot_is_named_and_a_whole_one_is_frozen(house: House) -> None:
    """What was handed in never changes; the same once more does no harm."""
    house.step("users-open")
    browser = begin(house)
    half = {"answer-usefulness": "7", "version": "0", "do": "hand_in"}
    assert browser.send("/trials/A", "/trials/A", **half).status_code == 422
    assert rate(browser, "A", version="1") == 303
    assert rate(browser, "A") == 303
    assert rate(browser, "A", mark=9) == 409
    assert house.view(browser, "/trials/A")["is_handed_in"] is True


def test_an_employee_is_kept_from_the_employers_model(house: House) -> None:
    """Four labels are left, and the fifth is refused on every path."""
    house.step("users-open")
    browser = begin(house, employer="Dalyeoul")
    models = house.view(browser, "/trials")["models"]
    assert [card["label"] for card in models] == list("ABCD")  # type: ignore[attr-defined]
    assert browser.get("/trials/E").status_code == 403
    assert rate(browser, "E") == 403


def test_closing_writes_ballots_that_the_stage_takes(house: House) -> None:
    """Teams follow from labels, users stay pseudonyms, nothing is synthetic."""
    house.step("users-open")
    browser = begin(house)
    for mark, label in enumerate("ABCDE"):
        assert rate(browser, label, mark) == 303
    assert house.step("users-close") == 200
    folder = Path(house.office.request.programme) / "stage-1"
    box = json.loads((folder / "ballots.json").read_bytes())
    assert house.office.trials is not None
    labels = blind_models(house.office.trials.trials, "u01")
    expected = {team: mark for mark, team in enumerate(labels.values())}
    found = {b["team"]: b["answers"]["usefulness"] for b in box["ballots"]}
    assert found == expected
    assert box["synthetic"] is False
    texts = ProgrammeFolder(folder.parent).stage_texts("stage-1")
    assert len(read_stage(texts, lineage_rules=shipped_rules()).ballot_box.ballots) == 5
    assert rate(browser, "A", 9) == 403
    before = (folder / "ballots.json").read_bytes()
    assert house.step("export-ballots") == 200
    assert (folder / "ballots.json").read_bytes() == before


def test_a_step_needs_its_turn_and_a_confirmation(house: House) -> None:
    """No link and no form skips the order, and nothing happens by accident."""
    office = house.window(Role.OFFICE)
    path = "/office/steps/contest-open"
    assert office.send(path, path).status_code == 422
    assert house.step("contest-unblind") == 409
    assert house.step("contest-open") == 303
    assert house.step("contest-open") == 409
    assert house.step("contest-close") == 422
    for name in ("close", "screen", "unblind"):
        assert house.step(f"contest-{name}", why="the time is over") == 303
    phase = house.view(office, "/office/contest")["phase"]
    assert phase == "unblinded"
    assert house.step("export-contest") == 409


def test_the_console_shows_the_state_and_an_auditor_only_reads(house: House) -> None:
    """Ballots that are missing keep the duty open; an auditor has no button."""
    house.step("users-open")
    begin(house)
    duties = house.view(house.window(Role.OFFICE), "/office")["duties"]
    waits = {d["id"]: d["waits_for"] for d in duties}  # type: ignore[attr-defined]
    assert "5" in waits["ballots_closed"][0]["en"]
    auditor = house.window(Role.AUDITOR)
    assert auditor.get("/office/trials").status_code == 200
    assert "/office/steps/" not in auditor.get("/office/trials").text
    assert auditor.get("/office/steps/users-close").status_code == 403


def test_no_act_before_the_closing_ties_a_ballot_to_a_team(house: House) -> None:
    """Whoever reads the whole record learns nothing of who leads."""
    house.step("users-open")
    browser = begin(house)
    rate(browser, "A")
    plan = house.office.plan
    acts = house.office.store.acts.of_kind(plan.programme, plan.stage, CAST)
    assert len(acts) == 1
    assert not [team for team in TEAMS if team in repr(acts)]


def trusts(browser: Browser) -> list[str]:
    """What the results page says of each bundle."""
    found = json.loads(browser.get("/results.json").text)
    return [volume["trust"] for volume in found["volumes"]]


def test_a_bundle_appears_without_a_restart_and_its_pages_stay_inside(
    house: House,
) -> None:
    """Verified when it comes; addresses find rendered pages and nothing else."""
    public = Browser(house.office, app=house.app)
    assert "Nothing was published" in public.get("/results", params=ENGLISH).text
    publish(house)
    assert trusts(public) == ["untrusted"]
    found = public.get("/record/stage-1/")
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in found.headers["content-security-policy"]
    assert public.get("/record/stage-1").headers["location"] == "/record/stage-1/"
    report = public.get("/record/stage-1/bundle/report.html")
    assert "sandbox" in report.headers["content-security-policy"]
    for path in ("../../office.sqlite", "..%2f..%2foffice.sqlite", "nothing.html"):
        assert public.get(f"/record/stage-1/{path}").status_code == 404
    assert public.get("/record/..%2f/index.html").status_code in {404, 422}


def test_a_bundle_is_found_by_its_contents_and_fails_when_it_was_altered(
    house: House,
) -> None:
    """A folder's name is its address only; one changed byte closes the record."""
    publish(house).rename(folder := house.office.request.work / "published/renamed")
    plan = house.office.plan
    found = shelf_of(house.office).of_stage(plan.programme, plan.stage)
    assert found is not None
    assert found.name == "renamed"
    assert shelf_of(house.office).of_stage(plan.programme, "another") is None
    report = folder / "report.html"
    report.write_bytes(report.read_bytes() + b" ")
    public = Browser(house.office, app=house.app)
    assert trusts(public) == ["failed"]
    assert public.get("/record/renamed/").status_code == 404


def test_a_team_sees_its_own_scores_and_nobody_elses(house: House) -> None:
    """Scores and objections come with the published decision, each of one's own."""
    own = house.window(Role.TEAM, "t1")
    fields = {"about": "score", "text": "The suite was another one."}
    assert house.view(own, "/team")["scores"] == []
    assert own.send("/team", "/team/objection", **fields).status_code == 403
    publish(house)
    view = house.view(own, "/team")
    assert view["scores"]
    assert view["team"] == "t1"
    text = own.get("/team.json").text
    assert not [team for team in ("t2", "t3", "t4", "t5") if f'"{team}"' in text]
    assert own.send("/team", "/team/objection", **fields).status_code == 303
    assert "The suite was another one." in own.get("/team").text
    other = house.window(Role.TEAM, "t2")
    assert "The suite was another one." not in other.get("/team").text
    for path in ("/office", "/panel/sangeuneul/reading", "/office/contest"):
        assert own.get(path).status_code == 403
        assert own.get(f"{path}.json").status_code == 403


def test_scores_stay_hidden_where_the_rules_disclose_none(house: House) -> None:
    """No rule, no score: a gap in the rulebook is no permission."""
    publish(house)
    rulebook = house.office.rulebook
    silent = msgspec.structs.replace(rulebook, disclosures=())
    office = replace(house.office, inputs=replace(house.office.inputs, rulebook=silent))
    browser = House(office=office, clock=house.clock).window(Role.TEAM, "t1")
    assert json.loads(browser.get("/team.json").text)["scores"] == []


def test_a_reply_is_taken_within_its_window_and_goes_to_the_stage(
    house: House,
) -> None:
    """Too early is refused, in time is on record and in `replies.json`."""
    own = house.window(Role.TEAM, "dalyeoul")
    fields = {"component": "vision_encoder", "text_ko": "직접 학습했습니다."}
    assert own.send("/team", "/team/reply", **fields).status_code == 403
    house.clock.now = START + timedelta(days=3)
    again = _signed_in(house, "account-dalyeoul")
    assert again.send("/team", "/team/reply", **fields).status_code == 303
    strange = {**fields, "component": "../other"}
    assert again.send("/team", "/team/reply", **strange).status_code == 422
    house.windows["office"] = _signed_in(
        house, open_account(house.office, Role.OFFICE).id
    )
    assert house.step("export-replies") == 200
    folder = Path(house.office.request.programme) / "stage-1"
    (reply,) = json.loads((folder / "replies.json").read_bytes())["replies"]
    assert (reply["team"], reply["component"]) == ("dalyeoul", "vision_encoder")
    lines = house.office.desk.audit.latest(20)
    assert any(line.object.startswith("dalyeoul/vision_encoder") for line in lines)


def _signed_in(house: House, account_id: str) -> Browser:
    account = house.office.desk.people.account(account_id)
    assert account is not None
    token = open_session(
        house.office.desk, account, now=house.clock(), rules=SessionRules()
    )
    browser = Browser(house.office, app=house.app)
    browser.hold("__Host-dokja-session", token)
    return browser
