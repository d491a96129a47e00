"""A proposal: solved, explained, and nothing given until the office adopts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dokja.evidence.canonical import digest_of
from dokja.support.allocation.equal_support import METHOD, most_equal
from dokja.support.allocation.model import Model, Vector
from dokja.support.allocation.problem import Problem, make_problem
from dokja.support.allocation.reasons import binding_rules, conflicting_rules
from dokja.support.allocation.values import (
    PROPOSAL_SCHEMA,
    AllocationRequest,
    Proposal,
    TeamAllocation,
)
from dokja.support.gpu.balance import rounded
from dokja.support.gpu.book import GpuBook
from dokja.support.gpu.values import AllocationAdopted, GpuShare
from dokja.support.terms import Terms
from dokja.support.values import Window


def propose_allocation(
    book: GpuBook, request: AllocationRequest, *, terms: Terms
) -> Proposal:
    """The most equal allocation with its reasons, or the rules in each other's way.

    Equal for any order of what is given. Raises: InvalidInput, NotAllowed,
    Unavailable.
    """
    problem = make_problem(book, request, terms)
    model = Model(problem, frozenset())
    found = most_equal(model)
    return Proposal(
        schema=PROPOSAL_SCHEMA,
        id=request.id,
        solved_from=_solved_from(book, problem, terms),
        shares=() if found is None else tuple(_shares(model, found)),
        teams=() if found is None else tuple(_teams(model, found)),
        conflict=conflicting_rules(problem) if found is None else (),
        method=METHOD,
    )


def adoption_of(proposal: Proposal) -> AllocationAdopted:
    """The event by which the office adopts the proposal."""
    return AllocationAdopted(
        id=proposal.id, solved_from=proposal.solved_from, shares=proposal.shares
    )


def _solved_from(book: GpuBook, problem: Problem, terms: Terms) -> str:
    return digest_of(
        {
            "window": problem.request.window,
            "teams": problem.teams,
            "pools": [book.pools[name] for name in sorted(book.pools)],
            "shares": sorted(book.shares, key=_share_order),
            "rules": terms.rules,
        }
    )


def _share_order(share: GpuShare) -> tuple[str, str, str]:
    return share.team, share.pool, share.window.begins.isoformat()


def _shares(model: Model, found: Vector) -> Iterator[GpuShare]:
    """Shares, one for neighbouring stretches in which nothing changes."""
    problem = model.problem
    by_pair: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for place, units in zip(model.places, found, strict=True):
        if units:
            gpus = int(units) * model.size
            by_pair[place.team, place.pool][place.stretch] = gpus
    for (team, pool), given in sorted(by_pair.items()):
        for first, last in _runs(given):
            yield GpuShare(
                team=problem.teams[team].team,
                pool=problem.pools[pool].id,
                gpus=given[first],
                window=Window(
                    begins=problem.stretches[first].begins,
                    ends=problem.stretches[last].ends,
                ),
            )


def _runs(given: dict[int, int]) -> Iterator[tuple[int, int]]:
    """First and last of neighbouring stretches with equal counts."""
    ordered: Sequence[int] = sorted(given)
    first = last = ordered[0]
    for stretch in ordered[1:]:
        if stretch == last + 1 and given[stretch] == given[first]:
            last = stretch
            continue
        yield first, last
        first = last = stretch
    yield first, last


def _teams(model: Model, found: Vector) -> Iterator[TeamAllocation]:
    problem = model.problem
    means = model.means(found)
    for team, mean in enumerate(means):
        bound_by, jointly = binding_rules(problem, team, means)
        hours = sum(map(problem.hours, problem.own_stretches(team)))
        yield TeamAllocation(
            team=problem.teams[team].team,
            mean=rounded(mean),
            hours=rounded(mean * hours),
            bound_by=bound_by,
            bound_jointly=jointly,
        )
