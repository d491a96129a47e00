"""Equal support: GPU-hours and days per team, and the deadline of a late entrant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.support.gpu.balance import hours_between, rounded, totals_of
from dokja.support.gpu.compensate import rounded_up
from dokja.support.gpu.values import GpuBalance
from dokja.support.terms import Terms
from dokja.support.values import Entry, Id, Moment, Window


class DevelopmentTime(Entry, frozen=True, kw_only=True):
    """When a team may develop: from its agreement to its deadline."""

    team: Id
    window: Window


class FairnessRequest(Entry, frozen=True, kw_only=True):
    """Whose time and GPU-hours are compared."""

    stage: Id
    teams: Annotated[tuple[DevelopmentTime, ...], msgspec.Meta(min_length=1)]


class TeamFairness(Entry, frozen=True, kw_only=True):
    """What a team had beside what the best supported one had."""

    team: Id
    days: Decimal
    hours: Decimal
    """Normalised GPU-hours delivered, or made up for by time."""
    hours_days: Decimal
    """Normalised GPU-hours times days of development."""
    share: Decimal | None
    """Of the largest number of GPU-hours; None where nobody had any."""
    within: bool
    """Whether it lacks no more than the tolerance, or was made up for."""
    deadline: Moment
    """From which day and GPU-hours are equal, at the team's own rate."""
    reason: Text


def compare_support(
    request: FairnessRequest,
    balances: Sequence[GpuBalance],
    *,
    terms: Terms,
    granted: Mapping[str, datetime],
) -> tuple[TeamFairness, ...]:
    """Every team beside the one with most days and the one with most GPU-hours.

    `granted` holds deadlines that were set for equal time. Raises: InvalidInput.
    """
    teams = sorted(request.teams, key=lambda each: each.team)
    if len({each.team for each in teams}) != len(teams):
        raise InvalidInput(
            "a team is named twice", remedy="name the time of every team once"
        )
    totals, promised = totals_of(balances), _promised(balances)
    largest = Largest(
        span=max(each.window.ends - each.window.begins for each in teams),
        hours=max(totals.get(each.team, Fraction(0)) for each in teams),
    )
    return tuple(
        _fairness(
            each,
            Supported(totals.get(each.team, Fraction(0)), promised.get(each.team)),
            largest,
            terms=terms,
            granted=granted.get(each.team),
        )
        for each in teams
    )


class Supported(NamedTuple):
    """Normalised GPU-hours of a team."""

    had: Fraction
    promised: Fraction | None
    """None where it was promised nothing, such as a team that leases GPUs out."""


class Largest(NamedTuple):
    """What the best supported teams had."""

    span: timedelta
    hours: Fraction


def fair_deadline(
    window: Window, supported: Supported, largest: Largest, *, terms: Terms
) -> datetime:
    """The later of two: as many days as the longest, as many GPU-hours as the most.

    entry + most days; own deadline + (most GPU-hours - own) / own rate, rounded up
    to the rules' step. A team without GPUs of the programme has days alone.
    """
    by_days = window.begins + largest.span
    missing = largest.hours - supported.had
    if not supported.promised or missing <= 0:
        return max(window.ends, by_days)
    rate = supported.promised / hours_between(window.begins, window.ends)
    step = terms.rules.compensation_step_hours
    return max(
        window.ends + timedelta(hours=rounded_up(missing / rate, step=step)), by_days
    )


def _promised(balances: Sequence[GpuBalance]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for each in balances:
        found[each.team] = found.get(each.team, Fraction(0)) + Fraction(each.promised)
    return found


def _fairness(
    team: DevelopmentTime,
    supported: Supported,
    largest: Largest,
    *,
    terms: Terms,
    granted: datetime | None,
) -> TeamFairness:
    window = team.window
    days = hours_between(window.begins, window.ends) / 24
    deadline = fair_deadline(window, supported, largest, terms=terms)
    kept = 1 - Fraction(terms.rules.tolerance)
    longest = Fraction(largest.span // timedelta(seconds=1), 86_400)
    enough = supported.had >= kept * largest.hours or not supported.promised
    is_settled = granted is not None and granted >= deadline
    within = (enough and days >= kept * longest) or is_settled
    return TeamFairness(
        team=team.team,
        days=rounded(days),
        hours=rounded(supported.had),
        hours_days=rounded(supported.had * days),
        share=rounded(supported.had / largest.hours) if largest.hours else None,
        within=within,
        deadline=deadline,
        reason=_reason(supported, within=within, is_settled=is_settled),
    )


def _reason(supported: Supported, *, within: bool, is_settled: bool) -> Text:
    if is_settled:
        return Text(
            ko="동등한 개발 기간이 부여됨",
            en="was given a deadline that makes it equal",
        )
    if not supported.promised:
        return Text(
            ko="사업의 GPU를 배정받지 않아 기간만 비교함",
            en="holds no GPUs of the programme; only its days are compared",
        )
    if within:
        return Text(ko="허용 범위 이내", en="within the tolerance")
    return Text(
        ko="허용 범위를 벗어남: 기한을 연장하거나 보상하여야 함",
        en="outside the tolerance: a later deadline or a compensation is due",
    )
