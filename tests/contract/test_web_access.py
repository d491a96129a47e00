"""Getting in and out through the real pages, and being kept out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from dokja.people import Invited, invite, notice_digest, notices_for
from dokja.people.register import Counter, accept_invitation
from dokja.people.values import Account, Application, AuditOutcome, Role
from dokja.web import make_app
from dokja.web.access.sign_in import local_path
from dokja.web.limits import TokenBuckets
from dokja.wiring.office import Office
from tests.contract.local_provider import consent_at, real_provider
from tests.contract.office_site import SITE, Browser, field, open_site
from tests.contract.people_fixture import CARD, PASSWORD, first_invitation

WRONG = "not the password"
SESSION = "__Host-dokja-session"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that is not ours."""
    with real_provider() as found:
        yield found


@pytest.fixture
def office(tmp_path: Path, issuer: str) -> Iterator[Office]:
    """An office that knows one provider."""
    providers = tmp_path / "providers.toml"
    providers.write_text(
        f"""
        [[provider]]
        name = "local"
        title = {{ko = "시험 제공자", en = "Test provider"}}
        issuer = "{issuer}"
        client_id = "dokja"
        client_secret = "secret of nobody"
        """,
        encoding="utf-8",
    )
    settings = {
        "DOKJA_IDENTITY_PROVIDERS": str(providers),
        "DOKJA_REQUESTS_PER_SECOND": "1000",
    }
    with open_site(tmp_path / "work", settings) as found:
        yield found


@pytest.fixture
def browser(office: Office) -> Browser:
    """Somebody who has not been there before."""
    return Browser(office)


def new_office(office: Office) -> Account:
    """The office's first account."""
    notices = notices_for(Role.OFFICE, office.controller)
    application = Application(
        card=CARD,
        born=date(1980, 5, 17),
        agreed=tuple(notice_digest(notice) for notice in notices),
        login="office",
        password=PASSWORD,
    )
    counter = Counter(notices=notices, now=office.now())
    invitation = first_invitation(office.desk)
    return accept_invitation(office.desk, application, counter, invitation=invitation)


def signed_in(office: Office, login: str = "office") -> Browser:
    """A browser that signed in with its password."""
    browser = Browser(office)
    answer = browser.send("/signin", "/signin", login=login, password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return browser


def test_somebody_registers_sees_their_data_and_is_erased(
    browser: Browser, office: Office
) -> None:
    """The whole way of a voter, by forms alone."""
    answer = browser.register("kim")
    assert (answer.status_code, answer.headers["location"]) == (303, "/contest")
    data = browser.get("/me.json").json()["data"]
    assert data["card"]["sex"] == "male"
    assert data["card"]["birth_year"] == 1990
    assert data["voter"]["number"] == 1
    assert browser.send("/me", "/me/card", sex="female").status_code == 303
    assert browser.get("/me.json").json()["data"]["card"]["sex"] == "female"
    not_meant = browser.send("/me", "/me/erase", sure="yes", password=WRONG)
    assert not_meant.status_code == 403
    gone = browser.send("/me", "/me/erase", sure="yes", password=PASSWORD)
    assert gone.status_code == 200
    assert SESSION not in browser.cookies
    assert browser.get("/me").status_code == 401
    acts = office.store.acts.acts(office.plan.programme, office.plan.stage)
    assert [act.kind for act in acts] == ["person_erased"]
    again = browser.register("kim")
    assert again.status_code == 409
    assert "이미 등록한 분입니다" in again.text


def test_a_child_is_told_so_in_both_languages_and_nothing_is_stored(
    browser: Browser, office: Office
) -> None:
    """The page says what happened; the store says that nothing did."""
    year = office.now().year - 10
    answer = browser.register("kim", born=f"{year}-01-01")
    assert answer.status_code == 403
    assert "만 14세부터" in answer.text
    browser.get("/?lang=en")
    assert "age of 14" in browser.register("kim", born=f"{year}-01-01").text
    assert office.desk.people.voters(office.contest) == ()


def test_a_form_from_elsewhere_is_refused(browser: Browser, office: Office) -> None:
    """Also before sign-in: a stranger's page must not sign somebody in as itself."""
    new_office(office)
    fields = {"login": "office", "password": PASSWORD, "onward": "/"}
    token = field(browser.get("/signin").text, "csrf")
    other = field(Browser(office).get("/signin").text, "csrf")
    for forged in ({}, {"csrf": ""}, {"csrf": "x" * 64}, {"csrf": other}):
        assert browser.post("/signin", fields | forged).status_code == 403
    from_elsewhere = browser.post(
        "/signin", fields | {"csrf": token}, headers={"origin": "https://evil.example"}
    )
    assert from_elsewhere.status_code == 403
    assert browser.post("/signin", fields | {"csrf": token}).status_code == 303
    stale = browser.post("/signout", {"csrf": token})
    assert stale.status_code == 403, "a token from before sign-in opens nothing after"


def test_the_session_cookie_is_out_of_reach(browser: Browser, office: Office) -> None:
    """Of scripts, of other hosts, of open lines; and it changes with sign-in."""
    new_office(office)
    browser.hold(SESSION, "planted by somebody else")
    answer = browser.send("/signin", "/signin", login="office", password=PASSWORD)
    (cookie,) = [
        c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION)
    ]
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "planted" not in cookie
    plain = Browser(office, site="http://127.0.0.1:8000")
    plain.send("/signin", "/signin", login="office", password=PASSWORD)
    assert "dokja-session" in plain.cookies


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(office: Office) -> None:
    """Forgetting the cookie in one browser would leave the thief signed in."""
    new_office(office)
    browser = signed_in(office)
    thief = Browser(office)
    thief.hold(SESSION, browser.cookies[SESSION])
    assert thief.get("/me").status_code == 200
    assert browser.send("/me", "/signout").status_code == 303
    assert thief.get("/me").status_code == 401


