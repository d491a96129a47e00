"""What follows a decision, through its page: objections to the next stage's teams."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dokja.decision.after import confirmation_matter
from dokja.people.values import Role
from dokja.programme import Topic
from dokja.programme.values import Audience, Disclosure
from dokja.wiring.after_decision import desk_of_office
from tests.contract.filled_forms import old_form, take
from tests.contract.house import House, decide, opened_house
from tests.contract.office_site import Browser

TEAMS = ("dalyeoul", "sangeuneul", "moraesinae", "galbaramjae", "cheotnunmaeul")
FIRST, *_, LAST = TEAMS
SAID = {"about": "score", "text": "The suite was another one."}
REASON = {"reason__ko": "근거가 없습니다.", "reason__en": "Nothing bears it out."}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office whose stage was decided."""
    with opened_house(tmp_path) as found:
        decide(found.office, vacancies=1)
        yield found


def team(house: House, name: str) -> Browser:
    """The window of a team."""
    return house.window(Role.TEAM, name)


def view(house: House, browser: Browser) -> Any:
    """What the page shows to this reader."""
    return house.view(browser, "/decisions")


def object_to(house: House, name: str) -> None:
    """The team objects."""
    assert team(house, name).send("/team", "/team/objection", **SAID).status_code == 303


def test_an_objection_is_handled_by_somebody_else_and_told_to_its_team(
    house: House,
) -> None:
    """That there was one and how it ended is public; whose it is and why is not."""
    object_to(house, LAST)
    office, reviewer = house.window(Role.OFFICE), house.window(Role.OFFICE, "o2")
    (line,) = view(house, office)["objections"]
    assert [act["path"] for act in line["acts"]] == [
        "/acts/objection-admit?of=cheotnunmaeul%2F001",
        "/acts/objection-refuse?of=cheotnunmaeul%2F001",
    ]
    admitted = take(office, line["acts"][0]["path"], reviewers="o2")
    assert admitted.headers["location"] == "/decisions"
    assert view(house, office)["objections"][0]["acts"] == []
    (line,) = view(house, reviewer)["objections"]
    assert take(reviewer, line["acts"][1]["path"], **REASON).status_code == 303
    public = house.public()
    text = public.get("/decisions.json").text
    assert view(house, public)["objections"][0]["state"]["en"] == "dismissed"
    assert "Nothing bears it out." not in text
    assert "Nothing bears it out." in team(house, LAST).get("/decisions.json").text
    assert "cheotnunmaeul/001" not in text
    assert SAID["text"] not in text
    assert SAID["text"] in team(house, LAST).get("/decisions.json").text
    assert SAID["text"] not in team(house, FIRST).get("/decisions.json").text


def test_whoever_admits_an_objection_does_not_review_it(house: House) -> None:
    """The form is refused, and keeps what was entered."""
    object_to(house, LAST)
    office = house.window(Role.OFFICE)
    path = "/acts/objection-admit?of=cheotnunmaeul%2F001"
    assert "account-office" in office.get(path).text
    again = take(office, path, reviewers="account-office", why__en="Late")
    assert again.status_code == 422
    assert ">account-office</textarea>" in again.text
    assert "Late" in again.text
    assert view(house, office)["objections"][0]["state"]["en"] == "filed"


def test_two_officers_at_once_make_one_act_and_one_conflict(house: House) -> None:
    """The second form was filled in before the first was sent: it is told so."""
    house.clock.now += timedelta(days=60)
    first = house.window(Role.OFFICE, "o1")
    second = house.window(Role.OFFICE, "o2")
    forms = [old_form(each, "/acts/decision-confirm") for each in (first, second)]
    assert first.post("/acts/decision-confirm", forms[0]).status_code == 303
    late = second.post("/acts/decision-confirm", forms[1])
    assert late.status_code == 409
    plan = house.office.plan
    matter = confirmation_matter(plan.programme, plan.stage)
    (act,) = desk_of_office(house.office).history(matter)
    assert act.body["mandate"]["by"] == "o1"
    clauses = house.office.rulebook.clause_numbers(Topic.OBJECTION)
    assert act.body["mandate"]["clause"] in clauses


