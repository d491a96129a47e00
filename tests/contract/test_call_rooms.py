"""Calls through their pages: by an office, by applicants, and by everybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dokja.call.state import CALL
from dokja.call.values import CallKind
from dokja.decision.after.values import PlaceState
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.toml_text import toml_of, toml_values
from dokja.people.values import Role
from dokja.web.acts import begun_with
from dokja.web.calls import CALL_ACTS
from dokja.web.calls.asked import NewCall
from dokja.web.calls.words import DRAFT_WORDS, PROPOSAL_WORDS
from dokja.wiring.after_decision import aftermath, desk_of_office
from tests.call_fixture import (
    AFTER,
    BEFORE,
    CLOSES,
    DURING,
    call_text,
    lineage_report,
    proposal,
)
from tests.contract.crawl import read
from tests.contract.filled_forms import act, standing_in
from tests.contract.held_call import hold_call
from tests.contract.house import House, decide, opened_house
from tests.contract.office_site import Browser, field

TEXT = call_text(slots=1, shortlist=2)
BOTH = {"ko": "확인", "en": "looked at"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office in the year of the call."""
    with opened_house(tmp_path) as found:
        found.move(BEFORE)
        yield found


def office_of(house: House) -> Browser:
    """The window of an officer."""
    return house.window(Role.OFFICE)


def done(answer: Any) -> str:
    """Where an act that was taken leads."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def draft(house: House, kind: CallKind = CallKind.INITIAL) -> None:
    """A call is drafted."""
    new = NewCall(id="c1", text=msgspec.structs.replace(TEXT, kind=kind))
    fields = begun_with(new, DRAFT_WORDS, zone=house.office.now().tzinfo)
    assert done(act(office_of(house), "call-draft", **fields)) == "/calls"


def announce(house: House, kind: CallKind = CallKind.INITIAL) -> None:
    """The call is announced, and its window opens."""
    draft(house, kind)
    (step,) = names(view(house, office_of(house), "/calls/c1")["steps"])[1:]
    assert done(act(office_of(house), step, "c1")) == "/calls/c1"
    house.move(DURING)


def apply(house: House, name: str) -> Browser:
    """An applicant writes its application and hands it in."""
    browser, own = house.window(Role.TEAM, name), proposal(f"{name} Labs")
    fields = begun_with(own, PROPOSAL_WORDS, zone=None)
    done(act(browser, "own-application-draft", "c1", **fields))
    file = {"name": "plan.pdf", "digest": "sha256:00", "bytes": "10"}
    files = {f"files.0.{field}": value for field, value in file.items()}
    handed = act(browser, "own-application-submit", f"c1/{name}", **files)
    assert done(handed) == f"/calls/c1/{name}"
    return browser


def close(house: House) -> None:
    """The window is over."""
    house.move(AFTER)
    done(act(office_of(house), "call-close", "c1"))


def admit(house: House, name: str) -> None:
    """An application's work is looked at, its model compared, its eligibility found."""
    office, of = office_of(house), f"c1/{name}"
    report = canonical_bytes(lineage_report("open-base-1", "no_evidence")).decode()
    cited = act(
        office, "application-cite", of, entry="model-1", report=report, holder="Lab"
    )
    done(cited)
    for entry in ("model-1", "code-1", "people-1"):
        found = {"entry": entry, "result": "pass", "detail.ko": "확인"}
        done(act(office, "application-check", of, **found))
    done(act(office, "application-eligibility", of))


def panel(house: House) -> None:
    """The panel of the review that is next."""
    experts = ["e1", "e2", "e3"]
    register = {"experts": experts, "organisations": [], "teams": [], "ties": []}
    seats = {f"seats.{number}.expert": name for number, name in enumerate(experts)}
    fields = {"register": toml_of(register), **seats}
    done(act(office_of(house), "call-panel", "c1", **fields))


def scored(house: House, name: str, **more: str) -> Any:
    """The answer to sheets that are filled in, the first application with more."""
    office = office_of(house)
    held = standing_in(office.get(f"/acts/{name}", params={"of": "c1"}).text)
    sheets = toml_values(held["panel"])
    for sheet in sheets["sheets"]:
        assert set(sheet["scores"].values()) == {""}
        points = 30 if sheet["team"] == "a01" else 20
        sheet["scores"] = dict.fromkeys(sheet["scores"], points)
    if votes := toml_values(held.get("votes", "")).get("votes"):
        for vote in votes:
            vote["in_favour"] = vote["application"] == "a01"
        more["votes"] = toml_of({"votes": votes})
    return act(office, name, "c1", panel=toml_of(sheets), **more)


