"""What support, money and figures must never show: invariants 8, 9, 12 and 13."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tests.whole_programme.checks_of_stages import SEALED
from tests.whole_programme.gpu_days import GpuDays
from tests.whole_programme.rows import Body, Entry, Record

MATTERS = (
    "call",
    "application",
    "agreement",
    "gpu_book",
    "gpu_pool",
    "ledger",
    "talent_grant",
    "data_asset",
    "figure",
    "schedule",
    "consultation",
    "withdrawal",
    "objection",
    "objection_waiver",
    "confirmation",
    "vacancy",
    "stage_teams",
    "final_selection",
    "allocation",
)
CITED = {
    ("gpu_book", "pool_registered"): "pool",
    ("gpu_pool", "lease_signed"): "lease",
    ("gpu_pool", "acceptance_tested"): "test",
    ("ledger", "entry_posted"): "entry",
    ("talent_grant", "grant_awarded"): "grant",
    ("data_asset", "asset_listed"): "asset",
    ("data_asset", "asset_purchased"): "purchase",
    ("data_asset", "rights_stated"): "rights",
    ("figure", "figure_stated"): "figure",
}
"""Acts with a figure, and where in them its source stands."""


def invariant_08_no_gpu_is_given_twice_nor_to_its_lessor(
    record: Record,
) -> Iterator[str]:
    """At every instant shares fit into the pool; who leases out holds none."""
    days = GpuDays(record)
    for name, pool in days.pools.items():
        own = [share for share in days.shares if share.pool == name]
        for share in own:
            at = share.begins
            given = sum(s.gpus for s in own if s.begins <= at < s.ends)
            if given > pool.count:
                yield f"{given} of {pool.count} GPUs of {name} are given from {at}"
            if not (pool.begins <= share.begins and share.ends <= pool.ends):
                yield f"{share.team} holds {name} when it is not there"
        for share in days.shares:
            is_lessor = share.team == pool.lessor
            if is_lessor and share.begins < pool.ends and pool.begins < share.ends:
                yield f"{share.team} leases {name} out and holds {share.pool}"
    for name in {share.pool for share in days.shares} - set(days.pools):
        yield f"there is no pool {name}"


def invariant_09_support_is_equal_or_made_up_for(record: Record) -> Iterator[str]:
    """Hours counted day by day; who is short has the time that makes it equal."""
    days = GpuDays(record)
    yield from days.wrong_credits()
    for stage in record.stages():
        if record.one("decision_issued", stage) is None:
            continue
        place = record.of("decision_issued", stage)[0].place
        pools = [name for name in days.pools if name.startswith(f"{stage}-")]
        promised = days.promised(pools)
        had = days.had(pools)
        most = max(had.values(), default=Fraction(0))
        for team in promised:
            if had[team] >= most * (1 - days.tolerance):
                continue
            granted = [
                entry.event
                for entry in record.entries("gpu_book")
                if entry.what == "equal_time_granted"
                and (entry.event["team"], entry.event["stage"]) == (team, stage)
                and entry.row.place < place
            ]
            ends = max(days.pools[name].ends for name in pools)
            begins = min(days.pools[name].begins for name in pools)
            rate = promised[team] / hours(begins, ends)
            extra = max(
                (hours(ends, _moment(g["deadline"])) for g in granted), default=None
            )
            if extra is None or extra * rate < most - had[team]:
                yield f"{stage}: {team} had {had[team]} of {most} hours, extra: {extra}"


def invariant_12_figures_have_source_date_and_version(
    record: Record,
) -> Iterator[str]:
    """Sources, reasons, clauses, numbers without a gap; nothing is overwritten."""
    for name in record.changed:
        if not any(f", {kind} " in name for kind in SEALED):
            yield f"{name} is not what it was"
    for expected, row in enumerate(record.rows, start=1):
        if row.place != expected:
            yield f"act {row.place} stands where {expected} should"
            break
    yield from _matter_problems(record)
    yield from _estimate_problems(record)


def _matter_problems(record: Record) -> Iterator[str]:
    """Gaps in the numbers of a matter, and acts without clause, person or source."""
    numbers: dict[tuple[str, str, str], int] = defaultdict(int)
    clauses = _clauses(record)
    for kind in MATTERS:
        for entry in record.entries(kind):
            key = kind, entry.row.stage, entry.matter
            numbers[key] += 1
            if entry.number != numbers[key]:
                yield f"{kind} {entry.matter} has {entry.number} as its {numbers[key]}."
                numbers[key] = entry.number
            yield from _mandate_problems(entry, clauses)
            yield from _source_problems(kind, entry)


def _estimate_problems(record: Record) -> Iterator[str]:
    for row in record.of("standing_computed"):
        for team in row.body["teams"]:
            for part in (p for c in team["categories"] for p in c["components"]):
                share = part["share"]
                if share and not (share["n"] and share["method"] and share["source"]):
                    yield f"{row.stage}: {part['component']} has no source"


def invariant_13_money_is_there_before_it_goes(record: Record) -> Iterator[str]:
    """No account but the treasury below zero on any day; grants within their sum."""
    kinds: dict[str, str] = {}
    moves: list[tuple[str, str, int]] = []
    entries: dict[str, Body] = {}
    for entry in record.entries("ledger"):
        if entry.what == "account_opened":
            kinds[entry.event["account"]["id"]] = entry.event["account"]["kind"]
            continue
        posted = entry.event["entry"]
        entries[posted["id"]] = posted
        if sum(p["krw"] for p in posted["postings"]):
            yield f"the postings of {posted['id']} do not sum to nothing"
        moves += [(posted["on"], p["account"], p["krw"]) for p in posted["postings"]]
        yield from _overdrawn(kinds, moves, posted["id"])
    appropriated = sum(
        krw for _, name, krw in moves if kinds[name] == "treasury" and krw < 0
    )
    granted = sum(krw for _, name, krw in moves if kinds[name] == "grant" and krw > 0)
    if granted > -appropriated:
        yield f"{granted} won are granted and {-appropriated} appropriated"
    yield from _unpaid(record, entries)


def hours(begins: datetime, ends: datetime) -> Fraction:
    """Hours between two moments."""
    return Fraction(int((ends - begins).total_seconds()), 3600)


def _overdrawn(
    kinds: dict[str, str], moves: list[tuple[str, str, int]], entry: str
) -> Iterator[str]:
    held: dict[str, int] = defaultdict(int)
    by_day: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, name, krw in moves:
        by_day[day][name] += krw
    for day in sorted(by_day):
        for name, krw in by_day[day].items():
            held[name] += krw
            if held[name] < 0 and kinds[name] != "treasury":
                yield f"{name} is at {held[name]} won on {day} after {entry}"


def _unpaid(record: Record, entries: dict[str, Body]) -> Iterator[str]:
    """Grants paid beyond their sum, or with no such movement in the ledger."""
    sums: dict[str, int] = {}
    paid: dict[str, list[int]] = defaultdict(list)
    for entry in record.entries("talent_grant"):
        if entry.what == "grant_awarded":
            sums[entry.matter] = entry.event["grant"]["krw"]
            expected = f"{entry.matter}.awarded", sums[entry.matter]
        elif entry.what == "grant_paid":
            paid[entry.matter].append(entry.event["krw"])
            expected = (
                f"{entry.matter}.paid.{len(paid[entry.matter])}",
                paid[entry.matter][-1],
            )
        else:
            continue
        found = entries.get(expected[0], {"postings": ()})
        if expected[1] not in [p["krw"] for p in found["postings"]]:
            yield f"{expected[0]} of {expected[1]} won is not in the ledger"
    for name, amounts in paid.items():
        if sum(amounts) > sums[name]:
            yield f"grant {name} paid {sum(amounts)} of {sums[name]} won"


def _clauses(record: Record) -> set[str]:
    return {
        clause["number"]
        for row in record.of("rules_frozen")
        for clause in row.body["rulebook"]["clauses"]
    }


def _mandate_problems(entry: Entry, clauses: set[str]) -> Iterator[str]:
    mandate = entry.row.body["mandate"]
    if clauses and mandate["clause"] not in clauses:
        yield f"{entry.row.kind} {entry.row.subject} cites {mandate['clause']!r}"
    if not mandate["by"] or datetime.fromisoformat(mandate["at"]).tzinfo is None:
        yield f"{entry.row.kind} {entry.row.subject} does not say who or when"
    if mandate["at"] != entry.row.at:
        yield f"{entry.row.kind} {entry.row.subject} is dated twice"


def _source_problems(kind: str, entry: Entry) -> Iterator[str]:
    part = CITED.get((kind, entry.what))
    if part is not None:
        source = entry.event[part].get("source", {})
        if not source.get("name") or not source.get("on"):
            yield f"{kind} {entry.matter}: {entry.what} has no source with a date"
    if kind == "schedule" and entry.number > 1:
        has_both = entry.event.get("reason") and entry.event.get("notice")
        if not has_both:
            yield f"version {entry.number} of the schedule has no reason or notice"
    if kind == "gpu_pool" and entry.what == "days_delivered":
        for day in entry.event["days"]:
            if not day["source"] or Decimal(day["throughput"] or 0) < 0:
                yield f"{entry.matter}: {day['day']} has no source"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
