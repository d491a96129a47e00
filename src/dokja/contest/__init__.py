"""User evaluation: ballots of invited users, and contests of blind pairs."""

from dokja.contest.battles.cast import (
    admit_voter,
    cast_vote,
    progress_of,
    reason_to_void,
    void_battle,
)
from dokja.contest.battles.opening import (
    RunningContest,
    close_contest,
    open_contest,
    unblind,
)
from dokja.contest.battles.participation import participation
from dokja.contest.battles.show import ShownBattle, battle_texts, show_battle
from dokja.contest.plan import (
    answers_that_name,
    check_answers,
    parse_answers,
    parse_contest,
)
from dokja.contest.published.publish_contest import publish_contest
from dokja.contest.published.published_contest import (
    ContestSummary,
    PublishedContest,
    parse_contest_record,
)
from dokja.contest.published.published_votes import (
    publish_votes,
    published_csv,
    read_published,
)
from dokja.contest.published.summarise import (
    check_contest_record,
    published_problems,
    summarise_contest,
)
from dokja.contest.rating.ballot_file import parse_ballots
from dokja.contest.rating.influence import influence_audit
from dokja.contest.rating.rate_contest import (
    append_outcome,
    append_screening,
    rate_contest,
    screen_contest,
    votes_to_publish,
)
from dokja.contest.rating.rate_votes import rate_votes
from dokja.contest.rating.record import ContestRecord, record_of
from dokja.contest.screening.screen import screen_voters
from dokja.contest.users.ballots import ballot_share, check_ballots, contest_share
from dokja.contest.values import Ballot, BallotBox

__all__ = [
    "Ballot",
    "BallotBox",
    "ContestRecord",
    "ContestSummary",
    "PublishedContest",
    "RunningContest",
    "ShownBattle",
    "admit_voter",
    "answers_that_name",
    "append_outcome",
    "append_screening",
    "ballot_share",
    "battle_texts",
    "cast_vote",
    "check_answers",
    "check_ballots",
    "check_contest_record",
    "close_contest",
    "contest_share",
    "influence_audit",
    "open_contest",
    "parse_answers",
    "parse_ballots",
    "parse_contest",
    "parse_contest_record",
    "participation",
    "progress_of",
    "publish_contest",
    "publish_votes",
    "published_csv",
    "published_problems",
    "rate_contest",
    "rate_votes",
    "read_published",
    "reason_to_void",
    "record_of",
    "screen_contest",
    "screen_voters",
    "show_battle",
    "summarise_contest",
    "unblind",
    "void_battle",
    "votes_to_publish",
]
