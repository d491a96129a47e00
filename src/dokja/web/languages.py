"""Korean or English: what a visitor is shown, and dates and numbers in it."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_datetime, format_timedelta
from starlette.requests import Request
from starlette.responses import Response

from dokja.evidence.values import Text

COOKIE = "dokja-language"
LANGUAGES = ("ko", "en")
_A_YEAR = 365 * 24 * 3600
_DATES = {"ko": "y년 M월 d일(E) HH:mm", "en": "EEE d MMM y, HH:mm"}


def language_of(request: Request, *, own: str | None = None) -> str:
    """`ko` or `en`: the address, the visitor's own choice, the browser, Korean."""
    for asked in (
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        own,
        _first_accepted(request.headers.get("accept-language", "")),
    ):
        if asked in LANGUAGES:
            return asked
    return "ko"


def keep_language(request: Request, response: Response, language: str) -> None:
    """Asks the browser to remember the language for a year."""
    response.set_cookie(
        COOKIE,
        language,
        max_age=_A_YEAR,
        samesite="lax",
        secure=str(request.url.scheme) == "https",
        httponly=True,
    )


def in_language(text: Text, language: str) -> str:
    """The sentence in the language."""
    return text.ko if language == "ko" else text.en


def shown_time(at: str | datetime, language: str) -> str:
    """A moment in the zone it was recorded in, as the language writes it."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return str(format_datetime(moment, _DATES[language], locale=language))


def shown_distance(until: datetime, now: datetime, language: str) -> str:
    """How far off a moment is, such as `3일 후` or `2 days ago`."""
    found = format_timedelta(until - now, add_direction=True, locale=language)
    return str(found)


def _first_accepted(header: str) -> str | None:
    for part in header.split(",")[:8]:
        name = part.partition(";")[0].strip().lower()[:2]
        if name in LANGUAGES:
            return name
    return None
