"""The promise register through its pages: entered, measured, judged, changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dokja.people.values import Role
from tests.contract.filled_forms import old_form, take
from tests.contract.house import House, opened_house
from tests.contract.office_site import Browser

SOURCE = {"source__publisher": "A paper", "source__on": "2026-02-01"}
TEN_MILLION = 'measure = "count"\nat_least = 10_000_000\nunit = "people"'


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An office with two promises on record."""
    with opened_house(tmp_path) as found:
        assert register(found, "users", TEN_MILLION) == 303
        assert register(found, "omni", 'measure = "judged"') == 303
        yield found


def register(house: House, name: str, rule: str) -> int:
    """Status of entering a promise."""
    answer = take(
        house.window(Role.OFFICE),
        "/acts/commitment-register",
        id=name,
        team="dalyeoul",
        text__ko="서비스를 엽니다",
        target__ko="천만 명",
        target__en="ten million people",
        rule=rule,
        reporter="team",
        due="2026-04-30",
        **SOURCE,
    )
    return answer.status_code


def view(house: House, name: str, browser: Browser | None = None) -> Any:
    """What the page of a promise shows."""
    return house.view(browser or house.public(), f"/commitments/{name}")


def measured(house: House, value: str, low: str = "", high: str = "") -> int:
    """Status of a measurement put on record by hand; its row names the figure."""
    figures = {
        "figures__0__value": value,
        "figures__0__n": value,
        "figures__0__method": "reported",
        "figures__0__source": "quarterly report",
        "figures__0__low": low,
        "figures__0__high": high,
    }
    path = "/acts/commitment-measure?of=users"
    office = house.window(Role.OFFICE)
    return take(office, path, by="team", **figures).status_code


def test_a_figure_decides_only_with_its_whole_interval(house: House) -> None:
    """Held by the interval the target leaves it open; the public reads n and source."""
    assert measured(house, "9500000", "9e6", "11e6") == 303
    (figure,) = view(house, "users")["findings"]
    assert figure["met"] is None
    assert (figure["n"], figure["source"]) == (9_500_000, "quarterly report")
    assert figure["interval"] == "9,000,000 ~ 11,000,000"
    assert measured(house, "12000000") == 303
    found = view(house, "users")
    assert found["status"]["en"] == "met"
    assert len(found["measurements"]) == 2
    assert {row["by"] for row in found["history"]} == {""}
    text = house.public().get("/commitments/users", params={"lang": "en"}).text
    assert "ten million people" in text
    assert "/acts/" not in text


def test_past_its_day_with_nothing_found_it_is_undetermined(house: House) -> None:
    """Never missed for want of a report; the office has it on its list."""
    house.clock.now += timedelta(days=90)
    found = view(house, "users")
    assert (found["status"]["en"], found["tone"]) == ("undetermined", "care")
    office = house.window(Role.OFFICE, "later")
    agenda: Any = house.view(office, "/commitments")["agenda"]
    assert [item["standing"] for item in agenda] == ["overdue", "overdue"]
    assert (
        "settle commitment users" in office.get("/office", params={"lang": "en"}).text
    )


def test_a_figure_left_empty_is_refused_and_nothing_is_made_up(house: House) -> None:
    """The form begins with the rule's figures and no number in them."""
    office = house.window(Role.OFFICE)
    form = office.get("/acts/commitment-measure?of=users").text
    assert 'value="count" selected' in form
    assert measured(house, "") == 422
    assert measured(house, "many") == 422
    assert view(house, "users")["measurements"] == []


def test_a_promise_no_number_settles_is_judged_by_somebody(house: House) -> None:
    """No choice stands there beforehand; what is measured is not judged."""
    office = house.window(Role.OFFICE)
    path = "/acts/commitment-judge?of=omni"
    form = office.get(path).text
    assert 'value="kept" selected' not in form
    said = {"reason__ko": "확인함", "by": "outsider", **SOURCE}
    assert take(office, path, **said).status_code == 422
    assert take(office, path, kept="not_kept", **said).status_code == 303
    assert view(house, "omni")["status"]["en"] == "due"
    assert take(office, path, kept="kept", **said).status_code == 303
    assert view(house, "omni")["status"]["en"] == "met"
    wrong = "/acts/commitment-judge?of=users"
    assert take(office, wrong, kept="kept", **said).status_code == 403


def test_a_change_begins_with_what_stands_and_meets_a_conflict(house: House) -> None:
    """The first words stay; taken back, nothing more is done with it."""
    office, other = house.window(Role.OFFICE), house.window(Role.OFFICE, "o2")
    path = "/acts/commitment-amend?of=users"
    form = office.get(path).text
    assert "ten million people" in form
    assert "at_least = 10000000" in form
    old = old_form(other, path)
    change = {
        "text__ko": "서비스를 엽니다",
        "target__ko": "오백만 명",
        "reason__ko": "팀이 알림",
        "rule": TEN_MILLION.replace("10_", "5_"),
    }
    assert take(office, path, **change, **SOURCE).status_code == 303
    sent = {n.replace("__", "."): v for n, v in {**change, **SOURCE}.items()}
    assert other.post("/acts/commitment-amend", old | sent).status_code == 409
    found = view(house, "users", office)
    assert (found["amended"], found["target"]["ko"]) == (1, "오백만 명")
    back = "/acts/commitment-withdraw?of=users"
    assert take(office, back, reason__ko="팀이 거둠", **SOURCE).status_code == 303
    assert view(house, "users", office)["acts"] == []
    assert house.public().get("/commitments/nothing").status_code == 404
