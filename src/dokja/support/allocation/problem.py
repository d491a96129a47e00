"""The request as an integer program's numbers: stretches, places, capacities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from dokja.errors import InvalidInput, NotAllowed
from dokja.support.allocation.values import (
    REQUEST_SCHEMA,
    AllocationRequest,
    TeamDemand,
)
from dokja.support.gpu.balance import hours_between
from dokja.support.gpu.book import GpuBook
from dokja.support.gpu.values import GpuPool
from dokja.support.terms import Terms
from dokja.support.values import Window


@dataclass(frozen=True)
class Place:
    """A team in a pool for a stretch of time: one unknown of the program."""

    team: int
    pool: int
    stretch: int


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything the program is made of, in canonical order."""

    request: AllocationRequest
    teams: tuple[TeamDemand, ...]
    pools: tuple[GpuPool, ...]
    units: tuple[Fraction, ...]
    """By pool, normalised GPUs of one GPU."""
    stretches: tuple[Window, ...]
    places: tuple[Place, ...]
    """Every team with every pool that is there, lessors and unwanted pools too."""
    free: dict[tuple[int, int], int]
    """By pool and stretch, GPUs not yet given."""
    held: dict[tuple[int, int], Fraction]
    """By team and stretch, normalised GPUs it has already."""
    lessors: frozenset[tuple[int, int]]
    """Team and stretch in which the team leases GPUs out."""
    node: int

    def window(self, team: int) -> Window:
        """The time for which a team needs GPUs."""
        return self.teams[team].window or self.request.window

    def hours(self, stretch: int) -> Fraction:
        """Length of a stretch."""
        window = self.stretches[stretch]
        return hours_between(window.begins, window.ends)

    def own_stretches(self, team: int) -> tuple[int, ...]:
        """Stretches of the team's time."""
        own = self.window(team)
        return tuple(k for k, s in enumerate(self.stretches) if own.holds(s))


def make_problem(book: GpuBook, request: AllocationRequest, terms: Terms) -> Problem:
    """The problem of the request. Raises: InvalidInput, NotAllowed."""
    _check_request(book, request)
    teams = tuple(sorted(request.teams, key=lambda each: each.team))
    pools = tuple(
        book.pools[name]
        for name in sorted(book.pools)
        if book.pools[name].window.meets(request.window)
    )
    stretches = tuple(_stretches(book, request))
    own = [demand.window or request.window for demand in teams]
    return Problem(
        request=request,
        teams=teams,
        pools=pools,
        units=tuple(Fraction(terms.units_of(pool.gpu_type)) for pool in pools),
        stretches=stretches,
        places=tuple(
            Place(t, p, k)
            for t in range(len(teams))
            for p, pool in enumerate(pools)
            for k, stretch in enumerate(stretches)
            if pool.window.holds(stretch) and own[t].holds(stretch)
        ),
        free={
            (p, k): pool.count - book.given(pool.id, stretch.begins)
            for p, pool in enumerate(pools)
            for k, stretch in enumerate(stretches)
            if pool.window.holds(stretch)
        },
        held={
            (t, k): _held(book, demand.team, stretch, terms)
            for t, demand in enumerate(teams)
            for k, stretch in enumerate(stretches)
        },
        lessors=frozenset(
            (t, k)
            for t, demand in enumerate(teams)
            for k, stretch in enumerate(stretches)
            if any(w.meets(stretch) for w in book.lessor_windows(demand.team))
        ),
        node=terms.rules.node,
    )


def _check_request(book: GpuBook, request: AllocationRequest) -> None:
    if request.schema != REQUEST_SCHEMA:
        raise InvalidInput(
            f"the request's schema is {request.schema!r}",
            remedy=f"this program reads {REQUEST_SCHEMA!r}",
        )
    if request.id in book.adopted:
        raise NotAllowed(
            f"allocation {request.id} was adopted", remedy="give the next another id"
        )
    names = [demand.team for demand in request.teams]
    problems = [
        f"{name} is named twice" for name in set(names) if names.count(name) > 1
    ]
    for demand in request.teams:
        unknown = sorted(set(demand.pools) - set(book.pools))
        problems += [
            f"{demand.team} wants {name}, which is no pool" for name in unknown
        ]
        if demand.window and not request.window.holds(demand.window):
            problems.append(f"{demand.team} needs GPUs outside the request's time")
    if problems:
        raise InvalidInput(
            "the request:\n" + "\n".join(f"  - {each}" for each in sorted(problems)),
            remedy="correct the entries named above; nothing was proposed",
        )


def _stretches(book: GpuBook, request: AllocationRequest) -> Iterator[Window]:
    """The request's time, cut wherever something begins or ends."""
    whole = request.window
    windows = [pool.window for pool in book.pools.values()]
    windows += [share.window for share in book.shares]
    windows += [demand.window for demand in request.teams if demand.window]
    cuts = {at for each in windows for at in (each.begins, each.ends)}
    inner = {at for at in cuts if whole.begins < at < whole.ends}
    edges = sorted({whole.begins, whole.ends} | inner)
    for begins, ends in pairwise(edges):
        yield Window(begins=begins, ends=ends)


def _held(book: GpuBook, team: str, stretch: Window, terms: Terms) -> Fraction:
    return sum(
        (
            share.gpus * Fraction(terms.units_of(book.pools[share.pool].gpu_type))
            for share in book.shares
            if share.team == team and share.window.holds(stretch)
        ),
        Fraction(0),
    )
