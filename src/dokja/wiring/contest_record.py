"""The record of a closed contest as its stage takes it over."""

from __future__ import annotations

from dokja.contest import PublishedContest, publish_contest, read_published
from dokja.contest.served.endpoint_faults import EndpointStanding
from dokja.errors import NotAllowed
from dokja.wiring.contest_closing import (
    VOTES,
    outcome_of,
    published_votes_of,
    record,
)
from dokja.wiring.contest_faults import contest_standings
from dokja.wiring.contests import ContestKeeper


def contest_record(keeper: ContestKeeper) -> PublishedContest:
    """What `contest.json` holds; made again, the same. Raises: NotAllowed.

    The refusal is a contest that was not rated, or whose votes are not published
    because too few people voted to hide anybody.
    """
    outcome, votes = outcome_of(keeper), published_votes_of(keeper)
    if outcome is None or votes is None:
        raise NotAllowed(
            "the contest has no published votes",
            remedy="compute and publish its result first; where too few people voted "
            "to hide anybody, the stage goes on without it",
            korean="공개된 투표 자료가 없습니다. 결과를 먼저 계산하여 공표하십시오. "
            "투표한 사람이 너무 적어 공개하지 않은 경우에는 이 파일 없이 진행합니다.",
        )
    return publish_contest(
        record(keeper),
        outcome,
        read_published(votes.decode(), where=VOTES),
        endpoints=_standings(keeper),
    )


def _standings(keeper: ContestKeeper) -> tuple[EndpointStanding, ...]:
    """How the teams' servers stood; nothing where none ever failed."""
    found = contest_standings(keeper)
    return found if any(standing.last for standing in found) else ()
