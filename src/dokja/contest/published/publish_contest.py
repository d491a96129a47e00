"""From the record of a contest to what its stage takes over and everybody may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dokja.contest.published.published_contest import SCHEMA, PublishedContest, in_order
from dokja.contest.published.published_votes import PublishedVote, VoteToPublish
from dokja.contest.rating.rate_contest import ContestOutcome, votes_to_publish
from dokja.contest.rating.record import ContestRecord
from dokja.contest.screening.screened import Screening
from dokja.contest.served.endpoint_faults import EndpointStanding
from dokja.errors import Conflict, NotAllowed

Marks = tuple[tuple[str, str, str], ...]
"""A voter's votes by pair and choice, in their order."""


def publish_contest(
    record: ContestRecord,
    outcome: ContestOutcome,
    votes: Sequence[PublishedVote],
    *,
    endpoints: tuple[EndpointStanding, ...] = (),
) -> PublishedContest:
    """What the stage takes over. Raises: NotAllowed before unblinding; Conflict.

    The conflict is a file of votes that is not of this record.
    """
    if record.unblinded is None:
        raise NotAllowed(
            "the contest is not unblinded yet",
            remedy="close it, decide the screening, and unblind it",
        )
    kept = votes_to_publish(record)
    plan = record.plan
    return PublishedContest(
        schema=SCHEMA,
        synthetic=plan.synthetic,
        note=plan.note,
        rules=plan.rules,
        prompts=plan.prompts,
        opened=record.opened,
        unblinded=record.unblinded,
        participation=record.participation,
        canary_votes=len(record.votes) - len(kept),
        crossed_votes=record.participation.votes - len(record.votes),
        late=record.late,
        votes=in_order(votes),
        screening=_renumbered(outcome.screening, kept, votes),
        canaries=outcome.canaries,
        voided=outcome.voided,
        rating=outcome.rating,
        endpoints=endpoints,
    )


def _renumbered(
    screening: Screening,
    kept: Sequence[VoteToPublish],
    published: Sequence[PublishedVote],
) -> Screening:
    """The screening under published numbers.

    The salt of these is gone, so a flagged voter is found by their votes. Two
    with the very same votes cannot be told apart by anybody.
    """
    numbers: defaultdict[Marks, list[str]] = defaultdict(list)
    for number, marks in sorted(_marks(v for v in published if not v.counted).items()):
        numbers[marks].append(number)
    before = _marks(v for v in kept if not v.counted)
    if sorted(before.values()) != sorted(m for m, n in numbers.items() for _ in n):
        raise Conflict(
            "the published votes leave out other ones than the screening does",
            remedy="take the file of votes that was published for this contest",
        )
    flagged = [
        msgspec.structs.replace(one, voter=numbers[before[one.voter]].pop(0))
        for one in screening.flagged
    ]
    return msgspec.structs.replace(
        screening, flagged=tuple(sorted(flagged, key=lambda one: one.voter))
    )


def _marks(votes: Iterable[VoteToPublish | PublishedVote]) -> Mapping[str, Marks]:
    found: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for vote in votes:
        found[vote.voter].append((vote.left, vote.right, vote.choice.value))
    return {voter: tuple(sorted(rows)) for voter, rows in found.items()}
