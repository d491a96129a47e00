"""Who gets how many GPUs: solved and shown, then promised; and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from urllib.parse import quote

import msgspec

from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.support.allocation import AllocationRequest, Proposal, propose_allocation
from dokja.support.allocation.adopt import adopt
from dokja.support.allocation.values import REQUEST_SCHEMA, TeamDemand
from dokja.support.gpu.values import EqualTimeGranted, TeamReleased
from dokja.web.acts import (
    Asked,
    Choices,
    FieldKind,
    FieldWords,
    OfficeAct,
    Preview,
    Words,
    begun_rows,
    local_moment,
)
from dokja.web.support.acts.making import (
    begins_and_ends,
    book_entries,
    matter_in,
    part_in,
    record_of,
    recorded,
    team_names,
    to_overview,
)
from dokja.web.support.compared import compared
from dokja.wiring.office import Office

TOPICS = (Topic.SUPPORT,)


_DEMAND: Words = {
    "teams": FieldWords(
        name=Text("팀별 요구량", "What each team needs"),
        hint=Text(
            "매 순간의 환산 GPU 수로 적습니다. 기간과 자원은 다른 팀과 다를 때만 "
            "적습니다.",
            "In normalised GPUs at every moment; time and pools only where they differ "
            "from the others'.",
        ),
        kind=FieldKind.ROWS,
    ),
    "teams.team": FieldWords(name=Text("팀", "Team")),
    "teams.least": FieldWords(name=Text("최소", "At least")),
    "teams.most": FieldWords(name=Text("최대", "At most")),
    **begins_and_ends("teams.window."),
    "teams.pools": FieldWords(name=Text("쓸 수 있는 자원", "Pools it can use")),
}


class ShownProposal(msgspec.Struct, frozen=True, kw_only=True):
    """An allocation before it is promised."""

    proposal: Proposal
    unit: str


def _adopted(office: Office, asked: Asked) -> Sequence[Act]:
    record = record_of(office)
    history = record.acts.book
    return adopt(
        history,
        asked.event,
        terms=record.terms,
        seen=asked.read(history),
        mandate=asked.mandate,
    )


def _proposed(office: Office, asked: Asked) -> Preview:
    record = record_of(office)
    found = propose_allocation(record.book, asked.event, terms=record.terms)
    return Preview(
        template="support/proposal.html",
        view=ShownProposal(proposal=found, unit=record.terms.rules.unit),
        can_be_filed=not found.conflict,
    )


def _request_begun(office: Office, _: str) -> dict[str, str]:
    """Every team of the stage but those that lease GPUs out, for what is free."""
    record, zone = record_of(office), office.now().tzinfo
    pools = [p for p in record.book.pools.values() if p.window.ends > record.now]
    begun = {"schema": REQUEST_SCHEMA}
    if pools:
        midnight = datetime.combine(record.now.date(), time(), tzinfo=zone)
        first = min(pool.window.begins for pool in pools)
        begins = max(first, midnight + timedelta(days=1))
        begun["window.begins"] = local_moment(begins, zone)
        begun["window.ends"] = local_moment(max(p.window.ends for p in pools), zone)
    most = sum((p.count * record.terms.units_of(p.gpu_type) for p in pools), Decimal(0))
    lessors = {pool.lessor_team for pool in pools}
    rows = (
        TeamDemand(team=team, least=Decimal(0), most=most.normalize())
        for team in office.plan.teams
        if team not in {*office.plan.withdrawn, *lessors}
    )
    return begun | begun_rows(rows, AllocationRequest, "teams", _DEMAND)


def _teams(office: Office, _: str) -> Choices:
    return {"teams.team": team_names(office.plan.teams)}


def _holders(office: Office, _: str) -> Choices:
    """Teams that hold GPUs after this moment."""
    record = record_of(office)
    held = {s.team for s in record.book.shares if s.window.ends > record.now}
    return {"team": {team: Text(team, team) for team in sorted(held)}}


def _equal_time(office: Office, of: str) -> dict[str, str]:
    """What the comparison of support came to for the team."""
    stage, team = matter_in(of), part_in(of)
    begun = {"stage": stage, "team": team}
    found = compared(office, record_of(office))
    rows = {} if found is None else {row.team: row for row in found.teams}
    row = rows.get(team)
    if row is None:
        return begun
    missing = max(each.hours for each in rows.values()) - row.hours
    deadline = local_moment(row.deadline, office.now().tzinfo)
    return {**begun, "deadline": deadline, "lost": str(missing)}


ALLOCATING: Mapping[str, OfficeAct] = {
    "allocate": OfficeAct(
        name=Text("GPU 배정", "Allocate GPUs"),
        does=Text(
            "요구량을 넣으면 가장 적게 받는 팀이 가장 많이 받도록 배정안을 계산하고, "
            "팀마다 어떤 규정 때문에 더 받지 못하는지 보여 줍니다. 확정하기 전에는 "
            "아무것도 배정되지 않습니다.",
            "Solves for the allocation that gives the team with the least as much as "
            "the rules let it have, and says for each team which rule keeps it from "
            "more. Nothing is given before you confirm.",
        ),
        make=_adopted,
        preview=_proposed,
        back=lambda of: (
            f"/support/allocations/{quote(of, safe='')}" if of else "/support"
        ),
        topics=TOPICS,
        asks=AllocationRequest,
        words={
            "schema": FieldWords(name=Text("형식", "Schema"), kind=FieldKind.KEPT),
            "id": FieldWords(
                name=Text("배정 ID", "Id of the allocation"),
                hint=Text("예: 2026-h1", "Like 2026-h1"),
            ),
            **begins_and_ends("window."),
            **_DEMAND,
        },
        entries=book_entries,
        starts_with=_request_begun,
        choices=_teams,
    ),
    "team-release": OfficeAct(
        name=Text("배정 해제", "Release a team"),
        does=Text(
            "정한 시각부터 팀에 배정된 GPU를 모두 거둡니다. 그때까지 약속된 것은 "
            "그대로입니다.",
            "From that moment the team holds no GPUs; what it was promised until then "
            "stays promised.",
        ),
        make=recorded,
        back=to_overview,
        topics=TOPICS,
        asks=TeamReleased,
        words={
            "team": FieldWords(name=Text("팀", "Team")),
            "at": FieldWords(name=Text("시각", "From"), kind=FieldKind.MOMENT),
        },
        entries=book_entries,
        starts_with=lambda _, of: {"team": matter_in(of)},
        choices=_holders,
    ),
    "equal-time": OfficeAct(
        name=Text("동등 개발기간 부여", "Grant equal time"),
        does=Text(
            "팀의 개발 기한을 늘려 다른 팀과 같은 기간과 GPU시간을 갖게 합니다. 한 번 "
            "부여한 기한은 앞당길 수 없습니다.",
            "Sets a later deadline, so that the team has the days and GPU-hours of the "
            "others. A deadline that was granted is not moved forward.",
        ),
        make=recorded,
        back=lambda _: "/support/fairness",
        topics=TOPICS,
        asks=EqualTimeGranted,
        words={
            "team": FieldWords(name=Text("팀 ID", "Id of the team")),
            "stage": FieldWords(name=Text("단계 ID", "Id of the stage")),
            "deadline": FieldWords(name=Text("기한", "Until"), kind=FieldKind.MOMENT),
            "lost": FieldWords(
                name=Text("보전하는 환산 GPU시간", "GPU-hours it makes up for"),
                hint=Text(
                    "동등 지원 비교에서 나온 값이 들어 있습니다.",
                    "Filled in from the comparison of support.",
                ),
            ),
        },
        entries=book_entries,
        starts_with=_equal_time,
    ),
}
