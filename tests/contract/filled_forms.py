"""The form of an act as a browser holds it, with everything that stands in it."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qsl

from httpx2 import Response

from tests.contract.office_site import Browser


class _Held(HTMLParser):
    """What the form of an act would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = False
        self._text = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action", "").startswith("/acts/")
        elif self._inside and tag == "textarea":
            self._text = given["name"]
            self.fields[self._text] = ""
        elif self._inside and tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select:
            first = self.fields.setdefault(self._select, given["value"])
            is_chosen = "selected" in given
            self.fields[self._select] = given["value"] if is_chosen else first
        elif self._inside and tag == "input" and given.get("type") != "checkbox":
            self.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] += data


def standing_in(page: str) -> dict[str, str]:
    """Every field of the act's form on the page, as it stands."""
    held = _Held()
    held.feed(page)
    return held.fields


def act(browser: Browser, name: str, of: str = "", **fields: str) -> Response:
    """The answer to an act that is taken by its form, having seen what follows.

    `__` stands for a point in the name of a field.
    """
    page = browser.get(f"/acts/{name}", params={"of": of} if of else {})
    assert page.status_code == 200, (name, of, page.status_code)
    filled = {field.replace("__", "."): value for field, value in fields.items()}
    sent = standing_in(page.text) | filled | {"confirmed": "yes"}
    answer = browser.post(f"/acts/{name}", sent)
    if 'name="shown"' not in answer.text:
        return answer
    sent = standing_in(answer.text) | {"confirmed": "yes", "step": "take"}
    return browser.post(f"/acts/{name}", sent)


def take(browser: Browser, link: str, **fields: str) -> Response:
    """The same by the link that a page gives to the act."""
    name, _, query = link.removeprefix("/acts/").partition("?")
    of = dict(parse_qsl(query)).get("of", "")
    return act(browser, name, of, **fields)


def old_form(browser: Browser, link: str) -> dict[str, str]:
    """What the form sends later on, as it stands now and confirmed."""
    return standing_in(browser.get(link).text) | {"confirmed": "yes"}
