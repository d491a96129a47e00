"""Extra time for what an incident cost: lost normalised hours over the team's rate."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from dokja.errors import NotAllowed
from dokja.evidence.values import Text
from dokja.support.gpu.balance import (
    Hours,
    SharedPool,
    hours_between,
    rounded,
    team_hours,
)
from dokja.support.gpu.pool import days_of
from dokja.support.gpu.values import (
    Incident,
    IncidentCompensated,
    IncidentState,
    TimeCredit,
)
from dokja.support.terms import Terms

FORMULA = Text(
    ko="추가 시간 = 손실 환산 GPU시간 ÷ 약속된 환산 GPU 수, {step}시간 단위로 올림: "
    "{lost} ÷ {rate} → {hours}시간",
    en="extra time = lost normalised GPU-hours ÷ normalised GPUs promised, rounded up "
    "to {step} h: {lost} ÷ {rate} → {hours} h",
)


def compensate(
    shared: SharedPool, incident: str, *, terms: Terms
) -> IncidentCompensated:
    """The time that the incident's days cost each team of the pool.

    Days that another incident has made up for count once. Raises: NotAllowed where
    the incident is not fixed, or a day of it is not on record.
    """
    found = shared.record.incidents.get(incident)
    if found is None or found.state is not IncidentState.FIXED:
        stands = "not on record" if found is None else found.state.value
        raise NotAllowed(
            f"incident {incident} of {shared.pool.id} is {stands} ({terms.gpu})",
            remedy="record that it was opened and fixed; it is made up for once",
        )
    days = _uncounted_days(shared, found, terms)
    until = _midnight_after(days[-1], shared) if days else found.begins
    hours = team_hours(shared, until=until, counts=frozenset(days).__contains__)
    return IncidentCompensated(
        id=incident,
        days=days,
        credits=tuple(
            _credit(team, own, _active_hours(shared, team, days), terms)
            for team, own in sorted(hours.items())
            if own.lost
        ),
    )


def credit_formula(credit: TimeCredit, terms: Terms) -> Text:
    """How the extra time of a credit was computed, with its numbers."""
    numbers = {
        "step": terms.rules.compensation_step_hours,
        "lost": credit.lost,
        "rate": credit.rate,
        "hours": credit.hours,
    }
    return Text(ko=FORMULA.ko.format(**numbers), en=FORMULA.en.format(**numbers))


def unrecorded_days(shared: SharedPool, incident: Incident) -> tuple[date, ...]:
    """Days of a fixed incident whose loss nobody knows, and that hold it up."""
    counted = shared.record.compensated_days
    return tuple(
        day
        for day in days_of(incident)
        if day not in counted and not _is_settled(shared, day)
    )


def rounded_up(hours: Fraction, *, step: int) -> int:
    """Whole hours in multiples of the step, in the team's favour."""
    return math.ceil(hours / step) * step


def _uncounted_days(
    shared: SharedPool, incident: Incident, terms: Terms
) -> tuple[date, ...]:
    counted = shared.record.compensated_days
    days = tuple(day for day in days_of(incident) if day not in counted)
    missing = unrecorded_days(shared, incident)
    if missing:
        named = ", ".join(map(str, missing[:5])) + (" …" if len(missing) > 5 else "")
        raise NotAllowed(
            f"what {shared.pool.id} delivered on {named} is not on record "
            f"({terms.gpu})",
            remedy="record usable GPUs and throughput of those days first; a loss "
            "is not estimated",
        )
    return days


def _is_settled(shared: SharedPool, day: date) -> bool:
    """Whether the day's loss is known: measured, nothing usable, or not accepted."""
    record = shared.record.days.get(day)
    if record is not None and (record.throughput is not None or record.usable == 0):
        return True
    begins = _midnight_after(day - timedelta(days=1), shared)
    tests = [t.test.at for t in shared.record.tests]
    edges = [begins, *(at for at in tests if begins < at < begins + timedelta(days=1))]
    return not any(shared.record.accepted_at(at) for at in edges)


def _midnight_after(day: date, shared: SharedPool) -> datetime:
    zone = shared.pool.window.begins.tzinfo
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)


def _active_hours(shared: SharedPool, team: str, days: tuple[date, ...]) -> Fraction:
    """Hours of the days in which the team held a share of the pool."""
    active = Fraction(0)
    for day in days:
        ends = _midnight_after(day, shared)
        begins = ends - timedelta(days=1)
        edges = {begins, ends}
        own = [s.window for s in shared.shares if s.team == team]
        for window in own:
            edges |= {at for at in (window.begins, window.ends) if begins < at < ends}
        ordered = sorted(edges)
        active += sum(
            (
                hours_between(a, b)
                for a, b in pairwise(ordered)
                if any(window.begins <= a and b <= window.ends for window in own)
            ),
            Fraction(0),
        )
    return active


def _credit(team: str, own: Hours, active: Fraction, terms: Terms) -> TimeCredit:
    rate = own.promised / active
    return TimeCredit(
        team=team,
        lost=rounded(own.lost),
        rate=rounded(rate),
        hours=rounded_up(own.lost / rate, step=terms.rules.compensation_step_hours),
    )
