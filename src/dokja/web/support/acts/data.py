"""Acts on data: from the listing to what each team was handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.support.data.assets import ASSET
from dokja.support.data.values import (
    AssetListed,
    AssetPurchased,
    AssetRecord,
    DataHandedOver,
    EntitlementEnded,
    MilestoneMet,
    MilestoneMoved,
    MilestoneSet,
    RightsStated,
    TeamEntitled,
)
from dokja.support.money.values import AccountKind
from dokja.support.words import DATA_SCOPES, RIGHTS_STATES
from dokja.web.acts import Asked, Choices, FieldKind, FieldWords, OfficeAct
from dokja.web.support.acts.making import (
    accounts,
    entries_of,
    matter_in,
    page_of,
    part_named,
    record_of,
    recorded,
    recorded_of,
    source_words,
    team_names,
)
from dokja.wiring.office import Office

TOPICS = (Topic.DATA,)
_TEAM = FieldWords(name=Text("팀", "Team"))
_STEP = FieldWords(
    name=Text("단계 ID", "Id of the step"), hint=Text("예: cleaning", "Like cleaning")
)
_SPENDING = (AccountKind.APPROPRIATION, AccountKind.BUDGET)


def _listed(office: Office, asked: Asked) -> Sequence[Act]:
    return recorded_of(office, asked, asked.event.asset.id)


def _asset(office: Office, of: str) -> AssetRecord | None:
    name = matter_in(of)
    standing = record_of(office).overview.assets
    return next((a.record for a in standing if a.record.asset.id == name), None)


def _payers(office: Office, _: str) -> Choices:
    return {
        "purchase.paid_from": accounts(office, _SPENDING),
        "purchase.spent_as": accounts(office, (AccountKind.SPENT,)),
    }


def _not_entitled(office: Office, of: str) -> Choices:
    """Teams that can be entitled: those it is for, or all of the stage."""
    asset = _asset(office, of)
    if asset is None:
        return {}
    teams = asset.asset.teams or office.plan.teams
    return {"team": team_names(t for t in teams if t not in asset.entitled)}


def _entitled(office: Office, of: str) -> Choices:
    asset = _asset(office, of)
    return {} if asset is None else {"team": team_names(asset.entitled)}


def _open_steps(office: Office, of: str) -> Choices:
    asset = _asset(office, of)
    if asset is None:
        return {}
    return {"id": {s.id: s.name for s in asset.milestones if s.met is None}}


def _today(*fields: str) -> Callable[[Office, str], dict[str, str]]:
    """The present day in these fields."""

    def begun(office: Office, _: str) -> dict[str, str]:
        return dict.fromkeys(fields, office.now().date().isoformat())

    return begun


def _step_today(office: Office, of: str) -> dict[str, str]:
    return part_named("id")(office, of) | _today("on")(office, of)


DATA_ACTS: Mapping[str, OfficeAct] = {
    "asset-list": OfficeAct(
        name=Text("데이터 등록", "List data"),
        does=Text(
            "사업이 학습용으로 확보할 데이터를 등록합니다. 공동 데이터와 팀 전용 "
            "데이터를 구분합니다.",
            "Data that the programme is to have for training: shared by all, or for "
            "named teams.",
        ),
        make=_listed,
        back=lambda _: "/support",
        topics=TOPICS,
        asks=AssetListed,
        words={
            "asset.id": FieldWords(
                name=Text("ID", "Id"), hint=Text("예: broadcast-1", "Like broadcast-1")
            ),
            "asset.title": FieldWords(name=Text("이름", "Title")),
            "asset.holder": FieldWords(
                name=Text("보유 기관 ID", "Id of the holder"),
            ),
            "asset.amount": FieldWords(
                name=Text("분량", "How much"),
                hint=Text("예: 영상 5,000시간", "Such as 5,000 hours of video"),
            ),
            "asset.scope": FieldWords(
                name=Text("제공 범위", "Whom it is for"), choices=DATA_SCOPES
            ),
            **source_words("asset."),
            "asset.teams": FieldWords(
                name=Text("팀 전용일 때 그 팀", "Teams, where it is for named teams"),
                hint=Text("한 줄에 팀 ID 하나", "One team's id a line"),
            ),
        },
    ),
    "rights-state": OfficeAct(
        name=Text("이용 권리 확인", "State the rights"),
        does=Text(
            "지금부터 권리가 어디까지 확보되었는지 기록합니다. 확보되어야 팀에 제공할 "
            "수 있습니다.",
            "How far the rights are cleared from now on. Nothing is handed over "
            "before they are.",
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=RightsStated,
        words={
            "rights.state": FieldWords(
                name=Text("상태", "State"), choices=RIGHTS_STATES
            ),
            "rights.terms": FieldWords(
                name=Text("계약 또는 이용허락 조건", "Contract or licence")
            ),
            **source_words("rights."),
            "rights.until": FieldWords(
                name=Text("제공할 수 있는 마지막 날", "Last day of handing it over")
            ),
        },
        entries=entries_of(ASSET),
    ),
    "asset-buy": OfficeAct(
        name=Text("구매 기록", "Record the purchase"),
        does=Text(
            "구매 금액을 기록하고 같은 금액을 원장에 기입합니다. 팀 예산으로 다른 팀의 "
            "데이터를 살 수 없습니다.",
            "What was paid, booked in the ledger at once. No team's budget pays for "
            "another's data.",
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=AssetPurchased,
        words={
            "purchase.krw": FieldWords(name=Text("금액(원)", "Amount in won")),
            "purchase.on": FieldWords(name=Text("구매일", "Bought on")),
            "purchase.contract": FieldWords(name=Text("계약", "Contract")),
            **source_words("purchase."),
            "purchase.paid_from": FieldWords(name=Text("지출 계정", "Paid out of")),
            "purchase.spent_as": FieldWords(name=Text("집행 계정", "Booked as")),
        },
        entries=entries_of(ASSET),
        starts_with=_today("purchase.on"),
        choices=_payers,
    ),
    "milestone-set": OfficeAct(
        name=Text("단계 기한 설정", "Set a milestone"),
        does=Text(
            "가공이나 정제처럼 제공 전에 마칠 단계와 기한을 정합니다. 기한을 옮겨도 "
            "처음 정한 날이 남습니다.",
            "A step before it can be handed over, and the day by which it is due. The "
            "first day stays on record, moved or not.",
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=MilestoneSet,
        words={
            "id": _STEP,
            "name": FieldWords(name=Text("단계 이름", "Name")),
            "due": FieldWords(name=Text("기한", "Due")),
        },
        entries=entries_of(ASSET),
    ),
    "milestone-move": OfficeAct(
        name=Text("단계 기한 변경", "Move the milestone"),
        does=Text(
            "기한을 옮기고 그 사유를 기록합니다. 늦어진 날수는 처음 정한 기한부터 "
            "셉니다.",
            "Another day, with the reason. How late it is still counts from the first.",
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=MilestoneMoved,
        words={
            "id": _STEP,
            "due": FieldWords(name=Text("새 기한", "New day")),
        },
        entries=entries_of(ASSET),
        starts_with=part_named("id"),
        choices=_open_steps,
        asks_reason=True,
    ),
    "milestone-meet": OfficeAct(
        name=Text("단계 완료", "Record that it is done"),
        does=Text(
            "단계를 마친 날을 기록합니다.", "The day on which the step was done."
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=MilestoneMet,
        words={"id": _STEP, "on": FieldWords(name=Text("마친 날", "Done on"))},
        entries=entries_of(ASSET),
        starts_with=_step_today,
        choices=_open_steps,
    ),
    "team-entitle": OfficeAct(
        name=Text("제공 대상 지정", "Entitle a team"),
        does=Text(
            "팀이 이 데이터를 받을 수 있게 합니다. 팀은 제공을 막고 있는 것까지 볼 수 "
            "있습니다.",
            "The team is to get it, and sees what still holds it back.",
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=TeamEntitled,
        words={"team": _TEAM},
        entries=entries_of(ASSET),
        choices=_not_entitled,
    ),
    "entitlement-end": OfficeAct(
        name=Text("제공 대상 해제", "End an entitlement"),
        does=Text(
            "팀에 더 제공하지 않습니다. 이미 제공한 기록은 남습니다.",
            "The team gets no more of it; what it was handed stays on record.",
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=EntitlementEnded,
        words={"team": _TEAM},
        entries=entries_of(ASSET),
        choices=_entitled,
    ),
    "data-hand-over": OfficeAct(
        name=Text("제공 기록", "Record a handover"),
        does=Text(
            "팀이 받은 날과 분량을 기록합니다. 권리가 확보되지 않았으면 기록되지 "
            "않습니다.",
            "What a team got and when; refused while the rights are not cleared.",
        ),
        make=recorded,
        back=page_of(ASSET),
        topics=TOPICS,
        asks=DataHandedOver,
        words={
            "team": _TEAM,
            "on": FieldWords(name=Text("제공한 날", "On"), kind=FieldKind.DAY),
            "amount": FieldWords(name=Text("분량", "How much")),
        },
        entries=entries_of(ASSET),
        starts_with=_today("on"),
        choices=_entitled,
    ),
}
