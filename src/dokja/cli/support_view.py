"""Support on the screen: acts, proposals, fairness, and how it all stands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text
from dokja.report.numerals import moment
from dokja.support.allocation import Proposal
from dokja.support.allocation.values import TeamAllocation
from dokja.support.equal_entry import NewcomerSupport
from dokja.support.fairness import TeamFairness
from dokja.support.gpu.compensate import credit_formula
from dokja.support.gpu.values import (
    AcceptanceTested,
    GpuShare,
    IncidentCompensated,
)
from dokja.support.overview import SupportOverview
from dokja.support.terms import Terms
from dokja.support.values import Window
from dokja.support.words import (
    ACCOUNT_KINDS,
    GRANT_STATES,
    INCIDENT_STATES,
    POOL_STATES,
    PURPOSES,
)

ACT_HEAD = Text(ko="기록|번호|내용", en="record|entry|what")
DRY = Text(ko="확인만 하고 기록하지 않음", en="checked, nothing was written")
ACCEPTED = Text(
    ko="처리량 {} (합격 기준 {}) → 합격", en="throughput {}, {} needed: accepted"
)
REFUSED = Text(
    ko="처리량 {} (합격 기준 {}) → 불합격", en="throughput {}, {} needed: refused"
)
TEAM_HEAD = Text(ko="팀|평균 환산 GPU|환산 GPU시간", en="team|mean|GPU-hours")
SHARE_HEAD = Text(ko="팀|GPU 자원|GPU|기간", en="team|pool|GPUs|time")
BOUND = Text(ko="{} – 더 받지 못하는 이유: {}", en="{}: kept from more by {}")
JOINTLY = Text(
    ko="{} – 더 받지 못하는 이유(모두 함께 작용): {}",
    en="{}: kept from more by all of these together: {}",
)
CONFLICT = Text(
    ko="다음 규정과 요구는 함께 지킬 수 없음. 하나라도 바꾸면 충돌이 풀림:",
    en="these exclude each other; without any one of them the rest could hold:",
)
ADOPTED = Text(ko="확정하여 기록함", en="adopted and on record")
PROPOSED = Text(
    ko="제안일 뿐이며, 사무국이 확정하기 전에는 배정되지 않음",
    en="a proposal: nothing is given until the office adopts it",
)
FAIR_HEAD = Text(
    ko="팀|개발 일수|환산 GPU시간|GPU시간×일수|최대 팀 대비|동등 기한|판단",
    en="team|days|GPU-hours|GPU-hours × days|of the most|equal until|finding",
)
TOTAL_HEAD = Text(
    ko="팀|약속|제공|손실|미기록|보상|추가 시간",
    en="team|promised|delivered|lost|unrecorded|made up for|extra time",
)
UNIT = Text(ko="단위: {} 환산 GPU시간", en="in GPU-hours of {}")
POOL_HEAD = Text(
    ko="GPU 자원|공급자|종류|수량|배정|상태|기간",
    en="pool|supplier|type|count|given|state|time",
)
INCIDENT = Text(ko="{} 장애 {}: {} – {}", en="{} incident {}: {}, {}")
EQUAL_TIME = Text(ko="{} {}: 동등 기한 {}", en="{} {}: equal time until {}")
ASSET_HEAD = Text(
    ko="데이터|이용 권리|제공 대상|제공", en="data|rights|entitled|handed over"
)
CLEARED = Text(ko="제공 가능", en="cleared")
LATE = Text(
    ko="{} ‘{}’ 단계: 처음 정한 {}보다 {}일 늦음{}",
    en="{}, {}: first due {}, {} days late{}",
)
STILL_DUE = Text(ko="(아직 완료되지 않음)", en=" and not there yet")
ACCOUNT_HEAD = Text(ko="계정|종류|팀|잔액(원)", en="account|kind|team|balance, won")
GRANT_HEAD = Text(
    ko="인재 지원금|팀|용도|배정액(원)|지급액(원)|상태",
    en="talent grant|team|for|awarded, won|paid, won|state",
)
FIGURE_HEAD = Text(
    ko="수치|금액(원)|공표일|출처|내용", en="figure|won|published|source|what it is of"
)
DISAGREE = Text(
    ko="{}: 서로 다른 금액 {}개가 공표됨. 어느 것도 지우지 않고 함께 둠",
    en="{}: {} different amounts were published; all of them stand",
)
NOTHING = Text(ko="지원에 관한 기록이 없음", en="nothing is on record")
HOURS = Text(ko="{}시간", en="{} h")


def show_acts(acts: Sequence[Act], *, terms: Terms, dry_run: bool, lang: str) -> None:
    """Nothing; prints what was recorded, with what was computed for it."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = _table(say(ACT_HEAD))
    for act in acts:
        name, _, number = act.subject.rpartition("/")
        what = str(act.body["event"]["what"])
        table.add_row(escape(f"{act.kind} {name}"), str(int(number)), escape(what))
    console.print(table)
    for act in acts:
        for line in _computed(act, terms, lang):
            console.print(escape(line))
    if dry_run:
        console.print(say(DRY), style="dim")


