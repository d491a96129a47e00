"""GPU-hours counted again, day by day: what teams were promised and had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.whole_programme.rows import Body, Record

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Pool:
    """A pool as it was registered, or as long as it was there."""

    count: int
    begins: datetime
    ends: datetime
    units: Fraction
    speed: Fraction
    lessor: str | None


@dataclass(frozen=True)
class Share:
    """So many GPUs for a team, as long as it kept them."""

    team: str
    pool: str
    gpus: int
    begins: datetime
    ends: datetime


@dataclass
class Life:
    """What happened to one pool."""

    tests: list[tuple[datetime, bool]] = field(default_factory=list)
    days: dict[date, Body] = field(default_factory=dict)
    credits: list[tuple[list[date], dict[str, Fraction]]] = field(default_factory=list)


class GpuDays:
    """The book and the pools, read from the acts. Shares begin and end at midnight."""

    def __init__(self, record: Record) -> None:
        self.pools: dict[str, Pool] = {}
        self.shares: list[Share] = []
        self.lives: dict[str, Life] = defaultdict(Life)
        frozen = record.of("rules_frozen")
        rules = frozen[0].body["rulebook"]["support_rules"] if frozen else None
        self.tolerance = Fraction(rules["tolerance"]) if rules else Fraction(0)
        self._accepted_from = Fraction(rules["acceptance_share"]) if rules else 1
        units = (
            {e["type"]: Fraction(e["units"]) for e in rules["equivalents"]}
            if (rules)
            else {}
        )
        for entry in record.entries("gpu_book"):
            self._book(entry.what, entry.event, units)
        for entry in record.entries("gpu_pool"):
            self._life(self.lives[entry.matter], entry.matter, entry.event)

    def promised(self, pools: Collection[str]) -> dict[str, Fraction]:
        """By team, normalised GPU-hours of the pools that were promised."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for share in self.shares:
            if share.pool in pools:
                days = (share.ends - share.begins).days
                found[share.team] += (
                    share.gpus * self.pools[share.pool].units * 24 * days
                )
        return dict(found)

    def had(self, pools: Collection[str]) -> dict[str, Fraction]:
        """By team, what was delivered or made up for by time."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for share in self.shares:
            if share.pool not in pools:
                continue
            for day in _days(share):
                ratio = self._ratio(share.pool, day)
                found[share.team] += self._a_day(share) * (ratio or 0)
        for name in pools:
            for _, given in self.lives[name].credits:
                for team, lost in given.items():
                    found[team] += lost
        return found

    def wrong_credits(self) -> Iterator[str]:
        """Time given for an incident that is not what its days cost."""
        for name, life in self.lives.items():
            for days, given in life.credits:
                lost: dict[str, Fraction] = defaultdict(Fraction)
                for share in self.shares:
                    if share.pool != name:
                        continue
                    for day in set(_days(share)) & set(days):
                        ratio = self._ratio(name, day)
                        lost[share.team] += self._a_day(share) * (1 - (ratio or 0))
                own = {team: _cents(each) for team, each in lost.items() if each}
                told = {team: _cents(each) for team, each in given.items()}
                if own != told:
                    yield f"{name}: {told} was made up for, {own} lost on {days[:1]}"

    def _a_day(self, share: Share) -> Fraction:
        return share.gpus * self.pools[share.pool].units * 24

    def _ratio(self, name: str, day: date) -> Fraction | None:
        """Part of the promise that a day brought; None where nobody recorded it."""
        pool, life = self.pools[name], self.lives[name]
        midnight = datetime.combine(day, datetime.min.time(), tzinfo=pool.begins.tzinfo)
        before = [accepted for at, accepted in life.tests if at <= midnight]
        if not before or not before[-1]:
            return Fraction(0)
        told = life.days.get(day)
        if told is None:
            return None
        given = sum(
            s.gpus
            for s in self.shares
            if s.pool == name and s.begins <= midnight < s.ends
        )
        whole = min(Fraction(1), Fraction(told["usable"], given))
        return whole * min(Fraction(1), Fraction(told["throughput"] or 0) / pool.speed)

    def _book(self, what: str, event: Body, units: dict[str, Fraction]) -> None:
        if what == "pool_registered":
            told = event["pool"]
            begins, ends = _window(told)
            self.pools[told["id"]] = Pool(
                count=told["count"],
                begins=begins,
                ends=ends,
                units=units.get(told["gpu_type"], Fraction(1)),
                speed=Fraction(told["promised"]["value"]),
                lessor=told["lessor_team"] if told["basis"] == "lease" else None,
            )
        if what == "pool_closed":
            pool, at = self.pools[event["pool"]], _moment(event["at"])
            self.pools[event["pool"]] = replace(pool, ends=at)
        if what == "allocation_adopted":
            for told in event["shares"]:
                begins, ends = _window(told)
                self.shares.append(
                    Share(told["team"], told["pool"], told["gpus"], begins, ends)
                )
        if what == "team_released":
            at = _moment(event["at"])
            cut = [
                replace(s, ends=min(s.ends, at)) if s.team == event["team"] else s
                for s in self.shares
            ]
            self.shares = [s for s in cut if s.begins < s.ends]

    def _life(self, life: Life, name: str, event: Body) -> None:
        if event["what"] == "acceptance_tested":
            test, pool = event["test"], self.pools[name]
            speed = min(Fraction(test["measured"]["value"]), pool.speed)
            least = pool.count * pool.speed * self._accepted_from
            life.tests.append((_moment(test["at"]), test["usable"] * speed >= least))
        if event["what"] == "days_delivered":
            life.days |= {date.fromisoformat(d["day"]): d for d in event["days"]}
        if event["what"] == "day_corrected":
            life.days[date.fromisoformat(event["day"]["day"])] = event["day"]
        if event["what"] == "incident_compensated":
            days = [date.fromisoformat(day) for day in event["days"]]
            given = {c["team"]: Fraction(c["lost"]) for c in event["credits"]}
            life.credits.append((days, given))


def _days(share: Share) -> Iterator[date]:
    for number in range((share.ends - share.begins).days):
        yield (share.begins + timedelta(days=number)).date()


def _window(told: Body) -> tuple[datetime, datetime]:
    return _moment(told["window"]["begins"]), _moment(told["window"]["ends"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _cents(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)
