"""The report in a real browser: languages, phone, paper, no request."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dokja.report import render_stage_report
from tests.report_fixture import stage_record

UNNAMED = """() => [...document.querySelectorAll("a, button, input, summary, [role]")]
  .filter(e => {
    const label = e.labels && e.labels.length ? e.labels[0].textContent : "";
    const by = (e.getAttribute("aria-labelledby") || "").split(" ")
      .map(id => document.getElementById(id)?.textContent || "").join("");
    const name = e.getAttribute("aria-label") || by || label || e.textContent;
    return !name.trim();
  }).map(e => e.outerHTML)"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .map(e => Number(e.tagName[1]))"""
TOO_WIDE = """() => document.documentElement.scrollWidth - window.innerWidth"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report as a file on disk, opened as a reader opens it."""
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_stage_report(stage_record()), encoding="utf-8")
    return path.as_uri()


def _open(browser: Browser, address: str, *, width: int = 1280) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, locale="en-GB")
    page.goto(address)
    return page


def test_the_report_opens_without_a_complaint_or_a_request(
    browser: Browser, address: str
) -> None:
    """A page that asks for anything else is not self-contained."""
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert said == []
    assert asked == [address]
    page.close()


@pytest.mark.parametrize("scripted", [True, False])
def test_the_switch_changes_the_language_with_and_without_scripts(
    browser: Browser, address: str, *, scripted: bool
) -> None:
    """Half of the readers read the other language."""
    context = browser.new_context(java_script_enabled=scripted, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    title = page.locator("#decision-title")
    assert title.inner_text() == "Result of the first stage"
    page.locator("label[for=language-ko]").click()
    assert title.inner_text() == "1단계 평가 결과"
    assert "Standings" not in page.locator("#standings").inner_text()
    assert page.locator("html").get_attribute("lang") == ("ko" if scripted else "en")
    context.close()


def test_a_korean_browser_meets_korean(browser: Browser, address: str) -> None:
    """The programme is Korean; its readers should not have to switch."""
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(address)
    assert page.locator("#decision-title").inner_text() == "1단계 평가 결과"
    context.close()


def test_the_switch_works_from_the_keyboard(browser: Browser, address: str) -> None:
    """Not everyone has a pointer."""
    page = _open(browser, address)
    page.locator("#language-en").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#decision-title").inner_text() == "1단계 평가 결과"
    page.close()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_wider_than_a_phone(
    browser: Browser, address: str, language: str
) -> None:
    """360 px is the narrowest phone in wide use; details count when open too."""
    page = _open(browser, address, width=360)
    page.locator(f"label[for=language-{language}]").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate(TOO_WIDE) <= 0
    page.close()


def test_the_report_prints_on_several_pages(browser: Browser, address: str) -> None:
    """Decisions are filed on paper."""
    page = _open(browser, address)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page\n") > 5
    page.emulate_media(media="print")
    assert not page.locator(".contents").is_visible()
    page.close()


def test_controls_have_names_and_headings_have_an_order(
    browser: Browser, address: str
) -> None:
    """A screen reader moves by names and headings."""
    page = _open(browser, address)
    assert page.evaluate(UNNAMED) == []
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    assert jumps == []
    page.close()


def test_dark_and_light_follow_the_reader(browser: Browser, address: str) -> None:
    """The page takes the scheme of the reader's system."""
    grounds = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert grounds == ["rgb(252, 251, 248)", "rgb(20, 22, 26)"]
