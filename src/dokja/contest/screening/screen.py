"""Which voters' votes the others' votes cannot explain. Decided on blind labels.

For each voter the rating is fitted without them. Their votes are compared with
what it leads to, and with what each suspicion would: always for one team,
always against one, always one side, canaries judged unread. The statistic is
the mean likelihood ratio over the suspicions; its null distribution is
simulated from the fit, for people with tastes of their own as wide as the
votes allow, so that a strong opinion is no offence. Holm over voters.

Source: J. Neyman, E. Pearson, Philosophical Transactions A 231:289 (1933), the
likelihood ratio; A. Davison, D. Hinkley, Bootstrap Methods and their
Application (1997), section 4.2, the simulated p-value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dokja.contest.battles.draws import in_drawn_order, sub_seed
from dokja.contest.rating.vote_table import VoteTable
from dokja.contest.screening.screened import FlaggedVoter, Screening
from dokja.contest.screening.suspicion_words import suspicion_reason
from dokja.contest.screening.taste import widest_taste
from dokja.contest.screening.voter_likelihood import (
    CHUNK,
    OthersRating,
    VoterLikelihood,
    VoterRows,
    p_value,
    voter_likelihood,
)
from dokja.contest.values import Suspicion
from dokja.statistics.clustered import Scores
from dokja.statistics.holm import holm
from dokja.statistics.ratings.bradley_terry import plain_fit
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Codes, wins_and_ties

PRIOR = 0.1
"""Wins each team is lent against each other one, so that every fit is finite."""
FIRST_LOOK = 1
SECOND_LOOK = 15
"""Chunks of simulations; only who is suspicious at one look is simulated further."""
LOOK_AGAIN = (0.05, 0.005)
SIDES = {LEFT: "left", RIGHT: "right"}


@dataclass(frozen=True, eq=False, kw_only=True)
class CanaryVotes:
    """Votes on canaries; voters are numbered as in the table beside them."""

    same_voter: Codes
    same_outcome: Codes
    broken_voter: Codes
    broken_intact: Codes
    """The side that was not broken."""
    broken_outcome: Codes

    def __len__(self) -> int:
        return len(self.same_voter) + len(self.broken_voter)


NO_CANARIES = CanaryVotes(
    same_voter=np.zeros(0, dtype=np.intp),
    same_outcome=np.zeros(0, dtype=np.intp),
    broken_voter=np.zeros(0, dtype=np.intp),
    broken_intact=np.zeros(0, dtype=np.intp),
    broken_outcome=np.zeros(0, dtype=np.intp),
)


def screen_voters(
    table: VoteTable,
    canaries: CanaryVotes = NO_CANARIES,
    *,
    seed: int,
    level: float,
    source: str,
) -> Screening:
    """The voters whose votes the others' cannot explain, at this family-wise level.

    Nobody is found guilty by it: a flagged voter's votes are left out of the
    official rating and shown beside it, and people look at the reason.
    """
    work = _Screen(table, canaries)
    present = work.present
    enough = math.ceil(2 * len(present) / (level * CHUNK))
    last = max(enough, SECOND_LOOK)
    likelihoods, p_values = [], []
    for voter in present:
        likelihood = voter_likelihood(work.rows(voter), work.others(voter))
        own = sub_seed(seed, "screening", table.voters[voter])
        likelihoods.append(likelihood)
        p_values.append(_looked(likelihood, own, last))
    adjusted = holm(p_values)
    flagged = tuple(
        _flagged(table, voter, likelihood, (p, corrected))
        for voter, likelihood, p, corrected in zip(
            present, likelihoods, p_values, adjusted, strict=True
        )
        if corrected <= level
    )
    return Screening(
        level=level,
        voters=len(present),
        votes=len(table),
        canaries=len(canaries),
        taste=work.taste,
        flagged=flagged,
        method=f"likelihood-ratio/leave-one-voter-out/taste/simulated/"
        f"chunk={CHUNK}/looks={FIRST_LOOK},{SECOND_LOOK},{last}/holm/{level:g}",
        source=source,
    )


def blinded(table: VoteTable, *, seed: int) -> tuple[VoteTable, dict[str, str]]:
    """The table under drawn labels, and the team behind each label."""
    order = np.array(in_drawn_order(sub_seed(seed, "labels"), len(table.teams)))
    label = np.empty(len(order), dtype=np.intp)
    label[order] = np.arange(len(order))
    names = tuple(f"team-{number + 1:03d}" for number in range(len(order)))
    votes = table.votes
    renamed = type(votes)(
        votes.teams, label[votes.left], label[votes.right], votes.outcome, votes.voter
    )
    blind = VoteTable(
        teams=names, voters=table.voters, votes=renamed, both_bad=table.both_bad
    )
    return blind, {name: table.teams[order[n]] for n, name in enumerate(names)}


class _Screen:
    """A table taken apart by voter."""

    def __init__(self, table: VoteTable, canaries: CanaryVotes) -> None:
        votes = table.votes
        self.votes, self.canaries = votes, canaries
        self.counts = votes.counts()
        self.order = np.argsort(votes.voter, kind="stable")
        people = len(table.voters)
        self.starts = np.searchsorted(votes.voter[self.order], np.arange(people + 1))
        self.seen = _shares(_as_intact(canaries), 3)
        self.same = _shares(canaries.same_outcome, 3)
        self.taste = widest_taste(votes, *_fitted(self.counts))
        self.present = [
            voter
            for voter in range(people)
            if self.starts[voter] < self.starts[voter + 1]
        ]

    def rows(self, voter: int) -> VoterRows:
        """The voter's votes."""
        own = self.order[self.starts[voter] : self.starts[voter + 1]]
        canaries = self.canaries
        broken = canaries.broken_voter == voter
        return VoterRows(
            left=self.votes.left[own],
            right=self.votes.right[own],
            outcome=self.votes.outcome[own],
            same=canaries.same_outcome[canaries.same_voter == voter],
            intact=canaries.broken_intact[broken],
            chosen=canaries.broken_outcome[broken],
        )

    def others(self, voter: int) -> OthersRating:
        """What all the others' votes say."""
        own = self.order[self.starts[voter] : self.starts[voter + 1]]
        counts = self.counts.copy()
        places = (self.votes.outcome[own], self.votes.left[own], self.votes.right[own])
        np.subtract.at(counts, places, 1.0)
        strengths, side = _fitted(counts)
        return OthersRating(
            strengths=strengths,
            side=side,
            ties=float((counts[TIE].sum() + 1) / (counts.sum() + 3)),
            taste=self.taste,
            same_ties=float(self.same[TIE]),
            seen=self.seen,
        )


