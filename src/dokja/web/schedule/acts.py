"""Acts on the dates and on consultations, as pages offer them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Act, Text
from dokja.people import Permission
from dokja.programme.schedule import (
    CONSULTATION,
    Adopted,
    Answered,
    Dropped,
    Milestone,
    Proposed,
    ScheduleSet,
    Stance,
    consultation_matter,
    schedule_matter,
)
from dokja.programme.schedule.values import ConsultationAbout, Day, Id
from dokja.programme.schedule.words import STANCES
from dokja.web.acts import Asked, FieldKind, FieldWords, OfficeAct, begun_rows
from dokja.web.acts.source_words import SOURCE_WORDS
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.decision_file import left_teams
from dokja.wiring.office import Office
from dokja.wiring.schedules import (
    answer_of,
    new_consultation,
    new_version,
    read_schedules,
    settlement_of,
)

PAGE = "/schedule"
LONGEST = 20_000
_EXAMPLE = (
    Milestone(
        id="stage-1-evaluation",
        name=Text(ko="1차 단계평가", en="First stage evaluation"),
        at="2026-01-05",
        until="2026-01-15",
    ),
)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a team says to a proposed change."""

    stance: Stance
    text: Annotated[str, Meta(max_length=LONGEST)] = ""


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the teams are asked about."""

    change: Text
    reason: Text
    teams: tuple[Id, ...]
    replies_until: Day


class ChangeOfDates(_Change, frozen=True, kw_only=True):
    """Dates as they would be."""

    milestones: tuple[Milestone, ...]


class ChangeOfRules(_Change, frozen=True, kw_only=True):
    """The rulebook as it would be, by its digest."""

    rules_digest: str


def _page_of(name: str) -> str:
    return f"{PAGE}/consultations/{name}" if name else PAGE


def _set(office: Office, asked: Asked) -> Act:
    desk = desk_of_office(office)
    return new_version(desk, asked.event, seen=asked.seen, mandate=asked.mandate)


def _versions(office: Office, _: str) -> int:
    desk = desk_of_office(office)
    return len(desk.history(schedule_matter(desk.programme)))


def _entries(office: Office, name: str) -> int:
    desk = desk_of_office(office)
    return len(desk.history(consultation_matter(desk.programme, name)))


def _dates_now(office: Office) -> tuple[Milestone, ...]:
    versions = read_schedules(desk_of_office(office)).versions
    return versions[-1].schedule.milestones if versions else _EXAMPLE


def _begun_version(office: Office, consultation: str) -> dict[str, str]:
    """The dates as they stand, or as the consultation would have them."""
    found = {c.id: c for c in read_schedules(desk_of_office(office)).consultations}
    if consultation not in found:
        return _rows(_dates_now(office))
    proposed = found[consultation].proposed
    return {
        **_rows(proposed.milestones or _dates_now(office)),
        "reason.ko": proposed.reason.ko,
        "reason.en": proposed.reason.en,
        "consultation": consultation,
    }


def _begun_dates(office: Office, _: str) -> dict[str, str]:
    return {"teams": _teams(office), **_rows(_dates_now(office))}


def _begun_rules(office: Office, _: str) -> dict[str, str]:
    return {"teams": _teams(office)}


def _teams(office: Office) -> str:
    left = {*office.plan.withdrawn, *(each.team for each in left_teams(office))}
    return "\n".join(team for team in office.plan.teams if team not in left)


def _rows(milestones: tuple[Milestone, ...]) -> dict[str, str]:
    words = {"milestones": _MILESTONES, **_ROW_WORDS}
    return begun_rows(milestones, ScheduleSet, "milestones", words)


def _propose(office: Office, asked: Asked) -> Act:
    desk = desk_of_office(office)
    number = len(desk.histories(CONSULTATION)) + 1
    is_dates = isinstance(asked.event, ChangeOfDates)
    change = Proposed(
        about=ConsultationAbout.SCHEDULE if is_dates else ConsultationAbout.RULES,
        **msgspec.structs.asdict(asked.event),
    )
    name = f"consultation-{number}"
    return new_consultation(desk, name, change, mandate=asked.mandate)


def _answer(office: Office, asked: Asked) -> Act:
    given: Reply = asked.event
    reply = Answered(team=asked.mandate.by, stance=given.stance, text=given.text)
    desk = desk_of_office(office)
    return answer_of(desk, asked.of, reply, seen=asked.seen, mandate=asked.mandate)


def _settle(office: Office, asked: Asked) -> Act:
    desk = desk_of_office(office)
    return settlement_of(
        desk, asked.of, asked.event, seen=asked.seen, mandate=asked.mandate
    )


_MILESTONES = FieldWords(
    name=Text(ko="날짜", en="Dates"),
    hint=Text(
        ko="바뀌지 않는 날짜도 모두 둡니다. 알린 만큼만 적으며(2026, 2026-08, "
        "2026-08-03), 하루라면 끝을 비웁니다. 없앨 날짜는 그 줄을 모두 비웁니다.",
        en="All of them, the unchanged ones too, as exactly as they were announced "
        "(2026, 2026-08 or 2026-08-03). A single day has no end; to drop a date, empty "
        "its row.",
    ),
    kind=FieldKind.ROWS,
)
_ROW_WORDS = {
    "milestones.id": FieldWords(name=Text(ko="영문 이름", en="Id")),
    "milestones.name": FieldWords(name=Text(ko="이름", en="Name")),
    "milestones.at": FieldWords(name=Text(ko="날짜 또는 시작", en="Date or begin")),
    "milestones.until": FieldWords(name=Text(ko="끝", en="End")),
}
_REASON = FieldWords(
    name=Text(ko="바꾸는 사유", en="Why it changes"),
    hint=Text(
        ko="모두가 봅니다. 첫 일정에는 필요하지 않습니다.",
        en="Everybody reads it; the first version needs none.",
    ),
)
_CHANGE_WORDS = {
    "change": FieldWords(
        name=Text(ko="바꾸려는 내용", en="The change"),
        hint=Text(
            ko="예: 1차 단계평가를 1월로 옮깁니다.",
            en="Such as: the first evaluation moves to January.",
        ),
    ),
    "reason": FieldWords(name=Text(ko="사유", en="Why")),
    "teams": FieldWords(
        name=Text(
            ko="의견을 묻는 팀(한 줄에 한 팀)", en="Teams that are asked, one a line"
        )
    ),
    "replies_until": FieldWords(
        name=Text(ko="회신 기한", en="Replies until"),
        hint=Text(ko="그날까지 받습니다.", en="That day is the last."),
        kind=FieldKind.DAY,
    ),
    "milestones": msgspec.structs.replace(
        _MILESTONES, name=Text(ko="바뀐 뒤의 날짜", en="Dates as they would be")
    ),
    **_ROW_WORDS,
    "rules_digest": FieldWords(
        name=Text(ko="바뀐 뒤 규정의 다이제스트", en="Digest of the rules to be"),
        hint=Text(
            ko="`dokja programme show`가 알려 줍니다.",
            en="`dokja programme show` prints it.",
        ),
    ),
}
_ASKS = Text(
    ko="모든 팀에 변경안을 보이고 의견을 받습니다. 동의하지 않는 팀이 있으면 그 의견에 "
    "답한 뒤에만 채택할 수 있습니다.",
    en="Every team is shown the change and may reply. Where one dissents, the change "
    "can be adopted only with an answer to it.",
)
_STANCE_WORDS = {
    "stance": FieldWords(
        name=Text(ko="의견", en="What you say"),
        choices={each.value: words for each, words in STANCES.items()},
    ),
    "text": FieldWords(
        name=Text(ko="내용", en="In words"),
        hint=Text(
            ko="동의하지 않으면 사유를 적어 주십시오.",
            en="Dissent needs what speaks against the change.",
        ),
        kind=FieldKind.WORDS,
    ),
}

SCHEDULE_ACTS: Mapping[str, OfficeAct] = {
    "schedule-set": OfficeAct(
        name=Text(ko="일정 등록", en="Set the dates"),
        does=Text(
            ko="새 일정을 공개합니다. 이전 일정은 지우지 않고 나란히 남으며, 무엇이 왜 "
            "바뀌었는지 모두가 봅니다.",
            en="A new version is published. The earlier ones stay beside it, and "
            "everybody sees what changed and why.",
        ),
        asks=ScheduleSet,
        words={
            "milestones": _MILESTONES,
            **_ROW_WORDS,
            "reason": _REASON,
            **SOURCE_WORDS,
            "consultation": FieldWords(
                name=Text(ko="의견 수렴의 이름", en="Consultation about it")
            ),
        },
        make=_set,
        back=lambda _: PAGE,
        entries=_versions,
        starts_with=_begun_version,
    ),
    "consultation-dates": OfficeAct(
        name=Text(ko="일정 변경 의견 수렴", en="Ask about a change of dates"),
        does=_ASKS,
        asks=ChangeOfDates,
        words=_CHANGE_WORDS,
        make=_propose,
        back=lambda _: PAGE,
        starts_with=_begun_dates,
    ),
    "consultation-rules": OfficeAct(
        name=Text(ko="규정 변경 의견 수렴", en="Ask about a change of rules"),
        does=_ASKS,
        asks=ChangeOfRules,
        words=_CHANGE_WORDS,
        make=_propose,
        back=lambda _: PAGE,
        starts_with=_begun_rules,
    ),
    "consultation-answer": OfficeAct(
        name=Text(ko="의견 회신", en="Reply"),
        does=Text(
            ko="변경안에 대한 팀의 의견을 기록합니다. 기한 안에는 다시 회신할 수 있고, "
            "앞의 "
            "의견도 함께 남습니다.",
            en="Your team's reply goes on record. Until the last day you may reply "
            "again; the earlier one stays beside it.",
        ),
        asks=Reply,
        words=_STANCE_WORDS,
        make=_answer,
        back=_page_of,
        entries=_entries,
        permission=Permission.ACT_FOR_TEAM,
    ),
    "consultation-adopt": OfficeAct(
        name=Text(ko="변경 채택", en="Adopt the change"),
        does=Text(
            ko="변경안을 채택합니다. 날짜를 바꾸는 경우 이어서 새 일정을 등록합니다. "
            "동의하지 "
            "않은 팀이 있으면 그 의견에 답해야 합니다.",
            en="The change is made; where dates change, the new version is set next. "
            "Dissent has to be answered.",
        ),
        asks=Adopted,
        words={
            "to_dissent": FieldWords(
                name=Text(ko="동의하지 않은 의견에 대한 답", en="Answer to dissent")
            )
        },
        make=_settle,
        back=_page_of,
        entries=_entries,
    ),
    "consultation-drop": OfficeAct(
        name=Text(ko="변경 철회", en="Drop the change"),
        does=Text(
            ko="변경하지 않기로 하고 의견 수렴을 마칩니다.",
            en="The change is not made.",
        ),
        asks=Dropped,
        words={"reason": FieldWords(name=Text(ko="사유", en="Why"))},
        make=_settle,
        back=_page_of,
        entries=_entries,
    ),
}
