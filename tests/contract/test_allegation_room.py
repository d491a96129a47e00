"""Allegations through their pages: nothing public before it is resolved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dokja.people.values import Role
from tests.contract.filled_forms import old_form, take
from tests.contract.house import House, opened_house
from tests.contract.office_site import Browser

TEAM, OTHER = "dalyeoul", "sangeuneul"
SAID = "The encoder is somebody else's."
RECEIVED = {
    "team": TEAM,
    "component": "vision_encoder",
    "aspect": "technical",
    "about__ko": "영상 인코더를 가져왔다는 의혹",
    "about__en": SAID,
    "accuser": "rejected_applicant",
    "interest": "not_stated",
}
DIGEST = "sha256:" + "a" * 64
REASONS: dict[str, Any] = {"reasons__ko": "측정 결과와 소명을 함께 살폈습니다."}
PAGE = "/allegations/allegation-1"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office that took in an allegation."""
    with opened_house(tmp_path) as found:
        path = "/acts/allegation-receive"
        taken = take(found.window(Role.OFFICE), path, **RECEIVED)
        assert taken.headers["location"] == "/allegations"
        yield found


def act(house: House, name: str, browser: Browser | None = None, **fields: Any) -> int:
    """Status of an act on the allegation, the office's unless said otherwise."""
    browser = browser or house.window(Role.OFFICE)
    path = f"/acts/allegation-{name}?of=allegation-1"
    return take(browser, path, **fields).status_code


def measure(house: House, bears_out: str) -> None:
    """The office says what to measure, and puts it on record."""
    assert act(house, "triage", to_measure="weights of the encoder") == 303
    assert act(house, "measure", **facts(bears_out)) == 303


def facts(bears_out: str, digest: str = DIGEST) -> dict[str, Any]:
    """The rows of one measurement."""
    return {
        "facts__0__what": "T1",
        "facts__0__digest": digest,
        "facts__0__bears_out": bears_out,
    }


def case(house: House, browser: Browser) -> Any:
    """What the page of the allegation shows."""
    return house.view(browser, PAGE)


def test_before_it_is_measured_only_office_and_auditor_know(house: House) -> None:
    """Neither the list nor the case tells anybody else that there is one."""
    own = house.window(Role.TEAM, TEAM)
    for reader in (house.public(), own, house.window(Role.TEAM, OTHER)):
        assert reader.get(PAGE).status_code == 404
        listed = reader.get("/allegations.json").text
        assert "allegation-1" not in listed
        assert SAID not in listed
    assert case(house, house.window(Role.AUDITOR))["about"]["en"] == SAID
    assert "states" not in case(house, house.window(Role.OFFICE))["interest"]["en"]
    assert act(house, "reply", own, text__ko="사실이 아닙니다.") == 403
    measure(house, "yes")
    assert own.get(PAGE).status_code == 200
    assert house.window(Role.TEAM, OTHER).get(f"{PAGE}.json").status_code == 404


def test_nothing_is_upheld_before_the_team_was_heard(house: House) -> None:
    """Then it is public with reply and reasons; who acted is not."""
    measure(house, "yes")
    upheld: dict[str, Any] = {"outcome": "upheld", **REASONS}
    assert act(house, "resolve", **upheld) == 403
    own, other = house.window(Role.TEAM, TEAM), house.window(Role.TEAM, OTHER)
    assert act(house, "reply", other, text__ko="남의 일") == 403
    assert act(house, "reply", own, text__ko="스스로 학습했습니다.") == 303
    assert act(house, "resolve", **upheld) == 303
    found = case(house, house.public())
    assert found["outcome"]["en"] == "upheld"
    assert found["replies"][0]["text"]["ko"] == "스스로 학습했습니다."
    assert {row["by"] for row in found["history"]} == {""}
    assert found["acts"] == []


def test_of_what_was_not_upheld_the_public_reads_that_it_was_resolved(
    house: House,
) -> None:
    """What was alleged stands on no public page; the team reads the whole."""
    measure(house, "settles_nothing")
    assert act(house, "resolve", outcome="not_upheld", **REASONS) == 303
    public = house.public()
    text = public.get("/allegations.json").text
    assert SAID not in text
    assert "rejected" not in text
    listed: Any = house.view(public, "/allegations")["resolved"]
    (line,) = listed
    assert line["outcome"]["en"] == "not upheld"
    assert public.get(PAGE).status_code == 404
    assert case(house, house.window(Role.TEAM, TEAM))["reasons"]["ko"]


def test_one_that_says_the_same_is_joined_and_an_old_form_is_told_so(
    house: House,
) -> None:
    """The page names the other, and the form offers it."""
    office, other = house.window(Role.OFFICE), house.window(Role.OFFICE, "o2")
    take(office, "/acts/allegation-receive", **RECEIVED)
    second = "/allegations/allegation-2"
    assert house.view(office, second)["same"] == ["allegation-1"]
    path = "/acts/allegation-join?of=allegation-2"
    old = old_form(other, "/acts/allegation-triage?of=allegation-2")
    assert 'value="allegation-1"' in office.get(path).text
    assert take(office, path, to="allegation-1").headers["location"] == second
    late = other.post("/acts/allegation-triage", old | {"to_measure": "weights"})
    assert late.status_code == 409
    assert ">weights</textarea>" in late.text
    assert house.view(office, second)["acts"] == []


def test_a_measurement_that_says_nothing_is_not_taken(house: House) -> None:
    """Whether it bears the allegation out is said for each, never assumed."""
    assert act(house, "triage", to_measure="weights") == 303
    assert act(house, "measure", **facts("")) == 422
    assert act(house, "measure", **facts("yes", digest="sha256:")) == 422
    assert case(house, house.window(Role.OFFICE))["facts"] == []
