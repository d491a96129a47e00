"""The experts' room through its pages, as a browser without JavaScript sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from httpx2 import Response

from dokja.evidence.values import Act
from dokja.lineage import shipped_rules
from dokja.people import open_session
from dokja.people.values import Account, Role, SessionRules
from dokja.stage import read_stage
from dokja.web import make_app
from dokja.wiring.office import Office
from dokja.wiring.panel_room import open_panel_room
from dokja.wiring.programmes import find_programme
from tests.comparison_fixture import every_verdict
from tests.contract.office_site import Browser, field
from tests.panel_room_fixture import NOW, open_account, open_panel_office

SESSION = "__Host-dokja-session"
ENGLISH = {"lang": "en"}
DRAFT = {"scores.strategy": "7", "comments.strategy": "a clear aim"}
WHOLE = {**DRAFT, "scores.technology": "5"}
HTMX = {"hx-request": "true"}


class Site:
    """An office with its people, each with a browser that is signed in."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._app = make_app(office)
        self._accounts: dict[str, Account] = {}

    def browser(self, who: str) -> Browser:
        """A new window of somebody: an expert's pseudonym, or a role."""
        if who not in self._accounts:
            role = Role(who) if who in {*Role} else Role.EXPERT
            subject = who if role is Role.EXPERT else ""
            self._accounts[who] = open_account(self.office, role, subject)
        browser = Browser(self.office, app=self._app)
        token = open_session(
            self.office.desk, self._accounts[who], now=NOW, rules=SessionRules()
        )
        browser.hold(SESSION, token)
        return browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A panel of one round, without an anchor submission."""
    with open_panel_office(tmp_path) as office:
        yield Site(office)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same, for tests after which nothing may have changed."""
    with open_panel_office(tmp_path_factory.mktemp("quiet")) as office:
        yield Site(office)


@pytest.fixture
def long_site(tmp_path: Path) -> Iterator[Site]:
    """A panel with an anchor submission and a discussion."""
    with open_panel_office(tmp_path, calibration=True, discussion=True) as office:
        yield Site(office)


def view(browser: Browser, path: str) -> dict[str, object]:
    """The JSON twin of a page."""
    found: dict[str, object] = json.loads(browser.get(f"{path}.json").text)
    return found


def fill(browser: Browser, path: str, **more: str) -> Response:
    """The answer to a whole sheet that is handed in."""
    fields = {**WHOLE, "version": "0", "do": "hand_in", **more}
    return browser.send(path.partition("?")[0], path.partition("?")[0], **fields)


def test_the_desk_shows_tasks_and_the_reason_of_a_recusal(quiet: Site) -> None:
    """An expert must not have to guess why a team is missing."""
    text = quiet.browser("e01").get("/panel", params=ENGLISH).text
    assert "employment (ended, within the cooling-off), then membership" in text
    assert "Recused" in text
    assert "Sangeuneul" in text


def test_a_draft_is_kept_as_it_was_typed(site: Site) -> None:
    """Saving takes whatever is there, whole or not, and a reload shows it."""
    browser = site.browser("e01")
    path = "/panel/sangeuneul"
    answer = browser.send(path, path, **DRAFT, version="0", do="save")
    assert answer.status_code == 303
    text = browser.get(path).text
    assert 'value="7" checked' in text
    assert "a clear aim" in text
    assert field(text, "version") == "1"


def test_autosave_answers_with_the_next_version(site: Site) -> None:
    """Htmx swaps the state of saving only; what is being typed stays untouched."""
    browser = site.browser("e01")
    path = "/panel/sangeuneul"
    csrf = field(browser.get(path).text, "csrf")
    fields = {**DRAFT, "csrf": csrf, "version": "0"}
    answer = browser.post(path, fields, headers=HTMX)
    assert field(answer.text, "version") == "1"
    assert "<textarea" not in answer.text


