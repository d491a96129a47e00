"""An office with an open contest on a real server, and people who vote there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from dokja.adapters.passwords import Argon2Hasher, Work
from dokja.settings import read_settings
from dokja.web import make_app
from dokja.wiring.contests import ContestKeeper
from dokja.wiring.office import Office, OfficeRequest, open_office
from tests.served_app import served_app

PASSWORD = "four words nobody joins"  # noqa: S105 - of nobody
QUICK = Work(passes=1, memory_kib=64, lanes=1)


@dataclass(frozen=True)
class Site:
    """A served office."""

    office: Office
    address: str

    @property
    def keeper(self) -> ContestKeeper:
        """The keeper of its contest."""
        assert self.office.keeper is not None
        return self.office.keeper


@contextmanager
def open_example(work: Path, programme: str = "example") -> Iterator[Office]:
    """The example's office, whose passwords cost little and whom nobody slows."""
    request = OfficeRequest(programme=programme, stage="stage-1", work=work)
    settings = read_settings({"DOKJA_REQUESTS_PER_SECOND": "100000"})
    with open_office(
        request, settings=settings, clock=lambda: datetime.now(UTC)
    ) as office:
        desk = msgspec.structs.replace(office.desk, passwords=Argon2Hasher(QUICK))
        yield replace(office, desk=desk)


def seal(office: Office) -> None:
    """Keeps a secret that the tests know, so that every run shows the same pairs."""
    assert office.keeper is not None
    for name, byte in (("secret", b"\x5e"), ("salt", b"\x5a")):
        office.desk.keys.keep(f"contest/{office.keeper.id}/{name}", byte * 32)


@contextmanager
def serve(office: Office) -> Iterator[Site]:
    """The office on a port of this machine."""
    with served_app(make_app(office)) as address:
        yield Site(office=office, address=address)


@contextmanager
def open_contest(work: Path) -> Iterator[Site]:
    """The example's office, served, its contest open under the known secret."""
    with open_example(work) as office:
        assert office.keeper is not None
        seal(office)
        office.keeper.open()
        with serve(office) as found:
            yield found


@dataclass(eq=False)
class Visitor:
    """A browser without JavaScript, and everything it was ever sent."""

    site: Site
    login: str
    language: str = "ko"
    received: list[httpx.Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            base_url=self.site.address,
            follow_redirects=False,
            headers={"accept-language": self.language},
            timeout=30,
        )

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies it holds."""
        return dict(self._client.cookies)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """The answer to a link."""
        found = self._client.get(path, headers=headers)
        self.received.append(found)
        return found

    def post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """The answer to whatever somebody sends."""
        found = self._client.post(path, data=fields)
        self.received.append(found)
        return found

    def ask(self, method: str, path: str) -> httpx.Response:
        """The answer to a request no page makes."""
        return self._client.request(method, path)

    def register(self) -> None:
        """Registers and signs in, as everybody does."""
        text = self.get("/register").text
        answer = self.post(
            "/register",
            csrf=hidden(text, "csrf"),
            agreed=re.findall(r'name="agreed" value="([^"]+)"', text),
            born="1990-05-17",
            login=self.login,
            password=PASSWORD,
        )
        assert answer.status_code == 303, answer.text

    def begin(self, employer: str = "") -> httpx.Response:
        """The answer to the last page before the first battle."""
        text = self.get("/contest/join").text
        csrf = hidden(text, "csrf")
        return self.post("/contest/join", csrf=csrf, employer=employer)

    def battle(self) -> Battle | None:
        """The battle that is shown; None where the voter is done."""
        answer = self.get("/contest/battle")
        if answer.status_code == 303:
            return None
        assert answer.status_code == 200, answer.text
        return read_battle(answer.text)

    def judge(self, battle: Battle, choice: str, **more: str) -> httpx.Response:
        """The answer to a verdict."""
        fields = {"csrf": battle.csrf, "ticket": battle.ticket, "choice": choice}
        return self.post(f"/contest/battle/{battle.number}", **(fields | more))

    def account(self) -> str:
        """Id of the account, as the office knows it."""
        people = self.site.office.desk.people
        found = people.credential(self.login)
        assert found is not None
        return found.account.id


@dataclass(frozen=True)
class Battle:
    """A battle page as a reader without JavaScript takes it in."""

    number: int
    prompt: str
    left: str
    right: str
    csrf: str
    ticket: str


def read_battle(text: str) -> Battle:
    """The battle on a page."""
    number = re.search(r'action="/contest/battle/(\d+)"', text)
    prompt = re.search(r'<p class="prompt"[^>]*>(.*?)</p>', text, re.S)
    sides = re.findall(r"<div data-words[^>]*>(.*?)</div>", text, re.S)
    assert number is not None
    assert prompt is not None
    left, right = (words(side) for side in sides)
    return Battle(
        number=int(number[1]),
        prompt=words(prompt[1]),
        left=left,
        right=right,
        csrf=hidden(text, "csrf"),
        ticket=hidden(text, "ticket"),
    )


def words(markup: str) -> str:
    """The text of some markup, in single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def hidden(text: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, f"no field {name} on the page"
    return found[1]
