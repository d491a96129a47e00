"""The office runs a user evaluation in a real browser, up to the stage's own run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dokja.people.values import Language, Role
from dokja.settings import read_settings
from dokja.web import make_app
from dokja.wiring.office import OfficeRequest, open_office
from tests.e2e.conftest import copy_examples, dokja
from tests.panel_room_fixture import NOW, PASSWORD, open_account
from tests.served_app import served_app, window_of

LEVELS = ["wcag2a", "wcag2aa", "wcag21aa"]
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Served:
    """An office that is served, and browsers that sign in to it."""

    address: str
    browser: Browser
    programme: Path

    def window(self, login: str) -> Page:
        """A new browser of somebody, signed in through the real page."""
        return window_of(self.browser, self.address, login, PASSWORD)


@pytest.fixture(scope="module")
def served(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The office of a copy of the example on a port of its own."""
    place = tmp_path_factory.mktemp("office")
    root = copy_examples(place) / "programme"
    request = OfficeRequest(programme=str(root), stage="stage-1", work=place / "work")
    settings = read_settings({"DOKJA_REQUESTS_PER_SECOND": "1000"})
    with open_office(request, settings=settings, clock=lambda: NOW) as office:
        english = partial(
            open_account, office, password=PASSWORD, language=Language.ENGLISH
        )
        english(Role.OFFICE)
        english(Role.EXPERT_USER, "u01")
        with served_app(make_app(office)) as address:
            yield Served(address, browser, root)


def check_page(page: Page) -> None:
    """WCAG A and AA by axe, and nothing wider than a phone."""
    found = Axe().run(page, options={"runOnly": LEVELS})
    assert found.violations_count == 0, found.generate_report()
    whole = page.viewport_size
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate(TOO_WIDE) <= 0, page.url
    page.set_viewport_size(whole)  # type: ignore[arg-type]


def take(page: Page, step: str, name: str) -> None:
    """A step of the office, through its link and its confirmation."""
    page.locator(f'a[href="/office/steps/{step}"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.locator("[name=confirmed]").check()
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()


def test_a_user_evaluation_from_opening_to_the_stages_files(served: Served) -> None:
    """Opened, rated blind with autosave, closed, written, and taken by a run."""
    office = served.window("office")
    office.goto("/office")
    check_page(office)
    office.goto("/office/trials")
    take(office, "users-open", "Open the user evaluation")
    user = served.window("u01")
    said: list[str] = []
    user.on("console", lambda message: said.append(message.text))
    user.goto("/trials")
    check_page(user)
    user.get_by_role("button", name="Begin").click()
    user.locator('a[href="/trials/B"]').click()
    user.locator('[name="answer-usefulness"][value="8"]').check(force=True)
    expect(user.locator("#saved")).to_contain_text("1/2")
    user.reload()
    expect(user.locator('[name="answer-usefulness"][value="8"]')).to_be_checked()
    user.get_by_role("button", name="Hand in").click()
    expect(user.get_by_role("alert").first).to_contain_text("Cost-efficiency")
    check_page(user)
    user.locator('[name="answer-efficiency"][value="4"]').check(force=True)
    user.get_by_role("button", name="Hand in").click()
    expect(user.locator(".card.done")).to_have_count(1)
    user.goto("/trials/B")
    expect(user.locator(".ballot")).to_contain_text("does not change")
    check_page(user)
    office.goto("/office/trials")
    expect(office.locator("tbody")).to_contain_text("1 / 5")
    check_page(office)
    take(office, "users-close", "Close the user evaluation")
    expect(office.locator("main")).to_contain_text("ballots.json")
    check_page(office)
    box = json.loads((served.programme / "stage-1/ballots.json").read_bytes())
    assert [b["answers"] for b in box["ballots"]] == [
        {"usefulness": 8, "efficiency": 4}
    ]
    out = served.programme.parent / "bundle"
    ran = dokja("stage", "run", served.programme, "stage-1", "--out", out, "--dry-run")
    assert ran.code == 0, ran.err
    assert [line for line in said if "422" not in line] == []


def test_the_offices_other_pages_can_be_used_by_everybody(served: Served) -> None:
    """Console, contest, export, who sees what and results, on a phone as well."""
    office = served.window("office")
    paths = ("/office/contest", "/office/export", "/rules/visibility", "/results")
    for path in (*paths, "/office/steps/contest-close"):
        office.goto(path)
        check_page(office)