def test_guessing_is_answered_alike_and_then_slowed(office: Office) -> None:
    """The page for a wrong password is that for a login nobody has."""
    new_office(office)
    browser = Browser(office)

    def guess(login: str) -> tuple[int, str]:
        answer = browser.send("/signin", "/signin", login=login, password=WRONG)
        return answer.status_code, answer.text

    assert guess("office") == guess("nobody")
    assert [guess("office")[0] for _ in range(10)] == [403] * 9 + [429]


def test_somebody_comes_in_through_a_provider(office: Office) -> None:
    """Out with a link, back with a code, registered, and known the next time."""

    def through_provider(browser: Browser, start: str) -> str:
        out = browser.get(start).headers["location"]
        came = consent_at(out, "person-1")
        back = urlsplit(out).query
        assert "redirect_uri=https%3A%2F%2Fdokja.example" in back
        answer = browser.get("/signin/with/local/back", params=came)
        assert answer.status_code == 303, answer.text
        assert browser.get("/signin/with/local/back", params=came).status_code == 403
        return answer.headers["location"]

    browser = Browser(office)
    way = "/signin/with/local?onward=/contest"
    assert through_provider(browser, way) == "/register"
    assert "본인확인을 마쳤습니다" in browser.get("/register").text
    refused = browser.register("", password="", agreed=[])
    assert refused.status_code == 403
    done = browser.register("", password="")
    assert done.status_code == 303, done.text
    assert browser.get("/me.json").json()["has_password"] is False
    another = Browser(office)
    assert through_provider(another, way) == "/contest"
    assert another.get("/me").status_code == 200
    assert another.get("/signin/with/nobody").status_code == 404


