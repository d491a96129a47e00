"""What is due in the whole programme, what waits and why, gathered for the console."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from dokja.call.agenda import call_agenda
from dokja.commitment.agenda import commitment_agenda
from dokja.errors import DokjaError
from dokja.evidence.values import Text
from dokja.independence.allegation.agenda import allegation_agenda
from dokja.programme.agenda import AgendaItem, Standing
from dokja.programme.schedule.agenda import schedule_agenda
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.allegations import read_allegations
from dokja.wiring.calls import CallRoom
from dokja.wiring.commitments import read_commitments
from dokja.wiring.decision_file import decision_file
from dokja.wiring.office import Office
from dokja.wiring.schedules import read_schedules
from dokja.wiring.support import support_page, support_record


class PlacedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A thing to do, what it belongs to, and the page on which it is done."""

    of: Text
    path: str
    item: AgendaItem


ORDER = (Standing.OVERDUE, Standing.DUE, Standing.BLOCKED, Standing.WAITS)


def programme_agenda(office: Office) -> tuple[PlacedItem, ...]:
    """Everything that is to be done, the most pressing first.

    A part that cannot be read is an item of its own, which says why: the rest of the
    list is no less true for it.
    """
    found = [item for part in PARTS for item in _of_part(part, office)]
    return tuple(sorted(found, key=lambda each: ORDER.index(each.item.standing)))


def _of_part(part: Part, office: Office) -> Iterable[PlacedItem]:
    name, path, items = part
    try:
        return list(items(office))
    except DokjaError as error:
        unread = AgendaItem(
            standing=Standing.BLOCKED,
            what=Text(ko="읽을 수 없습니다.", en="cannot be read"),
            why=Text(ko=error.korean or error.fact, en=error.fact),
        )
        return [PlacedItem(of=name, path=path, item=unread)]


def _calls(office: Office) -> Iterator[PlacedItem]:
    room = CallRoom(desk=desk_of_office(office))
    now = office.now().isoformat()
    for name in room.call_ids():
        states = [file.state for file in room.applications(name)]
        agreements = [file.state for file in room.agreements(name)]
        call = room.call(name).state
        for item in call_agenda(call, states, agreements, now=now):
            yield PlacedItem(of=call.text.title, path=f"/calls/{name}", item=item)


def _support(office: Office) -> Iterator[PlacedItem]:
    if not office.rulebook.support_rules:
        return
    for item in support_record(desk_of_office(office)).agenda():
        matter = item.matter
        path = support_page(matter.kind, matter.id) if matter else "/support"
        yield PlacedItem(of=_SUPPORT, path=path, item=item)


def _after_decision(office: Office) -> Iterator[PlacedItem]:
    found = decision_file(office)
    for item in () if found is None else found.agenda:
        yield PlacedItem(of=_DECISIONS, path="/decisions", item=item)


def _schedule(office: Office) -> Iterator[PlacedItem]:
    found = read_schedules(desk_of_office(office))
    now = office.now().isoformat()
    for item in schedule_agenda(found.versions, found.consultations, now=now):
        yield PlacedItem(of=_SCHEDULE, path="/schedule", item=item)


def _commitments(office: Office) -> Iterator[PlacedItem]:
    for item in commitment_agenda(read_commitments(desk_of_office(office))):
        yield PlacedItem(of=_COMMITMENTS, path="/commitments", item=item)


def _allegations(office: Office) -> Iterator[PlacedItem]:
    found = read_allegations(desk_of_office(office), public=False)
    for item in allegation_agenda(found.open, now=office.now().isoformat()):
        yield PlacedItem(of=_ALLEGATIONS, path="/allegations", item=item)


_ALLEGATIONS = Text(ko="의혹 제기", en="Allegations")
_COMMITMENTS = Text(ko="약속", en="Commitments")
_DECISIONS = Text(ko="결정 이후", en="After the decision")
_SCHEDULE = Text(ko="일정", en="Schedule")
_SUPPORT = Text(ko="지원", en="Support")
Part = tuple[Text, str, Callable[[Office], Iterable[PlacedItem]]]
PARTS: tuple[Part, ...] = (
    (Text(ko="공모", en="Calls"), "/calls", _calls),
    (_DECISIONS, "/decisions", _after_decision),
    (_SCHEDULE, "/schedule", _schedule),
    (_SUPPORT, "/support", _support),
    (_COMMITMENTS, "/commitments", _commitments),
    (_ALLEGATIONS, "/allegations", _allegations),
)
"""What each part of the programme is called, its page, and its items."""