def show_proposal(found: Proposal, *, adopted: bool, lang: str) -> None:
    """Nothing; prints the allocation with its reasons, or what excludes it."""
    console, say = Console(highlight=False), attrgetter(lang)
    if found.conflict:
        console.print(f"[bold]{escape(say(CONFLICT))}")
        for rule in found.conflict:
            console.print(f"  - {escape(say(rule.text))}")
        return
    teams = _table(say(TEAM_HEAD))
    for team in found.teams:
        teams.add_row(escape(team.team), _number(team.mean), _number(team.hours))
    console.print(teams)
    console.print(_shares(found.shares, lang))
    for team in found.teams:
        if team.bound_by:
            console.print(escape(_bound(team, lang)))
    console.print(say(ADOPTED if adopted else PROPOSED), style="dim")


def show_fairness(
    found: Sequence[TeamFairness],
    *,
    newcomers: Sequence[NewcomerSupport] = (),
    lang: str,
) -> None:
    """Nothing; prints every team beside the best supported, and what is owed."""
    say = attrgetter(lang)
    table = _table(say(FAIR_HEAD))
    for one in found:
        table.add_row(
            escape(one.team),
            _number(one.days),
            _number(one.hours),
            _number(one.hours_days),
            "–" if one.share is None else f"{one.share:.0%}",
            say(moment(one.deadline.isoformat())),
            escape(say(one.reason)),
        )
    console = Console(highlight=False)
    console.print(table)
    for newcomer in newcomers:
        console.print(escape(f"{newcomer.team}: {say(newcomer.reason)}"))


