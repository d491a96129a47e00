"""Forms: whether one comes from a page of ours, in a browser we gave it to."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dokja.errors import InvalidInput
from dokja.people.digests import is_form_token
from dokja.web.entry import visit_of
from dokja.web.limits import account_limit
from dokja.web.visit import Visit

CONFIRMED = "yes"


async def checked_form(
    request: Request, visit: Annotated[Visit, Depends(visit_of)]
) -> None:
    """Nothing. Refuses a form from elsewhere, and too many from one account."""
    if visit.account is not None:
        limit = account_limit(request.app)
        if not limit.admits(visit.account.id):
            raise HTTPException(429)
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "form_from_elsewhere")
    form = request.state.form = await request.form()
    given = request.headers.get("x-csrf-token") or form.get("csrf")
    if not isinstance(given, str) or not is_form_token(given, visit.browser):
        raise HTTPException(403, "form_from_elsewhere")


def require_confirmed(visit: Visit, what: str) -> None:
    """Nothing. Raises: InvalidInput where the box that confirms it is not ticked."""
    if visit.sent("confirmed") != CONFIRMED:
        raise InvalidInput(
            f"the {what} was not confirmed",
            remedy="tick the box that says you have read what it does",
            korean="내용을 확인했다는 칸에 표시해 주십시오.",
        )


def missing_reason(what: str) -> InvalidInput:
    """What is wrong with a form that has to say why and does not."""
    return InvalidInput(
        f"the {what} needs a reason",
        remedy="say why; it is put on record",
        korean="사유를 적어 주십시오. 기록에 남습니다.",
    )
