"""What went wrong, as a page that says the fact and the next step."""

from __future__ import annotations

import msgspec
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.values import Text
from dokja.web.entry import visit_of
from dokja.web.pages import Page, as_response
from dokja.web.visit import Visit

STATUS: dict[type[DokjaError], int] = {
    InvalidInput: 422,
    NotAllowed: 403,
    Conflict: 409,
    Unavailable: 503,
}

TITLES = {
    400: Text(ko="요청을 읽을 수 없습니다", en="This request cannot be read"),
    401: Text(ko="로그인이 필요합니다", en="Please sign in"),
    403: Text(ko="권한이 없습니다", en="This is not open to you"),
    404: Text(ko="찾는 화면이 없습니다", en="There is no such page"),
    405: Text(ko="이 주소로는 보낼 수 없습니다", en="Nothing can be sent here"),
    409: Text(ko="이미 처리된 일입니다", en="This was already settled"),
    413: Text(ko="보낸 내용이 너무 큽니다", en="What was sent is too large"),
    422: Text(ko="입력한 내용을 확인해 주십시오", en="Please check what you entered"),
    429: Text(ko="요청이 너무 많습니다", en="Too many requests"),
    500: Text(ko="처리하지 못했습니다", en="This could not be done"),
    503: Text(ko="지금은 이용할 수 없습니다", en="Not available right now"),
}


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was not served, and what to do."""

    status: int
    title: Text
    fact: str
    remedy: str


def add_refusals(app: FastAPI) -> None:
    """Registers a page for every way in which a request can fail."""
    app.add_exception_handler(DokjaError, _foreseen)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(RequestValidationError, _not_valid)


def refusal_page(status: int, *, fact: str = "", remedy: str = "") -> Page:
    """The page of a refusal."""
    known = status if status in TITLES else (400 if status < 500 else 500)
    view = Refusal(status=status, title=TITLES[known], fact=fact, remedy=remedy)
    return Page(template="refusal.html", title=view.title, view=view, status=status)


def refusal_of(error: DokjaError, visit: Visit) -> Refusal:
    """Why a request was not served, in the visitor's language where it is known."""
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 500)
    in_korean = visit.language == "ko" and error.korean
    return Refusal(
        status=status,
        title=TITLES[status],
        fact=error.korean if in_korean else error.fact,
        remedy="" if in_korean else error.remedy,
    )


async def _foreseen(request: Request, error: Exception) -> Response:
    assert isinstance(error, DokjaError)
    visit = visit_of(request)
    found = refusal_of(error, visit)
    page = refusal_page(found.status, fact=found.fact, remedy=found.remedy)
    return as_response(page, visit)


async def _by_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    page = refusal_page(error.status_code)
    return as_response(page, visit_of(request))


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    named = sorted({str(e["loc"][-1]) for e in error.errors()})
    page = refusal_page(422, fact=", ".join(named)[:200])
    return as_response(page, visit_of(request))
