"""A page and its `.json` twin: one handler makes a view, two addresses show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.web.forms import checked_form
from dokja.web.languages import keep_language
from dokja.web.visit import Visit

Handler = Callable[..., Any]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler found for a visitor: values, and the template that shows them."""

    template: str
    title: Text
    view: Any
    """A struct of values; the twin publishes it as it is."""
    status: int = 200
    headers: Mapping[str, str] = {}


class Onward(msgspec.Struct, frozen=True, kw_only=True):
    """Where a visitor goes after an act, by a fresh GET."""

    to: str
    headers: tuple[tuple[str, str], ...] = ()
    """Cookies to set."""


class Room:
    """The pages of one part of the site; `router` is what the app takes in."""

    def __init__(self) -> None:
        self.router = APIRouter()

    @classmethod
    def joined(cls, *parts: Room) -> Room:
        """One room of the pages of several files."""
        room = cls()
        for part in parts:
            room.router.include_router(part.router)
        return room

    def page(self, path: str) -> Callable[[Handler], Handler]:
        """Decorator: shows what the handler returns at `path` and at its twin."""

        def register(handler: Handler) -> Handler:
            @wraps(handler)
            def shown(*arguments: Any, **named: Any) -> Response:
                return as_response(handler(*arguments, **named), named["visit"])

            # The twin first: a parameter of the page would swallow its ending.
            for address in (twin(path), path):
                self.router.add_api_route(
                    address, shown, methods=["GET"], response_model=None
                )
            return handler

        return register

    def act(self, path: str) -> Callable[[Handler], Handler]:
        """Decorator: calls the handler for a form that was sent to `path`."""

        def register(handler: Handler) -> Handler:
            @wraps(handler)
            def done(*arguments: Any, **named: Any) -> Response:
                return as_response(handler(*arguments, **named), named["visit"])

            self.router.add_api_route(
                path,
                done,
                methods=["POST"],
                response_model=None,
                dependencies=[Depends(checked_form)],
            )
            return handler

        return register

    def way(self, path: str) -> Callable[[Handler], Handler]:
        """Decorator: a GET that shows nothing and leads on, as links out do."""

        def register(handler: Handler) -> Handler:
            @wraps(handler)
            def led(*arguments: Any, **named: Any) -> Response:
                return as_response(handler(*arguments, **named), named["visit"])

            self.router.add_api_route(path, led, methods=["GET"], response_model=None)
            return handler

        return register


def twin(path: str) -> str:
    """The address of a page's JSON."""
    return "/index.json" if path == "/" else f"{path}.json"


def as_response(found: Page | Onward | Response, visit: Visit) -> Response:
    """The page in the visitor's language, its JSON, or the way onward."""
    if isinstance(found, Page):
        response = _shown(found, visit)
    else:
        response = _onward(found, visit) if isinstance(found, Onward) else found
    if "lang" in visit.request.query_params:
        keep_language(visit.request, response, visit.language)
    return response


def _shown(found: Page, visit: Visit) -> Response:
    if visit.path.endswith(".json"):
        return Response(
            canonical_bytes(found.view),
            status_code=found.status,
            media_type="application/json",
            headers=dict(found.headers),
        )
    return Response(
        visit.rendered(found.template, view=found.view, title=found.title),
        status_code=found.status,
        media_type="text/html; charset=utf-8",
        headers=dict(found.headers),
    )


def _onward(found: Onward, visit: Visit) -> Response:
    if visit.by_htmx:
        response = Response(status_code=204, headers={"HX-Redirect": found.to})
    else:
        response = RedirectResponse(found.to, status_code=303)
    for name, value in found.headers:
        response.headers.append(name, value)
    return response
