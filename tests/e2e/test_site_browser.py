"""The site in a real browser: it verifies as published and in no other form."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from dokja.report.site import render_site
from tests.e2e.conftest import ROOT, Ran, dokja
from tests.site_fixture import SIGNER, indexed_publication

KEY = (ROOT / "examples" / "programme" / "office.pub").read_text(encoding="utf-8")
RESULTS = """() => Object.fromEntries([...document.querySelectorAll(".check")]
  .map(row => [row.id.slice(6), row.dataset.result]))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .map(e => Number(e.tagName[1]))"""
DONE = ("files", "record", "signature-page", "totals", "ranks", "log")
NO_ED25519 = """() => {
  const given = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (form, key, kind, ...rest) => kind.name === "Ed25519"
    ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"))
    : given(form, key, kind, ...rest);
}"""
NO_WEBCRYPTO = """() => Object.defineProperty(crypto, "subtle", { value: undefined })"""
CORRECTION = """
date = "2026-03-20"
claim = "component.dalyeoul.nia"
wrong = { ko = "안내문의 문항 수가 틀림", en = "A leaflet gave another n." }
right = { ko = "문항 수는 300", en = "n is 300." }
why = { ko = "초안을 옮겨 적음", en = "Copied from a draft." }
found_by = { ko = "독자", en = "a reader" }
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: a test's output is about the test."""


