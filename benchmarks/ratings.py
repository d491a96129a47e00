"""Time of ratings beside named peers, in one run; and what intervals cover.

    .venv/bin/python -m benchmarks.ratings [RUNS]
    .venv/bin/python -m benchmarks.ratings coverage [SIMULATIONS]

A million votes of 50,000 people, a fifth of them ties, on 5 and on 100 teams.
Peers: evalica (from lists of numbers and from its own index), choix (dense, from
the table of wins), arenakit (from arrays, without its prior; 1,000 bootstraps
scaled up from a few), scikit-learn (logistic regression on sparse indicators,
almost no penalty, ties as two rows of half the weight). Each is asked the same, in
turn, after one run that is not counted. Seconds are of the processor, one
thread, so that a busy machine distorts them less; quote ratios.
"""

from __future__ import annotations

import importlib.metadata
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import arenakit
import arenakit.boot
import choix
import evalica
import numpy as np
from arenakit.schema import PairCounts
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.bootstrap import vote_bootstrap, voter_bootstrap
from dokja.statistics.ratings.bradley_terry import PlainFit, plain_fit
from dokja.statistics.ratings.covariates import side
from dokja.statistics.ratings.rating import Rating, ranked, rate
from dokja.statistics.ratings.simulated import Plan, foreseen, simulated_votes
from dokja.statistics.ratings.values import TieRule
from dokja.statistics.ratings.voter_errors import sandwich, table_scores
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Votes, half_wins

VOTERS, EACH = 50_000, 20
DRAWS = 1000
FEW = {5: 20, 100: 2}
"""Resamples of the slow peer, whose time is multiplied up to DRAWS."""
SIMULATIONS = 1000
PEERS = ("arenakit", "choix", "evalica", "scikit-learn", "numpy", "scipy")


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    seconds: list[float]
    worst: float | None
    """Greatest distance of a strength from Dokja's; None where none is compared."""


def million(teams: int) -> Votes:
    """A million votes on teams whose strengths lie within two logits."""
    strengths = tuple(2 * uniform_draws(1, teams))
    plan = Plan(strengths=strengths, voters=VOTERS, votes_each=EACH, ties=0.2)
    return simulated_votes(2, plan)


def timed(call: Callable[[], Scores | None], runs: int) -> tuple[list[float], Scores]:
    """Processor seconds of each counted run, and what the last one found."""
    taken, found = [], None
    for _ in range(runs + 1):
        started = time.process_time()
        found = call()
        taken.append(time.process_time() - started)
    if found is None:
        raise ArithmeticError("a fit did not settle")
    return taken[1:], found


def centred(values: Scores) -> Scores:
    """Strengths that sum to 0."""
    return np.asarray(values, dtype=np.float64) - np.mean(values)


def fitted(table: Scores) -> PlainFit:
    """Our fit, which settles on such data."""
    found = plain_fit(table)
    if found is None:
        raise ArithmeticError("the fit did not settle")
    return found


def clustered(votes: Votes, fit: PlainFit) -> Scores | None:
    """Our sandwich over voters, from the votes."""
    slopes = np.empty((3, votes.teams, votes.teams))
    slopes[LEFT], slopes[RIGHT] = 1 - fit.expected, -fit.expected
    slopes[TIE] = 0.5 - fit.expected
    scores = table_scores(votes, slopes, np.zeros((0, *slopes.shape)))
    return sandwich(scores, fit.inverse)


def by_evalica(votes: Votes) -> Callable[[], Scores]:
    """From lists of names, as the package is called."""
    lefts, rights = votes.left.tolist(), votes.right.tolist()
    victor = (evalica.Winner.X, evalica.Winner.Y, evalica.Winner.Draw)
    winners = [victor[outcome] for outcome in votes.outcome]

    def call() -> Scores:
        found = evalica.bradley_terry(lefts, rights, winners, tolerance=1e-8)
        return centred(np.log(found.scores.sort_index().to_numpy()))

    return call


def by_sklearn(votes: Votes) -> Callable[[], Scores]:
    """Sparse indicators of the pairs, weighted; building them is counted."""

    def call() -> Scores:
        table = half_wins(votes.counts())
        winner, loser = np.nonzero(table)
        weight = table[winner, loser]
        rows = np.arange(len(winner))
        signs = np.concatenate([np.ones(len(rows)), -np.ones(len(rows))])
        places = (np.tile(rows, 2), np.concatenate([winner, loser]))
        plain = csr_matrix((signs, places), shape=(len(rows), votes.teams))
        design = csr_matrix(np.vstack([plain.toarray(), -plain.toarray()]))
        model = LogisticRegression(C=1e6, fit_intercept=False, tol=1e-8, max_iter=1000)
        answer = np.repeat([1, 0], len(rows))
        model.fit(design, answer, sample_weight=np.tile(weight / 2, 2))
        return centred(model.coef_[0])

    return call


def by_arenakit(votes: Votes) -> Callable[[], Scores]:
    """Hunter's iterations from the table; filling the table is ours."""

    def call() -> Scores:
        first, second, tied = votes.counts()
        counts = PairCounts(wf=first, ws=second, tt=tied)
        return centred(arenakit.fit_bt(counts, prior=0.0).scores)

    return call


