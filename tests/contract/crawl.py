"""Everything a visitor can reach by links, and the forms they are shown there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

from fastapi import APIRouter
from fastapi.routing import APIRoute

from tests.contract.office_site import Browser

MOST_PAGES = 300


@dataclass
class Form:
    """A form of a page, with what it would send as it stands."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    """Names of the fields in which anything can be written."""


@dataclass
class Read(HTMLParser):
    """A page, read."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    text: str = ""
    """The page as it came."""
    _inside: Form | None = None
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes.update(given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._inside = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._inside)
        elif self._inside is not None and tag in {"input", "textarea", "select"}:
            self._field(self._inside, tag, given)
        elif tag == "option" and self._inside is not None and self._select:
            self._inside.fields.setdefault(self._select, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        if tag == "select":
            self._select = ""

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name or kind in {"submit", "button"}:
            return
        if tag == "select":
            self._select = name
        elif tag == "textarea" or kind in {"text", "search", "email"}:
            form.free.add(name)
            form.fields[name] = given.get("value", "")
        else:
            form.fields.setdefault(name, given.get("value", "on"))


def read(text: str) -> Read:
    """The page's links, forms and tags."""
    page = Read(text=text)
    page.feed(text)
    return page


def reached(browser: Browser, *starts: str) -> dict[str, Read]:
    """Every page within reach, by its address."""
    found: dict[str, Read] = {}
    waiting = list(starts or ("/",))
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop()
        if address in found:
            continue
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if answer.is_redirect:
            waiting += _own(answer.headers["location"])
            continue
        if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
            continue
        found[address] = read(answer.text)
        for link in found[address].links:
            waiting += _own(link)
    return found


def _own(link: str) -> list[str]:
    """The address within the site, without its fragment and its language."""
    address = urldefrag(link)[0]
    parts = urlsplit(address)
    leads_out = parts.scheme or parts.netloc or not parts.path.startswith("/")
    is_twin = parts.path.endswith(".json")
    if leads_out or is_twin or "lang=" in parts.query:
        return []
    return [address]


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    """Every route of a router and of those it takes in."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif (inner := getattr(route, "original_router", None)) is not None:
            yield from routes_of(inner)


def answers(route: APIRoute, method: str) -> bool:
    """Whether the route answers to the method."""
    return method in (route.methods or ())
