"""The web app: rooms, headers and refusals around one office."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from dokja.web.access import access
from dokja.web.allegations import allegations
from dokja.web.calls import calls
from dokja.web.commitments import commitments
from dokja.web.contest import contest
from dokja.web.decisions import decisions
from dokja.web.disclosures import disclosures
from dokja.web.headers import SecurityHeaders
from dokja.web.home import home
from dokja.web.limits import AddressLimit, BodyLimit
from dokja.web.office import office as console
from dokja.web.panel import panel
from dokja.web.programme_acts import acts
from dokja.web.refusals import add_refusals
from dokja.web.results import results
from dokja.web.schedule import schedule
from dokja.web.support import support
from dokja.web.team import team
from dokja.web.trail import Trail
from dokja.web.trials import trials
from dokja.wiring.office import Office

ROOMS = (
    home,
    access,
    contest,
    panel,
    console,
    team,
    trials,
    results,
    calls,
    decisions,
    schedule,
    support,
    commitments,
    allegations,
    disclosures,
    acts,
)


def make_app(office: Office) -> FastAPI:
    """The app that serves an office's programme."""
    app = FastAPI(title="Dokja", docs_url=None, redoc_url=None)
    app.state.office = office
    app.mount("/static", StaticFiles(packages=[("dokja.web", "static")]))
    for room in ROOMS:
        app.include_router(room.router)
    add_refusals(app)
    app.add_middleware(Trail, office=office)
    app.add_middleware(BodyLimit)
    app.add_middleware(AddressLimit, per_second=office.settings.requests_per_second)
    app.add_middleware(SecurityHeaders)
    return app
