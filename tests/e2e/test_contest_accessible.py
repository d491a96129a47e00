"""The contest's pages on a phone, in both schemes, without scripts, without motion."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.e2e.contest_site import Site, Visitor, open_contest, open_example, serve

LEVELS = ["wcag2a", "wcag2aa", "wcag21aa"]
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An office whose contest is open."""
    with open_contest(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(scope="module")
def voter(site: Site) -> Visitor:
    """Somebody who registered and was let in."""
    found = Visitor(site, login="phone")
    found.register()
    assert found.begin().status_code == 303
    return found


def window(browser: Browser, voter: Visitor, **more: object) -> Page:
    """A browser window in which the voter is signed in."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        base_url=voter.site.address,
        **more,  # type: ignore[arg-type]
    )
    context.add_cookies(
        [
            {"name": name, "value": value, "url": voter.site.address}
            for name, value in voter.cookies.items()
        ]
    )
    return context.new_page()


@pytest.mark.parametrize(("language", "scheme"), [("ko", "light"), ("en", "dark")])
def test_every_page_fits_a_phone_and_is_accessible(
    site: Site, voter: Visitor, browser: Browser, language: str, scheme: str
) -> None:
    """WCAG A and AA by axe, and nothing wider than the window."""
    other = Visitor(site, login=f"new-{language}")
    other.register()
    rooms = {
        voter: (
            "/contest",
            "/contest/battle",
            "/contest/done",
            "/contest/participation",
        ),
        other: ("/contest/join", "/contest/rating"),
    }
    for visitor, paths in rooms.items():
        page = window(browser, visitor, color_scheme=scheme, reduced_motion="reduce")
        for path in paths:
            page.goto(f"{path}?lang={language}")
            for summary in page.locator("summary").all():
                summary.click()
            found = Axe().run(page, options={"runOnly": LEVELS})
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate(TOO_WIDE) <= 0, path
        page.context.close()


def test_without_scripts_both_answers_stand_and_the_buttons_work(
    voter: Visitor, browser: Browser
) -> None:
    """Nothing waits for a script; the button that needs one is not shown."""
    page = window(browser, voter, java_script_enabled=False, locale="ko-KR")
    page.goto("/contest/battle")
    for side in page.locator("[data-words]").all():
        assert side.is_visible()
    assert not page.get_by_text("답변 바로 모두 보기").is_visible()
    page.get_by_role("button", name="비슷하다").click()
    assert page.inner_text("h1") == "대결 2"
    page.context.close()


def test_without_motion_both_answers_stand_at_once(
    voter: Visitor, browser: Browser
) -> None:
    """Who asked the system for less motion is not shown letters that run."""
    page = window(browser, voter, reduced_motion="reduce", locale="ko-KR")
    page.goto("/contest/battle")
    assert page.locator(".ahead").count() == 0
    assert page.locator("[data-words]").first.is_visible()
    page.context.close()


def test_before_the_opening_the_pages_say_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """No error for who comes early, and no battle."""
    with (
        open_example(tmp_path_factory.mktemp("early")) as office,
        serve(office) as site,
    ):
        early = Visitor(site, login="early", language="en")
        assert "It is not open yet" in early.get("/contest").text
        early.register()
        assert early.get("/contest").status_code == 200
        assert early.get("/contest/participation.json").json()["participation"] is None
        assert early.get("/contest/battle").headers["location"] == "/contest/done"
        assert early.get("/contest/done").status_code == 403
        assert "no result yet" in early.get("/contest/rating").text
