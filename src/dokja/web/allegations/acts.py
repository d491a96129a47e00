"""Acts on allegations, as pages offer them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Act, Text
from dokja.independence.allegation.course import ALLEGATION, allegation_matter
from dokja.independence.allegation.values import (
    AllegationEvent,
    Digest,
    Joined,
    Measured,
    MeasuredFact,
    Received,
    Replied,
    Resolved,
    Triaged,
    Words,
)
from dokja.independence.allegation.words import (
    ACCUSERS,
    BEARS_OUT,
    INTERESTS,
    OUTCOMES,
)
from dokja.people import Permission
from dokja.programme import Topic
from dokja.report.wording import COMPONENT_KIND
from dokja.web.acts import Asked, FieldKind, FieldWords, OfficeAct
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.allegations import allegation_act, read_allegations
from dokja.wiring.office import Office

PAGE = "/allegations"
TOPICS = (Topic.INDEPENDENCE, Topic.REPLY)


class BearsOut(StrEnum):
    """What a measurement says of an allegation."""

    YES = "yes"
    NO = "no"
    SETTLES_NOTHING = "settles_nothing"


class FactRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measurement as it is entered."""

    what: Words
    digest: Digest
    bears_out: BearsOut


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was measured on an allegation."""

    facts: Annotated[tuple[FactRow, ...], Meta(min_length=1, max_length=50)]


_MEANS: Mapping[BearsOut, bool | None] = {
    BearsOut.YES: True,
    BearsOut.NO: False,
    BearsOut.SETTLES_NOTHING: None,
}


def _page_of(name: str) -> str:
    return f"{PAGE}/{name}" if name else PAGE


def _entries(office: Office, name: str) -> int:
    desk = desk_of_office(office)
    return len(desk.history(allegation_matter(desk.programme, name)))


def _happened(office: Office, asked: Asked, event: AllegationEvent) -> Act:
    desk = desk_of_office(office)
    return allegation_act(desk, asked.of, event, mandate=asked.mandate, seen=asked.seen)


def _receive(office: Office, asked: Asked) -> Act:
    desk = desk_of_office(office)
    name = f"allegation-{len(desk.histories(ALLEGATION)) + 1}"
    return allegation_act(desk, name, asked.event, mandate=asked.mandate)


def _measure(office: Office, asked: Asked) -> Act:
    given: Facts = asked.event
    facts = tuple(
        MeasuredFact(what=r.what, digest=r.digest, bears_out=_MEANS[r.bears_out])
        for r in given.facts
    )
    return _happened(office, asked, Measured(facts=facts))


def _others(office: Office, name: str) -> dict[str, dict[str, Text]]:
    """Allegations that this one can be joined to."""
    found = read_allegations(desk_of_office(office), public=False).open
    return {
        "to": {
            one.id: Text(
                ko=f"{one.id} · {one.received.team} · {one.received.about.ko}",
                en=f"{one.id} · {one.received.team} · {one.received.about.en}",
            )
            for one in found
            if one.id != name and not one.joined_to
        }
    }


_RECEIVED_WORDS = {
    "team": FieldWords(name=Text(ko="대상 팀", en="Team it is about")),
    "component": FieldWords(
        name=Text(ko="구성요소", en="Component"),
        kind=FieldKind.CHOICE,
        choices={kind.value: words for kind, words in COMPONENT_KIND.items()},
    ),
    "aspect": FieldWords(
        name=Text(ko="독자성의 측면", en="Aspect of independence"),
        kind=FieldKind.CHOICE,
        choices={
            "technical": Text(ko="기술", en="technical"),
            "policy": Text(ko="정책", en="policy"),
            "ethical": Text(ko="윤리", en="ethical"),
        },
    ),
    "about": FieldWords(
        name=Text(ko="제기된 내용", en="What is alleged"),
        hint=Text(
            ko="사무국이 중립적인 말로 정리합니다. 사람 이름은 적지 마십시오.",
            en="In the office's neutral words; name no person.",
        ),
    ),
    "accuser": FieldWords(
        name=Text(ko="제기한 이의 지위", en="In which capacity somebody alleges it"),
        choices={each.value: words for each, words in ACCUSERS.items()},
    ),
    "interest": FieldWords(
        name=Text(ko="이해관계", en="Interest of their own"),
        hint=Text(
            ko="밝히지 않아도 접수하며, 밝히지 않았다는 사실이 함께 남습니다.",
            en="It is taken in without one too, and that none was stated stays with "
            "it.",
        ),
        choices={each.value: words for each, words in INTERESTS.items()},
    ),
    "interest_text": FieldWords(
        name=Text(ko="밝힌 이해관계", en="The interest stated")
    ),
    "reference": FieldWords(
        name=Text(ko="비교 대상 모델", en="Model the weights are said to come from")
    ),
}

ALLEGATION_ACTS: Mapping[str, OfficeAct] = {
    "allegation-receive": OfficeAct(
        name=Text(ko="의혹 제기 접수", en="Take in an allegation"),
        does=Text(
            ko="제기된 내용과 제기한 이의 지위, 이해관계를 기록합니다. 처리가 끝날 "
            "때까지 "
            "공개하지 않습니다.",
            en="What is alleged, in which capacity and with which interest goes on "
            "record. Nothing is public before it is resolved.",
        ),
        asks=Received,
        words=_RECEIVED_WORDS,
        make=_receive,
        back=lambda _: PAGE,
        topics=TOPICS,
    ),
    "allegation-triage": OfficeAct(
        name=Text(ko="측정 대상 확정", en="Say what is to be measured"),
        does=Text(
            ko="제기된 내용을 가리기 위해 무엇을 잴지 정합니다.",
            en="What has to be measured to settle it, before anything is.",
        ),
        asks=Triaged,
        words={
            "to_measure": FieldWords(
                name=Text(ko="잴 것(한 줄에 하나)", en="To be measured, one a line"),
                hint=Text(
                    ko="예: 영상 인코더의 가중치 비교(T1, T2)",
                    en="Such as: weights of the vision encoder (T1, T2)",
                ),
            )
        },
        make=lambda office, asked: _happened(office, asked, asked.event),
        back=_page_of,
        topics=TOPICS,
        entries=_entries,
    ),
    "allegation-join": OfficeAct(
        name=Text(ko="같은 건에 병합", en="Join it to another"),
        does=Text(
            ko="같은 내용이 먼저 접수된 경우 그 건에 병합해 한 번만 처리합니다.",
            en="Where another says the same, that one stands for both.",
        ),
        asks=Joined,
        words={"to": FieldWords(name=Text(ko="병합할 건", en="Joined to"))},
        make=lambda office, asked: _happened(office, asked, asked.event),
        back=_page_of,
        topics=TOPICS,
        entries=_entries,
        choices=_others,
    ),
    "allegation-measure": OfficeAct(
        name=Text(ko="측정 결과 기록", en="Put the measurements on record"),
        does=Text(
            ko="측정한 것을 다이제스트와 함께 기록합니다. 그날부터 팀의 소명 기간이 "
            "시작됩니다.",
            en="What was measured goes on record with its digest; from that day the "
            "team "
            "has its days to reply.",
        ),
        asks=Facts,
        words={
            "facts": FieldWords(
                name=Text(ko="측정 결과", en="Measurements"), kind=FieldKind.ROWS
            ),
            "facts.what": FieldWords(name=Text(ko="무엇을 쟀는지", en="What")),
            "facts.digest": FieldWords(
                name=Text(ko="결과의 다이제스트", en="Digest of the result")
            ),
            "facts.bears_out": FieldWords(
                name=Text(ko="뜻", en="What it says"),
                choices={e.value: BEARS_OUT[_MEANS[e]] for e in BearsOut},
            ),
        },
        make=_measure,
        back=_page_of,
        topics=TOPICS,
        entries=_entries,
    ),
    "allegation-reply": OfficeAct(
        name=Text(ko="소명", en="Reply"),
        does=Text(
            ko="제기된 내용과 측정 결과에 대한 팀의 설명을 기록합니다. 소명을 받거나 "
            "기한이 "
            "지나기 전에는 인용되지 않습니다.",
            en="Your team's answer to what is alleged and measured. Nothing is upheld "
            "before your reply or the end of its days.",
        ),
        asks=Replied,
        words={"text": FieldWords(name=Text(ko="소명 내용", en="Your reply"))},
        make=lambda office, asked: _happened(office, asked, asked.event),
        back=_page_of,
        topics=(Topic.REPLY,),
        permission=Permission.REPLY,
    ),
    "allegation-resolve": OfficeAct(
        name=Text(ko="판단", en="Resolve it"),
        does=Text(
            ko="측정 결과와 소명에 따라 판단합니다. 인용하지 않은 건은 처리되었다는 "
            "사실만 "
            "공개합니다.",
            en="By the measurements and the reply. Of one that is not upheld, the "
            "public "
            "reads that it was resolved, and no more.",
        ),
        asks=Resolved,
        words={
            "outcome": FieldWords(
                name=Text(ko="판단", en="Outcome"),
                choices={each.value: words for each, words in OUTCOMES.items()},
            ),
            "reasons": FieldWords(name=Text(ko="이유", en="Reasons")),
        },
        make=lambda office, asked: _happened(office, asked, asked.event),
        back=_page_of,
        topics=TOPICS,
        entries=_entries,
    ),
}
