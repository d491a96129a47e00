"""An office on a copy of the example, with a clock that stands, and people in it."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import msgspec
from fastapi import FastAPI

from dokja.decision.values import StageDecision, TeamDecision, TeamStatus
from dokja.evidence.values import Act, Text
from dokja.people import open_session
from dokja.people.values import Account, Role, SessionRules
from dokja.programme.values import Reason
from dokja.settings import read_settings
from dokja.stage.acts import DECISION
from dokja.web import make_app
from dokja.wiring.office import Office, OfficeRequest, open_office
from tests.contract.office_site import Browser
from tests.panel_room_fixture import open_account

ROOT = Path(__file__).parents[2]
COMPAT_BUNDLE = ROOT / "tests/compat/bundles/0.1.0.zip"
START = datetime(2026, 3, 4, 3, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands until a test moves it."""

    now: datetime = START

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.now


@dataclass
class House:
    """An office on a copy of the example, and windows of the people in it."""

    office: Office
    clock: Clock
    windows: dict[str, Browser] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    @cached_property
    def app(self) -> FastAPI:
        """The one app all of them visit."""
        return make_app(self.office)

    def window(self, role: Role, subject: str = "") -> Browser:
        """The browser of somebody who is signed in."""
        name = subject or role.value
        if name not in self.windows:
            self.accounts[name] = open_account(self.office, role, subject)
            self.windows[name] = Browser(self.office, app=self.app)
            self._sign_in(name)
        return self.windows[name]

    def move(self, to: str) -> None:
        """It is that moment now, and everybody has signed in again."""
        self.clock.now = datetime.fromisoformat(to)
        for name in self.windows:
            self._sign_in(name)

    def _sign_in(self, name: str) -> None:
        token = open_session(
            self.office.desk,
            self.accounts[name],
            now=self.clock(),
            rules=SessionRules(),
        )
        self.windows[name].hold("__Host-dokja-session", token)

    def public(self) -> Browser:
        """The browser of somebody who is not signed in."""
        return Browser(self.office, app=self.app)

    def step(self, name: str, **fields: str) -> int:
        """Status of a step of the office, confirmed."""
        path = f"/office/steps/{name}"
        sent = {"confirmed": "yes", **fields}
        return self.window(Role.OFFICE).send(path, path, **sent).status_code

    def view(self, browser: Browser, path: str) -> dict[str, object]:
        """The JSON twin of a page."""
        found: dict[str, object] = json.loads(browser.get(f"{path}.json").text)
        return found


@contextmanager
def opened_house(place: Path, *, clock: Clock | None = None) -> Iterator[House]:
    """An office whose programme lies in a folder of its own under `place`."""
    root = shutil.copytree(ROOT / "examples/programme", place / "programme")
    request = OfficeRequest(programme=str(root), stage="stage-1", work=place / "work")
    settings = read_settings({"DOKJA_REQUESTS_PER_SECOND": "1000"})
    clock = clock or Clock()
    with open_office(request, settings=settings, clock=clock) as office:
        yield House(office=office, clock=clock)


def publish(house: House) -> Path:
    """The folder of a decided stage's bundle, on the shelf of the office."""
    folder = house.office.request.work / "published" / "stage-1"
    with zipfile.ZipFile(COMPAT_BUNDLE) as opened:
        opened.extractall(folder)
    return folder


def decide(office: Office, *, vacancies: int = 0, until: str = "2026-03-25") -> None:
    """Puts a decision on five teams on the office's record; the last one is out.

    `until` is the last day for objections.
    """
    plan = office.plan
    decision = StageDecision(
        stage=plan.stage,
        rules_digest=office.rules_digest,
        teams=tuple(
            TeamDecision(
                team=team,
                status=TeamStatus.ELIMINATED_BY_RANK
                if team == plan.teams[-1]
                else TeamStatus.ADVANCES,
                reasons=(Reason(clauses=("3.1",), text=Text("총점 80점", "Total 80")),),
            )
            for team in plan.teams
        ),
        planned_places=4 + vacancies,
        vacancies=vacancies,
        revival_call=vacancies > 0,
        settled_by_data=True,
        objection_until=until,
        reasons=(),
    )
    act = Act(
        programme=plan.programme,
        stage=plan.stage,
        kind=DECISION,
        subject=plan.stage,
        at=office.now().isoformat(),
        body=msgspec.to_builtins(decision),
    )
    office.store.acts.append((act,))
