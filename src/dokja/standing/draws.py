"""Posterior draws of every share: items, experts and users reweighted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from dokja.benchmark.results import item_scores
from dokja.contest.users.ballots import ballot_share
from dokja.evidence.seeds import seed_for
from dokja.panel.sheets import sheet_share
from dokja.programme.values import Component, Measure
from dokja.standing.measured import Measured
from dokja.statistics.bayesian_bootstrap import (
    Draws,
    cluster_totals,
    shared_weights,
    weighted_shares,
)

METHOD = "bayesian-bootstrap/items-by-cluster+experts+users/shared/{draws}/philox"


@dataclass(frozen=True)
class ShareDraws:
    """Draws of shares, each source of evidence reweighted by its own seed."""

    measured: Measured
    rules_digest: str
    beacon: str
    draws: int

    @property
    def method(self) -> str:
        """What a published interval names as its method."""
        return METHOD.format(draws=self.draws)

    def component(self, component: Component, team: str) -> Draws:
        """(draws,) share of the component's points. Only for known shares."""
        if component.measure is Measure.PANEL_MEAN:
            return self._panel[team]
        if component.measure is Measure.BALLOT_MEAN:
            return self._ballots[team]
        suites = self.measured.suites_for(component, team)
        if component.measure is Measure.SUITE_MEAN:
            parts = [self.suite(team, suite) for suite in suites]
        else:
            cap = float(component.cap)
            parts = [np.minimum(self.attainment(team, s), cap) for s in suites]
        total: Draws = np.zeros(self.draws)
        for part in parts:
            total += part
        return total / len(parts)

    def suite(self, subject: str, suite: str) -> Draws:
        """(draws,) accuracy of a subject on a suite; drawn once, do not write to it.

        Only for a suite on which every item is scored.
        """
        if (subject, suite) not in self._suites:
            found = dict(item_scores(self.measured.runs[subject], suite))
            items = self.measured.suites[suite].items
            scores = [float(s) for s in found.values() if s is not None]
            names, sums, counts = cluster_totals(scores, [i.cluster for i in items])
            weights = self._weights(f"suite/{suite}", len(names))
            drawn = weighted_shares(weights, sums, counts)
            self._suites[subject, suite] = drawn
        return self._suites[subject, suite]

    def attainment(self, team: str, suite: str) -> Draws:
        """(draws,) team accuracy over the reference's, on the same weights.

        Only where the reference has a right answer: every weight is positive,
        so its accuracy is then positive in every draw.
        """
        return self.suite(team, suite) / self.suite(self.measured.reference, suite)

    @cached_property
    def _suites(self) -> dict[tuple[str, str], Draws]:
        return {}

    @cached_property
    def _panel(self) -> dict[str, Draws]:
        panel = self.measured.panel
        scored = [(s.expert, s.team, sheet_share(panel, s)) for s in panel.sheets]
        people = sorted(expert.id for expert in panel.experts)
        return self._by_person("panel", people, scored)

    @cached_property
    def _ballots(self) -> dict[str, Draws]:
        box = self.measured.ballot_box
        cast = [(b.user, b.team, ballot_share(box, b)) for b in box.ballots]
        return self._by_person("users", sorted({b.user for b in box.ballots}), cast)

    def _by_person(
        self, source: str, people: list[str], given: list[tuple[str, str, Fraction]]
    ) -> dict[str, Draws]:
        weights = self._weights(source, len(people))
        place = {person: index for index, person in enumerate(people)}
        found = {}
        for team in self.measured.teams:
            sums, counts = np.zeros(len(people)), np.zeros(len(people))
            for person, scored, share in given:
                if scored == team:
                    sums[place[person]] += float(share)
                    counts[place[person]] += 1
            if counts.any():
                found[team] = weighted_shares(weights, sums, counts)
        return found

    def _weights(self, source: str, units: int) -> Draws:
        seed = seed_for(self.rules_digest, f"standing/{source}", self.beacon)
        return shared_weights(seed, draws=self.draws, units=units)
