"""Speed of the standing's calculations beside plain numpy and scipy.

    python -m benchmarks.standing

Rank probabilities of 10^6 draws, 5 teams, 4 criteria with Dirichlet weights;
the sensitivity of a stage of many voters; the rehearsal of a rulebook. Every
reference runs in the same process after the product, best of three.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.stats import dirichlet, rankdata
from threadpoolctl import threadpool_limits

from dokja.programme.values import Rulebook
from dokja.rehearsal import Assumptions, rehearse_rules
from dokja.standing.acceptability import rank_counts
from dokja.standing.best_removal import by_people
from dokja.standing.tallies import Tally
from dokja.standing.weights import normal_draws, perturbed_weights
from dokja.wiring.programmes import find_rulebook

DRAWS, TEAMS, PARTS, KAPPA = 1_000_000, 5, 4, 40
VOTERS = 2_000
Array = npt.NDArray[np.float64]


def main() -> None:
    """Prints each time in seconds, best of three."""
    official = np.array([0.2, 0.2, 0.35, 0.25])
    shares = _shares()
    with threadpool_limits(limits=1):
        print(f"rank probabilities, {DRAWS} draws, {TEAMS} x {PARTS}, Dirichlet")
        ours = _best(lambda: _ours(shares, official), "  dokja, weights included")
        numpy = _best(lambda: _numpy(shares, official), "  numpy Generator, argsort")
        scipy = _best(lambda: _scipy(shares, official), "  scipy dirichlet, rankdata")
        for name, other in (("numpy", numpy), ("scipy", scipy)):
            apart = np.abs(ours - other).max()
            print(f"  largest difference to {name}: {apart:.4f}")
        print(f"smallest set, one pair, {VOTERS} voters who see both teams")
        _best(_removals, "  dokja, every size up to 30 %")
        print("rehearsal with its defaults")
        rules, _ = find_rulebook("example")
        _best(lambda: _rehearsal(rules), "  dokja programme rehearse example", times=1)


def _best(work: Callable[[], Array], name: str, *, times: int = 3) -> Array:
    taken = []
    for _ in range(times):
        began = time.perf_counter(), time.process_time()
        result = work()
        taken.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    wall, cpu = min(taken)
    print(f"{name}: {wall:.3f} s wall, {cpu:.3f} s processor")
    return result


def _shares() -> Array:
    spread = 0.02 * normal_draws(1, TEAMS * PARTS * DRAWS)
    means = np.linspace(0.62, 0.56, TEAMS)[:, None, None]
    return means + spread.reshape(TEAMS, PARTS, DRAWS)


def _ours(shares: Array, official: Array) -> Array:
    weights = perturbed_weights(2, KAPPA * official, draws=DRAWS)
    return rank_counts(shares, weights).ranks / DRAWS


def _numpy(shares: Array, official: Array) -> Array:
    weights = np.random.default_rng(2).dirichlet(KAPPA * official, DRAWS)
    totals = np.einsum("tpd,dp->dt", shares, weights)
    ranks = np.argsort(np.argsort(-totals, axis=1), axis=1)
    return np.stack(
        [np.bincount(ranks[:, team], minlength=TEAMS) for team in range(TEAMS)]
    ) / float(DRAWS)


def _scipy(shares: Array, official: Array) -> Array:
    weights = dirichlet(KAPPA * official).rvs(DRAWS, random_state=2)
    totals = np.einsum("tpd,dp->dt", shares, weights)
    ranks = rankdata(-totals, axis=1, method="min").astype(np.int64) - 1
    return np.stack(
        [np.bincount(ranks[:, team], minlength=TEAMS) for team in range(TEAMS)]
    ) / float(DRAWS)


def _removals() -> Array:
    drawn = np.random.default_rng(3).integers(0, 11, (VOTERS, 2))
    present = np.ones(drawn.shape, dtype=np.bool_)
    units = tuple(f"u{i}" for i in range(VOTERS))
    tally = Tally(units, ("a", "b"), drawn, present, 10, needs_all=False)
    found = by_people(tally, "a", "b", up_to=int(0.3 * VOTERS))
    return np.array([each.bound for each in found])


def _rehearsal(rules: Rulebook) -> Array:
    found = rehearse_rules(rules, Assumptions(), on_step=lambda *_: None)
    return np.array([result.wrong.value for result in found.scenarios])


if __name__ == "__main__":
    main()
