"""How a page's act reaches the calls: the matter read, the stage's act made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from dokja.evidence.values import Act, Text
from dokja.programme.matters import require_read
from dokja.web.acts import Asked
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.calls import CallRoom
from dokja.wiring.office import Office

Make = Callable[[Office, Asked], Act | Sequence[Act]]


def room_of(office: Office) -> CallRoom:
    """The calls of the office's programme, on its record and clock."""
    return CallRoom(desk=desk_of_office(office))


def parts_of(of: str) -> tuple[str, str]:
    """The call and the application that an id names."""
    call, _, application = of.partition("/")
    return call, application


def applicant_of(of: str) -> str:
    """Whose application it is: an applicant acts under the id of its application."""
    return parts_of(of)[1]


def page_of(of: str) -> str:
    """Where a call, or an application to it, is shown; the list for neither."""
    return "/calls" if not of else f"/calls/{quote(of)}"


def call_page_of(of: str) -> str:
    """Where the call is shown that an application goes to."""
    return page_of(parts_of(of)[0])


def on_call(make: Callable[..., Act]) -> Make:
    """What calls the stage's act with the call and what was filled in."""

    def made(office: Office, asked: Asked) -> Act:
        found = room_of(office).call(asked.of)
        seen = asked.read(found.acts)
        return make(found, asked.event, seen=seen, mandate=asked.mandate)

    return made


def on_application(make: Callable[..., Act]) -> Make:
    """The same with an application."""

    def made(office: Office, asked: Asked) -> Act:
        found = room_of(office).application(*parts_of(asked.of))
        seen = asked.read(found.acts)
        return make(found, asked.event, seen=seen, mandate=asked.mandate)

    return made


def on_agreement(make: Callable[..., Act]) -> Make:
    """The same with an agreement."""

    def made(office: Office, asked: Asked) -> Act:
        found = room_of(office).agreement(*parts_of(asked.of))
        seen = asked.read(found.acts)
        return make(found, asked.event, seen=seen, mandate=asked.mandate)

    return made


def require_seen(found: Any, asked: Asked) -> None:
    """Nothing, for acts that do not ask how much was read.

    Raises: Conflict where somebody acted on the file since it was shown.
    """
    seen = asked.read(found.acts)
    require_read(found.matter, found.acts, seen=seen)


def call_entries(office: Office, of: str) -> int:
    """How many entries the call has."""
    return len(room_of(office).call(of).acts)


def application_entries(office: Office, of: str) -> int:
    """How many entries the application has."""
    return len(room_of(office).application(*parts_of(of)).acts)


def agreement_entries(office: Office, of: str) -> int:
    """How many entries the agreement has."""
    return len(room_of(office).agreement(*parts_of(of)).acts)


def clause_names(office: Office) -> dict[str, Text]:
    """Every clause of the rulebook, by number."""
    return {
        clause.number: Text(
            ko=f"{clause.number} {clause.title.ko}",
            en=f"{clause.number} {clause.title.en}",
        )
        for clause in office.rulebook.clauses
    }
