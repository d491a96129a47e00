"""Indices and target of a report in a real browser: phone, dark, no complaint."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dokja.report import render_stage_report
from tests.index_fixture import indexed_stage

TOO_WIDE = """() => document.documentElement.scrollWidth - window.innerWidth"""
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a simulated stage with every index and a target."""
    path: Path = tmp_path_factory.mktemp("indices") / "report.html"
    path.write_text(render_stage_report(indexed_stage().run()), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize(("language", "said"), [("ko", "측정"), ("en", "Measured")])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_section_fits_in_both_languages(
    browser: Browser, address: str, width: int, language: str, said: str
) -> None:
    """Open details count; the second style sheet is admitted by the page's policy."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address)
    page.locator(f"label[for=language-{language}]").click()
    page.evaluate(OPEN)
    assert page.evaluate(TOO_WIDE) <= 0
    assert page.locator("#indices").inner_text().startswith(said)
    assert page.locator(".target-team svg.chart").count() == 5
    dashed = "getComputedStyle(document.querySelector('.unofficial')).borderTopStyle"
    assert page.evaluate(dashed) == "dashed"
    assert complaints == []
    page.close()


def test_marks_of_the_dark_page_differ_from_its_ground(
    browser: Browser, address: str
) -> None:
    """A mark nobody sees says nothing."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for mark in (".mark", ".whisker", ".least"):
        style = "fill" if mark == ".mark" else "stroke"
        drawn = page.evaluate(
            "([mark, style]) => getComputedStyle(document.querySelector("
            "'article[aria-labelledby=target-name] ' + mark))[style]",
            [mark, style],
        )
        assert drawn not in (ground, "none")
    context.close()
