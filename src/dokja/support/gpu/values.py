"""GPU pools, what was promised of them and what they delivered, as frozen values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec

from dokja.evidence.values import Text
from dokja.support.values import (
    CitedSource,
    Entry,
    Id,
    Line,
    Moment,
    SupportEvent,
    Window,
)

Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
CountOrZero = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class PoolBasis(StrEnum):
    """On what ground the programme disposes of a pool."""

    LEASE = "lease"
    OWNED = "owned"


class PoolState(StrEnum):
    """Where a pool stands. It delivers while it is accepted, and only then."""

    REGISTERED = "registered"
    LEASED = "leased"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Throughput(Entry, frozen=True, kw_only=True):
    """What one GPU of the pool gets through, and how that is measured."""

    measure: Line
    """Such as the tokens per second of a named training run."""
    value: Decimal

    def __post_init__(self) -> None:
        if not (self.value.is_finite() and self.value > 0):
            raise ValueError(f"a throughput of {self.value} promises nothing")


class GpuPool(Entry, frozen=True, kw_only=True):
    """GPUs of one type from one supplier, for a time: what was promised."""

    id: Id
    supplier: Id
    gpu_type: Line
    count: Count
    window: Window
    basis: PoolBasis
    promised: Throughput
    source: CitedSource
    lessor_team: Id | None = None
    """Team whose organisation leases it out; such a team gets none meanwhile."""


class GpuShare(Entry, frozen=True, kw_only=True):
    """So many GPUs of a pool for a team, for a time."""

    team: Id
    pool: Id
    gpus: Count
    window: Window


class PoolRegistered(SupportEvent, frozen=True, kw_only=True, tag="pool_registered"):
    """The programme disposes of a pool."""

    pool: GpuPool


class PoolClosed(SupportEvent, frozen=True, kw_only=True, tag="pool_closed"):
    """From then on no GPU of the pool is given."""

    pool: Id
    at: Moment


class AllocationAdopted(
    SupportEvent, frozen=True, kw_only=True, tag="allocation_adopted"
):
    """The office gives what was proposed: from here on it is promised."""

    id: Id
    solved_from: str
    """Digest of the request and the book that the proposal was solved from."""
    shares: tuple[GpuShare, ...]


class TeamReleased(SupportEvent, frozen=True, kw_only=True, tag="team_released"):
    """A team keeps nothing from then on; what it had until then stays promised."""

    team: Id
    at: Moment


class EqualTimeGranted(
    SupportEvent, frozen=True, kw_only=True, tag="equal_time_granted"
):
    """A team's deadline, set so that its development time equals the others'."""

    team: Id
    stage: Id
    deadline: Moment
    lost: Decimal
    """Normalised GPU-hours that the time makes up for."""


BookEvent = (
    PoolRegistered | PoolClosed | AllocationAdopted | TeamReleased | EqualTimeGranted
)


class Lease(Entry, frozen=True, kw_only=True):
    """The contract under which a supplier hands over a pool."""

    contract: Line
    krw: Annotated[int, msgspec.Meta(ge=0, le=10**15)]
    source: CitedSource


class AcceptanceTest(Entry, frozen=True, kw_only=True):
    """What was measured of a pool when it was handed over."""

    at: Moment
    usable: CountOrZero
    measured: Throughput
    source: CitedSource


class DeliveredDay(Entry, frozen=True, kw_only=True):
    """What a pool gave on one day."""

    day: date
    usable: CountOrZero
    throughput: Decimal | None
    """Of one GPU, in the measure of the promise; None where nobody measured."""
    source: Line

    def __post_init__(self) -> None:
        speed = self.throughput
        if speed is not None and not (speed.is_finite() and speed >= 0):
            raise ValueError(f"{self.day} has the throughput {speed}")


class TimeCredit(Entry, frozen=True, kw_only=True):
    """Extra time of one team: `lost` over `rate`, rounded up to the rules' step."""

    team: Id
    lost: Decimal
    """Normalised GPU-hours."""
    rate: Decimal
    """Normalised GPUs promised to the team while they were lost."""
    hours: int


class LeaseSigned(SupportEvent, frozen=True, kw_only=True, tag="lease_signed"):
    """The supplier is bound."""

    lease: Lease


class AcceptanceTested(
    SupportEvent, frozen=True, kw_only=True, tag="acceptance_tested"
):
    """A pool was measured against its promise."""

    test: AcceptanceTest
    least: Decimal
    """Throughput of the whole pool from which the rules of then accepted it."""
    accepted: bool


class DaysDelivered(SupportEvent, frozen=True, kw_only=True, tag="days_delivered"):
    """What the pool gave, day by day."""

    days: Annotated[tuple[DeliveredDay, ...], msgspec.Meta(min_length=1)]


class DayCorrected(SupportEvent, frozen=True, kw_only=True, tag="day_corrected"):
    """A day's record was wrong; the first entry stays on record."""

    day: DeliveredDay


class IncidentOpened(SupportEvent, frozen=True, kw_only=True, tag="incident_opened"):
    """Something keeps the pool from what was promised."""

    id: Id
    begins: Moment
    cause: Text


class IncidentFixed(SupportEvent, frozen=True, kw_only=True, tag="incident_fixed"):
    """The pool works again."""

    id: Id
    ends: Moment


class IncidentCompensated(
    SupportEvent, frozen=True, kw_only=True, tag="incident_compensated"
):
    """Teams are given the time that the incident cost them."""

    id: Id
    days: tuple[date, ...]
    """Days that are made up for; another incident no longer counts them."""
    credits: tuple[TimeCredit, ...]


PoolEvent = (
    LeaseSigned
    | AcceptanceTested
    | DaysDelivered
    | DayCorrected
    | IncidentOpened
    | IncidentFixed
    | IncidentCompensated
)


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    FIXED = "fixed"
    COMPENSATED = "compensated"


class Incident(Entry, frozen=True, kw_only=True):
    """An incident as it stands."""

    id: Id
    state: IncidentState
    begins: Moment
    ends: Moment | None
    cause: Text
    days: tuple[date, ...] = ()
    credits: tuple[TimeCredit, ...] = ()


class GpuBalance(Entry, frozen=True, kw_only=True):
    """What one team was promised of one pool, and what became of it.

    All in normalised GPU-hours; promised = delivered + lost + unrecorded.
    """

    team: Id
    pool: Id
    promised: Decimal
    delivered: Decimal
    lost: Decimal
    unrecorded: Decimal
    """Of days that nobody recorded or measured: neither delivered nor lost."""
    compensated: Decimal
    """Part of `lost` that was made up for by time."""
    extra_hours: int


class DayBalance(Entry, frozen=True, kw_only=True):
    """What one team was promised of all pools on one day, and what became of it.

    All in normalised GPU-hours; promised = delivered + lost + unrecorded.
    """

    team: Id
    day: date
    promised: Decimal
    delivered: Decimal
    lost: Decimal
    unrecorded: Decimal
