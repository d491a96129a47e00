"""How few votes, and how few voters, could be gone and another team be last.

A greedy search: whoever pulls most on the difference between the last team and
a rival goes first, by first-order influence; the rating is then fitted anew,
and influences are taken again at what is left, as long as that finds a smaller
set. What is found is enough, so the number is an upper bound; below it, sets
of one and, of votes, of two are tried out exactly.

Source: T. Broderick, R. Giordano, R. Meager, An automatic finite-sample
robustness metric, arXiv 2011.14999 (2020); J. Huang et al., Dropping just a
handful of preferences can change top large language model rankings, arXiv
2508.11847 (2025).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.special import expit

from dokja.contest.rating.rated import Change, Influence
from dokja.contest.rating.vote_table import VoteTable
from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.bradley_terry import PlainFit, plain_fit
from dokja.statistics.ratings.identified import identified
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Codes, half_wins

ROUNDS = 6
EXACT_SINGLES = 20_000
EXACT_PAIRS_OF = 60
BATCH_CELLS = 1 << 20
NEWTON_STEPS = 5
"""From the rating of the whole, one or two votes away: each step squares the error."""
NEAR = 1e-6
LEVEL = 1e-9
LENT = 1e-9


@dataclass(frozen=True, eq=False)
class _Units:
    """What can be removed, one row each."""

    cells: csr_array
    """(units, 3 teams^2) votes of one piece of each unit."""
    pieces: Codes
    """How many equal pieces a unit has: votes of one cell are all alike."""
    names: Callable[[Codes], tuple[str, ...]]
    total: int


@dataclass(frozen=True, eq=False)
class _Found:
    taken: Codes
    """(units,) pieces removed."""
    last: int

    @property
    def size(self) -> int:
        return int(self.taken.sum())


METHOD = "bradley-terry/ties=half/greedy-first-order/refitted/upper-bound"


def influence_audit(table: VoteTable, *, source: str) -> Influence:
    """The smallest sets of votes and of voters found to change the last place."""
    counts = table.votes.counts()
    fit = _fit(counts)
    voters = int(np.count_nonzero(np.bincount(table.votes.voter)))
    last = None if fit is None else int(fit.theta.argmin())
    votes_found = voters_found = None
    if fit is not None and last is not None:
        votes_found = _smallest(table, counts, _by_cell(table, counts), last)
        voters_found = _smallest(table, counts, _by_voter(table), last)
    return Influence(
        last=None if last is None else table.teams[last],
        votes=votes_found,
        voters=voters_found,
        votes_cast=len(table),
        voters_seen=voters,
        method=METHOD,
        source=source,
    )


def _fit(counts: Scores) -> PlainFit | None:
    """The rating; None unless every team has a strength."""
    table = half_wins(counts)
    if len(identified(table).rated) < len(table):
        return None
    return plain_fit(table)


def _by_cell(table: VoteTable, counts: Scores) -> _Units:
    flat = counts.reshape(-1)
    cells = np.flatnonzero(flat)
    places = (np.arange(len(cells)), cells)
    rows = coo_array((np.ones(len(cells)), places), shape=(len(cells), flat.size))

    def names(taken: Codes) -> tuple[str, ...]:
        found = []
        for unit in np.flatnonzero(taken):
            outcome, left, right = np.unravel_index(cells[unit], counts.shape)
            word = {LEFT: "left", RIGHT: "right", TIE: "tie"}[int(outcome)]
            pair = f"{table.teams[left]}>{table.teams[right]}"
            found.append(f"{pair} {word} x{taken[unit]}")
        return tuple(found)

    pieces = flat[cells].astype(np.intp)
    return _Units(csr_array(rows.tocsr()), pieces, names, int(pieces.sum()))


def _by_voter(table: VoteTable) -> _Units:
    votes = table.votes
    people, row = np.unique(votes.voter, return_inverse=True)
    shape = (len(people), 3 * votes.teams**2)
    rows = coo_array((np.ones(len(votes)), (row, votes.cells())), shape=shape)

    def names(taken: Codes) -> tuple[str, ...]:
        return tuple(table.voters[people[unit]] for unit in np.flatnonzero(taken))

    pieces = np.ones(len(people), dtype=np.intp)
    return _Units(csr_array(rows.tocsr()), pieces, names, len(people))


def _smallest(
    table: VoteTable, counts: Scores, units: _Units, last: int
) -> Change | None:
    best: _Found | None = None
    for rival in range(len(table.teams)):
        if rival != last:
            found = _against(counts, units, (last, rival))
            if found and (best is None or found.size < best.size):
                best = found
    if best is None:
        return None
    exact, below = _tried_out(counts, units, last, best)
    return Change(
        removed=exact.size,
        share=exact.size / units.total,
        becomes_last=table.teams[exact.last],
        none_below=below,
        members=units.names(exact.taken),
    )


def _against(counts: Scores, units: _Units, pair: tuple[int, int]) -> _Found | None:
    """The smallest set found that puts the rival below the last team."""
    taken = np.zeros(len(units.pieces), dtype=np.intp)
    best: _Found | None = None
    for _ in range(ROUNDS):
        fit = _fit(_without(counts, units, taken))
        if fit is None:
            break
        order = _order(_pull(units, fit, pair))
        found = _shortest(counts, units, order, pair[0])
        if found is None or (best is not None and found.size >= best.size):
            break
        best, taken = found, found.taken
    return best


def _pull(units: _Units, fit: PlainFit, pair: tuple[int, int]) -> Scores:
    """(units,) by how much removing a piece lifts the last above the rival."""
    slopes = np.empty((3, *fit.expected.shape))
    slopes[LEFT], slopes[RIGHT] = 1 - fit.expected, -fit.expected
    slopes[TIE] = 0.5 - fit.expected
    last, rival = pair
    direction = fit.inverse[rival] - fit.inverse[last]
    weight = direction[:, None] - direction[None, :]
    found: Scores = units.cells @ (slopes * weight).reshape(-1)
    return found


def _order(pull: Scores) -> Codes:
    """Units that help, the strongest first; equal ones by their number."""
    helping = np.flatnonzero(pull > 0)
    return helping[np.argsort(-pull[helping], kind="stable")]


def _shortest(counts: Scores, units: _Units, order: Codes, last: int) -> _Found | None:
    """The shortest beginning of the order, up to half, that makes another last."""
    ends = np.cumsum(units.pieces[order])
    most = min(int(ends[-1]) if len(ends) else 0, units.total // 2)

    def taken_of(size: int) -> Codes:
        taken = np.zeros(len(units.pieces), dtype=np.intp)
        whole = int(np.searchsorted(ends, size, side="right"))
        taken[order[:whole]] = units.pieces[order[:whole]]
        rest = size - (int(ends[whole - 1]) if whole else 0)
        if rest:
            taken[order[whole]] = rest
        return taken

    # Where so much is gone that some team has no strength, it is too much already.
    low, high = 0, most
    if not most or _last_of(counts, units, taken_of(most), last) == last:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        stays = _last_of(counts, units, taken_of(middle), last) == last
        low, high = (middle, high) if stays else (low, middle)
    taken = taken_of(high)
    now = _last_of(counts, units, taken, last)
    return None if now is None else _Found(taken, now)


def _without(counts: Scores, units: _Units, taken: Codes) -> Scores:
    found: Scores = counts - (taken @ units.cells).reshape(counts.shape)
    return found


def _last_of(counts: Scores, units: _Units, taken: Codes, last: int) -> int | None:
    """Who is last then; None where some team has no strength.

    A team that is only level with the last one has not taken its place.
    """
    fit = _fit(_without(counts, units, taken))
    if fit is None:
        return None
    lowest = int(fit.theta.argmin())
    return last if fit.theta[last] <= fit.theta[lowest] + LEVEL else lowest


def _tried_out(
    counts: Scores, units: _Units, last: int, best: _Found
) -> tuple[_Found, int]:
    """The smallest set known, and below which size every set was tried out."""
    count = len(units.pieces)
    if best.size <= 1 or count > EXACT_SINGLES:
        return best, min(best.size, 1)
    singles = np.arange(count)[:, None]
    found = _first_that_does(counts, units, last, singles)
    if found:
        return found, 1
    if best.size == 2 or count > EXACT_PAIRS_OF:
        return best, 2
    first, second = np.triu_indices(count)
    possible = (first != second) | (units.pieces[first] > 1)
    pairs = np.stack([first[possible], second[possible]], axis=1)
    found = _first_that_does(counts, units, last, pairs)
    return (found, 2) if found else (best, 3)


def _first_that_does(
    counts: Scores, units: _Units, last: int, sets: Codes
) -> _Found | None:
    """The first of these sets whose removal makes another team the last.

    `sets` is (sets, members) of units. All are fitted together from the rating
    of the whole; what comes near is fitted alone.
    """
    whole = _fit(counts)
    if whole is None:
        return None
    rows = max(1, BATCH_CELLS // counts.size)
    for start in range(0, len(sets), rows):
        block = sets[start : start + rows]
        removed = sum(units.cells[column].toarray() for column in block.T)
        theta = _refitted(counts - removed.reshape(-1, *counts.shape), whole.theta)
        others = np.delete(theta, last, axis=1).min(axis=1)
        for place in np.flatnonzero(others < theta[:, last] + NEAR):
            taken = np.zeros(len(units.pieces), dtype=np.intp)
            np.add.at(taken, block[place], 1)
            now = _last_of(counts, units, taken, last)
            if now is not None and now != last:
                return _Found(taken, now)
    return None


def _refitted(counts: Scores, start: Scores) -> Scores:
    """(sets, teams) strengths on (sets, 3, teams, teams) counts, by Newton's steps."""
    wins = counts[:, LEFT] + counts[:, RIGHT].swapaxes(1, 2)
    tied = counts[:, TIE] + counts[:, TIE].swapaxes(1, 2)
    wins = wins + tied / 2
    games = wins + wins.swapaxes(1, 2)
    won = wins.sum(axis=2)
    theta = np.repeat(start[None, :], len(counts), axis=0)
    teams = len(start)
    place = np.arange(teams)
    for _ in range(NEWTON_STEPS):
        expected = expit(theta[:, :, None] - theta[:, None, :])
        weights = games * expected * (1 - expected)
        information = -weights
        # A team that a removal leaves without votes would make it singular.
        information[:, place, place] += weights.sum(axis=2) + LENT
        information += weights.sum(axis=(1, 2))[:, None, None] / teams**2
        slope = won - (games * expected).sum(axis=2)
        theta = theta + np.linalg.solve(information, slope[:, :, None])[:, :, 0]
    return theta
