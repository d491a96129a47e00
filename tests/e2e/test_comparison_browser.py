"""The page of a comparison in a real browser: languages, phone, schemes, contrast."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dokja.lineage import LineageReport, shipped_rules
from dokja.report import render_comparison
from tests.comparison_fixture import REPRODUCTION, every_verdict, large

TOO_WIDE = """() => document.documentElement.scrollWidth - window.innerWidth"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .map(e => Number(e.tagName[1]))"""
FAINT = """() => {
  const light = c => c.map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const parts = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parts(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility({visibilityProperty: true})) continue;
    if (e.closest(".cells, title, desc, script")) continue;
    const style = getComputedStyle(e);
    const ink = parts(e.closest("svg") ? style.fill : style.color).slice(0, 3);
    const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(e.outerHTML.slice(0, 120));
  }
  return faint;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Six components as a file on disk, opened as a reader opens it."""
    return _saved(tmp_path_factory.mktemp("comparison"), every_verdict())


def _saved(folder: Path, report: LineageReport) -> str:
    path = folder / "page.html"
    text = render_comparison(report, rules=shipped_rules(), reproduction=REPRODUCTION)
    path.write_text(text, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(params=["light", "dark"])
def page(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The page, once in each scheme."""
    context = browser.new_context(color_scheme=request.param, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def test_the_page_opens_without_a_complaint_or_a_request(
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
def test_both_languages_are_there_with_and_without_scripts(
    browser: Browser, address: str, *, scripted: bool
) -> None:
    """A committee reads Korean, an engineer abroad English."""
    context = browser.new_context(java_script_enabled=scripted, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    verdict = page.locator(".ruling-word")
    assert verdict.inner_text() == "Identical"
    page.locator("label[for=language-ko]").click()
    assert verdict.inner_text() == "동일"
    assert "No evidence" not in page.locator("#decision").inner_text()
    context.close()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_wider_than_a_phone(
    browser: Browser, address: str, language: str
) -> None:
    """360 px is the narrowest phone in wide use; details count when open too."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, locale="en-GB")
    page.goto(address)
    page.locator(f"label[for=language-{language}]").click()
    page.evaluate(OPEN_ALL)
    assert page.evaluate(TOO_WIDE) <= 0
    page.close()


def test_a_map_of_96_layers_fits_a_phone_and_stays_square(
    browser: Browser, tmp_path: Path
) -> None:
    """The map shrinks as a whole; a cell must not become a stripe."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, locale="en-GB")
    page.goto(_saved(tmp_path, large()))
    assert page.evaluate(TOO_WIDE) <= 0
    box = page.locator(".cells").first.bounding_box()
    assert box
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert 200 < box["width"] < 360
    page.close()


def test_all_text_stands_out_from_its_ground(page: Page) -> None:
    """4.5 to 1 is what WCAG AA asks of small text, in both schemes."""
    page.evaluate(OPEN_ALL)
    assert page.evaluate(FAINT) == []


def test_axis_numbers_stand_beside_their_rows(page: Page) -> None:
    """A number beside the wrong row would name the wrong layer."""
    lattice = page.locator("#component-2 .lattice").first
    number = lattice.locator(".axis-y text").nth(6)
    row = lattice.locator(".cells g").nth(6)
    assert number.inner_html() == "6"
    beside, cells = number.bounding_box(), row.bounding_box()
    assert beside
    assert cells
    middle = beside["y"] + beside["height"] / 2
    assert middle == pytest.approx(cells["y"] + cells["height"] / 2, abs=3)


def test_headings_have_an_order(page: Page) -> None:
    """A screen reader moves by headings."""
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_the_page_prints(browser: Browser, address: str) -> None:
    """Verdicts are filed on paper."""
    page = browser.new_page()
    page.goto(address)
    assert page.pdf(print_background=True).startswith(b"%PDF-")
    page.close()
