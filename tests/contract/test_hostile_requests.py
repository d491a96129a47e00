"""Requests nobody sends by mistake: broken, oversize, misleading or with scripts."""

from __future__ import annotations

import csv
import io
import socket
import time
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pytest

from dokja.people.values import Role
from dokja.web import make_app
from dokja.web.limits import TokenBuckets
from dokja.wiring.office import Office
from tests.contract.crawl import Form, reached, read
from tests.contract.office_site import Browser, copied_programme, field, open_site
from tests.contract.seats import PASSWORD, everybody
from tests.served_app import served_app

MANY = {"DOKJA_REQUESTS_PER_SECOND": "1000000"}
SESSION = "__Host-dokja-session"
PROBE = "xss-probe"
PAYLOAD = (
    f"=HYPERLINK(1)\"><{PROBE} onclick=a()>'--></textarea></title></script>{{{{7*7}}}}"
)
ELSEWHERE = (
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/ok\r\nset-cookie: a=b",
    " //evil.example",
    "///evil.example",
)
NOT_SENT = ("/signout", "/me/erase", "/office/people/", "/office/panel/close")
"""They end what the others begin."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose contest is open."""
    place = tmp_path_factory.mktemp("hostile")
    programme = copied_programme(place)
    with open_site(place / "office", MANY, programme=programme) as found:
        assert found.keeper is not None
        found.keeper.open()
        yield found


@pytest.fixture(scope="module")
def browsers(office: Office) -> Mapping[Role, Browser]:
    """A browser of every role."""
    app = make_app(office)
    app.state.account_limit = TokenBuckets(per_second=1e6)
    found = {role: Browser(office, app=app) for role in Role}
    for role, token in everybody(office).items():
        if token:
            found[role].hold(SESSION, token)
    return found


@pytest.fixture(scope="module")
def port(office: Office, browsers: Mapping[Role, Browser]) -> Iterator[int]:
    """A real server, for what no well-behaved client can send."""
    with served_app(make_app(office)) as address:
        yield int(address.rpartition(":")[2])