def show_overview(found: SupportOverview, *, lang: str) -> None:
    """Nothing; prints how support stands in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    tables = [
        _totals(found, lang),
        _pools(found, lang),
        _shares(found.shares, lang),
        _assets(found, lang),
        _accounts(found, lang),
        _grants(found, lang),
        _figures(found, lang),
    ]
    shown = [table for table in tables if table.row_count]
    for table in shown:
        console.print(table)
        console.print()
    for line in _notes(found, lang):
        console.print(escape(line))
    if not shown:
        console.print(say(NOTHING))


def _computed(act: Act, terms: Terms, lang: str) -> list[str]:
    """What the program worked out for an act, with the numbers it took."""
    say, event = attrgetter(lang), act.body["event"]
    if event["what"] == "acceptance_tested":
        found = read_as(event, AcceptanceTested, where=act.subject)
        total = found.test.usable * found.test.measured.value
        outcome = ACCEPTED if found.accepted else REFUSED
        return [say(outcome).format(_number(total), _number(found.least))]
    if event["what"] == "incident_compensated":
        credited = read_as(event, IncidentCompensated, where=act.subject).credits
        return [f"{c.team}: {say(credit_formula(c, terms))}" for c in credited]
    return []


def _bound(team: TeamAllocation, lang: str) -> str:
    say = attrgetter(lang)
    reasons = "; ".join(say(rule.text) for rule in team.bound_by)
    return str(say(JOINTLY if team.bound_jointly else BOUND).format(team.team, reasons))


def _totals(found: SupportOverview, lang: str) -> Table:
    say = attrgetter(lang)
    table = _table(say(TOTAL_HEAD))
    table.caption = say(UNIT).format(found.unit)
    for one in found.teams:
        figures = one.promised, one.delivered, one.lost, one.unrecorded, one.compensated
        extra = say(HOURS).format(one.extra_hours)
        table.add_row(escape(one.team), *map(_number, figures), extra)
    return table


def _pools(found: SupportOverview, lang: str) -> Table:
    say = attrgetter(lang)
    table = _table(say(POOL_HEAD))
    for pool in found.pools:
        table.add_row(
            escape(pool.id),
            escape(pool.supplier),
            escape(pool.gpu_type),
            f"{pool.count:,}",
            f"{pool.given:,}",
            say(POOL_STATES[pool.state]),
            _time(pool.window, lang),
        )
    return table


def _shares(shares: Sequence[GpuShare], lang: str) -> Table:
    table = _table(attrgetter(lang)(SHARE_HEAD))
    for share in shares:
        when = _time(share.window, lang)
        table.add_row(escape(share.team), escape(share.pool), f"{share.gpus:,}", when)
    return table


def _grants(found: SupportOverview, lang: str) -> Table:
    say = attrgetter(lang)
    table = _table(say(GRANT_HEAD))
    for each in found.grants:
        table.add_row(
            escape(each.grant.id),
            escape(each.grant.team),
            say(PURPOSES[each.grant.purpose]),
            f"{each.grant.krw:,}",
            f"{each.paid:,}",
            say(GRANT_STATES[each.state]),
        )
    return table


def _assets(found: SupportOverview, lang: str) -> Table:
    say = attrgetter(lang)
    table = _table(say(ASSET_HEAD))
    for each in found.assets:
        record = each.record
        given = sorted({one.team for one in record.handovers})
        table.add_row(
            escape(f"{record.asset.id} {say(record.asset.title)}"),
            escape(say(each.held_back or CLEARED)),
            escape(", ".join(record.entitled)) or "–",
            escape(", ".join(given)) or "–",
        )
    return table


def _accounts(found: SupportOverview, lang: str) -> Table:
    say = attrgetter(lang)
    table = _table(say(ACCOUNT_HEAD))
    for each in found.accounts:
        account = each.account
        table.add_row(
            escape(f"{account.id} {say(account.name)}"),
            say(ACCOUNT_KINDS[account.kind]),
            escape(account.team or "–"),
            f"{each.krw:,}",
        )
    return table


def _figures(found: SupportOverview, lang: str) -> Table:
    say = attrgetter(lang)
    table = _table(say(FIGURE_HEAD))
    for register in found.figures:
        for entry in register.figures:
            figure = entry.figure
            table.add_row(
                escape(register.subject),
                f"{figure.krw:,}",
                str(figure.source.on),
                escape(figure.source.name),
                escape(say(figure.says)),
            )
    return table


def _notes(found: SupportOverview, lang: str) -> list[str]:
    say, lines = attrgetter(lang), []
    for pool in found.pools:
        for incident in pool.incidents:
            state = say(INCIDENT_STATES[incident.state])
            cause = say(incident.cause)
            lines.append(say(INCIDENT).format(pool.id, incident.id, cause, state))
    for granted in found.equal_time:
        until = say(moment(granted.deadline.isoformat()))
        lines.append(say(EQUAL_TIME).format(granted.team, granted.stage, until))
    for each in found.assets:
        for late in each.late:
            step = late.milestone
            rest = "" if step.met else say(STILL_DUE)
            named = late.asset, say(step.name), step.first_due, late.days, rest
            lines.append(say(LATE).format(*named))
    for register in found.figures:
        if len(register.amounts) > 1:
            lines.append(say(DISAGREE).format(register.subject, len(register.amounts)))
        lines += [f"{register.subject}: {say(note)}" for note in register.notes]
    return lines


def _number(value: Decimal) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def _time(window: Window, lang: str) -> str:
    say = attrgetter(lang)
    ends = (say(moment(at.date().isoformat())) for at in (window.begins, window.ends))
    return " – ".join(ends)


def _table(heads: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads.split("|"):
        table.add_column(head)
    return table
