"""How many votes it takes to tell two teams apart.

With as many votes n on each pair of K teams and a share t of ties at random, a
difference of strengths near 0 has variance 8 / (K n) from the information,
its expected value shrinks to (1 - t) of the gap and its variance by the same
factor, since a tie adds no surprise: n = 8 (z_(alpha/2) + z_beta)^2 /
(K gap^2 (1 - t)).

Source: the sample size of a normal test, J. Lachin, Controlled Clinical Trials
2:93 (1981), with the information of D. Hunter, Annals of Statistics 32:384
(2004); tests hold it against simulation.
"""

from __future__ import annotations

import math

from dokja.statistics.power import STANDARD, Target


def votes_per_pair(
    gap: float,
    teams: int,
    *,
    ties: float = 0.0,
    design_effect: float = 1.0,
    target: Target = STANDARD,
) -> int:
    """Votes on each pair from which a gap in logits is found with the target's power.

    `ties` is the share of votes that are ties, `design_effect` the clustered
    over the plain variance of a difference. Raises: ValueError for a gap of 0,
    below two teams, or ties outside [0, 1).
    """
    if gap == 0:
        raise ValueError("no number of votes separates equal teams")
    if teams < 2 or not 0 <= ties < 1:
        raise ValueError("votes are needed on two teams or more, not all of them ties")
    information = teams * gap**2 * (1 - ties) / 8
    return math.ceil(target.squared_quantiles * design_effect / information)


def votes_needed(
    gap: float,
    teams: int,
    *,
    ties: float = 0.0,
    design_effect: float = 1.0,
    target: Target = STANDARD,
) -> int:
    """The same over all pairs."""
    each = votes_per_pair(
        gap, teams, ties=ties, design_effect=design_effect, target=target
    )
    return each * math.comb(teams, 2)


def gap_detectable(
    votes: int,
    teams: int,
    *,
    ties: float = 0.0,
    design_effect: float = 1.0,
    target: Target = STANDARD,
) -> float:
    """The least gap in logits that so many votes over all pairs find."""
    each = votes / math.comb(teams, 2)
    information = teams * each * (1 - ties) / 8
    return math.sqrt(target.squared_quantiles * design_effect / information)
