"""What a rehearsal assumes, what it tries and what it found."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Text


class Assumptions(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What every simulated stage is made from. Shares are of a full score."""

    teams: int = 5
    gap: float = 1.5
    """True points of the total between one team and the next."""
    items: int = 200
    """Items in each suite."""
    raters: int = 10
    voters: int = 200
    simulations: int = 1000
    seed: int = 0
    level: float = 0.6
    """True share of the points of a team in the middle."""
    item_correlation: float = 0.5
    """How alike two teams fare on the same items."""
    rater_severity: float = 0.06
    rater_noise: float = 0.08
    """Spread of a rater over all teams, and of the rater's single sheet."""
    voter_severity: float = 0.1
    voter_noise: float = 0.2
    posterior_draws: int = 400


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which a stage may turn out; the rest is as assumed."""

    id: str
    name: Text
    voters: int | None = None
    gap_factor: float = 1.0
    noisy_suite: bool = False
    """The first suite has 30 items and tells no team from another."""
    last_two_alike: bool = False
    """The last two teams are equally good in truth."""
    level_totals: bool = False
    """The last two totals come out equal."""
    withdrawn: bool = False
    """The team in the middle withdraws."""
    leader_gate: str = "pass"
    """What the gates find of the best team."""
    missing_run: bool = False
    """The team in the middle lacks a benchmark result."""


class ScenarioResult(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What the rules decided over all simulations of a scenario."""

    scenario: Scenario
    wrong: Estimate
    """Somebody left by rank while a team that is worse in truth stayed."""
    settled: Estimate
    """The data alone decided."""
    wrong_and_settled: Estimate
    undecided: Estimate
    """At least one team was left undecided."""
    refused: Estimate
    """A case without a rule was reached and nothing was decided."""


class FoundBy(StrEnum):
    """What showed that the rules leave a case open."""

    CHECK = "check"
    PROBE = "probe"
    SIMULATION = "simulation"


class OpenCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case for which the rules do not say what follows."""

    found_by: FoundBy
    text: Text
    clauses: tuple[str, ...]


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rulebook rehearsed. Every figure in it is simulated."""

    schema: str
    rules_digest: str
    programme: str
    stage: str | None
    assumptions: Assumptions
    note: Text
    scenarios: tuple[ScenarioResult, ...]
    open_cases: tuple[OpenCase, ...]
    method: str
