"""The pages of runs in a real browser: languages, phone, schemes, keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from dokja.report import render_run, render_run_pair
from tests.e2e.test_comparison_browser import FAINT, HEADINGS, OPEN_ALL, TOO_WIDE
from tests.run_pages_fixture import REPRODUCTION, every_scoring, hostile, pair

PAGES = ("run", "hostile", "pair")
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each page as a file on disk, opened as a reader opens it."""
    folder, found = tmp_path_factory.mktemp("runs"), {}
    runs, suites = pair()
    texts = {
        "run": render_run(*every_scoring(), reproduction=REPRODUCTION),
        "hostile": render_run(*hostile(), reproduction=REPRODUCTION),
        "pair": render_run_pair(runs, suites, reproduction=REPRODUCTION),
    }
    for name, text in texts.items():
        path: Path = folder / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        found[name] = path.as_uri()
    return found


@pytest.fixture
def page(browser: Browser, addresses: dict[str, str]) -> Iterator[Page]:
    """The page of a run without scripts: nothing on it may need one."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(addresses["run"])
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_opens_without_a_complaint_or_a_request(
    browser: Browser, addresses: dict[str, str], name: str
) -> None:
    """A page that asks for anything else is not self-contained."""
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(addresses[name], wait_until="networkidle")
    assert said == []
    assert asked == [addresses[name]]
    page.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_wider_than_a_phone(
    browser: Browser, addresses: dict[str, str], name: str, language: str
) -> None:
    """360 px is the narrowest phone in wide use; a word of 80,000 letters as well."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, locale="en-GB")
    page.goto(addresses[name])
    page.locator(f"label[for=language-{language}]").click()
    page.evaluate(OPEN_ALL)
    assert page.evaluate(TOO_WIDE) <= 0
    page.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_text_stands_out_from_its_ground(
    browser: Browser, addresses: dict[str, str], name: str, scheme: Scheme
) -> None:
    """4.5 to 1 is what WCAG AA asks of small text, in both schemes."""
    context = browser.new_context(color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    page.goto(addresses[name])
    page.evaluate(OPEN_ALL)
    assert page.evaluate(FAINT) == []
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_headings_have_an_order(
    browser: Browser, addresses: dict[str, str], name: str
) -> None:
    """A screen reader moves by headings."""
    page = browser.new_page()
    page.goto(addresses[name])
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []
    page.close()


def test_items_are_filtered_without_scripts(page: Page) -> None:
    """The wrong answers are what most readers come for."""
    section = page.locator("#suite-1")
    everything = section.locator(".item:visible").count()
    page.locator("label[for=suite-1-wrong]").click()
    wrong = section.locator(".item:visible").count()
    assert 0 < wrong < everything == 24
    assert section.locator(".item-right:visible").count() == 0
    page.locator("label[for=suite-1-all]").click()
    assert section.locator(".item:visible").count() == everything


def test_an_item_opens_from_the_keyboard(page: Page) -> None:
    """Not everyone has a pointer."""
    item = page.locator("#suite-3 .item").first
    assert not item.locator(".prompt").is_visible()
    item.locator("summary").focus()
    page.keyboard.press("Enter")
    assert item.locator(".prompt").is_visible()
    assert "0 + 0 = ?" in item.locator(".prompt").inner_text()


def test_a_link_from_the_unscored_opens_its_item(
    browser: Browser, addresses: dict[str, str]
) -> None:
    """The reason leads to the question in one step."""
    page = browser.new_page()
    page.goto(addresses["run"])
    page.locator("#suite-2 table a").first.click()
    assert page.locator("#suite-2 .item .prompt").first.is_visible()
    page.close()


@pytest.mark.parametrize("scripted", [True, False])
def test_both_languages_are_there_and_answers_stay(
    browser: Browser, addresses: dict[str, str], *, scripted: bool
) -> None:
    """An item in Korean is not hidden from those who read English."""
    context = browser.new_context(java_script_enabled=scripted, locale="en-GB")
    page = context.new_page()
    page.goto(addresses["pair"])
    page.locator("#suite-1 summary").first.click()
    for language, words in (("en", "right answer"), ("ko", "정답")):
        page.locator(f"label[for=language-{language}]").click()
        first = page.locator("#suite-1 .item").first.inner_text()
        assert words in first
        assert "지어낸 물음" in first
    assert "right answer" not in page.locator("#suite-1 .item").first.inner_text()
    context.close()


def test_both_answers_stand_beside_each_other_and_below_on_a_phone(
    browser: Browser, addresses: dict[str, str]
) -> None:
    """Side by side is what the page is for; a phone has no room for it."""
    for width, is_beside in ((1280, True), (360, False)):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(addresses["pair"])
        page.evaluate(OPEN_ALL)
        sides = page.locator("#suite-2 .beside").first.locator(".beside-side")
        left, right = sides.nth(0).bounding_box(), sides.nth(1).bounding_box()
        assert left
        assert right
        assert (left["y"] == pytest.approx(right["y"], abs=2)) is is_beside
        page.close()


def test_the_pages_print(browser: Browser, addresses: dict[str, str]) -> None:
    """Results are filed on paper."""
    page = browser.new_page()
    page.goto(addresses["pair"])
    assert page.pdf(print_background=True).startswith(b"%PDF-")
    page.close()