@pytest.fixture(scope="module")
def folder(demo: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the demonstration's bundle, with one correction."""
    place, (bundle, _) = tmp_path_factory.mktemp("site"), demo
    (place / "entry.toml").write_text(CORRECTION, encoding="utf-8")
    log = place / "corrections.toml"
    entry = place / "entry.toml"
    ran = dokja("bundle", "correct", bundle, entry, "--log", log, "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["corrections"][0]["number"] == 1
    out = place / "site"
    ran = dokja("bundle", "site", bundle, "--out", out, "--corrections", log)
    assert ran.code == 0, ran.err
    assert re.match(r"\d+ claims, 1 corrections, \d+ files", ran.out)
    return out


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    """The address of a plain web server over the folder."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(_Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser that remembers nothing."""
    context = browser.new_context(locale="en-GB")
    yield context
    context.close()


def _verified(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address + "verify.html")
    page.wait_for_selector("html[data-checked]", state="attached")
    return page


def _word(page: Page) -> str | None:
    return page.locator("#result").get_attribute("data-result")


def _paste(page: Page, key: str) -> None:
    page.fill("#key", key)
    page.click("#use-key")
    page.wait_for_selector("html[data-checked]", state="attached")


def test_as_published_everything_passes_and_nothing_is_asked_of_others(
    context: BrowserContext, served: str
) -> None:
    """The reader's key is what turns consistent into verified."""
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served + "verify.html")
    page.wait_for_selector("html[data-checked=served]", state="attached")
    found = page.evaluate(RESULTS)
    assert {found[name] for name in (*DONE, "cards", "pages")} == {"pass"}
    assert (found["signature-own"], found["derivation"]) == ("not_run", "not_run")
    assert _word(page) == "untrusted"
    _paste(page, KEY)
    assert _word(page) == "verified"
    _paste(page, SIGNER.verifier.raw.hex())
    assert _word(page) == "failed"
    assert "not signed by this key" in page.inner_text("#check-signature-own")
    assert said == []
    assert all(address.startswith(served) for address in asked)


def test_from_disk_the_copy_is_checked_and_then_the_folder(
    context: BrowserContext, folder: Path
) -> None:
    """A page on disk cannot read its neighbours until the reader hands them over."""
    page = _verified(context, folder.as_uri() + "/")
    found = page.evaluate(RESULTS)
    assert {found[name] for name in DONE} == {"pass"}
    assert (found["cards"], found["pages"]) == ("not_run", "not_run")
    assert "the copy inside this page" in page.inner_text("#source")
    _paste(page, KEY)
    assert page.inner_text("#result-word") == "Copy verified"
    page.set_input_files("#folder", folder)
    page.wait_for_selector("html[data-checked=folder]", state="attached")
    found = page.evaluate(RESULTS)
    assert {found[name] for name in (*DONE, "cards", "pages")} == {"pass"}


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


# Of each case the files with what stands up to the byte that is flipped, and
# what the page has to say of it, check by check.
STANDING = "bundle/acts/*standing_computed*"
ENVELOPE = "bundle/bundle.sig.json"
TOTAL_CARD = "claims/total.dalyeoul.html"
RANK_CARD = "claims/rank.dalyeoul.html"
GATE_CARD = "claims/decision.galbaramjae.html"
TAMPERED: dict[str, tuple[tuple[tuple[str, bytes], ...], dict[str, str]]] = {
    "a total": (((STANDING, rb'"total":"\d+\.\d\d'),), {"totals": "dalyeoul: "}),
    "a rank": (((STANDING, b'"rank":1'),), {"ranks": "dalyeoul: 0 (1)"}),
    "the contents": (
        (("bundle/bundle.json", b'"made_by'),),
        {"signature-page": "bundle.json not what was signed"},
    ),
    "the signature": (
        ((ENVELOPE, rb'"sig":"\w'),),
        {"signature-page": "bundle.sig.json"},
    ),
    "the key id": (
        ((ENVELOPE, b'"keyid":"sha256:'),),
        {"signature-page": "bundle.sig.json altered"},
    ),
    "a correction": (
        (("corrections.json", b'"n is 300'),),
        {"log": "corrections.json altered", "pages": "corrections.json altered"},
    ),
    "many files": (
        (
            ("bundle/acts/*benchmark_run-dalyeoul*", b'"item":"'),
            ("bundle/rulebook.toml", b"points = 40"),
            ("bundle/report.html", b"<title>"),
            (TOTAL_CARD, rb'data-shown="text">\d'),
            (RANK_CARD, b'value="1'),
            (GATE_CARD, b"<blockquote><p>"),
        ),
        {
            "files": "rulebook.toml altered",
            "cards": f"{TOTAL_CARD} not what the record says",
            "pages": f"{GATE_CARD} altered",
        },
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_one_changed_byte_fails_and_is_named(
    context: BrowserContext, folder: Path, served: str, case: str
) -> None:
    """Whatever is changed, the reader learns which file."""
    changes, wanted = TAMPERED[case]
    before: dict[Path, bytes] = {}
    for pattern, until in changes:
        path = next(folder.glob(pattern))
        before[path] = path.read_bytes()
        found = re.search(until, before[path])
        assert found, until
        path.write_bytes(_flipped(before[path], found.end() - 1))
    try:
        page = _verified(context, served)
    finally:
        for path, data in before.items():
            path.write_bytes(data)
    assert _word(page) == "failed"
    results = page.evaluate(RESULTS)
    for check, said in wanted.items():
        assert results[check] == "fail"
        assert said in page.inner_text(f"#check-{check}")
    problems = page.locator(".problems").all_inner_texts()
    for path in before:
        name = path.relative_to(folder).as_posix().removeprefix("bundle/")
        assert any(name in text for text in problems), problems


def test_rounded_figures_are_compared_as_they_are_shown(
    context: BrowserContext, tmp_path: Path
) -> None:
    """Statistics are not printed to the last bit; a wrong digit still shows."""
    for path, data in render_site(indexed_publication()).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    page = _verified(context, tmp_path.as_uri() + "/")
    page.set_input_files("#folder", tmp_path)
    page.wait_for_selector("html[data-checked=folder]", state="attached")
    assert page.evaluate(RESULTS)["cards"] == "pass"
    card = tmp_path / "claims" / "index.t1.measured.frontier.html"
    html = card.read_bytes()
    found = re.search(rb'data-shown="rounded" data-scale="1">\d\d\.\d\d', html)
    assert found
    card.write_bytes(_flipped(html, found.end() - 1))
    page.set_input_files("#folder", tmp_path)
    page.wait_for_selector("html[data-checked=folder]", state="attached")
    assert "measured.frontier.html not what" in page.inner_text("#check-cards")


def test_missing_and_extra_files_are_named(
    context: BrowserContext, folder: Path, tmp_path: Path
) -> None:
    """An act that is left out is as false as one that is changed."""
    copy = Path(shutil.copytree(folder / "bundle", tmp_path / "bundle"))
    (copy / "acts" / "9999-extra.json").write_text("{}", encoding="utf-8")
    gone = next((copy / "acts").glob("*ballots_closed*"))
    gone.unlink()
    page = _verified(context, folder.as_uri() + "/")
    page.set_input_files("#folder", copy)
    page.wait_for_selector("html[data-checked=folder]", state="attached")
    said = page.inner_text("#check-files")
    assert f"acts/{gone.name} missing" in said
    assert "acts/9999-extra.json not listed" in said
    assert page.evaluate(RESULTS)["record"] == "fail"


@pytest.mark.parametrize(
    ("without", "reason", "rows"),
    [
        (NO_ED25519, "has no Ed25519", ("signature-page", "signature-own")),
        (NO_WEBCRYPTO, "WebCrypto is not available", (*DONE, "cards")),
    ],
)
def test_what_a_browser_cannot_do_is_never_passed(
    browser: Browser, folder: Path, without: str, reason: str, rows: tuple[str, ...]
) -> None:
    """A check that was not made is `not_run`, with the reason."""
    context = browser.new_context(locale="en-GB")
    context.add_init_script(f"({without})()")
    page = _verified(context, folder.as_uri() + "/")
    page.fill("#key", KEY)
    page.click("#use-key")
    found = page.evaluate(RESULTS)
    assert {found[name] for name in rows} == {"not_run"}
    assert reason in page.inner_text(f"#check-{rows[0]}")
    assert _word(page) == "inconclusive"
    context.close()


PAGES = (
    "index.html",
    "verify.html",
    "corrections.html",
    "claims/component.dalyeoul.nia.html",
    "claims/lineage.galbaramjae.vision_encoder.naru-open-1.html",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_phone(
    browser: Browser, folder: Path, scheme: str
) -> None:
    """WCAG A and AA by axe, in each scheme and language, at 360 px."""
    language = {"light": "ko", "dark": "en"}[scheme]
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        locale={"ko": "ko-KR", "en": "en-GB"}[language],
        viewport={"width": 360, "height": 800},
    )
    page, axe = context.new_page(), Axe()
    for name in PAGES:
        page.goto(f"{folder.as_uri()}/{name}")
        if name == "verify.html":
            page.wait_for_selector("html[data-checked]", state="attached")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
        assert page.evaluate(TOO_WIDE) <= 0, name
        assert page.locator("html").get_attribute("lang") == language
        found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
        assert found.violations_count == 0, found.generate_report()
        levels = page.evaluate(HEADINGS)
        assert levels.count(1) == 1, name
        assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == [], name
    context.close()


def test_a_reader_goes_from_the_front_to_a_card_by_keyboard(
    context: BrowserContext, served: str
) -> None:
    """The chosen language comes along; the reply stands on the card."""
    page = context.new_page()
    page.goto(served + "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#language-en").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#front-title").inner_text() == "1차 단계평가"
    page.locator("a[href='claims/decision.galbaramjae.html']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/decision.galbaramjae.html")
    assert page.locator("html").get_attribute("lang") == "ko"
    assert "비전 인코더는 언제든" in page.locator(".beside").inner_text()
    page.locator("a[href='../verify.html']").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-checked]", state="attached")
    assert "내용은 일치함" in page.inner_text("#result")


def test_cards_are_read_without_scripts_and_print(
    browser: Browser, folder: Path
) -> None:
    """A card may be filed on paper, and read where scripts are off."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{folder.as_uri()}/claims/total.dalyeoul.html")
    page.locator("label[for=language-ko]").click()
    assert page.locator("#said").inner_text().startswith("달여울의 총점은")
    page.goto(f"{folder.as_uri()}/verify.html")
    assert "Nothing checked yet" in page.inner_text("#result")
    context.close()
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{folder.as_uri()}/claims/total.dalyeoul.html")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    page.emulate_media(media="print")
    assert not page.locator(".ways").is_visible()
    assert page.locator(".claim-value").is_visible()
    context.close()
