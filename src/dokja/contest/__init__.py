"""User evaluation: the ballots of invited users."""

from dokja.contest.ballots import ballot_share, check_ballots, contest_share
from dokja.contest.values import Ballot, BallotBox

__all__ = ["Ballot", "BallotBox", "ballot_share", "check_ballots", "contest_share"]
