"""The web of an example office, and browsers that visit it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from dokja.settings import read_settings, shipped_folder
from dokja.web import make_app
from dokja.wiring.office import Office, OfficeRequest, open_office

SITE = "https://dokja.example"


def copied_programme(place: Path) -> str:
    """A copy of the example programme, which acts of the office may write to."""
    for name in ("programme", "models", "references"):
        shutil.copytree(shipped_folder("examples") / name, place / name)
    return str(place / "programme")


@contextmanager
def open_site(
    work: Path, environment: Mapping[str, str], *, programme: str = "example"
) -> Iterator[Office]:
    """The office of the example programme, with its stores under `work`."""
    request = OfficeRequest(programme=programme, stage="stage-1", work=work)
    settings = read_settings(environment)
    with open_office(
        request, settings=settings, clock=lambda: datetime.now(UTC)
    ) as office:
        yield office


class Browser:
    """A browser without JavaScript: keeps cookies, fills in forms."""

    def __init__(self, office: Office, *, app: Any = None, site: str = SITE) -> None:
        self._client = TestClient(
            app or make_app(office),
            base_url=site,
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies it holds."""
        return dict(self._client.cookies)

    def hold(self, name: str, value: str) -> None:
        """Put a cookie there, as somebody who stole one would."""
        self._client.cookies.set(name, value)

    def get(self, path: str, **named: Any) -> Response:
        """The answer to a link."""
        return self._client.get(path, **named)

    def post(self, path: str, fields: Mapping[str, Any], **named: Any) -> Response:
        """The answer to whatever somebody sends."""
        return self._client.post(path, data=dict(fields), **named)

    def send(self, page: str, path: str, **fields: Any) -> Response:
        """The answer to the form on a page, filled in."""
        text = self.get(page).text
        hidden = {"csrf": field(text, "csrf")} if 'name="csrf"' in text else {}
        return self.post(path, hidden | fields)

    def register(self, login: str, **changes: Any) -> Response:
        """The answer to the registration form."""
        text = self.get("/register").text
        fields = {
            "csrf": field(text, "csrf"),
            "agreed": re.findall(r'name="agreed" value="([^"]+)"', text),
            "born": "1990-05-17",
            "sex": "male",
            "login": login,
            "password": "four words nobody joins",
        }
        return self.post("/register", fields | changes)


def field(text: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, f"no field {name} on the page"
    return found[1]
