"""Every page of every role, in both languages: accessible, inert, and narrow enough."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from benchmarks.web.prepared import prepare
from dokja.contest.values import Choice
from dokja.people import Invited, invite
from dokja.people.values import Role
from dokja.web import make_app
from dokja.wiring.contest_closing import settle
from dokja.wiring.office import Office
from tests.contract.crawl import answers, reached, routes_of
from tests.contract.held_call import hold_call
from tests.contract.held_programme import hold_programme
from tests.contract.held_support import hold_support
from tests.contract.house import decide
from tests.contract.office_site import Browser, copied_programme, open_site
from tests.contract.seats import everybody
from tests.served_app import served_app

MANY = {"DOKJA_REQUESTS_PER_SECOND": "1000000"}
VOTERS, BATTLES = 12, 10
CHOICES = tuple(Choice)
LANGUAGES = ("ko", "en")
WIDTH, NARROW = 1100, 360
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
ONLY_CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
SHAPE = """() => {
    const told = new Set(["class", "role", "type", "scope", "fill", "stroke",
        "aria-hidden", "aria-live", "aria-current", "aria-labelledby"]);
    const value = a => a.name === "lang" ? ""
        : told.has(a.name) ? a.value.replace(/\\d+/g, "")
        : a.value.trim() ? "given" : "";
    const shape = e => {
        const given = [...e.attributes].map(a => `${a.name}=${value(a)}`).sort();
        const says = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        const inner = new Map();
        for (const child of e.children) {
            const found = shape(child);
            inner.set(found, inner.has(found) ? "many" : "one");
        }
        const all = [...inner].map(([found, times]) => times + found).sort().join("");
        return `<${e.tagName} ${given.join(" ")} ${says}>${all}</>`;
    };
    return shape(document.documentElement);
}"""
"""A page without its words, numbers and repeated rows: what axe judges it by."""
_MOMENT = re.compile(r'<time datetime="([^"]+)"')
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_OWN = re.compile(r'name="(?:csrf|ticket)" value="[^"]+"')
STARTS = ("/", "/me", "/signin", "/register", "/contest/join", "/contest/battle")
NO_PAGE = frozenset(
    {
        "/contest/picture/{name}",
        "/contest/votes.csv",
        "/disclosures/{name}/published",
        "/panel/{team}/report.pdf",
        "/record/{name}/{path:path}",
        "/signin/with/{provider}",
        "/signin/with/{provider}/back",
        "/trials/picture/{name}",
    }
)
"""Files, and ways out of the site."""
NOT_HERE = frozenset({"/panel/calibration", "/record/{name}"})
"""The example has neither an anchor to calibrate on nor a published record."""
BEFORE = ("/contest/join",)
AFTERWARDS = ("/contest", "/contest/rating", "/contest/done")


@dataclass(frozen=True)
class Served:
    """The office behind a real server, and who is signed in there."""

    office: Office
    address: str
    app: Any
    seats: Mapping[Role, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all; the contest is open."""
    place = tmp_path_factory.mktemp("accessible")
    programme = copied_programme(place)
    with open_site(place / "office", MANY, programme=programme) as office:
        assert office.keeper is not None
        assert office.trials is not None
        prepare(office, VOTERS)
        office.trials.open()
        office.trials.admit("u01", employers=())
        hold_call(office)
        hold_programme(office)
        hold_support(office)
        decide(office, vacancies=1, until=f"{office.now().date()}")
        app = make_app(office)
        seats = everybody(office)
        with served_app(app) as address:
            yield Served(office, address, app, seats)


def invitation_to(office: Office) -> str:
    """The address of an open invitation."""
    (first,) = (a for a in office.desk.people.accounts() if a.role is Role.OFFICE)
    invited = Invited(role=Role.AUDITOR)
    _, token = invite(office.desk, first, invited, now=office.now())
    return f"/invitation/{token}"


def let_in(office: Office) -> None:
    """Every voter, on to the battles."""
    assert office.keeper is not None
    for account in office.desk.people.voter_accounts(office.contest):
        office.keeper.admit(account)


def vote_and_settle(office: Office) -> None:
    """The contest, voted in by a few, closed and rated."""
    keeper = office.keeper
    assert keeper is not None
    for account in office.desk.people.voter_accounts(office.contest)[:VOTERS]:
        for turn_of in range(BATTLES):
            turn = keeper.turn(account)
            assert turn.shown is not None
            choice = CHOICES[(turn_of + len(turn.ticket)) % len(CHOICES)]
            keeper.vote(account, turn.shown.number, choice, ticket=turn.ticket)
    settle(keeper, why="a test")


def addresses(
    served: Served, role: Role, starts: Sequence[str], known: set[str]
) -> dict[str, str]:
    """A page of each shape the role can reach, unless another was shown the same."""
    visitor = Browser(served.office, app=served.app, site=served.address)
    if served.seats[role]:
        visitor.hold("dokja-session", served.seats[role])
    shapes: dict[str, str] = {}
    for address, read in sorted(reached(visitor, *starts).items()):
        path = address.partition("?")[0]
        main = read.text.partition("<main")[2].partition("</main>")[0]
        main = _OWN.sub("", main)
        if path == "/" or main not in known:
            shapes.setdefault(shape_of(served, path), address)
        known.add(main)
    return shapes


