"""How a request becomes a visit; every handler asks for a `Visitor`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from dokja.web.visit import Visit
from dokja.wiring.office import Office


def visit_of(request: Request) -> Visit:
    """The visit this request belongs to, read once."""
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    office: Office = request.app.state.office
    visit = Visit(request, office, account=None, session=None, csrf="")
    request.state.visit = visit
    return visit


Visitor = Annotated[Visit, Depends(visit_of)]
