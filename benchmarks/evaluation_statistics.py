"""Time of the statistics of an evaluation beside named peers, in one run.

    .venv/bin/python benchmarks/evaluation_statistics.py [RUNS]

Peers: statsmodels (least squares on a constant, cluster covariance), where it
is installed; numpy's own generator with a matrix product over weights held
whole; scipy.stats.bootstrap (percentile, paired). Each is asked the same, in
turn, after one run that is not counted. Seconds are of the processor, one
thread, so that a busy machine distorts them less; quote ratios.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.stats import bootstrap
from threadpoolctl import threadpool_limits

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.bayesian_bootstrap import percentile_interval, shared_shares
from dokja.statistics.clustered import ClusterIndex, Scores, clustered_mean

ITEMS = 1_000_000
CLUSTERS = 200_000
TASKS, UNITS, TEAMS, DRAWS = 15, 2000, 5, 2000
FEW = 200
"""Resamples of the slow peer, whose time is multiplied up to DRAWS."""


def answers(seed: int, *shape: int) -> Scores:
    """Right and wrong answers, six of ten right."""
    draws = uniform_draws(seed, int(np.prod(shape))).reshape(shape)
    return (draws < 0.6).astype(np.float64)


def million() -> tuple[Scores, Scores, ClusterIndex]:
    """Two models' answers to a million items in clusters of five."""
    codes = np.arange(ITEMS) % CLUSTERS
    sizes = np.bincount(codes).astype(np.float64)
    return answers(1, ITEMS), answers(2, ITEMS), ClusterIndex(codes, sizes)


def ours_paired(left: Scores, right: Scores, clusters: ClusterIndex) -> float:
    """Our clustered error of the mean difference."""
    return clustered_mean(left - right, clusters).error or 0.0


def statsmodels_paired(left: Scores, right: Scores, clusters: ClusterIndex) -> float:
    """The peer's, with its correction taken to ours."""
    import statsmodels.api as sm

    options = {"groups": clusters.codes, "use_correction": False}
    model = sm.OLS(left - right, np.ones(ITEMS))
    found = model.fit(cov_type="cluster", cov_kwds=options).bse[0]
    return float(found * np.sqrt(clusters.groups / (clusters.groups - 1)))


def ours_index(tasks: Scores) -> float:
    """Half the width of the lead of one team over another, in index points."""
    lead = np.zeros(DRAWS)
    for seed, task in enumerate(tasks):
        drawn = shared_shares(seed, task, np.ones(UNITS), draws=DRAWS)
        lead += (drawn[:, 0] - drawn[:, 1]) / TASKS
    low, high = percentile_interval(lead)
    return 100 * (high - low) / 2


def numpy_index(tasks: Scores) -> float:
    """The same by numpy's generator and a matrix product, weights held whole."""
    generator = np.random.default_rng(1)
    lead = np.zeros(DRAWS)
    for task in tasks:
        weights = generator.standard_exponential((DRAWS, UNITS))
        drawn = (weights @ task) / weights.sum(axis=1, keepdims=True)
        lead += (drawn[:, 0] - drawn[:, 1]) / TASKS
    low, high = np.quantile(lead, (0.025, 0.975))
    return 100 * float(high - low) / 2


def scipy_task(tasks: Scores) -> float:
    """One task's paired lead by resampling, FEW times; a part of the question."""

    def lead(left: Scores, right: Scores, axis: int) -> Scores:
        return (left - right).mean(axis=axis)

    found = bootstrap(
        (tasks[0, :, 0], tasks[0, :, 1]),
        lead,
        paired=True,
        n_resamples=FEW,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    return 100 * float(found.high - found.low) / 2


def timed(call: Callable[[], float], runs: int) -> tuple[list[float], float]:
    """Processor seconds of each counted run, and what the last one found."""
    taken, found = [], 0.0
    for _ in range(runs + 1):
        started = time.process_time()
        found = call()
        taken.append(time.process_time() - started)
    return taken[1:], found


def row(name: str, taken: list[float], found: float, *, times: float = 1) -> str:
    """A line of the table."""
    least, middle = min(taken) * times, statistics.median(taken) * times
    return f"| {name} | {least:.4f} | {middle:.4f} | {found:.6g} |"


def main(runs: int) -> None:
    """Prints the table."""
    print("| what | min s | median s | finds |\n| --- | --- | --- | --- |")
    sides = million()
    print(
        row(
            "paired clustered error, 1 M items, Dokja",
            *timed(lambda: ours_paired(*sides), runs),
        )
    )
    if importlib.util.find_spec("statsmodels"):
        peer = timed(lambda: statsmodels_paired(*sides), runs)
        print(row("the same, statsmodels", *peer))
    tasks = answers(3, TASKS, UNITS, TEAMS)
    print(row("index bootstrap, Dokja", *timed(lambda: ours_index(tasks), runs)))
    print(
        row(
            "the same, numpy generator and product",
            *timed(lambda: numpy_index(tasks), runs),
        )
    )
    taken, found = timed(lambda: scipy_task(tasks), runs)
    pairs = TASKS * DRAWS / FEW
    print(
        row(
            "the lead of one pair of teams, scipy.stats.bootstrap, scaled",
            taken,
            found,
            times=pairs,
        )
    )
    print(
        f"\nCounted runs: {runs}. Draws: {DRAWS}; one task of {UNITS} items, {FEW} "
        f"resamples, times {pairs:g} for scipy."
    )


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
