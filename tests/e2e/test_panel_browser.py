"""An expert at work in a real browser: saved, stopped by a conflict, handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dokja.people.values import Language, Role
from dokja.web import make_app
from tests.panel_room_fixture import PASSWORD, open_account, open_panel_office
from tests.served_app import served_app, window_of

LEVELS = ["wcag2a", "wcag2aa", "wcag21aa"]
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@dataclass(frozen=True)
class Served:
    """A panel that is served, and browsers that sign in to it."""

    address: str
    browser: Browser

    def window(self, login: str, *, scripts: bool = True) -> Page:
        """A new browser of somebody, signed in through the real page."""
        return window_of(self.browser, self.address, login, PASSWORD, scripts=scripts)


@pytest.fixture(scope="module")
def served(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The office of a panel on a port of its own."""
    with open_panel_office(tmp_path_factory.mktemp("panel")) as office:
        english = partial(
            open_account, office, password=PASSWORD, language=Language.ENGLISH
        )
        for expert in ("e01", "e02"):
            english(Role.EXPERT, expert)
        english(Role.OFFICE)
        with served_app(make_app(office)) as address:
            yield Served(address, browser)


def score(page: Page, criterion: str, points: int) -> None:
    """Chooses a score by its square."""
    page.locator(f'[name="scores.{criterion}"][value="{points}"]').check()


def check_page(page: Page) -> None:
    """WCAG A and AA by axe, and nothing wider than the window."""
    found = Axe().run(page, options={"runOnly": LEVELS})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(TOO_WIDE) <= 0, page.url


def test_an_expert_scores_and_hands_in(served: Served) -> None:
    """Saved while typing, there after a reload, stopped by what it lacks, frozen."""
    page = served.window("e01")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/panel/sangeuneul")
    score(page, "strategy", 7)
    page.locator('[name="comments.strategy"]').press_sequentially("a clear aim")
    expect(page.locator("#saved .when")).to_contain_text("saved 12:")
    page.reload()
    expect(page.locator('[name="scores.strategy"][value="7"]')).to_be_checked()
    expect(page.locator('[name="comments.strategy"]')).to_have_value("a clear aim")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("Technology")
    check_page(page)
    score(page, "technology", 5)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".notice.good")).to_contain_text("Handed in")
    page.get_by_text("Correct it").click()
    check_page(page)
    assert [line for line in said if "422" not in line] == []
    page.context.close()


def test_a_conflict_declared_in_mid_work_stops_the_open_window(served: Served) -> None:
    """Another team is closed from the start; the office sees both with reasons."""
    page = served.window("e01")
    page.goto("/panel/galbaramjae")
    score(page, "strategy", 3)
    expect(page.locator("#saved .when")).to_contain_text("saved 12:")
    other = page.context.new_page()
    other.goto("/panel/conflicts")
    check_page(other)
    other.get_by_role("link", name="Galbaramjae: declare").click()
    check_page(other)
    other.get_by_role("button", name="Declare the conflict").click()
    expect(other.locator("tr", has_text="Galbaramjae")).to_contain_text("declared")
    score(page, "strategy", 9)
    expect(page.locator("[data-saved]")).to_contain_text("Not saved")
    for path, reason in (
        ("/panel/galbaramjae", "Declared by the expert"),
        ("/panel/moraesinae/reading", "within the cooling-off"),
    ):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 403
        expect(page.locator("main")).to_contain_text(reason)
    page.context.close()

    office = served.window("office")
    office.goto("/office/panel")
    cells = office.locator("tbody tr", has_text="e01").locator(".cell")
    names = cells.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert names[1] == "handed in"
    assert names[2].startswith("recused: employment")
    assert names[3].startswith("recused: Declared by the expert")
    check_page(office)
    office.context.close()


def test_two_windows_never_overwrite_each_other(served: Served) -> None:
    """The older one is told while typing, and its text stays where it is."""
    first = served.window("e02")
    first.goto("/panel/dalyeoul")
    second = first.context.new_page()
    second.goto("/panel/dalyeoul")
    second.locator('[name="comments.strategy"]').press_sequentially("from the second")
    expect(second.locator("#saved .when")).to_contain_text("saved")
    first.locator('[name="comments.strategy"]').press_sequentially("from the first")
    expect(first.locator("#saved")).to_contain_text("Not saved")
    expect(first.locator('[name="comments.strategy"]')).to_have_value("from the first")
    first.get_by_role("button", name="Compare both texts").click()
    expect(first.locator("fieldset.clash")).to_contain_text("from the second")
    check_page(first)
    first.get_by_label("from the first").check()
    first.get_by_role("button", name="Save what I chose").click()
    expect(first.locator('[name="comments.strategy"]')).to_have_value("from the first")
    first.context.close()


def test_a_sheet_is_handed_in_without_javascript(served: Served) -> None:
    """A save button and a hand-in button are all it takes."""
    page = served.window("e02", scripts=False)
    page.goto("/panel/sangeuneul")
    score(page, "strategy", 4)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator('[name="scores.strategy"][value="4"]')).to_be_checked()
    score(page, "technology", 6)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".notice.good")).to_contain_text("Handed in")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_room_fits_a_phone_in_both_schemes(served: Served, scheme: str) -> None:
    """By axe at 390 px, Korean in the light and English in the dark."""
    page = served.window("e02")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    language = "ko" if scheme == "light" else "en"
    for path in (
        "/panel",
        "/panel/cheotnunmaeul",
        "/panel/cheotnunmaeul/reading",
        "/panel/cheotnunmaeul/concern",
    ):
        page.goto(f"{path}?lang={language}")
        check_page(page)
    page.context.close()