def test_the_older_window_is_told_and_loses_nothing(site: Site) -> None:
    """Both texts are shown, none is chosen, and the kept one stays as it was."""
    first, second = site.browser("e01"), site.browser("e01")
    path = "/panel/sangeuneul"
    second.send(path, path, **DRAFT, version="0", do="save")
    csrf = field(first.get(path).text, "csrf")
    mine = {"csrf": csrf, "version": "0", "comments.strategy": "mine", "do": "save"}
    answer = first.post(path, mine)
    assert answer.status_code == 409
    assert 'value="mine" required' in answer.text
    assert 'value="a clear aim" required' in answer.text
    assert "checked" not in answer.text
    assert "a clear aim" in second.get(path).text
    note = first.post(path, mine, headers=HTMX)
    assert field(note.text, "version") == "0"
    chosen = mine | {"version": field(answer.text, "version")}
    assert first.post(path, chosen).status_code == 303
    assert "mine" in second.get(path).text


def test_problems_stand_at_their_fields(site: Site) -> None:
    """Nothing is handed in, and what was typed is still there."""
    browser = site.browser("e01")
    path = "/panel/sangeuneul"
    fields = {"scores.strategy": "11", "version": "0", "do": "hand_in"}
    answer = browser.send(path, path, **fields)
    assert answer.status_code == 422
    assert 'href="#criterion-strategy"' in answer.text
    assert 'href="#criterion-technology"' in answer.text
    assert site.office.store.acts.of_kind("example", "stage-1", "sheet_handed_in") == ()


def test_a_sheet_is_handed_in_and_corrected_with_a_reason(site: Site) -> None:
    """What was handed in stays beside every correction."""
    browser = site.browser("e01")
    path = "/panel/sangeuneul"
    assert fill(browser, path).status_code == 303
    lacking = browser.send(path, f"{path}/correction", **WHOLE)
    assert lacking.status_code == 422
    changed = {**WHOLE, "scores.strategy": "9", "reason": "misread the annex"}
    assert browser.send(path, f"{path}/correction", **changed).status_code == 303
    entry = view(browser, path)["entries"][0]  # type: ignore[index]
    assert (entry["first"], entry["score"]) == (7, 9)
    assert "misread the annex" in browser.get(path).text


@pytest.mark.parametrize(
    "path",
    [
        "/panel/moraesinae",
        "/panel/moraesinae.json",
        "/panel/moraesinae?round=before",
        "/panel/moraesinae/reading",
        "/panel/moraesinae/reading.json",
        "/panel/moraesinae/report.pdf",
        "/panel/moraesinae/concern",
        "/panel/moraesinae/concern.json",
    ],
)
def test_a_recused_expert_is_kept_out_of_every_page(quiet: Site, path: str) -> None:
    """With the reason, whichever way they come."""
    answer = quiet.browser("e01").get(path, params=ENGLISH)
    assert answer.status_code == 403
    assert "recused" in answer.text
    assert "within the cooling-off" in answer.text


@pytest.mark.parametrize("act", ["", "/correction", "/concern"])
def test_a_recused_expert_is_kept_out_of_every_act(quiet: Site, act: str) -> None:
    """A form that was open before counts no more than a forged one."""
    browser = quiet.browser("e01")
    path = f"/panel/moraesinae{act}"
    fields = {**WHOLE, "version": "0", "about": "x", "text": "y", "reason": "z"}
    answer = browser.send("/panel/sangeuneul", path, **fields)
    assert answer.status_code == 403
    assert "회피 대상" in answer.text
    assert quiet.office.store.acts.tally("example", "stage-1") == {}
    assert quiet.office.store.drafts.of("account-e01") == ()


