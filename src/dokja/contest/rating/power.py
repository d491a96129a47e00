"""What a planned contest will find: the design table, and any one design.

Teams stand at equal gaps on the logit scale; a share of the votes are ties at
random; each person has a taste of their own. The questions an office has to
ask before it fixes how many people vote how often: is the weakest team last,
and do the votes prove it?
"""

from __future__ import annotations

import msgspec
import numpy as np

from dokja.contest.battles.draws import sub_seed
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Estimate
from dokja.statistics.proportion import drawn_share
from dokja.statistics.ratings.needed import gap_detectable, votes_needed
from dokja.statistics.ratings.rating import rate
from dokja.statistics.ratings.simulated import Foreseen, Plan, foreseen, simulated_votes

SEED = seed_for("dokja-contest-power/1", "designs")
ERROR_SIMULATIONS = 20
METHOD = "bradley-terry/ties=half/voter-clustered-t/0.95/equal-gaps"


class Design(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contest as planned."""

    gap: float
    """Between neighbours, in logits; 0.2 is 55 to 45."""
    voters: int
    votes_each: int
    teams: int = 5
    ties: float = 0.2
    taste: float = 0.0
    """Standard deviation of a person's own strength of a team, in logits."""

    def plan(self) -> Plan:
        """The plan that is simulated."""
        middle = (self.teams - 1) / 2
        strengths = tuple(self.gap * (middle - place) for place in range(self.teams))
        return Plan(
            strengths=strengths,
            voters=self.voters,
            votes_each=self.votes_each,
            ties=self.ties,
            taste=self.taste,
        )


class DesignOutlook(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What contests of a design find."""

    design: Design
    votes: int
    last_is_last: Estimate
    """Chance that the weakest team has the least strength."""
    last_separated: Estimate
    """Chance that it lies below each other team at 95 %."""
    undecided: float
    """Share of contests in which a team had no strength."""
    naive_error: float | None
    """Of last against next, in logits, were all votes independent; a mean."""
    clustered_error: float | None
    votes_needed: int
    """By the closed formula: for a gap like this between two teams, 80 % power."""
    gap_detectable: float
    """By the same formula, with this many votes."""


DESIGNS = (
    *(Design(gap=0.2, voters=n, votes_each=1) for n in (500, 1000, 2000, 5000, 10000)),
    *(Design(gap=0.1, voters=n, votes_each=1) for n in (5000, 20000, 50000)),
    Design(gap=0.2, voters=49, votes_each=20, taste=0.5),
    Design(gap=0.2, voters=49, votes_each=100, taste=0.5),
    Design(gap=0.2, voters=500, votes_each=10, taste=0.5),
    Design(gap=0.2, voters=2000, votes_each=5, taste=0.5),
)
"""From 49 invited users, as in the published first stage, to a public contest."""


def design_outlook(design: Design, *, simulations: int) -> DesignOutlook:
    """What contests of this design find, by simulating them."""
    plan = design.plan()
    seed = sub_seed(SEED, *(f"{value!r}" for value in msgspec.structs.astuple(design)))
    found = foreseen(seed, plan, simulations=simulations)
    naive, clustered = _typical_errors(seed, plan)
    effect = 1.0
    if naive is not None and clustered is not None and naive > 0:
        effect = max((clustered / naive) ** 2, 1.0)
    votes = design.voters * design.votes_each
    return DesignOutlook(
        design=design,
        votes=votes,
        last_is_last=_share(found, found.last_is_last),
        last_separated=_share(found, found.last_separated),
        undecided=found.undecided,
        naive_error=naive,
        clustered_error=clustered,
        votes_needed=votes_needed(
            design.gap, design.teams, ties=design.ties, design_effect=effect
        ),
        gap_detectable=gap_detectable(
            votes, design.teams, ties=design.ties, design_effect=effect
        ),
    )


def _share(found: Foreseen, share: float) -> Estimate:
    return drawn_share(
        share,
        found.simulations,
        method=f"{METHOD}/simulated",
        source="dokja contest power",
    )


def _typical_errors(seed: int, plan: Plan) -> tuple[float | None, float | None]:
    """Mean errors of last against next: votes as independent, and clustered."""
    last, following = np.argsort(plan.strengths)[:2]
    naive: list[float] = []
    clustered: list[float] = []
    for number in range(ERROR_SIMULATIONS):
        rating = rate(simulated_votes(sub_seed(seed, "errors", number), plan))
        if len(rating.rated) < len(plan.strengths) or rating.clustered is None:
            continue
        for errors, covariance in (
            (naive, rating.model),
            (clustered, rating.clustered),
        ):
            variance = (
                covariance[last, last]
                + covariance[following, following]
                - 2 * covariance[last, following]
            )
            errors.append(float(np.sqrt(max(variance, 0.0))))
    if not naive:
        return None, None
    return float(np.mean(naive)), float(np.mean(clustered))