def test_silence_waits_and_every_team_heard_closes_early(house: House) -> None:
    """A team's page has its own act, once; then the office may confirm."""
    office = house.window(Role.OFFICE)
    assert view(house, office)["acts"] == []
    for name in TEAMS:
        own = team(house, name)
        assert "/acts/objection-waive" in own.get("/decisions").text
        assert take(own, "/acts/objection-waive").status_code == 303
        assert "/acts/objection-waive" not in own.get("/decisions").text
    assert view(house, house.public())["waived"] == []
    (confirm,) = view(house, office)["acts"]
    assert take(office, confirm["path"]).status_code == 303
    found = view(house, house.public())
    assert (found["is_final"], found["was_early"]) == (True, True)
    assert found["next_teams"] is None
    assert {row["by"] for row in found["history"]} == {""}


def test_an_empty_place_is_called_for_filled_and_then_the_next_teams_stand(
    house: House,
) -> None:
    """No revival call before the decision is final; each step once, in its turn."""
    office = house.window(Role.OFFICE)
    assert take(office, "/acts/places-call", call="revival").status_code == 403
    house.clock.now += timedelta(days=60)
    office = house.window(Role.OFFICE, "later")
    assert take(office, "/acts/decision-confirm").status_code == 303
    paths = [act["path"] for act in view(house, office)["acts"]]
    assert paths == ["/acts/places-call", "/acts/places-leave"]
    assert take(office, "/acts/places-call", call="revival").status_code == 303
    filled = take(office, "/acts/places-fill", team="haneul", application="a01")
    assert filled.status_code == 303
    (onward,) = view(house, office)["acts"]
    dates = {"begins": "2026-06-01T09:00", "ends": "2026-08-01T18:00"}
    assert take(office, onward["path"], stage="stage-2", **dates).status_code == 303
    assert view(house, office)["acts"] == []
    found = view(house, house.public())
    assert found["next_teams"] == sorted([*TEAMS[:-1], "haneul"])
    assert found["following"] == "stage-2"
    text = house.public().get("/decisions").text
    assert "haneul" in text


def test_a_team_leaves_in_its_own_words_and_nobody_leaves_for_it(house: House) -> None:
    """Neutral words, no reason asked; the office has no such act."""
    own = team(house, "dalyeoul")
    said = {"statement__ko": "다음 공모에 다시 오겠습니다."}
    path = "/acts/team-withdraw"
    assert house.window(Role.OFFICE).get(path).status_code == 403
    assert take(own, path, **said).status_code == 303
    text = house.public().get("/decisions").text
    assert "다음 공모에 다시 오겠습니다." in text
    assert "팀의 뜻에 따라 참여를 마쳤습니다." in text
    assert path not in own.get("/decisions").text


def test_reasons_that_tell_scores_are_for_those_who_may_see_them(house: House) -> None:
    """Where the rules show a team's scores to itself, so are the reasons."""
    rules = msgspec.structs.replace(
        house.office.rulebook,
        disclosures=(
            Disclosure(record="decision", audience=Audience.PUBLIC),
            Disclosure(record="team_scores", audience=Audience.OWN_TEAM),
        ),
    )
    office = replace(house.office, inputs=replace(house.office.inputs, rulebook=rules))
    strict = House(office=office, clock=house.clock)
    readers = (
        strict.public(),
        strict.window(Role.TEAM, FIRST),
        strict.window(Role.AUDITOR),
    )
    shown = [
        [t["team"] for t in view(strict, reader)["teams"] if t["reasons"]]
        for reader in readers
    ]
    assert shown == [[], [FIRST], list(TEAMS)]
    assert "80" not in json.dumps(view(strict, readers[0])["teams"])