def test_a_conflict_declared_in_mid_work_closes_the_team_at_once(site: Site) -> None:
    """Its effect is shown first; the open window can save nothing afterwards."""
    browser = site.browser("e01")
    path = "/panel/sangeuneul"
    fill(browser, path)
    effect = view(browser, "/panel/conflicts/sangeuneul")
    assert (effect["handed_in"], effect["left"]) == (1, 2)
    declared = browser.send(
        "/panel/conflicts/sangeuneul", "/panel/conflicts/sangeuneul"
    )
    assert declared.status_code == 303
    assert browser.get(path).status_code == 403
    cards = view(browser, "/panel")["cards"]
    (card,) = (one for one in cards if one["team"] == "sangeuneul")  # type: ignore[attr-defined]
    assert card["sheets"][0]["left_out"]
    assert open_panel_room(site.office).changed() != ()


def test_nobody_sees_the_sheet_of_another_expert(site: Site) -> None:
    """Addresses name teams only; no page of an expert holds another one's words."""
    fill(site.browser("e01"), "/panel/sangeuneul", **{"comments.strategy": "secret"})
    for path in ("/panel", "/panel/sangeuneul", "/panel/conflicts"):
        for ending in ("", ".json"):
            assert "secret" not in site.browser("e02").get(path + ending).text
    office = site.browser("office").get("/office/panel").text
    assert "secret" not in office


@pytest.mark.parametrize("who", ["office", "auditor", "voter", "team"])
def test_only_experts_have_a_desk(quiet: Site, who: str) -> None:
    """The office runs the panel and scores nobody."""
    assert quiet.browser(who).get("/panel").status_code == 403
    assert quiet.browser(who).get("/panel/sangeuneul").status_code == 403


def test_a_stranger_with_an_experts_account_is_told(quiet: Site) -> None:
    """Appointed elsewhere is not on this panel."""
    answer = quiet.browser("e99").get("/panel")
    assert answer.status_code == 403
    assert "이 평가단의 위원이 아닙니다" in answer.text


def test_the_reading_room_shows_a_hostile_report_as_text(quiet: Site) -> None:
    """The report is somebody else's: nothing in it is markup here."""
    text = quiet.browser("e02").get("/panel/dalyeoul/reading").text
    assert "<script>document.title" not in text
    assert "&lt;script&gt;document.title" in text
    assert quiet.browser("auditor").get("/panel/dalyeoul/reading").status_code == 200


def test_lineage_appears_once_it_was_measured(site: Site) -> None:
    """With reference, share, interval and reason; of this team only."""
    browser = site.browser("e02")
    path = "/panel/dalyeoul/reading"
    assert "아직 하지 않았습니다" in browser.get(path).text
    measured = msgspec.structs.replace(every_verdict(), candidate="dalyeoul")
    act = Act(
        programme="example",
        stage="stage-1",
        kind="lineage_compared",
        subject=f"dalyeoul/{measured.reference}",
        at=NOW.isoformat(),
        body=msgspec.to_builtins(measured),
    )
    site.office.store.acts.append([act])
    rows = view(browser, path)["lineage"]
    assert [row["verdict"] for row in rows] == [  # type: ignore[attr-defined]
        part.verdict for part in measured.components
    ]
    assert measured.components[0].reason.ko in browser.get(path).text
    other = browser.get("/panel/moraesinae/reading").text
    assert "이 팀의 계보는 측정하지 않았습니다" in other


def test_a_concern_goes_to_the_gate_and_into_no_score(site: Site) -> None:
    """The panel's sheets are the same bytes with and without it."""
    browser = site.browser("e01")
    fill(browser, "/panel/sangeuneul")
    before = open_panel_room(site.office).office().status().panel.sheets
    path = "/panel/sangeuneul/concern"
    lacking = browser.send(path, path, about="", text="")
    assert lacking.status_code == 422
    browser.send(path, path, about="embeddings", text="rows look copied")
    panel = open_panel_room(site.office).office().status().panel
    assert panel.sheets == before
    assert panel.concerns[0].concern.about == "embeddings"
    assert "rows look copied" not in site.browser("e02").get(path).text