def test_the_office_invites_and_the_link_works_once(office: Office) -> None:
    """An expert opens an account; the second to click is told nothing."""
    new_office(office)
    browser = signed_in(office)
    answer = browser.send(
        "/office/people", "/office/people/invite", role="expert", subject="e01"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/office/people")
    page = browser.get("/office/people")
    for again in ("/office/people?lang=en", "/office/people.json"):
        assert "/invitation/" not in browser.get(again).text
    link = page.text.split('<p class="digest">')[1].split("</p>")[0]
    assert link.startswith(f"{SITE}/invitation/")
    path = urlsplit(link).path
    expert = Browser(office)
    text = expert.get(path).text
    fields = {
        "csrf": field(text, "csrf"),
        "agreed": [field(text, "agreed")],
        "born": "1980-01-01",
        "name": CARD.name,
        "email": CARD.email,
        "employer": CARD.employer,
        "login": "expert",
        "password": PASSWORD,
    }
    assert expert.post(path, fields | {"password": "short"}).status_code == 422
    assert expert.post(path, fields).status_code == 303
    assert expert.get("/me.json").json()["data"]["card"]["name"] == CARD.name
    assert Browser(office).get(path).status_code == 403
    for closed in ("/office/people", "/audit"):
        assert expert.get(closed).status_code == 403
    people = browser.get("/office/people.json").text
    assert CARD.name not in people
    assert CARD.email not in people


def test_no_link_is_shown_that_this_member_did_not_make(office: Office) -> None:
    """A cookie that somebody put there leads to nothing."""
    administrator = new_office(office)
    browser = signed_in(office)
    for forged in ("x" * 43, "https://elsewhere.example"):
        browser.hold("__Host-dokja-invited", forged)
        assert browser.get("/office/people.json").json()["link"] == ""
    other, token = invite(
        office.desk, administrator, Invited(role=Role.OFFICE), now=office.now()
    )
    assert other.invited_by == administrator.id
    browser.hold("__Host-dokja-invited", token)
    assert browser.get("/office/people.json").json()["link"].endswith(token)


def test_every_change_and_every_refusal_is_in_the_audit(office: Office) -> None:
    """Who did what to what, with its outcome, and no secret and no person in it."""
    administrator = new_office(office)
    browser = signed_in(office)
    _, token = invite(
        office.desk, administrator, Invited(role=Role.AUDITOR), now=office.now()
    )
    Browser(office).send("/signin", "/signin", login="office", password=WRONG)
    Browser(office).send("/signin", f"/invitation/{token}", born="x")
    browser.post("/office/people/invite", {"role": "auditor"})
    browser.send("/office/people", "/office/people/invite", role="auditor")
    lines = office.desk.audit.entries()
    assert [(line.verb, line.outcome, line.role) for line in lines] == [
        ("sign_in", AuditOutcome.DONE, Role.OFFICE),
        ("sign_in", AuditOutcome.REFUSED, Role.PUBLIC),
        ("accept", AuditOutcome.REFUSED, Role.PUBLIC),
        ("post", AuditOutcome.REFUSED, Role.OFFICE),
        ("invite", AuditOutcome.DONE, Role.OFFICE),
    ]
    text = str(lines)
    assert token not in text
    assert CARD.name not in text
    assert len({line.request_id for line in lines}) == len(lines)
    page = browser.get("/audit.json").json()
    assert [entry["sequence"] for entry in page["entries"]] == [5, 4, 3, 2, 1]


def test_nobody_is_sent_elsewhere_after_sign_in() -> None:
    """A link to our sign-in page must not end on somebody else's."""
    for asked in ("//evil.example", "/\\evil.example", "https://evil.example", "x"):
        assert local_path(asked) == "/"
    assert local_path("/contest?lang=en") == "/contest?lang=en"
    assert local_path("/a\nset-cookie: x") == "/"


def test_a_body_without_end_is_cut_off(office: Office) -> None:
    """Nothing on this site takes more than a form."""
    browser = Browser(office)
    token = field(browser.get("/signin").text, "csrf")
    answer = browser.post("/signin", {"csrf": token, "login": "x" * (2 << 20)})
    assert answer.status_code == 413


def test_too_many_requests_are_refused_and_counted_in_bounded_memory() -> None:
    """A bucket holds ten seconds; forgetting the quietest costs nobody anything."""
    buckets = TokenBuckets(per_second=2, kept=3)
    assert [buckets.admits("a", at=0.0) for _ in range(21)] == [True] * 20 + [False]
    assert buckets.admits("a", at=0.6)
    assert not buckets.admits("a", at=0.6)
    assert buckets.admits("b", at=0.6)
    for name in "cdefgh":
        buckets.admits(name, at=1.0)
    assert len(buckets) == 3


def test_an_address_that_asks_for_too_much_waits(tmp_path: Path) -> None:
    """Pictures and style sheets do not count: a page needs several."""
    with open_site(tmp_path, {"DOKJA_REQUESTS_PER_SECOND": "1"}) as office:
        client = TestClient(make_app(office))
        codes = [client.get("/rules.json").status_code for _ in range(12)]
        assert codes.count(429) >= 1
        assert codes[:10] == [200] * 10
        assert client.get("/static/dokja.css").status_code == 200


def test_providers_are_offered_by_their_title(office: Office) -> None:
    """In the words the office chose, in the language of the page."""
    browser = Browser(office)
    assert "시험 제공자로 로그인" in browser.get("/signin").text
    assert "Sign in with Test provider" in browser.get("/signin?lang=en").text
