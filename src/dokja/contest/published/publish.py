"""The act by which a contest's votes are published: the digest of the file."""

from __future__ import annotations

import msgspec

from dokja.contest.battles.opening import RATED, RunningContest, contest_acts
from dokja.contest.ports import VoteLog
from dokja.errors import NotAllowed
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Act

VOTES_PUBLISHED = "contest_votes_published"


class VotesPublished(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Body of the act of the publication."""

    digest: str
    """Of the bytes of the file that anyone can take."""
    votes: int


def append_publication(
    log: VoteLog, contest: RunningContest, file: bytes, *, votes: int, at: str
) -> Act:
    """The act of the publication, appended. Raises: NotAllowed before the rating.

    Raises: Conflict where another file was published before.
    """
    if not any(act.kind == RATED for act in contest_acts(log, contest)):
        raise NotAllowed(
            "the contest is not rated yet", remedy="rate it, then publish its votes"
        )
    body = VotesPublished(digest=digest_bytes(file), votes=votes)
    subject = contest.plan.rules.id
    act = contest.act(VOTES_PUBLISHED, subject, at=at, body=body)
    log.append(act)
    return act
