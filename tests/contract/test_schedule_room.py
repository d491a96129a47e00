"""Dates and consultations through their pages: versions, replies, dissent answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dokja.people.values import Role
from dokja.programme.schedule import schedule_matter
from dokja.wiring.after_decision import desk_of_office
from tests.contract.filled_forms import old_form, take
from tests.contract.house import House, opened_house
from tests.contract.office_site import Browser


def dates(evaluation: str) -> dict[str, str]:
    """The rows of two dates, one of which moves."""
    return {
        "milestones__0__id": "evaluation",
        "milestones__0__name__ko": "단계평가",
        "milestones__0__at": evaluation,
        "milestones__1__id": "final",
        "milestones__1__name__ko": "최종 발표",
        "milestones__1__at": "2026",
        "milestones__0__until": "",
    }


DATES, MOVED = dates("2025-12-27"), dates("2026-01-05")
NOTICE = {"notice__publisher": "Notice 12", "notice__on": "2026-03-04"}
WHY = {"reason__ko": "장비 공급이 늦었습니다.", "reason__en": "Machines came late."}
CHANGE = {"change__ko": "단계평가를 옮깁니다.", "replies_until": "2026-03-10", **WHY}
TEAM, OTHER = "dalyeoul", "sangeuneul"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office with a first version of its dates."""
    with opened_house(tmp_path) as found:
        first = take(found.window(Role.OFFICE), "/acts/schedule-set", **DATES)
        assert first.headers["location"] == "/schedule"
        yield found


def view(house: House, browser: Browser, path: str = "/schedule") -> Any:
    """What a page shows to this reader."""
    return house.view(browser, path)


def asked(house: House, teams: str = f"{TEAM}\n{OTHER}") -> str:
    """The page of a consultation about the moved date."""
    path = "/acts/consultation-dates"
    sent = {**CHANGE, **MOVED, "teams": teams}
    assert take(house.window(Role.OFFICE), path, **sent).status_code == 303
    return "/schedule/consultations/consultation-1"


def reply(house: House, team: str, stance: str, text: str = "") -> int:
    """Status of a team's reply."""
    path = "/acts/consultation-answer?of=consultation-1"
    browser = house.window(Role.TEAM, team)
    return take(browser, path, stance=stance, text=text).status_code


def test_a_changed_date_needs_its_reason_and_is_drawn_for_everybody(
    house: House,
) -> None:
    """Refused, the form keeps what was entered; then both versions stand."""
    office = house.window(Role.OFFICE)
    refused = take(office, "/acts/schedule-set", **MOVED)
    assert refused.status_code == 403
    assert "2026-01-05" in refused.text
    done = take(office, "/acts/schedule-set", **MOVED, **WHY, **NOTICE)
    assert done.status_code == 303
    found = view(house, house.public())
    (change,) = found["versions"][0]["changes"]
    assert (change["before"], change["after"], change["days"]) == (
        "2025-12-27",
        "2026-01-05",
        9,
    )
    assert [mark["version"] for mark in found["drift"]["rows"][0]["marks"]] == [1, 2]
    text = house.public().get("/schedule", params={"lang": "en"}).text
    for words in ("+9 days", "Machines came late.", "Notice 12", "<polyline"):
        assert words in text
    assert "/acts/" not in text


def test_an_old_form_meets_a_conflict_and_loses_nothing(house: House) -> None:
    """Of two officers who change the dates at once, one is told so."""
    first, second = house.window(Role.OFFICE), house.window(Role.OFFICE, "o2")
    path = "/acts/schedule-set"
    late = {**dates("2026-02-01"), **WHY, **NOTICE}
    named = {name.replace("__", "."): value for name, value in late.items()}
    old = old_form(second, path) | named
    done = take(first, path, **MOVED, **WHY, **NOTICE)
    assert done.status_code == 303
    refused = second.post(path, old)
    assert refused.status_code == 409
    assert "2026-02-01" in refused.text
    desk = desk_of_office(house.office)
    assert len(desk.history(schedule_matter(desk.programme))) == 2


def test_dissent_is_seen_by_its_own_team_and_answered_before_the_change(
    house: House,
) -> None:
    """Nobody replies by what others say; afterwards those who were asked see all."""
    page = asked(house)
    assert reply(house, TEAM, "dissent") == 422
    assert reply(house, TEAM, "dissent", "We are ready now.") == 303
    assert reply(house, OTHER, "consent") == 303
    own, other = house.window(Role.TEAM, TEAM), house.window(Role.TEAM, OTHER)
    assert "We are ready now." in own.get(page).text
    assert "We are ready now." not in other.get(f"{page}.json").text
    assert view(house, house.public(), page)["counts"] == []
    office = house.window(Role.OFFICE)
    adopt = "/acts/consultation-adopt?of=consultation-1"
    assert take(office, adopt).status_code == 403
    answer = {"to_dissent__ko": "장비가 들어온 뒤에 평가합니다."}
    assert take(office, adopt, **answer).headers["location"] == page
    assert "We are ready now." in other.get(page).text
    public = view(house, house.public(), page)
    assert [each["count"] for each in public["counts"]] == [1, 1, 0]
    assert public["replies"] == []
    assert public["history"] == []
    assert public["outcome"]["ko"] == answer["to_dissent__ko"]
    (then,) = view(house, office, page)["acts"]
    form = office.get(then["path"]).text
    assert "2026-01-05" in form
    assert 'value="consultation-1"' in form
    assert take(office, then["path"], **NOTICE).status_code == 303
    assert view(house, office)["versions"][0]["consultation"] == "consultation-1"


def test_a_team_that_was_not_asked_and_a_late_reply_are_refused(house: House) -> None:
    """Neither the page nor a form sent past it takes the reply."""
    page = asked(house, teams=TEAM)
    assert view(house, house.window(Role.TEAM, OTHER), page)["acts"] == []
    assert reply(house, OTHER, "consent") == 403
    house.clock.now += timedelta(days=7)
    assert reply(house, TEAM, "consent") == 403
    assert house.public().get("/schedule/consultations/nothing").status_code == 404
    office = house.window(Role.OFFICE, "o2")
    drop = "/acts/consultation-drop?of=consultation-1"
    assert take(office, drop, **WHY).status_code == 303
    assert view(house, house.public(), page)["is_adopted"] is False
