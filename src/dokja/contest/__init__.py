"""User evaluation: ballots of invited users, and contests of blind pairs."""

from dokja.contest.ballot_file import parse_ballots
from dokja.contest.ballots import ballot_share, check_ballots, contest_share
from dokja.contest.cast import (
    admit_voter,
    cast_vote,
    progress_of,
    reason_to_void,
    void_battle,
)
from dokja.contest.opening import (
    RunningContest,
    close_contest,
    open_contest,
    unblind,
)
from dokja.contest.plan import (
    answers_that_name,
    check_answers,
    parse_answers,
    parse_contest,
)
from dokja.contest.rate_votes import rate_votes
from dokja.contest.values import Ballot, BallotBox

__all__ = [
    "Ballot",
    "BallotBox",
    "RunningContest",
    "admit_voter",
    "answers_that_name",
    "ballot_share",
    "cast_vote",
    "check_answers",
    "check_ballots",
    "close_contest",
    "contest_share",
    "open_contest",
    "parse_answers",
    "parse_ballots",
    "parse_contest",
    "progress_of",
    "rate_votes",
    "reason_to_void",
    "unblind",
    "void_battle",
]