def answer_to(port: int, message: bytes) -> bytes:
    """Everything the server says to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        try:
            line.sendall(message)
        except (BrokenPipeError, ConnectionResetError):
            return b""
        said = b""
        try:
            while part := line.recv(65536):
                said += part
        except ConnectionResetError:
            pass
        return said


def status(said: bytes) -> int:
    """The status of an answer; 0 where the line was cut."""
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/1.1 ") else 0


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """The bytes of a request after which the line is closed."""
    head = "\r\n".join(
        [f"{line} HTTP/1.1", "host: x", "connection: close", *headers, "", ""]
    )
    return head.encode("latin-1") + body


FORM = "content-type: application/x-www-form-urlencoded"
BROKEN = {
    "deep JSON": request(
        "POST /signin",
        "content-type: application/json",
        "content-length: 200000",
        body=b"[" * 200_000,
    ),
    "invalid UTF-8 in a form": request(
        "POST /signin", FORM, "content-length: 9", body=b"csrf=\xff\xfe\xc0\x80"[:9]
    ),
    "invalid UTF-8 in the path": request("GET /%ff%fe/%c0%af"),
    "invalid UTF-8 in the query": request("GET /signin?onward=%ff%fe&lang=%80"),
    "NUL in the path": request("GET /invitation/%00%00"),
    "many cookies": request(
        "GET /", "cookie: " + "; ".join(f"c{n}={n}" for n in range(3000))
    ),
    "a cookie that is none": request("GET /", 'cookie: dokja-session=\xff"\\;=;;,'),
    "a multipart form without end": request(
        "POST /signin",
        "content-type: multipart/form-data; boundary=a",
        "content-length: 30",
        body=b"--a\r\ncontent-disposition: form",
    ),
    "a multipart form without boundary": request(
        "POST /signin",
        "content-type: multipart/form-data",
        "content-length: 3",
        body=b"abc",
    ),
    "two lengths": request(
        "POST /signin", "content-length: 3", "content-length: 9", body=b"abc"
    ),
    "length and chunks": request(
        "POST /signin",
        "content-length: 3",
        "transfer-encoding: chunked",
        body=b"0\r\n\r\n",
    ),
    "a host that is none": request("GET /").replace(b"host: x", b"host: \x01@:99999"),
    "a language header without end": request(
        "GET /", "accept-language: " + "a," * 9999
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_request_is_refused_without_failing(port: int, what: str) -> None:
    """Refused or served plainly, never with 500."""
    assert status(answer_to(port, BROKEN[what])) in {0, *range(200, 500)}


def test_a_body_over_the_limit_is_refused_however_it_comes(port: int) -> None:
    """With its length said, and in chunks that do not say how many come."""
    body = b"a=" + b"x" * (2 << 20)
    said = answer_to(
        port, request("POST /signin", FORM, f"content-length: {len(body)}", body=body)
    )
    assert status(said) in {0, 413}
    chunk = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    chunked = request("POST /signin", FORM, "transfer-encoding: chunked", body=chunk)
    assert status(answer_to(port, chunked)) in {0, 413}
    many = request("POST /signin", FORM, "content-length: 700000", body=b"a&" * 350_000)
    assert 400 <= status(answer_to(port, many)) < 500


def test_no_verb_does_what_none_is_there_for(browsers: Mapping[Role, Browser]) -> None:
    """A page is got and a form is sent; nothing else happens, and nothing fails."""
    client = browsers[Role.OFFICE]._client
    for verb in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "BREW"):
        for path in ("/", "/signin", "/contest", "/office/people/invite", "/static/x"):
            assert client.request(verb, path).status_code in {404, 405}, (verb, path)
    assert client.get("/signout").status_code == 405


@pytest.mark.parametrize("folder", ["static", "record"])
def test_no_path_leads_out_of_a_folder(port: int, folder: str) -> None:
    """However the steps upwards are written."""
    for step in (
        "..",
        "%2e%2e",
        "..%2f..",
        "%2e%2e%2f",
        "....//",
        "..\\",
        "%5c..",
        "%00",
    ):
        path = f"/{folder}/" + f"{step}/" * 6 + "etc/passwd"
        said = answer_to(port, request(f"GET {path}"))
        assert status(said) in range(400, 500), path
        assert b"root:" not in said


def test_nothing_in_an_address_becomes_a_header(port: int) -> None:
    """Neither by the way onward nor by the language."""
    for end in ("%0d%0a", "%0a", "%E5%98%8A%E5%98%8D", "%0d"):
        for path in (f"/signin?onward=/{end}x-evil:1", f"/?lang=en{end}x-evil:1"):
            said = answer_to(port, request(f"GET {path}"))
            head = said.partition(b"\r\n\r\n")[0].lower()
            assert status(said) == 200
            assert b"\nx-evil" not in head
            assert b"\rx-evil" not in head


def test_signing_in_leads_nowhere_else(office: Office) -> None:
    """Whatever the link said; and a planted session is not the one that is opened."""
    for onward in ELSEWHERE:
        browser = Browser(office)
        browser.hold(SESSION, "planted")
        page = browser.get(f"/signin?onward={quote(onward)}")
        assert field(page.text, "onward") == "/"
        answer = browser.send(
            "/signin", "/signin", login="voter-1", password=PASSWORD, onward=onward
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert f"{SESSION}=" in answer.headers["set-cookie"]
        assert "planted" not in answer.headers["set-cookie"]


def test_slow_clients_keep_nobody_waiting(port: int) -> None:
    """Sixty lines that say a little and go silent hold no place others need."""
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
    try:
        for number, line in enumerate(lines):
            half = request("POST /signin", FORM, "content-length: 900", body=b"a=")
            line.sendall(half if number % 2 else b"GET / HTTP/1.1\r\nhost:")
        started = time.monotonic()
        assert status(answer_to(port, request("GET /"))) == 200
        assert time.monotonic() - started < 5
    finally:
        for line in lines:
            line.close()


def test_cookies_over_https_are_bound_to_this_site(
    office: Office, browsers: Mapping[Role, Browser]
) -> None:
    """Every one of them: out of reach of scripts, of open lines, of other sites."""
    browser = Browser(office)
    answers = [browser.get("/signin?lang=en"), browser.get("/?lang=ko")]
    answers.append(
        browser.send("/signin", "/signin", login="voter-1", password=PASSWORD)
    )
    cookies = [c for a in answers for c in a.headers.get_list("set-cookie")]
    assert len(cookies) >= 4
    for cookie in cookies:
        for part in ("secure", "httponly", "samesite=lax", "path=/"):
            assert part in cookie.lower(), cookie
        assert "domain" not in cookie.lower()


def test_only_files_under_their_digest_are_kept(
    browsers: Mapping[Role, Browser],
) -> None:
    """No page of a person in a shared cache, and no missing file for a year."""
    browser = browsers[Role.VOTER]
    for path in ("/me", "/contest", "/me.json", "/nowhere", "/static/nowhere.css"):
        assert browser.get(path).headers["cache-control"] == "no-store", path
    kept = browser.get("/static/dokja.css").headers["cache-control"]
    assert "immutable" in kept


def test_what_people_write_stays_text(browsers: Mapping[Role, Browser]) -> None:
    """Every free field of every form of every role, and every page afterwards."""
    written = sum(_written(browser) for browser in browsers.values())
    assert written >= 12
    shown = 0
    for browser in browsers.values():
        for address in reached(browser):
            page = browser.get(address)
            found = read(page.text)
            assert PROBE not in found.tags, address
            assert "onclick" not in found.attributes, address
            if PROBE in page.text:
                shown += 1
                assert "{{7*7}}" in page.text, address
            twin = browser.get("/index.json" if address == "/" else _twin(address))
            assert twin.headers["content-type"] == "application/json", address
            assert twin.headers["x-content-type-options"] == "nosniff"
    assert shown >= 4


def test_no_cell_of_a_table_is_a_formula(browsers: Mapping[Role, Browser]) -> None:
    """A spreadsheet runs a cell that begins so."""
    for browser in browsers.values():
        answer = browser.get("/contest/votes.csv")
        assert answer.status_code in {200, 403, 404}
        if answer.status_code == 200:
            for row in csv.reader(io.StringIO(answer.text)):
                assert not [cell for cell in row if cell[:1] in "=+-@\t\r" and cell]


def _written(browser: Browser) -> int:
    """How many free fields were sent with the payload."""
    done: set[tuple[str, str]] = set()
    for address, page in reached(browser).items():
        for form in page.forms:
            if form.method == "post" and not form.action.startswith(NOT_SENT):
                done |= _sent(browser, address, form)
    return len(done)


def _sent(browser: Browser, address: str, form: Form) -> set[tuple[str, str]]:
    hidden = {"csrf": field(browser.get(address).text, "csrf")}
    fields = form.fields | dict.fromkeys(form.free, PAYLOAD) | hidden
    answer = browser.post(form.action, fields)
    assert answer.status_code < 500, form
    if "html" in answer.headers.get("content-type", ""):
        assert PROBE not in read(answer.text).tags, form.action
    return {(form.action, name) for name in form.free}


def _twin(address: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}.json{mark}{query}"
