"""How a request becomes a visit; every handler asks for a `Visitor`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dokja.people import signed_in
from dokja.people.values import Account, SessionRules
from dokja.web.cookies import BROWSER, SESSION, keep_cookie, read_cookie
from dokja.web.visit import Visit
from dokja.wiring.office import Office

SESSION_RULES = SessionRules()


def visit_of(request: Request) -> Visit:
    """The visit this request belongs to, read once."""
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    office: Office = request.app.state.office
    token = read_cookie(request, SESSION)
    account = signed_in(
        office.desk.sessions, token, now=office.now(), rules=SESSION_RULES
    )
    browser = token if account else _before_sign_in(request, office)
    visit = Visit(request, office, account=account, browser=browser)
    request.state.visit = visit
    request.state.account = account
    return visit


def _before_sign_in(request: Request, office: Office) -> str:
    """The browser's token, a new one where it has none: its forms need one, too."""
    token = read_cookie(request, BROWSER)
    if not token:
        token = office.desk.secrets.token()
        keep_cookie(request, BROWSER, token)
    return token


Visitor = Annotated[Visit, Depends(visit_of)]


def member_of(visit: Visitor) -> Account:
    """The account that is signed in; refuses everybody else."""
    if visit.account is None:
        raise HTTPException(401)
    return visit.account


Member = Annotated[Account, Depends(member_of)]