def test_the_anchor_comes_first_and_discussion_keeps_both(long_site: Site) -> None:
    """Before the anchor nothing opens; before and after are shown together."""
    office = long_site.browser("office")
    browsers = {e: long_site.browser(e) for e in ("e01", "e02")}
    for browser in browsers.values():
        early = browser.get("/panel/sangeuneul", params=ENGLISH)
        assert "anchor submission first" in early.text
        assert fill(browser, "/panel/calibration").status_code == 303
        assert fill(browser, "/panel/sangeuneul", round="before").status_code == 303
    opened = office.send("/office/panel", "/office/panel/discussion", team="sangeuneul")
    assert opened.status_code == 303
    browser = browsers["e01"]
    sheet = browser.get("/panel/sangeuneul", params={"round": "after"}).text
    assert "Before: 7" in sheet
    changed = {**WHOLE, "scores.strategy": "8"}
    fill(browser, "/panel/sangeuneul", round="after", **changed)
    (entry, _) = json.loads(
        browser.get("/panel/sangeuneul.json", params={"round": "after"}).text
    )["entries"]
    assert (entry["before"], entry["score"]) == (7, 8)


def test_closing_writes_the_panel_that_the_stage_takes(site: Site) -> None:
    """Below the quorum only with a reason; `read_stage` takes the file."""
    fill(site.browser("e01"), "/panel/sangeuneul")
    office = site.browser("office")
    refused = office.send("/office/panel", "/office/panel/close")
    assert refused.status_code == 403
    path = "/office/panel/close"
    assert office.send("/office/panel", path, reason="a trial").status_code == 303
    programme = find_programme(site.office.request.programme)
    inputs = read_stage(programme.stage_texts("stage-1"), lineage_rules=shipped_rules())
    (sheet,) = inputs.panel.sheets
    assert (sheet.expert, sheet.team, sheet.scores["strategy"]) == (
        "e01",
        "sangeuneul",
        7,
    )
    assert site.browser("e02").get("/panel/dalyeoul").status_code == 403
    again = office.send("/office/panel", path, reason="")
    assert again.status_code == 303


def test_agreement_is_shown_after_closing_only(site: Site) -> None:
    """Nobody steers a panel by a half-filled one."""
    office, room = site.browser("office"), open_panel_room(site.office)
    desk = room.desk("account-of-a-test")
    for place, name in enumerate(room.office().status().missing):
        scores = {"strategy": 3 + place % 5, "technology": 4 + place % 3}
        desk.save_draft(name, {"scores": scores}, version=0)
        assert desk.hand_in(name, at=NOW.isoformat()).problems == ()
    working = view(office, "/office/panel")["working"]
    assert (working["agreement"], working["needed"]) == (None, 10)  # type: ignore[index]
    assert office.send("/office/panel", "/office/panel/close").status_code == 303
    report = view(office, "/office/panel")["working"]["agreement"]["report"]  # type: ignore[index]
    assert len(report["teams"]) == 5
    assert "일치도 α" in office.get("/office/panel").text


def test_the_office_freezes_an_assignment_unless_the_register_lags(site: Site) -> None:
    """A declared conflict first goes into the register, whose digest it names."""
    office, path = site.browser("office"), "/office/panel/assignment"
    assert office.send("/office/panel", path).status_code == 303
    assert open_panel_room(site.office).is_frozen
    site.browser("e01").send(
        "/panel/conflicts/sangeuneul", "/panel/conflicts/sangeuneul"
    )
    assert office.send("/office/panel", path).status_code == 403
    shown = office.get("/office/panel").text
    assert "team = &#34;sangeuneul&#34;" in shown


def test_an_auditor_looks_and_does_not_touch(quiet: Site) -> None:
    """The matrix without a button, and no act."""
    auditor = quiet.browser("auditor")
    page = auditor.get("/office/panel")
    assert page.status_code == 200
    assert 'action="/office/panel/close"' not in page.text
    csrf = field(auditor.get("/office/panel").text, "csrf")
    assert auditor.post("/office/panel/close", {"csrf": csrf}).status_code == 403