def arena_of(votes: Votes) -> arenakit.Arena:
    """The package's board, filled with our arrays in place of a million objects."""
    found = arenakit.Arena.__new__(arenakit.Arena)
    found.models = [f"{team:03}" for team in range(votes.teams)]
    found.a, found.b = votes.left.astype(np.int32), votes.right.astype(np.int32)
    found.y, found.item = votes.outcome.astype(np.int8), None
    found.voter = votes.voter
    return found


def fits(votes: Votes, runs: int) -> list[Row]:
    """Fits, ours first."""
    table = half_wins(votes.counts())
    ours = fitted(table).theta
    peers: list[tuple[str, Callable[[], Scores]]] = [
        ("table of a million votes, Dokja", lambda: half_wins(votes.counts())),
        ("fit of the table, Dokja", lambda: fitted(table).theta),
        ("fit of the table, choix (dense)", lambda: choix.ilsr_pairwise_dense(table)),
        ("votes to strengths, evalica, from lists", by_evalica(votes)),
        ("table and strengths, arenakit", by_arenakit(votes)),
        ("table and strengths, scikit-learn", by_sklearn(votes)),
    ]
    rows = []
    for name, call in peers:
        taken, found = timed(call, runs)
        own = name.endswith("Dokja")
        worst = None if own else float(np.abs(found - ours).max())
        rows.append(Row(name, taken, worst))
    return rows


def errors(votes: Votes, runs: int) -> list[Row]:
    """Sandwich, joint intervals, other readings of ties, the side."""
    fit, rating = fitted(half_wins(votes.counts())), rate(votes)

    def shown(rating: Rating) -> Scores:
        return np.array(ranked(rating, seed=1, source="").best, dtype=np.float64)

    calls: list[tuple[str, Callable[[], Scores | None]]] = [
        ("sandwich clustered on 50,000 voters, Dokja", lambda: clustered(votes, fit)),
        ("votes to strengths and sandwich, Dokja", lambda: rate(votes).clustered),
        (
            "the same with Rao and Kupper's ties, Dokja",
            lambda: rate(votes, TieRule.RAO_KUPPER).clustered,
        ),
        (
            "the same with the side as a term, Dokja",
            lambda: rate(votes, terms=side(votes)).clustered,
        ),
        ("joint intervals and ranks, 20,000 draws, Dokja", lambda: shown(rating)),
    ]
    return [Row(name, timed(call, runs)[0], None) for name, call in calls]


def bootstraps(votes: Votes, runs: int) -> list[Row]:
    """A thousand refits."""
    counts, few = votes.counts(), FEW[votes.teams]
    arena = arena_of(votes)

    def peer(cluster: str) -> Scores:
        return arenakit.bootstrap(arena, n_resamples=few, cluster=cluster).scores

    calls: list[tuple[str, Callable[[], Scores | None], float]] = [
        (
            "1,000 bootstraps over votes, Dokja",
            lambda: vote_bootstrap(1, counts, draws=DRAWS),
            1,
        ),
        (
            "1,000 bootstraps over voters, Dokja",
            lambda: voter_bootstrap(1, votes, draws=DRAWS),
            1,
        ),
        (
            f"over votes, arenakit, scaled from {few}",
            lambda: peer("battle"),
            DRAWS / few,
        ),
        (
            f"over voters, arenakit, scaled from {few}",
            lambda: peer("voter"),
            DRAWS / few,
        ),
    ]
    return [
        Row(name, [times * x for x in timed(call, runs)[0]], None)
        for name, call, times in calls
    ]


def speed(runs: int) -> None:
    """Prints the tables of time."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PEERS]
    print(f"Versions: {', '.join(versions)}. Counted runs: {runs}.")
    for teams in (5, 100):
        votes = million(teams)
        print(f"\n| {teams} teams | min s | median s | strengths differ by at most |")
        print("| --- | --- | --- | --- |")
        for part in (fits, errors, bootstraps):
            for row in part(votes, runs):
                worst = "" if row.worst is None else f"{row.worst:.0e}"
                middle = statistics.median(row.seconds)
                print(
                    f"| {row.name} | {min(row.seconds):.5f} | {middle:.5f} | {worst} |",
                    flush=True,
                )


def coverage(simulations: int) -> None:
    """Prints what contests of the design table find."""
    print(
        "| gap | voters | votes each | taste | last is last | last separated |", end=""
    )
    print(" covered, % |\n| --- | --- | --- | --- | --- | --- | --- |")
    single = [(0.2, n, 1, 0.0) for n in (500, 1000, 2000, 5000, 10_000)]
    single += [(0.1, n, 1, 0.0) for n in (5000, 20_000, 50_000)]
    related = [(0.2, 49, 20, 0.5), (0.2, 49, 100, 0.5)]
    related += [(0.2, 500, 10, 0.5), (0.2, 2000, 5, 0.5)]
    for gap, voters, each, taste in single + related:
        strengths = tuple(gap * team for team in range(5))
        plan = Plan(
            strengths=strengths, voters=voters, votes_each=each, ties=0.2, taste=taste
        )
        found = foreseen(11, plan, simulations=simulations)
        print(
            f"| {gap} | {voters:,} | {each} | {taste} | {found.last_is_last:.2f} "
            f"| {found.last_separated:.2f} | {100 * found.covered:.1f} |",
            flush=True,
        )


def main(arguments: list[str]) -> None:
    """Runs what is asked for."""
    if arguments[:1] == ["coverage"]:
        coverage(int(arguments[1]) if len(arguments) > 1 else SIMULATIONS)
    else:
        speed(int(arguments[0]) if arguments else 5)


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main(sys.argv[1:])