def selected(house: House, kind: CallKind = CallKind.INITIAL) -> None:
    """Two apply, one is selected."""
    announce(house, kind)
    selected_from(house)


def selected_from(house: House) -> None:
    """The same once the window is open."""
    for name in ("a01", "a02"):
        apply(house, name)
    close(house)
    for name in ("a01", "a02"):
        admit(house, name)
    panel(house)
    done(act(office_of(house), "call-screen", "c1"))
    done(scored(house, "call-shortlist"))
    panel(house)
    for name in ("a01", "a02"):
        done(act(office_of(house), "application-present", f"c1/{name}"))
    done(scored(house, "call-decide"))


def view(house: House, browser: Browser, path: str) -> Any:
    """The JSON twin of a page."""
    return house.view(browser, path)


def without_token(page: str) -> str:
    """The page without the browser's token, whose random digits may spell an id."""
    return re.sub(r'"x-csrf-token": "[0-9a-f]+"', "", page)


def names(links: Any) -> list[str]:
    """Names of the acts that a page offers."""
    return [link["path"].partition("?")[0].rpartition("/")[2] for link in links]


def test_a_call_from_its_draft_to_its_end(house: House) -> None:
    """Every act through its form; the record holds who, when and under which clause."""
    selected(house)
    office, of = office_of(house), "c1/a01"
    assert view(house, office, "/calls/c1")["call"]["phase"] == "selected"
    done(act(office, "agreement-draft", of))
    done(act(office, "agreement-sign", of, document="sha256:01"))
    done(act(office, "agreement-begin", of))
    met = {"obligation": "report-1", "evidence": "https://a01.example/report"}
    done(act(office, "agreement-met", of, **met))
    why = {"why.ko": "사유", "why.en": "a reason"}
    done(act(office, "agreement-waived", of, obligation="licence", **why))
    told = {"text.ko": "계획을 더 자세히"}
    done(act(office, "application-feedback", "c1/a02", **told))
    assert done(act(office, "call-close-out", "c1")) == "/calls/c1"
    acts = desk_of_office(house.office).histories(CALL)["c1"]
    kinds = [one.body["event"]["what"] for one in acts]
    assert kinds == [
        *("drafted", "opened", "closed", "panel", "screening", "screened"),
        *("panel", "decided", "closed_out"),
    ]
    assert {one.body["mandate"]["clause"] for one in acts} == {"5.1", "2.7"}
    assert all(one.body["mandate"]["by"] and one.body["mandate"]["at"] for one in acts)


def test_a_revival_takes_its_places_from_the_record_and_fills_them(
    house: House,
) -> None:
    """Announced only once the decision is final; at its end the place is taken."""
    house.move("2031-01-20T10:00:00+09:00")
    decide(house.office, vacancies=1)
    draft(house, CallKind.REVIVAL)
    office = office_of(house)
    assert act(office, "call-open-revival", "c1").status_code == 403
    house.move(BEFORE)
    done(act(office, "decision-confirm"))
    done(act(office, "call-open-revival", "c1"))
    house.move(DURING)
    selected_from(house)
    done(act(office, "agreement-draft", "c1/a01"))
    done(act(office, "agreement-sign", "c1/a01", document="sha256:01"))
    told = {"text.ko": "계획을 더 자세히"}
    done(act(office, "application-feedback", "c1/a02", **told))
    assert done(act(office, "call-close-out-revival", "c1")) == "/calls/c1"
    places = aftermath(house.office).places
    assert (places.state, places.call) == (PlaceState.FILLED, "c1")
    assert [filled.team for filled in places.filled] == ["a01"]


