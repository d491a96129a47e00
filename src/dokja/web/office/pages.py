"""What the office sees first: duties, what they wait for, and alarms."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dokja.evidence.values import Text
from dokja.people import Permission, require
from dokja.stage.overview import Alarm, Duty
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.wiring.console import stage_overview

office = Room()

TITLE = Text(ko="운영 상황판", en="Office console")


class Console(msgspec.Struct, frozen=True, kw_only=True):
    """The stage at a glance."""

    now: datetime
    duties: tuple[Duty, ...]
    alarms: tuple[Alarm, ...]


@office.page("/office")
def console(visit: Visitor) -> Page:
    """What is due, what is stuck and why, and what to do about it."""
    require(visit.account, Permission.SEE_OPERATIONS)
    found = stage_overview(visit.office)
    view = Console(now=visit.office.now(), duties=found.duties, alarms=found.alarms)
    return Page(template="office/console.html", title=TITLE, view=view)
