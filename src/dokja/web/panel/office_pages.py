"""The office's side of the panel: who has scored whom, conflicts, closing."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.people import Permission, may, require
from dokja.web.entry import Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.panel.office_views import office_view
from dokja.web.panel.seat import Sent
from dokja.web.visit import Visit
from dokja.wiring.panel_room import PanelRoom, open_panel_room

office_panel = Room()

TITLE = Text(ko="전문가 평가 운영", en="Running the panel")
PATH = "/office/panel"


@office_panel.page(PATH)
def overview(visit: Visitor) -> Page:
    """The panel at a glance, and what the office may do about it."""
    require(visit.account, Permission.SEE_OPERATIONS)
    room = open_panel_room(visit.office)
    view = office_view(room, may_run=may(visit.account, Permission.RUN_PANEL))
    return Page(template="panel/office.html", title=TITLE, view=view)


@office_panel.act(f"{PATH}/discussion")
def open_discussion(visit: Visitor, form: Sent) -> Onward:
    """Opens a team's discussion; sheets from before it are frozen."""
    room = _run(visit)
    at = visit.office.now().isoformat()
    room.office().open_discussion(form.get("team", ""), at=at)
    return Onward(to=f"{PATH}#rounds")


@office_panel.act(f"{PATH}/assignment")
def assign(visit: Visitor) -> Onward:
    """Freezes the assignment shown as the stage's `assignment.json`."""
    _run(visit).freeze_assignment()
    return Onward(to=f"{PATH}#assignment")


@office_panel.act(f"{PATH}/close")
def close(visit: Visitor, form: Sent) -> Onward:
    """Closes the panel and writes the stage's `panel.json`."""
    _run(visit).close(reason=form.get("reason", ""))
    return Onward(to=PATH)


def _run(visit: Visit) -> PanelRoom:
    """The panel of somebody who may run it. Raises: NotAllowed."""
    require(visit.account, Permission.RUN_PANEL)
    return open_panel_room(visit.office)