def test_what_the_public_and_each_applicant_are_shown(house: House) -> None:
    """A draft to nobody; a bid to itself alone, with what is owed; the rest to all."""
    draft(house)
    public, stranger = house.public(), house.window(Role.TEAM, "a02")
    for browser in (public, stranger):
        assert view(house, browser, "/calls")["calls"] == []
        assert browser.get("/calls/c1").status_code == 404
    done(act(office_of(house), "call-open", "c1"))
    house.move(DURING)
    own = apply(house, "a01")
    shown = view(house, public, "/calls/c1")
    assert (shown["call"]["applications"], shown["call"]["others"]) == ([], 1)
    assert "a01" not in without_token(public.get("/calls/c1").text)
    assert public.get("/calls/c1/a01").status_code == 403
    assert stranger.get("/calls/c1/a01").status_code == 403
    assert view(house, own, "/calls/c1")["own"] == "a01"
    assert names(view(house, own, "/calls/c1/a01")["hands_in"]) == [
        "own-application-amend",
        "own-application-withdraw",
    ]
    auditor = house.window(Role.AUDITOR)
    seen = view(house, auditor, "/calls/c1/a01")
    assert seen["application"]["proposal"]["members"]
    assert seen["hands_in"] == seen["examines"] == []


def test_nobody_acts_on_the_application_of_another(house: House) -> None:
    """Neither is its form shown, nor an act taken, its own or the office's."""
    announce(house)
    apply(house, "a01")
    stranger = house.window(Role.TEAM, "a02")
    for name in ("own-application-withdraw", "application-withdraw"):
        address = f"/acts/{name}?of=c1/a01"
        assert stranger.get(address).status_code == 403
        sent = stranger.send("/me", f"/acts/{name}", of="c1/a01", confirmed="yes")
        assert sent.status_code == 403
    assert view(house, office_of(house), "/calls/c1/a01")["application"]["phase"] == (
        "submitted"
    )


def test_an_answer_that_contradicts_the_call_is_shown_as_such(house: House) -> None:
    """To everybody, beside the text that holds, with the clause."""
    announce(house)
    office = office_of(house)
    asked = {"id": "q-1", "channel": "briefing", "text.ko": "미세조정도 됩니까?"}
    done(act(office, "call-question", "c1", **asked))
    done(act(office, "call-answer", "c1", question="q-1", **{"text.ko": "됩니다."}))
    why = {
        "id": "q-1",
        "contradiction.clause": "1.1",
        "contradiction.explanation.ko": "정의와 다릅니다.",
    }
    done(act(office, "call-mark", "c1", **why))
    page = house.public().get("/calls/c1", params={"lang": "ko"}).text
    assert "공고문과 다릅니다. 공고문이 우선합니다." in page
    assert "정의와 다릅니다." in page
    assert "됩니다." in page


def test_of_two_officers_one_meets_a_conflict_and_nothing_is_lost(house: House) -> None:
    """The page says that somebody acted, and keeps what was entered."""
    announce(house)
    first, second = office_of(house), house.window(Role.OFFICE, "o2")
    held = standing_in(second.get("/acts/call-extend?of=c1").text)
    late = datetime.fromisoformat(CLOSES) + timedelta(days=7)
    why = {"why.ko": "요청이 많음"}
    end = {"closes": f"{late:%Y-%m-%dT%H:%M}", **why}
    done(act(first, "call-extend", "c1", **end))
    other = {"closes": "2031-04-20T16:00", "why.ko": "다른 사유", "confirmed": "yes"}
    answer = second.post("/acts/call-extend", held | other)
    assert answer.status_code == 409
    assert standing_in(answer.text)["closes"] == other["closes"]
    assert "다른 사유" in answer.text
    assert view(house, first, "/calls/c1")["call"]["closes"] == late.isoformat()
    again = standing_in(answer.text) | {"confirmed": "yes"}
    assert second.post("/acts/call-extend", again).status_code == 303


def test_sheets_that_nobody_filled_in_count_for_nothing(house: House) -> None:
    """The form begins with the call's own criteria; empty points are refused."""
    announce(house)
    apply(house, "a01")
    close(house)
    admit(house, "a01")
    panel(house)
    office = office_of(house)
    done(act(office, "call-screen", "c1"))
    refused = act(office, "call-shortlist", "c1")
    assert refused.status_code == 422
    held = standing_in(office.get("/acts/call-shortlist", params={"of": "c1"}).text)
    filled = held["panel"].replace('= ""', "= 10")
    looked = office.post("/acts/call-shortlist", held | {"panel": filled})
    assert looked.status_code == 200
    assert 'name="shown"' in looked.text
    assert view(house, office, "/calls/c1")["call"]["phase"] == "screening"


