"""What a standing is computed from: nothing but recorded results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dokja.benchmark.values import OfficialRun, Suite
from dokja.contest.values import BallotBox
from dokja.panel.values import Panel
from dokja.programme.values import Component


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The recorded results of a stage."""

    teams: tuple[str, ...]
    suites: Mapping[str, Suite]
    runs: Mapping[str, OfficialRun]
    """By team id, and the target reference's under its own subject."""
    reference: str
    """Subject of the run that the target attainment is held against."""
    component_suites: Mapping[str, tuple[str, ...]]
    declared_suites: Mapping[str, tuple[str, ...]]
    """Team to the suites it declared before the seal."""
    panel: Panel
    ballot_box: BallotBox

    def suites_for(self, component: Component, team: str) -> tuple[str, ...]:
        """Suites that count for the team in this component.

        All of them, or, where teams declare their own, the declared ones
        among the suites admitted to the component.
        """
        admitted = self.component_suites.get(component.id, ())
        declared = self.declared_suites.get(team, ())
        if component.measure == "target_attainment":
            return tuple(suite for suite in admitted if suite in declared)
        return admitted
