"""Acts on money: the ledger, talent grants, and figures that were published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.support.money.figures import FIGURE
from dokja.support.money.grants import GRANT
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    FigureNoted,
    FigureStated,
    GrantAwarded,
    GrantEnded,
    GrantPaid,
    PublishedFigure,
)
from dokja.support.values import Id
from dokja.support.words import ACCOUNT_KINDS, PURPOSES
from dokja.web.acts import Asked, Choices, FieldKind, FieldWords, OfficeAct
from dokja.web.support.acts.making import (
    accounts,
    entries_of,
    ledger_entries,
    matter_in,
    page_of,
    record_of,
    recorded,
    recorded_of,
    source_words,
    team_names,
    to_ledger,
)
from dokja.wiring.office import Office

TOPICS = (Topic.MONEY,)
_SPENDING = (AccountKind.APPROPRIATION, AccountKind.BUDGET)
_KRW = FieldWords(name=Text("금액(원)", "Amount in won"))


class FigureAbout(msgspec.Struct, frozen=True, kw_only=True):
    """A published figure, and which amount it is about."""

    about: Id
    figure: PublishedFigure


def _awarded(office: Office, asked: Asked) -> Sequence[Act]:
    return recorded_of(office, asked, asked.event.grant.id)


def _stated(office: Office, asked: Asked) -> Sequence[Act]:
    seen = asked.seen if asked.of else None
    stated = replace(asked, event=FigureStated(figure=asked.event.figure), seen=seen)
    return recorded_of(office, stated, asked.event.about)


def _teams(office: Office, _: str) -> Choices:
    return {"account.team": team_names(office.plan.teams)}


def _today(office: Office, _: str) -> dict[str, str]:
    return {"entry.on": office.now().date().isoformat()}


def _every_account(office: Office, _: str) -> Choices:
    return {"entry.postings.account": accounts(office, frozenset(AccountKind))}


def _grant_choices(office: Office, _: str) -> Choices:
    return {
        "grant.team": team_names(office.plan.teams),
        "grant.pays_from": accounts(office, _SPENDING),
        "grant.spent_as": accounts(office, (AccountKind.SPENT,)),
    }


def _rest(office: Office, of: str) -> dict[str, str]:
    """Today, and what of the grant was not paid."""
    found = {"on": office.now().date().isoformat()}
    for each in record_of(office).overview.grants:
        if each.grant.id == matter_in(of):
            found["krw"] = str(each.grant.krw - each.paid)
    return found


MONEY_ACTS: Mapping[str, OfficeAct] = {
    "account-open": OfficeAct(
        name=Text("계정 개설", "Open an account"),
        does=Text(
            "원장에 계정을 엽니다. 국고에서 편성하고, 편성액에서 예산과 지원금으로 "
            "나눕니다.",
            "A further account of the ledger. The treasury funds appropriations; they "
            "fund budgets and grants.",
        ),
        make=recorded,
        back=to_ledger,
        topics=TOPICS,
        asks=AccountOpened,
        words={
            "account.id": FieldWords(
                name=Text("ID", "Id"), hint=Text("예: data.shared", "Like data.shared")
            ),
            "account.kind": FieldWords(
                name=Text("종류", "Kind"), choices=ACCOUNT_KINDS
            ),
            "account.name": FieldWords(name=Text("이름", "Name")),
            "account.team": FieldWords(
                name=Text("팀", "Team"),
                hint=Text(
                    "한 팀의 예산이나 지원금일 때만 고릅니다.",
                    "Only for the budget or grant of one team.",
                ),
            ),
        },
        entries=ledger_entries,
        choices=_teams,
    ),
    "entry-post": OfficeAct(
        name=Text("원장 기입", "Post an entry"),
        does=Text(
            "돈이 어느 계정에서 어느 계정으로 갔는지 기입합니다. 합은 0이어야 하고, "
            "잘못된 기입은 지우지 않고 반대 기입으로 되돌립니다.",
            "Where money came from and where it went. The postings sum to zero; a "
            "wrong entry is reversed by another, never changed.",
        ),
        make=recorded,
        back=to_ledger,
        topics=TOPICS,
        asks=EntryPosted,
        words={
            "entry.id": FieldWords(
                name=Text("ID", "Id"), hint=Text("예: 2026-03-a", "Like 2026-03-a")
            ),
            "entry.on": FieldWords(name=Text("기준일", "Counts from")),
            "entry.text": FieldWords(name=Text("적요", "What for")),
            **source_words("entry."),
            "entry.postings": FieldWords(
                name=Text("계정별 증감", "Postings"),
                hint=Text(
                    "나가는 계정은 음수, 들어오는 계정은 양수로 적어 합이 0이 되게 "
                    "합니다.",
                    "Below zero where money leaves, above where it goes: all of them "
                    "sum to zero.",
                ),
                kind=FieldKind.ROWS,
            ),
            "postings.account": FieldWords(name=Text("계정", "Account")),
            "postings.krw": _KRW,
            "entry.reverses": FieldWords(
                name=Text("되돌리는 기입", "Entry that it reverses")
            ),
        },
        entries=ledger_entries,
        starts_with=_today,
        choices=_every_account,
    ),
    "grant-award": OfficeAct(
        name=Text("인재 지원금 배정", "Award a grant"),
        does=Text(
            "팀에 연구 인력의 인건비나 연구비를 배정하고 원장에 기입합니다. 누구에게 "
            "지급되는지는 기록하지 않습니다.",
            "Money for a team's researchers, booked in the ledger. Who is paid stands "
            "in no record.",
        ),
        make=_awarded,
        back=lambda _: "/support",
        topics=TOPICS,
        asks=GrantAwarded,
        words={
            "grant.id": FieldWords(
                name=Text("ID", "Id"), hint=Text("예: talent-1", "Like talent-1")
            ),
            "grant.team": FieldWords(name=Text("팀", "Team")),
            "grant.purpose": FieldWords(
                name=Text("용도", "What it pays for"), choices=PURPOSES
            ),
            "grant.krw": _KRW,
            "grant.first": FieldWords(name=Text("지원 시작일", "First day")),
            "grant.last": FieldWords(name=Text("지원 종료일", "Last day")),
            "grant.pays_from": FieldWords(name=Text("재원 계정", "Paid out of")),
            "grant.spent_as": FieldWords(name=Text("집행 계정", "Booked as")),
            **source_words("grant."),
        },
        choices=_grant_choices,
    ),
    "grant-pay": OfficeAct(
        name=Text("지원금 지급", "Pay a part"),
        does=Text(
            "배정한 금액 안에서 지급하고 원장에 기입합니다.",
            "Pays within what was awarded, booked in the ledger.",
        ),
        make=recorded,
        back=page_of(GRANT),
        topics=TOPICS,
        asks=GrantPaid,
        words={
            "krw": _KRW,
            "on": FieldWords(name=Text("지급일", "Paid on"), kind=FieldKind.DAY),
            **source_words(""),
        },
        entries=entries_of(GRANT),
        starts_with=_rest,
    ),
    "grant-end": OfficeAct(
        name=Text("지원금 정산", "End the grant"),
        does=Text(
            "지급하지 않은 금액을 재원 계정으로 돌리고 지원을 마칩니다.",
            "What was not paid goes back to the account it came from.",
        ),
        make=recorded,
        back=page_of(GRANT),
        topics=TOPICS,
        asks=GrantEnded,
        words={
            "on": FieldWords(name=Text("정산일", "On"), kind=FieldKind.DAY),
            **source_words(""),
        },
        entries=entries_of(GRANT),
        starts_with=_rest,
    ),
    "figure-state": OfficeAct(
        name=Text("공표 금액 등록", "State a published figure"),
        does=Text(
            "공표된 금액을 출처와 날짜와 함께 등록합니다. 앞서 공표된 금액과 달라도 "
            "모두 나란히 남고, 누구나 볼 수 있습니다.",
            "An amount as it was published, with source and date. It stands beside "
            "earlier ones that differ; everybody sees them.",
        ),
        make=_stated,
        back=page_of(FIGURE),
        topics=TOPICS,
        asks=FigureAbout,
        words={
            "about": FieldWords(
                name=Text("무엇에 관한 금액인지(ID)", "Which amount it is about (id)"),
                hint=Text("예: total-budget", "Like total-budget"),
            ),
            "figure.krw": _KRW,
            "figure.says": FieldWords(name=Text("금액의 내용", "What it is of")),
            **source_words("figure."),
            "figure.parts": FieldWords(
                name=Text("내역", "Parts"),
                hint=Text(
                    "공표된 내역이 있을 때만 적으며, 합이 금액과 같아야 합니다.",
                    "Only where parts were published; they sum to the amount.",
                ),
                kind=FieldKind.ROWS,
            ),
            "parts.name": FieldWords(name=Text("항목", "Part")),
            "parts.krw": _KRW,
        },
        entries=entries_of(FIGURE),
        starts_with=lambda _, of: {"about": matter_in(of)},
    ),
    "figure-note": OfficeAct(
        name=Text("설명 추가", "Add a note"),
        does=Text(
            "금액이 왜 다른지처럼 함께 읽는 데 도움이 되는 설명을 덧붙입니다.",
            "Something that helps to read the figures together, such as why they "
            "differ.",
        ),
        make=recorded,
        back=page_of(FIGURE),
        topics=TOPICS,
        asks=FigureNoted,
        words={
            "note": FieldWords(name=Text("설명", "Note")),
            **source_words(""),
        },
        entries=entries_of(FIGURE),
    ),
}
