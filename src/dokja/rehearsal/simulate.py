"""Stages drawn from stated assumptions: what would be measured of each team."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dokja.evidence.seeds import seed_for
from dokja.programme.values import Component, Measure, Rulebook
from dokja.rehearsal.scenarios import NOISY_ITEMS
from dokja.rehearsal.values import Assumptions, Scenario
from dokja.standing.weights import normal_draws
from dokja.statistics.bayesian_bootstrap import Draws

SCALE = 10
"""Sheets and ballots are whole numbers from 0 to this."""
PLACES = 2
"""Decimals of a component where the rulebook does not say."""
LEAST, MOST = 0.02, 0.98
"""True shares stay off the ends, where nothing could vary."""


@dataclass(frozen=True, eq=False)
class Simulated:
    """Everything a decision looks at, for every simulation."""

    truth: Draws
    """(teams,) true total points."""
    points: dict[str, Draws]
    """Component to (simulations, teams) points as rounded."""
    ranks: Draws
    """(simulations, teams, ranks) probability of each rank."""


def simulate(
    rulebook: Rulebook, assumed: Assumptions, scenario: Scenario, *, digest: str
) -> Simulated:
    """Measured points and rank probabilities of simulated stages.

    Rank probabilities are those of a normal posterior with the covariance
    that was seen over raters and voters and that the items have.
    """
    world = _World(assumed, scenario, digest)
    shape = (assumed.simulations, assumed.teams)
    covariance = np.zeros((*shape, assumed.teams))
    totals, truth = np.zeros(shape), np.zeros(assumed.teams)
    points: dict[str, Draws] = {}
    noisy = next((c.id for c in rulebook.components() if _is_suite(c)), None)
    for component in rulebook.components():
        is_noisy = scenario.noisy_suite and component.id == noisy
        true = world.shares(tells_apart=not is_noisy)
        shares, spread = world.measured(component, true, is_noisy=is_noisy)
        most = float(component.points)
        places = rulebook.rounding.component_places if rulebook.rounding else PLACES
        points[component.id] = np.floor(shares * most * 10**places + 0.5) / 10**places
        truth += most * true
        totals += most * shares
        covariance += most**2 * spread
    ranks = world.ranks(totals, covariance)
    return Simulated(truth=truth, points=points, ranks=ranks)


@dataclass(frozen=True)
class _World:
    assumed: Assumptions
    scenario: Scenario
    digest: str

    def shares(self, *, tells_apart: bool) -> Draws:
        """(teams,) true shares of a component."""
        teams = self.assumed.teams
        place = np.arange(teams, dtype=np.float64)
        if self.scenario.last_two_alike:
            place[-1] = place[-2]
        gap = self.assumed.gap / 100 * self.scenario.gap_factor if tells_apart else 0.0
        shares = self.assumed.level - gap * (place - (teams - 1) / 2)
        return np.clip(shares, LEAST, MOST)

    def measured(
        self, component: Component, true: Draws, *, is_noisy: bool
    ) -> tuple[Draws, Draws]:
        """(simulations, teams) shares and the covariance of their errors."""
        a = self.assumed
        if _is_suite(component):
            items = NOISY_ITEMS if is_noisy else a.items
            return self._items(component.id, true, items)
        if component.measure is Measure.PANEL_MEAN:
            spread = (a.rater_severity, a.rater_noise)
            return self._people(component.id, true, a.raters, spread)
        voters = self.scenario.voters or a.voters
        spread = (a.voter_severity, a.voter_noise)
        return self._people(component.id, true, voters, spread)

    def _items(self, name: str, true: Draws, items: int) -> tuple[Draws, Draws]:
        """Right answers, nearly binomial, alike for teams that share items."""
        a = self.assumed
        alike = self._normals(f"{name}/items", a.simulations, 1)
        own = self._normals(f"{name}/answers", a.simulations, a.teams)
        rho = a.item_correlation
        deviation = np.sqrt(items * true * (1 - true))
        drawn = np.sqrt(rho) * alike + np.sqrt(1 - rho) * own
        right = np.clip(np.round(items * true + deviation * drawn), 0, items)
        shares = right / items
        error = np.sqrt(np.clip(shares * (1 - shares), 0.5 / items, None) / items)
        together = np.full((a.teams, a.teams), rho)
        np.fill_diagonal(together, 1.0)
        return shares, error[:, :, None] * error[:, None, :] * together

    def _people(
        self, name: str, true: Draws, people: int, spread: tuple[float, float]
    ) -> tuple[Draws, Draws]:
        """Marks of people who each judge every team."""
        a = self.assumed
        shape = (a.simulations, people)
        severity = spread[0] * self._normals(f"{name}/people", *shape, 1)
        noise = spread[1] * self._normals(f"{name}/marks", *shape, a.teams)
        marks = np.clip(np.round(SCALE * (true + severity + noise)), 0, SCALE) / SCALE
        means = marks.mean(axis=1)
        covariance = np.empty((a.simulations, a.teams, a.teams))
        apart = marks - means[:, None, :]
        for one in range(a.teams):
            for other in range(one, a.teams):
                product = (apart[:, :, one] * apart[:, :, other]).sum(axis=1)
                value = product / (max(people - 1, 1) * people)
                covariance[:, one, other] = covariance[:, other, one] = value
        return means, covariance

    def ranks(self, totals: Draws, covariance: Draws) -> Draws:
        """(simulations, teams, ranks) probabilities of the normal posterior."""
        a = self.assumed
        jitter = 1e-12 * np.eye(a.teams)
        root = np.linalg.cholesky(covariance + jitter)
        normals = self._normals("posterior", a.teams, a.posterior_draws)
        drawn = np.repeat(totals[:, :, None], a.posterior_draws, axis=2)
        for one in range(a.teams):
            for other in range(one + 1):
                drawn[:, one] += root[:, one, other, None] * normals[other]
        better = np.zeros(drawn.shape, dtype=np.int8)
        for one in range(a.teams):
            for other in range(a.teams):
                if one != other:
                    better[:, one] += drawn[:, other] > drawn[:, one]
        ranks = [(better == rank).mean(axis=2) for rank in range(a.teams)]
        return np.stack(ranks, axis=2)

    def _normals(self, name: str, *shape: int) -> Draws:
        # One stream for all scenarios: what differs between them is the scenario.
        seed = seed_for(self.digest, f"rehearsal/{name}", str(self.assumed.seed))
        return normal_draws(seed, int(np.prod(shape))).reshape(shape)


def _is_suite(component: Component) -> bool:
    return component.measure in (Measure.SUITE_MEAN, Measure.TARGET_ATTAINMENT)
