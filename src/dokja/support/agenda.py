"""What is due of support, what waits or is blocked, and for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, Standing
from dokja.programme.matters import Matter
from dokja.support.data.assets import asset_matter
from dokja.support.data.values import DataMilestone, RightsState
from dokja.support.gpu.balance import (
    SharedPool,
    shared_pool,
    teams_short,
    totals_of,
)
from dokja.support.gpu.book import book_matter, book_of
from dokja.support.gpu.compensate import unrecorded_days
from dokja.support.gpu.daily import days_missing
from dokja.support.gpu.pool import PoolRecord, pool_matter
from dokja.support.gpu.values import IncidentState, PoolBasis
from dokja.support.money.figures import figure_matter
from dokja.support.money.grants import grant_matter
from dokja.support.money.values import FigureRegister, GrantState
from dokja.support.overview import (
    AssetStanding,
    GrantStanding,
    SupportActs,
    SupportOverview,
    pool_records,
)
from dokja.support.terms import Terms
from dokja.support.words import won

_S = Standing


def support_agenda(
    overview: SupportOverview, acts: SupportActs, *, terms: Terms
) -> tuple[AgendaItem, ...]:
    """What is to be done on the overview's day, in the order in which it unblocks."""
    book, records = book_of(acts.book), pool_records(acts, terms)
    now = overview.on
    found: list[AgendaItem] = []

    def add(matter: Matter, items: Iterator[AgendaItem]) -> None:
        found.extend(msgspec.structs.replace(item, matter=matter) for item in items)

    programme, today = terms.programme, now.date()
    for name in book.pools:
        shared = shared_pool(book, name, records.get(name, PoolRecord()), terms=terms)
        add(pool_matter(programme, name), _of_pool(shared, now))
    for asset in overview.assets:
        add(asset_matter(programme, asset.record.asset.id), _of_asset(asset, today))
    for grant in overview.grants:
        add(grant_matter(programme, grant.grant.id), _of_grant(grant, today))
    for register in overview.figures:
        add(figure_matter(programme, register.subject), _of_figures(register))
    add(book_matter(programme), _of_teams(overview, terms))
    return tuple(found)


def _of_pool(shared: SharedPool, now: datetime) -> Iterator[AgendaItem]:
    if now < shared.pool.window.ends:
        yield from _before_delivery(shared, now)
    missing = days_missing(shared, now)
    if missing:
        yield AgendaItem(
            standing=_S.DUE,
            what=_named(shared, "일별 제공 기록", "what it delivered"),
            why=Text(
                f"{len(missing)}일({missing[0]}부터)의 제공량이 기록되지 않아 "
                "제공으로도 손실로도 세지 않습니다.",
                f"{len(missing)} days from {missing[0]} are not on record: they count "
                "as neither delivered nor lost",
            ),
        )
    yield from _of_incidents(shared)


def _before_delivery(shared: SharedPool, now: datetime) -> Iterator[AgendaItem]:
    pool, record = shared.pool, shared.record
    has_begun, begins = now >= pool.window.begins, pool.window.begins.isoformat()
    tested = _named(shared, "검수", "acceptance test")
    if pool.basis is PoolBasis.LEASE and record.lease is None:
        yield AgendaItem(
            standing=_S.OVERDUE if has_begun else _S.DUE,
            what=_named(shared, "임차 계약 체결", "lease"),
            why=Text("공급사가 제공할 의무를 지게 됩니다.", "it binds the supplier"),
            until=begins,
        )
        yield AgendaItem(standing=_S.BLOCKED, what=tested, why=_NO_LEASE)
    elif not record.tests:
        yield AgendaItem(
            standing=_S.OVERDUE if has_begun else _S.WAITS,
            what=tested,
            why=_DELIVERS_NOTHING if has_begun else _HANDED_OVER,
            until=begins,
        )
    elif not record.tests[-1].accepted:
        yield AgendaItem(
            standing=_S.OVERDUE,
            what=_named(shared, "재검수", "another acceptance test"),
            why=Text(
                "불합격하여 제공량을 0으로 셉니다.",
                "it was refused and counts as delivering nothing",
            ),
            until=record.tests[-1].test.at.isoformat(),
        )


def _of_incidents(shared: SharedPool) -> Iterator[AgendaItem]:
    for incident in shared.record.incidents.values():
        name = incident.id
        if incident.state is IncidentState.OPEN:
            yield AgendaItem(
                standing=_S.WAITS,
                what=_named(shared, f"장애 {name} 복구", f"incident {name} is fixed"),
                why=Text(
                    f"{incident.begins.date()}부터 계속되는 장애: {incident.cause.ko}",
                    f"open since {incident.begins.date()}: {incident.cause.en}",
                ),
            )
        elif incident.state is IncidentState.FIXED:
            missing = unrecorded_days(shared, incident)
            made_up = _named(
                shared, f"장애 {name} 시간 보상", f"time for incident {name}"
            )
            days = ", ".join(map(str, missing[:3])) + (" …" if missing[3:] else "")
            blocked = Text(
                f"제공 기록이 없는 날: {days}", f"no record of what came on {days}"
            )
            yield AgendaItem(
                standing=_S.BLOCKED if missing else _S.DUE,
                what=made_up,
                why=blocked if missing else _OWED,
            )


