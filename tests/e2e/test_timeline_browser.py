"""The page of the whole programme in a real browser, as the command writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser

from dokja.cli.replay import replay

TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on disk."""
    file = tmp_path_factory.mktemp("timeline") / "k-ai.html"
    done = CliRunner().invoke(replay, ["k-ai", "--html", str(file), "--json"])
    assert done.exit_code == 0, done.output
    return file


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("ko", 1280, "light"), ("en", 390, "dark")]
)
def test_the_page_is_inert_accessible_and_narrow_enough(
    browser: Browser, page: Path, language: str, width: int, scheme: str
) -> None:
    """It asks for nothing, says nothing, and fits a desk and a phone."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    opened = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(page.as_uri(), wait_until="networkidle")
    opened.evaluate("id => document.getElementById(id).click()", f"language-{language}")
    assert (said, asked) == ([], [page.as_uri()])
    assert opened.evaluate(TOO_WIDE) <= 0
    found = Axe().run(opened, options=RULES).response["violations"]
    assert [violation["id"] for violation in found] == []
    context.close()


def test_a_page_that_is_there_is_kept(page: Path) -> None:
    """Nobody loses a page by a slip; a stage by itself has none."""
    before = page.read_bytes()
    again = CliRunner().invoke(replay, ["k-ai", "--html", str(page)])
    assert again.exception is not None
    assert page.read_bytes() == before
    alone = CliRunner().invoke(replay, ["k-ai-stage-1", "--html", str(page)])
    assert alone.exit_code == 2
    assert "has no page" in alone.output
