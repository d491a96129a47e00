"""Acts of a call's reviews: the panel, the shortlist, the presentations, the choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dokja.call.applications.state import ApplicationState
from dokja.call.applications.values import ApplicationPhase, PresentationHeld
from dokja.call.name_panel import PanelRequest, name_panel
from dokja.call.rules import call_rules
from dokja.call.screen import begin_screening, screen_call
from dokja.call.select import Review, decide_call, hold_presentation
from dokja.call.state import CallState
from dokja.call.values import CallKind, CallPhase, PanelNamed, ReviewRound
from dokja.evidence.toml_text import toml_of
from dokja.evidence.values import Act, Text
from dokja.panel.values import Criterion
from dokja.programme import Topic
from dokja.web.acts import Asked, OfficeAct, begun_rows
from dokja.web.calls.asked import Sheets
from dokja.web.calls.previews import chosen, seated, shortlisted
from dokja.web.calls.revival_acts import first_clause
from dokja.web.calls.room import (
    application_entries,
    parts_of,
    room_of,
)
from dokja.web.calls.text_acts import call_act
from dokja.web.calls.words import EXAMINED_WORDS, PANEL_WORDS, SHEET_WORDS
from dokja.wiring.office import Office

_NOTE = {"ko": "평가단이 제출한 평가표", "en": "Sheets that the panel handed in"}


def _panel(office: Office, asked: Asked) -> Act:
    room = room_of(office)
    found = room.call(asked.of)
    return name_panel(
        found,
        room.bids(asked.of),
        asked.event,
        rulebook=room.rulebook,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _screen(office: Office, asked: Asked) -> Act:
    room = room_of(office)
    found = room.call(asked.of)
    seen = asked.read(found.acts)
    bids = room.bids(asked.of)
    return begin_screening(found, bids, seen=seen, mandate=asked.mandate)


def _shortlist(office: Office, asked: Asked) -> tuple[Act, ...]:
    room = room_of(office)
    found = room.call(asked.of)
    return screen_call(
        found,
        room.applications(asked.of),
        asked.event.panel,
        rulebook=room.rulebook,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _present(office: Office, asked: Asked) -> Act:
    room, (call, name) = room_of(office), parts_of(asked.of)
    found = room.application(call, name)
    return hold_presentation(
        found,
        room.call(call).state,
        asked.event,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _decide(office: Office, asked: Asked) -> tuple[Act, ...]:
    room = room_of(office)
    found = room.call(asked.of)
    return decide_call(
        found,
        room.applications(asked.of),
        asked.event,
        rulebook=room.rulebook,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _new_panel(office: Office, of: str) -> dict[str, str]:
    """The seats of the panel before, with an empty register of them."""
    state = room_of(office).call(of).state
    is_second = state.phase is CallPhase.REVIEWING
    now = ReviewRound.PRESENTATION if is_second else ReviewRound.DOCUMENTS
    known = state.panels.get(now) or state.panels.get(ReviewRound.DOCUMENTS)
    seats = known.seats if known else ()
    experts = [seat.expert for seat in seats]
    register = {"experts": experts, "organisations": [], "teams": [], "ties": []}
    return {
        "round": now.value,
        "register": toml_of(register),
        **begun_rows(seats, PanelRequest, "seats", PANEL_WORDS),
    }


def _document_sheets(office: Office, of: str) -> dict[str, str]:
    room = room_of(office)
    state = room.call(of).state
    bids = _in(room.bids(of), ApplicationPhase.ELIGIBLE)
    named = state.panels.get(ReviewRound.DOCUMENTS)
    return {"panel": _sheets(named, state.text.documents, bids)}


def _presentation_sheets(office: Office, of: str) -> dict[str, str]:
    room = room_of(office)
    state = room.call(of).state
    bids = _in(room.bids(of), ApplicationPhase.PRESENTED)
    named = state.panels.get(ReviewRound.PRESENTATION)
    found = {"panel": _sheets(named, state.text.presentation, bids)}
    if named is not None and _needs_votes(office, state):
        vote = {"in_favour": "", "reason": ""}
        votes = [
            {"expert": expert, "application": name, **vote}
            for expert, name in _seated(named, bids)
        ]
        found["votes"] = toml_of({"votes": votes})
    return found | first_clause(office, of)


def _needs_votes(office: Office, state: CallState) -> bool:
    is_revival = state.text.kind is CallKind.REVIVAL
    return is_revival or call_rules(office.rulebook).initial_majority


def _sheets(
    named: PanelNamed | None, criteria: tuple[Criterion, ...], bids: list[str]
) -> str:
    """A sheet for everybody who reviews, whose points are still to be put in."""
    if named is None:
        return ""
    empty = {criterion.id: "" for criterion in criteria}
    return toml_of(
        {
            "synthetic": False,
            "note": _NOTE,
            "criteria": criteria,
            "experts": [{"id": s.expert, "conflicts": []} for s in named.seats],
            "sheets": [
                {"expert": expert, "team": name, "scores": empty}
                for expert, name in _seated(named, bids)
            ],
        }
    )


def _seated(named: PanelNamed, bids: list[str]) -> Iterator[tuple[str, str]]:
    """Who reviews what: as assigned, else everybody everything but what it may not."""
    kept_out = {(one.expert, one.team) for one in named.recusals}
    assigned = {one.team: one.experts for one in named.assigned}
    everybody = tuple(seat.expert for seat in named.seats)
    for name in bids:
        for expert in assigned.get(name, everybody):
            if (expert, name) not in kept_out:
                yield expert, name


def _in_korean(_office: Office, _of: str) -> dict[str, str]:
    return {"languages": "ko"}


def _in(bids: Iterable[ApplicationState], phase: ApplicationPhase) -> list[str]:
    return [bid.id for bid in bids if bid.phase is phase]


REVIEW_ACTS: Mapping[str, OfficeAct] = {
    "call-panel": call_act(
        Text(ko="평가단 구성", en="Name the panel"),
        Text(
            ko="평가위원을 정하고, 이해관계 등록부로 누가 어느 신청을 평가하지 않을지 "
            "계산합니다. 다시 구성하면 앞의 구성을 대신합니다.",
            en="Names who reviews, and finds from the register of interests who is "
            "kept from which application. Named again, it replaces the panel before.",
        ),
        _panel,
        preview=seated(_panel),
        topics=(Topic.CONFLICTS,),
        asks=PanelRequest,
        words=PANEL_WORDS,
        starts_with=_new_panel,
    ),
    "call-screen": call_act(
        Text(ko="서면평가 시작", en="Hand the documents to the panel"),
        Text(
            ko="서류를 평가단에 넘깁니다. 모든 신청의 자격을 판단한 뒤에만 할 수 "
            "있습니다.",
            en="Hands the documents to the panel, once every eligibility is found.",
        ),
        _screen,
    ),
    "call-shortlist": call_act(
        Text(ko="서면평가 결과 확정", en="Find the shortlist"),
        Text(
            ko="평가표로 순위를 내고 발표평가에 갈 신청을 정합니다. 신청마다 순위와 "
            "사유가 남습니다.",
            en="Ranks the applications by the sheets and finds who presents; each is "
            "told its rank and why.",
        ),
        _shortlist,
        preview=shortlisted(_shortlist),
        asks=Sheets,
        words=SHEET_WORDS,
        starts_with=_document_sheets,
    ),
    "application-present": call_act(
        Text(ko="발표 기록", en="Record the presentation"),
        Text(
            ko="발표를 마쳤음을 기록합니다. 자료의 언어를 모든 위원이 읽을 수 있어야 "
            "합니다.",
            en="Puts the presentation on record. Every expert must read a language of "
            "its material.",
        ),
        _present,
        asks=PresentationHeld,
        words=EXAMINED_WORDS,
        entries=application_entries,
        starts_with=_in_korean,
    ),
    "call-decide": call_act(
        Text(ko="선정 결정", en="Decide the selection"),
        Text(
            ko="평가표와 표결로 선정합니다. 과반이 필요한 공모에서 과반을 얻은 신청이 "
            "없으면 아무도 선정하지 않으며, 이 또한 정당한 결과입니다.",
            en="Selects by sheets and votes. Where a majority is needed and none has "
            "it, nobody is selected, which is a legal result.",
        ),
        _decide,
        preview=chosen(_decide),
        topics=(Topic.CALL, Topic.REVIVAL),
        asks=Review,
        words=SHEET_WORDS,
        starts_with=_presentation_sheets,
    ),
}