def _of_asset(asset: AssetStanding, today: date) -> Iterator[AgendaItem]:
    record, name = asset.record, asset.record.asset.id
    open_steps = [step for step in record.milestones if step.met is None]
    for step in open_steps:
        yield _milestone(name, step, today)
    rights = record.rights
    if rights is None or rights.state is RightsState.UNCLEAR:
        yield AgendaItem(
            standing=_S.DUE,
            what=Text(f"{name} 이용 권리 확인", f"{name}: state its rights"),
            why=Text("권리가 확보되어야 제공할 수 있습니다.", "none leaves before"),
        )
    has = {handover.team for handover in record.handovers}
    waiting = [team for team in record.entitled if team not in has]
    if not waiting:
        return
    teams = ", ".join(waiting)
    what = Text(f"{name} 제공: {teams}", f"{name}: hand it over to {teams}")
    if asset.held_back is not None:
        yield AgendaItem(standing=_S.BLOCKED, what=what, why=asset.held_back)
    elif open_steps:
        last = max(open_steps, key=lambda step: step.due)
        why = Text(
            f"‘{last.name.ko}’ 단계가 남아 있습니다.", f"{last.name.en} is not done"
        )
        until = last.due.isoformat()
        yield AgendaItem(standing=_S.WAITS, what=what, why=why, until=until)
    else:
        yield AgendaItem(standing=_S.DUE, what=what, why=_CLEARED)


def _milestone(asset: str, step: DataMilestone, today: date) -> AgendaItem:
    moved = step.due != step.first_due
    return AgendaItem(
        standing=_S.OVERDUE if step.due < today else _S.WAITS,
        what=Text(f"{asset} ‘{step.name.ko}’ 단계", f"{asset}: {step.name.en}"),
        why=Text(
            f"처음 정한 기한 {step.first_due}" if moved else "정한 기한",
            f"first due {step.first_due}" if moved else "the day that was set",
        ),
        until=step.due.isoformat(),
    )


def _of_grant(standing: GrantStanding, today: date) -> Iterator[AgendaItem]:
    grant, state = standing.grant, standing.state
    rest = won(grant.krw - standing.paid)
    if state is not GrantState.ENDED and grant.last < today:
        yield AgendaItem(
            standing=_S.OVERDUE,
            what=Text(f"{grant.id} 지원금 정산", f"{grant.id}: end the grant"),
            why=Text(
                f"지급하지 않은 {rest.ko}을 편성액으로 돌려야 합니다.",
                f"the {rest.en} that were not paid go back",
            ),
            until=grant.last.isoformat(),
        )
    elif state is GrantState.AWARDED and grant.first <= today:
        yield AgendaItem(
            standing=_S.DUE,
            what=Text(f"{grant.id} 지원금 지급", f"{grant.id}: pay it"),
            why=Text("지원 기간이 시작되었습니다.", "its time has begun"),
            until=grant.first.isoformat(),
        )


def _of_figures(register: FigureRegister) -> Iterator[AgendaItem]:
    count = len(register.amounts)
    if count > 1 and not register.notes:
        yield AgendaItem(
            standing=_S.DUE,
            what=Text(
                f"{register.subject} 금액 차이 설명",
                f"{register.subject}: say why the figures differ",
            ),
            why=Text(
                f"서로 다른 금액 {count}개가 공표되었고 설명이 없습니다.",
                f"{count} different amounts were published, and nothing explains them",
            ),
        )


def _of_teams(overview: SupportOverview, terms: Terms) -> Iterator[AgendaItem]:
    settled = {granted.team for granted in overview.equal_time}
    totals = totals_of(overview.balances)
    for team in teams_short(totals, terms=terms, settled=settled):
        share = f"{terms.rules.tolerance:.0%}"
        yield AgendaItem(
            standing=_S.DUE,
            what=Text(f"{team} 동등 지원", f"{team}: equal support"),
            why=Text(
                f"가장 많이 지원받은 팀보다 {share} 넘게 적습니다. 보상하거나 동등한 "
                "개발 기간을 부여하여야 합니다.",
                f"it lacks more than {share} of what the best supported team had: "
                "make it up, or grant equal time",
            ),
        )


def _named(shared: SharedPool, ko: str, en: str) -> Text:
    return Text(f"{shared.pool.id} {ko}", f"{shared.pool.id}: {en}")


_NO_LEASE = Text("임차 계약이 체결되지 않았습니다.", "no lease is signed")
_HANDED_OVER = Text("자원을 인수할 때 측정합니다.", "it is measured when handed over")
_DELIVERS_NOTHING = Text(
    "검수 전이므로 제공량을 0으로 셉니다.",
    "it was not accepted and counts as delivering nothing",
)
_OWED = Text("잃은 시간을 팀에 돌려주어야 합니다.", "teams are owed the time they lost")
_CLEARED = Text(
    "권리가 확보되었고 남은 단계가 없습니다.", "its rights are cleared, its steps done"
)
