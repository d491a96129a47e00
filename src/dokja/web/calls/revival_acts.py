"""Acts of a call on the stage's empty places, and on a place that was given up."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.call.applications.values import ApplicationPhase
from dokja.call.move_up import move_up
from dokja.call.state import CallState
from dokja.call.values import CallKind
from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.web.acts import Asked, OfficeAct, begun_with
from dokja.web.calls.asked import PlacesTaken, PlaceTaken
from dokja.web.calls.previews import moved
from dokja.web.calls.room import room_of
from dokja.web.calls.text_acts import call_act
from dokja.web.calls.words import PLACE_WORDS
from dokja.wiring.office import Office
from dokja.wiring.revivals import close_out_revival, open_revival


def topic_of(call: CallState) -> Topic:
    """What governs the acts on a call of its kind."""
    return Topic.REVIVAL if call.text.kind is CallKind.REVIVAL else Topic.CALL


def first_clause(office: Office, of: str) -> dict[str, str]:
    """The first clause that governs calls of the kind."""
    topic = topic_of(room_of(office).call(of).state)
    return {"clause": next(iter(office.rulebook.clause_numbers(topic)), "")}


def _open(office: Office, asked: Asked) -> tuple[Act, ...]:
    found = room_of(office).call(asked.of)
    seen = asked.read(found.acts)
    return open_revival(office, found, seen=seen, mandate=asked.mandate)


def _close_out(office: Office, asked: Asked) -> tuple[Act, ...]:
    found = room_of(office).call(asked.of)
    vacancy = found.state.vacancy
    if vacancy is not None and vacancy.stage != office.plan.stage:
        raise NotAllowed(
            f"call {asked.of} fills places of {vacancy.stage}, and this is the office "
            f"of {office.plan.stage}",
            remedy=f"serve the stage {vacancy.stage}, or `dokja call close-out`",
        )
    return close_out_revival(
        office,
        found,
        teams={each.application: each.team for each in asked.event.teams},
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _move_up(office: Office, asked: Asked) -> tuple[Act, ...]:
    room = room_of(office)
    found = room.call(asked.of)
    return move_up(
        found,
        room.applications(asked.of),
        rulebook=room.rulebook,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _selected(office: Office, of: str) -> dict[str, str]:
    """Each selected application under its own id."""
    known = PlacesTaken(
        teams=tuple(
            PlaceTaken(application=bid.id, team=bid.id)
            for bid in room_of(office).bids(of)
            if bid.phase is ApplicationPhase.SELECTED
        )
    )
    return begun_with(known, PLACE_WORDS, zone=None)


REVIVAL_ACTS: Mapping[str, OfficeAct] = {
    "call-open-revival": call_act(
        Text(ko="추가 공모 공고", en="Announce the extra call"),
        Text(
            ko="빈자리를 채우는 공모를 공고합니다. 자리를 비운 결정이 확정되었거나 "
            "이의제기가 조기에 끝난 뒤에만 할 수 있으며, 빈자리에는 이 공모로 채운다고 "
            "함께 기록됩니다.",
            en="Announces a call for the places that the stage left empty, once its "
            "decision is final or objections were closed early. The record then says "
            "of the places that this call is held for them.",
        ),
        _open,
        topics=(Topic.REVIVAL,),
    ),
    "call-move-up": call_act(
        Text(ko="다음 순위 선정", en="Let the next bid move up"),
        Text(
            ko="선정된 신청이 철회하면, 평가단이 선정할 만하다고 본 다음 순위를 "
            "선정합니다. 규정이 정한 경우에만 할 수 있습니다.",
            en="Where a selected bid was withdrawn, the next one that the panel found "
            "able takes its place, if the rules say so.",
        ),
        _move_up,
        topics=(Topic.CALL, Topic.REVIVAL),
        starts_with=first_clause,
        preview=moved(_move_up),
    ),
    "call-close-out-revival": call_act(
        Text(ko="추가 공모 종결", en="Close the extra call out"),
        Text(
            ko="협약과 피드백을 마친 추가 공모를 종결합니다. 누가 빈자리를 맡고 어느 "
            "자리가 비는지가 함께 기록됩니다.",
            en="Ends the call once agreements are signed and feedback is given. The "
            "record then says who takes a place, and what stays empty.",
        ),
        _close_out,
        asks=PlacesTaken,
        words=PLACE_WORDS,
        starts_with=_selected,
    ),
}
