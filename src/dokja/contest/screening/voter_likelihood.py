"""How likely a voter's votes are: by the others' rating, and by each suspicion.

A suspicion says that a share of the votes follows a rule ("for this team",
"this side") and the rest is as anybody's: a mixture, so that one honest vote
does not clear a voter whose other votes follow the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logsumexp, ndtri

from dokja.contest.screening.taste import attenuation
from dokja.contest.values import Suspicion
from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Codes

SHARES = (0.6, 0.95)
"""Of a voter's votes that a suspicion takes to follow its rule."""
CHUNK = 1000
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class OthersRating:
    """What everybody else's votes say of a battle."""

    strengths: Scores
    """(teams,) logits, ties set aside."""
    side: float
    """Worth of standing left, in logits."""
    ties: float
    taste: float
    same_ties: float
    """Share of ties where both answers were the same."""
    seen: Scores
    """(3,) share of the intact, the broken and neither, where one was broken."""


@dataclass(frozen=True, eq=False, kw_only=True)
class VoterRows:
    """One voter's votes: on pairs, on equal answers, on a broken one."""

    left: Codes
    right: Codes
    outcome: Codes
    same: Codes
    """(m,) outcomes of battles with one answer twice."""
    intact: Codes
    """(b,) side that was not broken, LEFT or RIGHT."""
    chosen: Codes
    """(b,) outcome of these."""

    @property
    def outcomes(self) -> Codes:
        """(n,) all outcomes, in the order of the rows of a likelihood."""
        return np.concatenate([self.outcome, self.same, self.chosen])


@dataclass(frozen=True)
class Alternative:
    """One suspicion about one team or side."""

    suspicion: Suspicion
    about: int
    """Team number, LEFT or RIGHT; -1 for canaries."""


@dataclass(frozen=True, eq=False)
class VoterLikelihood:
    """A voter's rows by the others' rating, and log ratios of every alternative."""

    rows: VoterRows
    others: OthersRating
    expected: Scores
    """(n, 3) chance of each outcome by the others' rating."""
    alternatives: tuple[Alternative, ...]
    targets: Codes
    """(alternatives, n) outcome that the rule asks for; -1 where it says nothing."""
    log_ratios: Scores
    """(alternatives * shares, n, 3)"""

    def statistic(self, outcomes: Codes) -> Scores:
        """(simulations,) log of the mean ratio over alternatives."""
        found: Scores = logsumexp(self._sums(outcomes), axis=1)
        found -= np.log(len(self.log_ratios))
        return found

    def strongest(self) -> Alternative:
        """The alternative that explains the voter's own votes best."""
        sums = self._sums(self.rows.outcomes[None, :])[0]
        # Equal ones by their order: rounding must not choose.
        best = np.flatnonzero(sums >= sums.max() - ROUNDING)[0]
        return self.alternatives[int(best) % len(self.alternatives)]

    def simulated(self, seed: int, simulations: int) -> Codes:
        """(simulations, n) outcomes of people with tastes, by the others' rating."""
        teams, count = len(self.others.strengths), len(self.expected)
        words = uniform_draws(seed, simulations * (teams + count))
        own = self.others.taste * ndtri(words[: simulations * teams])
        # One person's opinion is firmer than the mean of many that differ.
        firmer = 1 / attenuation(self.others.taste)
        liking = own.reshape(simulations, teams) + firmer * self.others.strengths
        chance = words[simulations * teams :].reshape(simulations, count)
        apart = liking[:, self.rows.left] - liking[:, self.rows.right]
        tied = np.broadcast_to(self.expected[:, TIE], chance.shape)
        left = np.repeat(self.expected[None, :, LEFT], simulations, axis=0)
        pairs = apart.shape[1]
        left[:, :pairs] = (1 - self.others.ties) * expit(
            apart + firmer * self.others.side
        )
        decided = np.where(chance < tied + left, LEFT, RIGHT)
        return np.where(chance < tied, TIE, decided)

    def _sums(self, outcomes: Codes) -> Scores:
        """(simulations, alternatives * shares) log ratios over all votes."""
        flat = np.zeros((outcomes.shape[0], outcomes.shape[1], 3))
        np.put_along_axis(flat, outcomes[:, :, None], 1.0, axis=2)
        table = self.log_ratios.reshape(len(self.log_ratios), -1)
        found: Scores = flat.reshape(len(flat), -1) @ table.T
        return found


