"""What a contest leaves to its stage: `contest.json`, in which no person stands.

It holds the published votes and what was recorded beside them, so that the rating
can be made again from it alone. Answers and canaries are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from dokja.contest.battles.took_part import Participation
from dokja.contest.published.published_votes import PublishedVote
from dokja.contest.rating.rated import ContestRating, Influence
from dokja.contest.screening.screened import CanaryCount, Screening, VoidCount
from dokja.contest.served.endpoint_faults import EndpointStanding
from dokja.contest.values import ContestOpened, ContestRules, ContestUnblinded, Prompt
from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Growing, Text

FILE = "contest.json"
SCHEMA = "dokja-contest-record/1"


class PublishedContest(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A closed contest as everybody may read it."""

    schema: str
    synthetic: bool
    note: Text
    rules: ContestRules
    prompts: tuple[Prompt, ...]
    opened: ContestOpened
    unblinded: ContestUnblinded
    participation: Participation
    canary_votes: int
    """Votes cast on canaries; they rate nobody and are not published."""
    crossed_votes: int
    """Votes on battles that were voided at the same moment; they count no more."""
    late: int
    votes: tuple[PublishedVote, ...]
    """In their order; those that the screening left out are marked."""
    screening: Screening
    """Its voters under their published numbers, its teams under blind labels."""
    canaries: CanaryCount
    voided: tuple[VoidCount, ...]
    rating: ContestRating
    """As the contest's own act has it. Its view with style rests on the answers."""
    endpoints: tuple[EndpointStanding, ...] = ()
    """How the teams' servers stood; empty where answers were prepared."""


class ContestSummary(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What follows from a contest's published votes alone."""

    contest: str
    rating: ContestRating
    """The official one: without the voters that the screening left out."""
    with_flagged: ContestRating
    labels: dict[str, str]
    """The team behind each blind label of the screening."""
    influence: Influence


def parse_contest_record(text: str, *, where: str) -> PublishedContest:
    """The contest in the text of `contest.json`. Raises: InvalidInput."""
    try:
        found = read_as(json.loads(text), PublishedContest, where=where)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{where} is not JSON: {error}", remedy="have the office write it again"
        ) from error
    if found.schema != SCHEMA:
        raise InvalidInput(
            f"{where}: schema is {found.schema!r}",
            remedy=f"this program reads {SCHEMA!r}",
        )
    return msgspec.structs.replace(found, votes=in_order(found.votes))


def in_order(votes: Iterable[PublishedVote]) -> tuple[PublishedVote, ...]:
    """The votes in the one order they are published in, which tells nothing."""
    return tuple(sorted(votes, key=msgspec.structs.astuple))
