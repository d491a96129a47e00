"""An office walks its programme in a real browser, from a call to the next stage.

A call, a selection, a division of GPUs, a decision, an objection and a revival, each
through the pages and by their own links. What applicants and teams hand in comes
through the same pages without a browser, which the contract tests try in full.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dokja.call.state import CALL
from dokja.call.values import CallKind
from dokja.decision.after.vacancy import VACANCY
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.toml_text import toml_of, toml_values
from dokja.people.values import Role
from dokja.support.gpu.book import BOOK
from dokja.web.acts import begun_with
from dokja.web.calls.asked import NewCall
from dokja.web.calls.words import DRAFT_WORDS, PROPOSAL_WORDS
from dokja.wiring.after_decision import desk_of_office
from tests.call_fixture import call_text, lineage_report, proposal
from tests.contract.filled_forms import act
from tests.contract.house import Clock, House, opened_house
from tests.contract.office_site import Browser as Visitor
from tests.e2e.conftest import Ran
from tests.served_app import served_app

SESSION = "dokja-session"
OFFICER, REVIEWER = "officer-1", "officer-2"
PANEL = {
    "register": toml_of(
        {"experts": ["e1", "e2", "e3"], "organisations": [], "teams": [], "ties": []}
    ),
    "seats.0.expert": "e1",
    "seats.1.expert": "e2",
    "seats.2.expert": "e3",
}
VOTES = "\n".join(
    f'[[votes]]\nexpert = "e{n}"\napplication = "{{0}}"\nin_favour = true'
    for n in (1, 2, 3)
)
OBJECTS = "galbaramjae"
SILENT = ("dalyeoul", "sangeuneul", "moraesinae", "cheotnunmaeul")
"""Teams that declare not to object."""


@dataclass
class Walk:
    """The office's window, and the office behind it."""

    house: House
    page: Page
    address: str

    def move(self, to: str) -> None:
        """It is that moment now; everybody has signed in again."""
        self.house.move(to)
        self._sign_in()

    def _sign_in(self) -> None:
        self.house.window(Role.OFFICE, OFFICER)
        token = self.house.windows[OFFICER].cookies[f"__Host-{SESSION}"]
        cookie = {"name": SESSION, "value": token, "url": self.address}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def open(self, path: str) -> None:
        """The page of that address."""
        self.page.goto(f"{self.address}{path}")

    def handed_in(
        self, window: Visitor, name: str, of: str, fields: Mapping[str, str]
    ) -> None:
        """What somebody else hands in, through the same form."""
        answer = act(window, name, of, **fields)
        assert answer.status_code == 303, answer.text

    def view(self, path: str) -> Any:
        """The JSON twin of a page, as the office gets it."""
        return self.house.view(self.house.windows[OFFICER], path)

    def take(self, name: str, fields: Mapping[str, str] = MappingProxyType({})) -> None:
        """An act, by its link on the page that is open, filled in and confirmed."""
        self.begin(name)
        self.finish(fields)

    def begin(self, name: str) -> None:
        """The form of an act, by its link on the page that is open."""
        link = self.page.locator(f'a[href="/acts/{name}"], a[href^="/acts/{name}?"]')
        link.first.click()
        assert f"/acts/{name}" in self.page.url, self.page.url

    def finish(self, fields: Mapping[str, str]) -> None:
        """Fills in the form that is open and confirms it."""
        page = self.page
        for name, value in fields.items():
            self._fill(name, value)
        look = page.locator('button[value="look"]:not([formnovalidate])')
        if look.count():
            look.click()
        page.locator("[name=confirmed]").check()
        page.locator("button.seal").click()
        refused = page.locator('.notice.stop[role="alert"]')
        assert not refused.count(), refused.first.inner_text()
        left_out = page.locator("main form :invalid")
        assert not left_out.count(), left_out.evaluate_all(
            "all => all.map(e => e.name)"
        )

    def _fill(self, name: str, value: str) -> None:
        place = self.page.locator(f'main form [name="{name}"]')
        if not place.count():
            more = f'button[name=more][value="{rows_of(name)}"]'
            self.page.locator(more).click()
        if place.get_attribute("type") == "hidden":
            return
        if place.evaluate("each => each.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)


def rows_of(name: str) -> str:
    """The field whose row the name belongs to: what stands before its number."""
    parts = name.split(".")
    return ".".join(parts[: next(n for n, part in enumerate(parts) if part.isdigit())])


@pytest.fixture(scope="module")
def walk(
    browser: Browser, demo: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    """An office on a copy of the example in December 2025, nothing decided yet."""
    place = tmp_path_factory.mktemp("walk")
    clock = Clock()
    with opened_house(place, clock=clock) as house:
        context = browser.new_context(locale="en-GB")
        context.set_default_timeout(10_000)
        with served_app(house.app) as address:
            walk = Walk(house, context.new_page(), address)
            walk.move("2025-11-03T09:00:00+09:00")
            yield walk


def applied(walk: Walk, call: str, bidder: str) -> None:
    """The applicant writes its application and hands it in, by its own pages."""
    window = walk.house.window(Role.TEAM, bidder)
    begun = begun_with(proposal(f"{bidder} Labs"), PROPOSAL_WORDS, zone=None)
    file = {"files.0.name": "plan.pdf", "files.0.digest": "sha256:00"}
    submitted = {**file, "files.0.bytes": "10"}
    walk.handed_in(window, "own-application-draft", call, begun)
    walk.handed_in(window, "own-application-submit", f"{call}/{bidder}", submitted)


def admitted(walk: Walk, bid: str) -> None:
    """The office looks at an application's work and finds it eligible."""
    walk.open(f"/calls/{bid}")
    report = canonical_bytes(lineage_report("open-base-1", "no_evidence")).decode()
    cited = {"entry": "model-1", "report": report, "holder": "Lab"}
    walk.take("application-cite", cited)
    for entry in ("model-1", "code-1", "people-1"):
        found = {"entry": entry, "result": "pass", "detail.ko": "확인함"}
        walk.take("application-check", found)
    walk.take("application-eligibility")


def reviewed(walk: Walk, call: str, act: str, **more: str) -> None:
    """The panel's sheets are filled in as the open form holds them."""
    walk.begin(act)
    held = walk.page.locator('[name="panel"]').input_value()
    panel = toml_values(held)
    for sheet in panel["sheets"]:
        sheet["scores"] = dict.fromkeys(sheet["scores"], 40)
    walk.finish({"panel": toml_of(panel), **more})


def hold(walk: Walk, call: str, month: str, bidder: str, kind: CallKind) -> None:
    """A call with one bid, from its draft to an agreement that is signed."""
    here, bid = f"/calls/{call}", f"{call}/{bidder}"
    revives = kind is CallKind.REVIVAL
    text = call_text(
        kind=kind,
        slots=1,
        shortlist=2,
        opens=f"{month}-05T09:00:00+09:00",
        closes=f"{month}-20T16:00:00+09:00",
    )
    walk.move(f"{month}-03T09:00:00+09:00")
    walk.open("/calls")
    zone = walk.house.office.now().tzinfo
    walk.take(
        "call-draft", begun_with(NewCall(id=call, text=text), DRAFT_WORDS, zone=zone)
    )
    walk.open(here)
    walk.take("call-open-revival" if revives else "call-open")
    walk.move(f"{month}-06T09:00:00+09:00")
    applied(walk, call, bidder)
    walk.move(f"{month}-20T17:00:00+09:00")
    walk.open(here)
    walk.take("call-close")
    admitted(walk, bid)
    walk.open(here)
    walk.take("call-panel", PANEL)
    walk.take("call-screen")
    reviewed(walk, call, "call-shortlist")
    walk.take("call-panel", PANEL)
    walk.open(f"/calls/{bid}")
    walk.take("application-present")
    walk.open(here)
    votes = {"votes": VOTES.format(bidder)} if revives else {}
    reviewed(walk, call, "call-decide", **votes)
    assert walk.view(here)["call"]["phase"] == "selected"
    walk.open(f"/calls/{bid}")
    walk.take("agreement-draft")
    walk.take("agreement-sign", {"document": "sha256:01"})
    walk.take("agreement-begin")
    walk.open(here)
    walk.take("call-close-out-revival" if revives else "call-close-out")


def divide(walk: Walk) -> None:
    """A pool is registered and tested; an allocation is shown, then promised."""
    walk.open("/support")
    pool = {
        "pool.id": "pool-a",
        "pool.supplier": "cloud-a",
        "pool.gpu_type": "B200",
        "pool.count": "64",
        "pool.basis": "lease",
        "pool.window.begins": "2026-01-01T00:00",
        "pool.window.ends": "2026-03-01T00:00",
        "pool.promised.measure": "tokens/s",
        "pool.promised.value": "1000",
        "pool.source.name": "contract 7",
        "pool.source.on": "2025-12-01",
    }
    walk.take("pool-register", pool)
    walk.take("allocate", {"id": "2026-h1"})


def objected(walk: Walk) -> None:
    """A team objects; the office hears it, somebody else answers; it becomes final."""
    house = walk.house
    sent = {"about": "gate", "text": "We initialised the encoder ourselves."}
    team = house.window(Role.TEAM, OBJECTS)
    assert team.send("/team", "/team/objection", **sent).status_code == 303
    reviewer = house.window(Role.OFFICE, REVIEWER)
    walk.open("/decisions")
    walk.take("objection-admit", {"reviewers": REVIEWER})
    reason = {
        "reason.ko": "기록과 다릅니다.",
        "reason.en": "The record says otherwise.",
    }
    walk.handed_in(reviewer, "objection-dismiss", f"{OBJECTS}/001", reason)
    for name in SILENT:
        walk.handed_in(house.window(Role.TEAM, name), "objection-waive", "", {})
    walk.open("/decisions")
    walk.take("decision-confirm")


def test_the_whole_way(walk: Walk, demo: tuple[Path, Ran]) -> None:
    """From the first call to the teams of the next stage."""
    hold(walk, "c-2025", "2025-11", "a01", CallKind.INITIAL)
    walk.move("2025-12-29T09:00:00+09:00")
    divide(walk)
    shelf = walk.house.office.request.work / "published"
    shutil.copytree(demo[0], shelf / "stage-1")
    walk.move("2026-03-13T12:00:00+09:00")
    objected(walk)
    hold(walk, "r-2026", "2026-04", "b01", CallKind.REVIVAL)
    assert walk.view("/decisions")["next_teams"] == [
        *("b01", "dalyeoul", "moraesinae", "sangeuneul"),
    ]
    walk.open("/office")
    expect(walk.page.locator("main")).to_contain_text("b01 의무")
    desk = desk_of_office(walk.house.office)
    kinds = (CALL, BOOK, VACANCY)
    acts = [act for kind in kinds for act in desk.of_kind(kind)]
    mandates = [act.body["mandate"] for act in acts]
    assert all(each["at"] and each["clause"] for each in mandates)
    assert {each["by"] for each in mandates} == {OFFICER}
