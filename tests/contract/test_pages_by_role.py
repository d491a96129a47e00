"""Who gets which page: every route, every role. A new page without a line fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx2 import Response

from dokja.people import Permission, open_session
from dokja.people.permissions import Reach, reach
from dokja.people.values import Role, SessionRules
from dokja.web.app import ROOMS, make_app
from tests.contract.office_site import Browser, open_site
from tests.panel_room_fixture import open_account

OPEN = None
"""Everybody gets it."""
SIGNED_IN = Permission.KEEP_OWN_DATA

ROUTES: dict[str, Permission | None] = {
    "/": OPEN,
    "/rules": OPEN,
    "/rules/visibility": OPEN,
    "/results": OPEN,
    "/record/{name}": OPEN,
    "/record/{name}/{path}": OPEN,
    "/signin": OPEN,
    "/signout": OPEN,
    "/signin/with/{provider}": OPEN,
    "/signin/with/{provider}/back": OPEN,
    "/register": OPEN,
    "/invitation/{token}": OPEN,
    "/contest": OPEN,
    "/contest/participation": OPEN,
    "/contest/rating": OPEN,
    "/contest/votes.csv": OPEN,
    "/contest/join": Permission.VOTE,
    "/contest/battle": Permission.VOTE,
    "/contest/battle/{number}": Permission.VOTE,
    "/contest/done": Permission.VOTE,
    "/contest/picture/{name}": Permission.VOTE,
    "/trials": Permission.RATE_MODELS,
    "/trials/begin": Permission.RATE_MODELS,
    "/trials/picture/{name}": Permission.RATE_MODELS,
    "/trials/{label}": Permission.RATE_MODELS,
    "/team": Permission.SEE_SUBMISSION,
    "/team/reply": Permission.REPLY,
    "/team/objection": Permission.OBJECT,
    "/office": Permission.SEE_OPERATIONS,
    "/office/contest": Permission.SEE_OPERATIONS,
    "/office/trials": Permission.SEE_OPERATIONS,
    "/office/export": Permission.RUN_CONTEST,
    "/office/steps/{step}": Permission.RUN_CONTEST,
    "/office/people": Permission.MANAGE_ACCOUNTS,
    "/office/people/invite": Permission.INVITE,
    "/office/people/withdraw": Permission.INVITE,
    "/office/people/suspend": Permission.MANAGE_ACCOUNTS,
    "/office/people/resume": Permission.MANAGE_ACCOUNTS,
    "/office/panel": Permission.SEE_OPERATIONS,
    "/office/panel/discussion": Permission.RUN_PANEL,
    "/office/panel/assignment": Permission.RUN_PANEL,
    "/office/panel/close": Permission.RUN_PANEL,
    "/calls": OPEN,
    "/calls/{call}": OPEN,
    "/calls/{call}/{application}": Permission.SEE_SUBMISSION,
    "/decisions": OPEN,
    "/disclosures": OPEN,
    "/disclosures/{name}/published": OPEN,
    "/team/scores": Permission.ACT_FOR_TEAM,
    "/allegations": OPEN,
    "/allegations/{name}": OPEN,
    "/commitments": OPEN,
    "/commitments/{name}": OPEN,
    "/schedule": OPEN,
    "/schedule/consultations/{name}": OPEN,
    "/acts/{act}": Permission.RUN_PROGRAMME,
    "/support": OPEN,
    "/support/pools/{pool}": OPEN,
    "/support/figures/{figure}": OPEN,
    "/support/allocations/{allocation}": Permission.SEE_SUPPORT,
    "/support/assets/{asset}": Permission.SEE_SUPPORT,
    "/support/fairness": Permission.SEE_SUPPORT,
    "/support/grants/{grant}": Permission.SEE_SUPPORT,
    "/support/ledger": Permission.SEE_SUPPORT,
    "/audit": Permission.SEE_AUDIT,
    "/panel": Permission.SCORE_SHEETS,
    "/panel/conflicts": Permission.SCORE_SHEETS,
    "/panel/conflicts/{team}": Permission.SCORE_SHEETS,
    "/panel/calibration": Permission.SCORE_SHEETS,
    "/panel/calibration/correction": Permission.SCORE_SHEETS,
    "/panel/{team}": Permission.SCORE_SHEETS,
    "/panel/{team}/correction": Permission.SCORE_SHEETS,
    "/panel/{team}/report.pdf": Permission.ENTER_READING_ROOM,
    "/panel/{team}/reading": Permission.ENTER_READING_ROOM,
    "/panel/{team}/concern": Permission.SCORE_SHEETS,
    "/me": SIGNED_IN,
    "/me/card": SIGNED_IN,
    "/me/password": SIGNED_IN,
    "/me/language": SIGNED_IN,
    "/me/consent": SIGNED_IN,
    "/me/erase": SIGNED_IN,
}
FILLED = {
    "{name}": "stage-1",
    "{path}": "index.html",
    "{provider}": "nobody",
    "{token}": "x" * 43,
    "{number}": "1",
    "{label}": "A",
    "{step}": "contest-open",
    "{team}": "dalyeoul",
    "{pool}": "pool-a",
    "{figure}": "total-budget",
    "{allocation}": "first",
    "{asset}": "news",
    "{grant}": "talent",
    "{act}": "decision-confirm",
    "{call}": "c1",
    "{application}": "dalyeoul",
}
SUBJECTS = {Role.TEAM: "dalyeoul", Role.EXPERT: "e01", Role.EXPERT_USER: "u01"}
ROLES = tuple(Role)
NEEDS_MORE = {
    "/contest/done",
    "/invitation/{token}",
    "/signin/with/{provider}/back",
    "/panel/calibration",
}
"""Pages that refuse a token nobody gave out, or are not there in the example."""
REFUSED = {401, 403}
JOIN = {"/contest/join", "/contest", "/register"}
"""Where the public is led from a page of voters, instead of being refused."""


def _routes() -> list[tuple[str, str]]:
    """Method and path of everything the site answers to."""
    app = FastAPI()
    for room in ROOMS:
        app.include_router(room.router)
    paths = app.openapi()["paths"]
    return sorted((method, path) for path, acts in paths.items() for method in acts)


def _line(path: str) -> str:
    """The path as the table names it: a twin is its page."""
    return "/" if path == "/index.json" else path.removesuffix(".json")


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Role, Browser]]:
    """A browser of every role, signed in; the public's is not."""
    work = tmp_path_factory.mktemp("roles")
    with open_site(work, {"DOKJA_REQUESTS_PER_SECOND": "1000"}) as office:
        app = make_app(office)
        found = {role: Browser(office, app=app) for role in ROLES}
        for role in ROLES:
            if role is Role.PUBLIC:
                continue
            account = open_account(office, role, SUBJECTS.get(role, ""))
            token = open_session(
                office.desk, account, now=office.now(), rules=SessionRules()
            )
            found[role].hold("__Host-dokja-session", token)
        yield found


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    """A page that nobody decided on cannot be added."""
    lines = {_line(path) for _, path in _routes()}
    assert lines == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), _routes())
def test_a_role_gets_what_the_table_says(
    browsers: dict[Role, Browser], method: str, path: str, role: Role
) -> None:
    """Pages, their JSON and every form: refused for all but those who may."""
    permission = ROUTES[_line(path)]
    if permission is not OPEN and reach(role, permission) is Reach.NOTHING:
        answer = _asked(browsers[role], method, path)
        led_away = answer.headers.get("location") in JOIN and role is Role.PUBLIC
        assert answer.status_code in REFUSED or led_away
        assert role is not Role.PUBLIC or answer.status_code != 200
    elif method == "get" and _line(path) not in NEEDS_MORE:
        answer = _asked(browsers[role], method, path)
        assert answer.status_code not in {*REFUSED, 500}


def _asked(browser: Browser, method: str, path: str) -> Response:
    for hole, name in FILLED.items():
        path = path.replace(hole, name)
    if method == "get":
        return browser.get(path)
    return browser.send("/signin", path)
