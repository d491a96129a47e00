"""Acts on facts of outsiders, as pages offer them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dokja.evidence.toml_text import toml_of
from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.recognition import Recorded, recognition_matter
from dokja.recognition.values import (
    Fact,
    FactCorrected,
    Id,
    RecognitionEvent,
    TakenOff,
)
from dokja.web.acts import Asked, FieldKind, FieldWords, OfficeAct
from dokja.web.acts.source_words import SOURCE_WORDS
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.office import Office
from dokja.wiring.recognitions import read_recognitions, recognition_event

PAGE = "/disclosures"
FACTS = """# 목록 등재 / on a list
kind = "listing"
team = ""
body = ""            # 평가 주체 / who says it
list = ""
rule = { ko = "", en = "" }   # 등재 기준 / by what a model gets on it
source = { publisher = "", on = "2026-01" }

# 지수 값 / value of an index
# kind = "index"
# team = ""
# body = ""
# index = ""
# version = ""
# value = 0.0
# source = { publisher = "", on = "2026-01" }
"""


class NewFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with the name it is put on record under."""

    id: Id
    fact: Fact


def _back(_: str) -> str:
    return f"{PAGE}#recognition"


def _entries(office: Office, name: str) -> int:
    desk = desk_of_office(office)
    return len(desk.history(recognition_matter(desk.programme, name)))


def _act(office: Office, asked: Asked, name: str, event: RecognitionEvent) -> Act:
    return recognition_event(
        desk_of_office(office), name, event, seen=asked.seen, mandate=asked.mandate
    )


def _record(office: Office, asked: Asked) -> Act:
    given: NewFact = asked.event
    return _act(office, asked, given.id, Recorded(fact=given.fact))


def _as_it_stands(office: Office, name: str) -> dict[str, str]:
    known = read_recognitions(desk_of_office(office))
    found = next((each for each in known if each.id == name), None)
    return {} if found is None else {"fact": toml_of(found.fact)}


_FACT = FieldWords(
    name=Text(ko="사실", en="The fact"),
    hint=Text(
        ko="출처가 말하지 않은 것은 적지 않습니다. 두 묶음 가운데 하나만 남깁니다.",
        en="What the source does not say is left out. Keep one of the two blocks.",
    ),
)
_REASON = FieldWords(name=Text(ko="사유", en="Why"))

RECOGNITION_ACTS: Mapping[str, OfficeAct] = {
    "recognition-record": OfficeAct(
        name=Text(ko="외부 평가 기록", en="Record what an outsider says"),
        does=Text(
            ko="외부 기관의 목록이나 지수를 출처와 날짜와 함께 기록합니다. 점수에는 "
            "반영하지 않습니다.",
            en="A list or an index of somebody else, with its source and date. No "
            "score "
            "can read it.",
        ),
        asks=NewFact,
        words={
            "id": FieldWords(
                name=Text(ko="이름", en="Its id"),
                hint=Text(
                    ko="예: haneul-notable-list", en="Such as haneul-notable-list."
                ),
            ),
            "fact": _FACT,
        },
        make=_record,
        back=_back,
        topics=(Topic.DISCLOSURE,),
        starts_with=lambda *_: {"fact": FACTS},
    ),
    "recognition-correct": OfficeAct(
        name=Text(ko="정정", en="Correct it"),
        does=Text(
            ko="잘못 기록했거나 출처가 고친 내용을 정정합니다. 이전 내용도 남습니다.",
            en="For what was recorded wrongly or corrected at its source; what stood "
            "before stays.",
        ),
        asks=FactCorrected,
        words={"fact": _FACT, "reason": _REASON},
        make=lambda office, asked: _act(office, asked, asked.of, asked.event),
        back=_back,
        topics=(Topic.DISCLOSURE,),
        entries=_entries,
        starts_with=_as_it_stands,
    ),
    "recognition-take-off": OfficeAct(
        name=Text(ko="제외", en="Take it off"),
        does=Text(
            ko="외부 기관이 더는 그렇게 밝히지 않는 경우에 씁니다.",
            en="Where the outsider no longer says it.",
        ),
        asks=TakenOff,
        words={
            "reason": _REASON,
            **SOURCE_WORDS,
            "source.on": FieldWords(
                name=Text(ko="알린 날", en="When it was published")
            ),
            "on": FieldWords(
                name=Text(ko="언제부터", en="Since when"), kind=FieldKind.LINE
            ),
        },
        make=lambda office, asked: _act(office, asked, asked.of, asked.event),
        back=_back,
        topics=(Topic.DISCLOSURE,),
        entries=_entries,
    ),
}