def _as_intact(canaries: CanaryVotes) -> Codes:
    """(b,) 0 where the intact answer was preferred, 1 the broken one, 2 neither."""
    tied = canaries.broken_outcome == TIE
    chosen = (canaries.broken_outcome != canaries.broken_intact).astype(np.intp)
    return np.where(tied, TIE, chosen)


def _shares(codes: Codes, kinds: int) -> Scores:
    counts = np.bincount(codes, minlength=kinds) + 1.0
    found: Scores = counts / counts.sum()
    return found


def _fitted(counts: Scores) -> tuple[Scores, float]:
    """Strengths on decided votes, and the worth of standing left beside them."""
    wins, _ = wins_and_ties(counts)
    lent = np.full_like(wins, PRIOR)
    np.fill_diagonal(lent, 0.0)
    fit = plain_fit(wins + lent)
    if fit is None:
        raise ValueError("finite wins of every team over every team always settle")
    decided = counts[LEFT] + counts[RIGHT]
    spread = float((decided * fit.expected * (1 - fit.expected)).sum())
    pull = float((counts[LEFT] - decided * fit.expected).sum())
    return fit.theta, pull / spread if spread else 0.0


def _looked(likelihood: VoterLikelihood, seed: int, last: int) -> float:
    """The p-value, from as many simulations as it takes to tell."""
    own = likelihood.rows.outcomes[None, :]
    if float(likelihood.statistic(own)[0]) <= 0:
        # No suspicion explains the votes better than the others' rating does.
        return 1.0
    p = 1.0
    for look, chunks in enumerate((FIRST_LOOK, SECOND_LOOK, last)):
        seeds = [sub_seed(seed, look, chunk) for chunk in range(chunks)]
        p = p_value(likelihood, seeds)
        if look < len(LOOK_AGAIN) and p > LOOK_AGAIN[look]:
            break
    return p


def _flagged(
    table: VoteTable,
    voter: int,
    likelihood: VoterLikelihood,
    found: tuple[float, float],
) -> FlaggedVoter:
    best = likelihood.strongest()
    asked = likelihood.targets[likelihood.alternatives.index(best)]
    applies = np.flatnonzero(asked >= 0)
    outcomes = likelihood.rows.outcomes
    agreeing = int(np.count_nonzero(outcomes[applies] == asked[applies]))
    expected = float(likelihood.expected[applies, asked[applies]].sum())
    about = ""
    if best.suspicion is Suspicion.ONE_SIDE:
        about = SIDES[best.about]
    elif best.suspicion is not Suspicion.UNREAD:
        about = table.teams[best.about]
    return FlaggedVoter(
        voter=table.voters[voter],
        suspicion=best.suspicion,
        about=about,
        battles=len(applies),
        agreeing=agreeing,
        expected=expected,
        log_ratio=float(likelihood.statistic(outcomes[None, :])[0]),
        p=found[0],
        adjusted=found[1],
        reason=suspicion_reason(
            best.suspicion, about, counts=(agreeing, len(applies)), expected=expected
        ),
    )
