"""Acts on a call itself: its text, its window, what is said of it, its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dokja.call.clarify import answer, ask, give_notice, mark_contradicting
from dokja.call.close_out import close_out_call
from dokja.call.open_call import (
    close_call,
    draft_call,
    extend_call,
    open_call,
    revise_call,
)
from dokja.call.state import CALL, Notice, Question
from dokja.call.values import (
    Answered,
    CallText,
    Clarified,
    MarkedContradicting,
)
from dokja.call.values import Asked as QuestionAsked
from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.web.acts import (
    Asked,
    Choices,
    OfficeAct,
    begun_with,
    local_moment,
)
from dokja.web.calls.asked import LaterEnd, NewCall
from dokja.web.calls.room import (
    Make,
    call_entries,
    clause_names,
    on_call,
    page_of,
    room_of,
)
from dokja.web.calls.words import (
    DRAFT_WORDS,
    REVISED_WORDS,
    SAID_WORDS,
)
from dokja.wiring.office import Office


def call_act(name: Text, does: Text, make: Make, **more: Any) -> OfficeAct:
    """An act on a call that is there, under the clauses on calls."""
    known: dict[str, Any] = {"topics": (Topic.CALL,), "entries": call_entries}
    return OfficeAct(name=name, does=does, make=make, back=page_of, **known | more)


def _draft(office: Office, asked: Asked) -> Act:
    room, given = room_of(office), asked.event
    matter = room.unused(CALL, given.id)
    return draft_call(matter, given.text, rulebook=room.rulebook, mandate=asked.mandate)


def _revise(office: Office, asked: Asked) -> Act:
    room = room_of(office)
    found = room.call(asked.of)
    return revise_call(
        found,
        asked.event,
        rulebook=room.rulebook,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _open(office: Office, asked: Asked) -> Act:
    room = room_of(office)
    found = room.call(asked.of)
    return open_call(
        found,
        None,
        rulebook=room.rulebook,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _close_out(office: Office, asked: Asked) -> Act:
    room = room_of(office)
    found = room.call(asked.of)
    return close_out_call(
        found,
        room.bids(asked.of),
        [file.state for file in room.agreements(asked.of)],
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _new_text(office: Office, _: str) -> dict[str, str]:
    """The text of the last call where there is one, else nothing."""
    earlier = room_of(office).all_calls()
    if earlier:
        text = earlier[-1].state.text
        known = begun_with(text, REVISED_WORDS, zone=office.now().tzinfo)
        kept = {k: v for k, v in known.items() if k not in ("opens", "closes", "kind")}
        return {f"text.{name}": value for name, value in kept.items()}
    return {}


def _present_text(office: Office, of: str) -> dict[str, str]:
    text = room_of(office).call(of).state.text
    return begun_with(text, REVISED_WORDS, zone=office.now().tzinfo)


def _present_end(office: Office, of: str) -> dict[str, str]:
    closes = room_of(office).call(of).state.closes
    return {"closes": local_moment(closes, office.now().tzinfo)}


def _new_clauses(office: Office, _: str) -> Choices:
    return {"text.definition.clause": clause_names(office)}


def _clauses(office: Office, _: str) -> Choices:
    return {"definition.clause": clause_names(office)}


def _contradicted(office: Office, _: str) -> Choices:
    return {"contradicts.clause": clause_names(office)}


def _questions(office: Office, of: str) -> Choices:
    """Every question, those first that nobody answered."""
    asked = room_of(office).call(of).state.questions
    waiting = sorted(asked, key=lambda one: bool(one.versions))
    return {
        "question": {one.id: _shortened(one.id, one.text) for one in waiting},
        "contradicts.clause": clause_names(office),
    }


def _said(office: Office, of: str) -> Choices:
    """Everything of which a version stands unmarked."""
    state = room_of(office).call(of).state
    spoken: tuple[Notice | Question, ...] = (*state.notices, *state.questions)
    return {
        "id": {
            one.id: _shortened(one.id, one.versions[-1].text)
            for one in spoken
            if any(said.contradicts is None for said in one.versions)
        },
        "contradiction.clause": clause_names(office),
    }


def _first_version(_office: Office, _of: str) -> dict[str, str]:
    return {"version": "1"}


def _shortened(name: str, text: Text, most: int = 50) -> Text:
    ko, en = (
        f"{name}: {said[:most]}{'…' if len(said) > most else ''}"
        for said in (text.ko or text.en, text.en or text.ko)
    )
    return Text(ko=ko, en=en)


TEXT_ACTS: Mapping[str, OfficeAct] = {
    "call-draft": call_act(
        Text(ko="공모 초안 작성", en="Draft a call"),
        Text(
            ko="공고문을 씁니다. 공고하기 전까지는 고칠 수 있고 외부에 보이지 "
            "않습니다.",
            en="Writes the text of a call. Until it is announced it can be changed, "
            "and nobody outside the office sees it.",
        ),
        _draft,
        asks=NewCall,
        words=DRAFT_WORDS,
        entries=None,
        starts_with=_new_text,
        choices=_new_clauses,
        is_final=False,
    ),
    "call-revise": call_act(
        Text(ko="초안 수정", en="Change the draft"),
        Text(
            ko="초안을 아래 내용으로 바꿉니다. 이전 초안도 기록에 남습니다.",
            en="Puts this text in place of the draft, which stays on record.",
        ),
        _revise,
        asks=CallText,
        words=REVISED_WORDS,
        starts_with=_present_text,
        choices=_clauses,
        is_final=False,
    ),
    "call-open": call_act(
        Text(ko="공고", en="Announce the call"),
        Text(
            ko="공고문이 공개되고 그때부터 구속력을 가집니다. 이후 본문은 바꿀 수 없고 "
            "접수 기간만 늘릴 수 있습니다.",
            en="The text becomes public and binds from now on. It never changes again; "
            "only the window can become longer.",
        ),
        _open,
    ),
    "call-extend": call_act(
        Text(ko="접수 기간 연장", en="Extend the window"),
        Text(
            ko="마감을 늦춥니다. 앞당길 수는 없으며, 마감이 지난 뒤에는 연장하지 "
            "못합니다.",
            en="Moves the end later, never earlier, and never once it is over.",
        ),
        on_call(lambda call, event, **by: extend_call(call, event.closes, **by)),
        asks=LaterEnd,
        words=REVISED_WORDS,
        starts_with=_present_end,
        asks_reason=True,
    ),
    "call-close": call_act(
        Text(ko="접수 마감", en="Close the call"),
        Text(
            ko="접수를 마칩니다. 마감 시각이 지난 뒤에만 할 수 있습니다.",
            en="Ends the taking of applications, once the window is over.",
        ),
        on_call(lambda call, _, **by: close_call(call, **by)),
    ),
    "call-notice": call_act(
        Text(ko="안내 게시", en="Give a notice"),
        Text(
            ko="모두에게 공개되는 안내입니다. 같은 번호로 다시 안내하면 이전 안내와 "
            "나란히 남습니다.",
            en="A notice that everybody sees. Given again under its id, both stay.",
        ),
        on_call(give_notice),
        asks=Clarified,
        words=SAID_WORDS,
        choices=_contradicted,
    ),
    "call-question": call_act(
        Text(ko="질의 기록", en="Record a question"),
        Text(
            ko="설명회나 서면으로 받은 질의를 기록합니다. 누가 물었는지는 남기지 "
            "않습니다.",
            en="Puts a question on record; who asked stands nowhere.",
        ),
        on_call(ask),
        asks=QuestionAsked,
        words=SAID_WORDS,
    ),
    "call-answer": call_act(
        Text(ko="답변 기록", en="Record an answer"),
        Text(
            ko="답변을 말한 그대로 기록합니다. 공고문과 다르면 그렇게 표시되고 "
            "공고문이 우선합니다.",
            en="Puts an answer on record as it was given. Where it contradicts the "
            "call it is shown as such, and the call holds.",
        ),
        on_call(answer),
        asks=Answered,
        words=SAID_WORDS,
        choices=_questions,
    ),
    "call-mark": call_act(
        Text(ko="공고문과 다름 표시", en="Mark as contradicting"),
        Text(
            ko="이미 나간 안내나 답변이 공고문과 다르다고 표시합니다. 내용은 그대로 "
            "남습니다.",
            en="Says beside a notice or an answer given before that it contradicts the "
            "call. What was said stays.",
        ),
        on_call(mark_contradicting),
        asks=MarkedContradicting,
        words=SAID_WORDS,
        choices=_said,
        starts_with=_first_version,
    ),
    "call-close-out": call_act(
        Text(ko="공모 종결", en="Close the call out"),
        Text(
            ko="협약이 체결되고 선정되지 않은 신청자에게 피드백을 준 뒤 공모를 "
            "마칩니다.",
            en="Ends the call, once agreements are signed and feedback is given.",
        ),
        _close_out,
    ),
}