def shape_of(served: Served, path: str) -> str:
    """The route that answers to a path."""
    for route in routes_of(served.app.router):
        if answers(route, "GET") and route.path_regex.fullmatch(path):
            return str(route.path)
    return path


def signed_in(chromium: Chromium, served: Served, role: Role) -> BrowserContext:
    """A browser of the role, as wide as a small laptop's."""
    context = chromium.new_context(viewport={"width": WIDTH, "height": 800})
    if served.seats[role]:
        context.add_cookies(
            [
                {
                    "name": "dokja-session",
                    "value": served.seats[role],
                    "url": served.address,
                }
            ]
        )
    return context


def problems(page: Page, rules: Mapping[str, Any]) -> list[str]:
    """What axe finds, each with its first place."""
    found = Axe().run(page, options=dict(rules)).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]


def test_every_page_of_every_role(browser: Chromium, served: Served) -> None:
    """axe, contrast in the dark, a phone's width, a quiet console, no stranger."""
    wrong: list[str] = []
    seen: set[str] = set()
    shown: set[str] = set()
    looked_at: set[str] = set()
    judged = Judged()
    wrong += _of_role(browser, served, Role.VOTER, BEFORE, judged)
    let_in(served.office)
    invited = {Role.PUBLIC: (invitation_to(served.office),)}
    for role in Role:
        starts = (*STARTS, *invited.get(role, ()))
        found = addresses(served, role, starts, looked_at)
        seen |= set(found)
        shown |= {
            f"{role} {address} {lang}"
            for address in found.values()
            for lang in LANGUAGES
        }
        wrong += _of_role(browser, served, role, found.values(), judged)
    vote_and_settle(served.office)
    wrong += _of_role(browser, served, Role.VOTER, AFTERWARDS, judged)
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert shown <= judged.pages.keys()
    missing = _pages(served) - seen - {*BEFORE, *AFTERWARDS} - NO_PAGE - NOT_HERE
    assert not missing, f"no role was shown {sorted(missing)}"


@dataclass
class Judged:
    """What axe has found of each shape of page, and which pages have which."""

    found: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def problems(self, page: Page, name: str) -> tuple[str, ...]:
        """What axe finds in light and in dark, which it is asked once a shape."""
        shape = hashlib.sha256(page.evaluate(SHAPE).encode()).hexdigest()
        self.pages[name] = shape
        if shape not in self.found:
            light = problems(page, RULES)
            page.emulate_media(color_scheme="dark")
            dark = problems(page, ONLY_CONTRAST)
            page.emulate_media(color_scheme="light")
            self.found[shape] = (*light, *(f"dark {p}" for p in dark))
        return self.found[shape]


def _of_role(
    browser: Chromium,
    served: Served,
    role: Role,
    pages: Iterable[str],
    judged: Judged,
) -> list[str]:
    """What is wrong with these pages, as the role sees them."""
    wrong: list[str] = []
    context = signed_in(browser, served, role)
    page = context.new_page()
    _listen(page, served, wrong)
    for address in pages:
        for language in LANGUAGES:
            page.set_viewport_size({"width": WIDTH, "height": 800})
            page.goto(f"{served.address}{address}{_asked(address)}lang={language}")
            name = f"{role} {address} {language}"
            found = (*judged.problems(page, name), *_of_page(page, language))
            wrong += [f"{name} {problem}" for problem in found]
        wrong += [f"{role} {address} {p}" for p in _twin_of(page, served, address)]
    context.close()
    return wrong


def _listen(page: Page, served: Served, wrong: list[str]) -> None:
    """What the page says to the console, and whom it asks."""

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((served.address, "data:")):
            wrong.append(f"request to {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", asked)


def _of_page(page: Page, language: str) -> Iterator[str]:
    if page.get_attribute("html", "lang") != language:
        yield f"is not in {language}"
    page.set_viewport_size({"width": NARROW, "height": 800})
    if (over := page.evaluate(TOO_WIDE)) > 0:
        yield f"is {over} px too wide for a phone"


def _asked(address: str) -> str:
    """What joins one more parameter to the address."""
    return "&" if "?" in address else "?"


def _twin_of(page: Page, served: Served, address: str) -> Iterator[str]:
    """What differs between the page and its JSON: every time and digest is in both."""
    link = page.get_attribute("footer a[href*='.json']", "href")
    path, _, asked = address.partition("?")
    twin = "/index.json" if path == "/" else f"{path}.json"
    twin += f"?{asked}" if asked else ""
    if unquote(link or "") != unquote(twin):
        yield f"links to {link} as its JSON"
    answer = page.request.get(served.address + twin, max_redirects=0)
    if answer.status != 200:
        yield f"has a twin that answers {answer.status}"
        return
    facts = answer.text()
    shown = page.inner_html("main")
    told = {moment[:16] for moment in _MOMENT.findall(shown)}
    told |= set(_DIGEST.findall(page.inner_text("main")))
    yield from (f"says {fact}, its twin does not" for fact in told if fact not in facts)


def _pages(served: Served) -> set[str]:
    """Every address at which somebody is shown a page."""
    return {
        str(route.path)
        for route in routes_of(served.app.router)
        if answers(route, "GET") and not str(route.path).endswith(".json")
    }