def voter_likelihood(rows: VoterRows, others: OthersRating) -> VoterLikelihood:
    """The likelihood of one voter's votes."""
    expected = _expected(rows, others)
    alternatives, targets = _alternatives(rows, len(others.strengths))
    ratios = [_log_ratios(expected, targets, share) for share in SHARES]
    if len(rows.chosen):
        alternatives = (*alternatives, Alternative(Suspicion.UNREAD, -1))
        targets = np.concatenate([targets, _broken_side(rows)[None, :]])
        unread = _unread(rows, others, expected)
        ratios = [np.concatenate([part, unread[None]]) for part in ratios]
    return VoterLikelihood(
        rows, others, expected, alternatives, targets, np.concatenate(ratios)
    )


def p_value(likelihood: VoterLikelihood, seeds: Sequence[int]) -> float:
    """Share of simulated voters whose votes are as suspicious, with this one.

    One chunk of simulations for each seed.
    """
    seen = float(likelihood.statistic(likelihood.rows.outcomes[None, :])[0])
    reached = 0
    for seed in seeds:
        drawn = likelihood.statistic(likelihood.simulated(seed, CHUNK))
        reached += int(np.count_nonzero(drawn >= seen - ROUNDING))
    return (1 + reached) / (1 + CHUNK * len(seeds))


def _expected(rows: VoterRows, others: OthersRating) -> Scores:
    apart = others.strengths[rows.left] - others.strengths[rows.right]
    preferred = expit(apart + others.side)
    pairs = _three(preferred, others.ties)
    same = _three(np.full(len(rows.same), 0.5), others.same_ties)
    broken = np.empty((len(rows.chosen), 3))
    place = np.arange(len(rows.chosen))
    broken[place, rows.intact] = others.seen[0]
    broken[place, RIGHT - rows.intact] = others.seen[1]
    broken[:, TIE] = others.seen[2]
    return np.concatenate([pairs, same, broken])


def _three(preferred: Scores, ties: float) -> Scores:
    decided = 1 - ties
    tied = np.full(len(preferred), ties)
    return np.stack([decided * preferred, decided * (1 - preferred), tied], axis=1)


def _alternatives(rows: VoterRows, teams: int) -> tuple[tuple[Alternative, ...], Codes]:
    """Suspicions that say something of these rows, and the outcomes they ask for."""
    count, pairs = len(rows.outcomes), len(rows.outcome)
    found: list[Alternative] = []
    targets = []
    for team in range(teams):
        left, right = rows.left == team, rows.right == team
        if not (left | right).any():
            continue
        wanted = np.full(count, -1)
        wanted[:pairs][left], wanted[:pairs][right] = LEFT, RIGHT
        unwanted = np.full(count, -1)
        unwanted[:pairs][left], unwanted[:pairs][right] = RIGHT, LEFT
        found += [
            Alternative(Suspicion.FOR_TEAM, team),
            Alternative(Suspicion.AGAINST_TEAM, team),
        ]
        targets += [wanted, unwanted]
    for side in (LEFT, RIGHT):
        found.append(Alternative(Suspicion.ONE_SIDE, side))
        targets.append(np.full(count, side))
    return tuple(found), np.stack(targets)


def _log_ratios(expected: Scores, targets: Codes, share: float) -> Scores:
    """(alternatives, n, 3) log of the mixture over the others' rating."""
    asked = targets[:, :, None] == np.arange(3)
    mixed = share * asked + (1 - share) * expected
    found: Scores = np.log(mixed / expected)
    found[targets < 0] = 0.0
    return found


def _unread(rows: VoterRows, others: OthersRating, expected: Scores) -> Scores:
    """(n, 3) log ratios of someone who cannot tell the broken answer."""
    found = np.zeros_like(expected)
    blind = float(others.seen[0] + others.seen[1]) / 2
    first = len(expected) - len(rows.chosen)
    found[first:, :TIE] = np.log(blind / expected[first:, :TIE])
    return found


def _broken_side(rows: VoterRows) -> Codes:
    found = np.full(len(rows.outcomes), -1)
    found[len(found) - len(rows.chosen) :] = RIGHT - rows.intact
    return found