def test_an_applicant_is_heard_before_it_is_found_ineligible(house: House) -> None:
    """Asked with what the checks say, answered by itself, settled by two people."""
    announce(house)
    own = apply(house, "a01")
    close(house)
    office, of = office_of(house), "c1/a01"
    for entry in ("model-1", "code-1", "people-1"):
        found = {"entry": entry, "result": "fail", "detail.ko": "찾을 수 없음"}
        done(act(office, "application-check", of, **found))
    early = act(office, "application-eligibility", of)
    assert early.status_code == 403
    page = office.get("/acts/application-ask-reply", params={"of": of}).text
    assert "track" in standing_in(page)["checks"].split()
    facts = {"facts.ko": "찾지 못했습니다.", "facts.en": "Not found."}
    done(act(office, "application-ask-reply", of, **facts))
    assert "찾지 못했습니다." in own.get(f"/calls/{of}").text
    done(act(own, "own-application-reply", of, text="여기 있습니다."))
    finding = {"outcome": "eligible", "reviewers": "r1\nr2", **_opinion()}
    done(act(office, "application-settle", of, **finding))
    shown = view(house, own, f"/calls/{of}")["application"]
    assert (shown["phase"], shown["eligibility"].get("reviewers", [])) == (
        "eligible",
        [],
    )
    assert "여기 있습니다." in office.get(f"/calls/{of}").text


def _opinion() -> dict[str, str]:
    return {"opinion.ko": "근거가 있습니다.", "opinion.en": "It is borne out."}


def test_rows_are_filled_in_one_by_one_and_more_are_given(house: House) -> None:
    """Nothing is put on record by asking for more; empty rows are no rows."""
    announce(house)
    browser = house.window(Role.TEAM, "a01")
    page = browser.get("/acts/own-application-draft", params={"of": "c1"}).text
    held = standing_in(page) | {"members.1.organisation": "a01 Labs"}
    more = browser.post("/acts/own-application-draft", held | {"more": "members"})
    assert more.status_code == 200
    wider = standing_in(more.text)
    assert wider["members.1.organisation"] == "a01 Labs"
    rows = {name.split(".")[1] for name in wider if name.startswith("members.")}
    assert rows == {"0", "1", "2", "3"}
    assert browser.get("/calls/c1/a01").status_code == 404
    lacking = browser.post("/acts/own-application-draft", wider | {"confirmed": "yes"})
    assert lacking.status_code == 422
    assert "$.members[0]" in lacking.text


def led_to(browser: Browser) -> set[str]:
    """Pages of calls and forms of acts within reach, each of which opens."""
    found, waiting = set[str](), ["/calls"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = browser.get(address)
        assert answer.status_code == 200, address
        found.add(address)
        waiting += [
            link.partition("#")[0]
            for link in read(answer.text).links
            if link.startswith(("/calls", "/acts/")) and ".json" not in link
        ]
    return found


def test_every_page_and_form_of_a_call_opens_for_whoever_is_led_there(
    house: House,
) -> None:
    """The office, the applicant, auditors and the public, each to its own."""
    hold_call(house.office)
    own = house.office.plan.teams[0]
    house.move(AFTER)
    office = led_to(office_of(house))
    assert "/acts/agreement-sign?of=c1%2F" + own in office
    assert "/acts/call-close-out?of=c1" in office
    team = led_to(house.window(Role.TEAM, own))
    assert f"/calls/c1/{own}" in team
    assert f"/acts/own-application-withdraw?of=c1%2F{own}" in team
    for other in ("/calls/c1/a02", "/acts/call-close-out?of=c1"):
        assert other in office
        assert other not in team
    auditor = led_to(house.window(Role.AUDITOR))
    assert "/calls/c1/a02" in auditor
    public = led_to(house.public())
    assert "/calls/c1" in public
    assert not [a for a in auditor | public if a.startswith("/acts/")]


def test_an_act_on_what_there_is_not_is_no_failure_of_ours(house: House) -> None:
    """Whatever the address names, somebody is told, and nothing is put on record."""
    office = office_of(house)
    sent = {"of": "no/thing", "confirmed": "yes", "clause": "5.1"}
    sent["csrf"] = field(office.get("/calls").text, "csrf")
    for name in CALL_ACTS:
        if not name.startswith("own-"):
            assert office.get(f"/acts/{name}?of=no/thing").status_code in {200, 404}
            answer = office.post(f"/acts/{name}", sent)
            assert answer.status_code in {403, 404, 422}, name
    assert not desk_of_office(house.office).histories(CALL)
