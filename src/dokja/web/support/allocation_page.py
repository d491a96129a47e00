"""An allocation that was adopted: who got what, and which rule kept whom from more."""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException

from dokja.evidence.values import Text
from dokja.programme.matters import Mandate, Recorded, read_history
from dokja.support.allocation import AllocationRequest, Proposal
from dokja.support.allocation.adopt import explanation_of, of_one_team
from dokja.support.gpu.values import AllocationAdopted, BookEvent, GpuShare
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.support.reader import SupportReader, member_reader

room = Room()


class AllocationView(msgspec.Struct, frozen=True, kw_only=True):
    """An allocation, as far as it is the reader's to see."""

    id: str
    unit: str
    team: str
    sees_all: bool
    adopted: Mandate
    """When and under which clause; by whom stands in it for who sees all."""
    shares: tuple[GpuShare, ...]
    """As they were promised; a team may have been released since."""
    proposal: Proposal | None
    """None where the reasons are not on record."""
    request: AllocationRequest | None = None
    """The office's and auditors' to see."""


@room.page("/support/allocations/{allocation}")
def allocation_page(visit: Visitor, allocation: str) -> Page:
    """Who got what, and which rule bound; a team is told its own."""
    reader = member_reader(visit)
    recorded = _adoption(reader, allocation)
    mandate, event = recorded.mandate, recorded.event
    shares = tuple(s for s in event.shares if reader.sees(s.team))
    if not shares and not reader.sees_all:
        raise HTTPException(404)
    acts, programme = reader.record.acts, reader.record.terms.programme
    why = explanation_of(programme, allocation, acts.allocations)
    proposal = None if why is None else why.proposal
    if not reader.sees_all:
        mandate = msgspec.structs.replace(mandate, by="")
        proposal = proposal and of_one_team(proposal, reader.team)
    view = AllocationView(
        id=allocation,
        unit=reader.record.terms.rules.unit,
        team=reader.team,
        sees_all=reader.sees_all,
        adopted=mandate,
        shares=shares,
        proposal=proposal,
        request=why.request if why is not None and reader.sees_all else None,
    )
    title = Text(ko=f"GPU 배정 {allocation}", en=f"Allocation {allocation}")
    return Page(template="support/allocation.html", title=title, view=view)


def _adoption(reader: SupportReader, name: str) -> Recorded[AllocationAdopted]:
    book: tuple[Recorded[BookEvent], ...]
    book = read_history(reader.record.acts.book, BookEvent)  # type: ignore[arg-type]
    for each in book:
        if isinstance(each.event, AllocationAdopted) and each.event.id == name:
            return Recorded(number=each.number, mandate=each.mandate, event=each.event)
    raise HTTPException(404)
