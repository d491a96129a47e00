"""A contest as evidence: what was opened, cast, voided and screened, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from dokja.contest.battles.cast import (
    ADMITTED,
    CAST,
    VOIDED,
    battle_of_subject,
)
from dokja.contest.battles.opening import CLOSED, OPENED, SCREENED, UNBLINDED
from dokja.contest.battles.participation import participation
from dokja.contest.battles.took_part import Participation
from dokja.contest.screening.screened import Screening
from dokja.contest.values import (
    BattleVoided,
    Choice,
    ContestOpened,
    ContestPlan,
    ContestUnblinded,
    PreparedAnswer,
    VoidReason,
    VoteCast,
    VoterAdmitted,
)
from dokja.errors import NotAllowed
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Growing

Body = TypeVar("Body")


class AdmittedVoter(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A voter of the record by number."""

    number: int
    recused: tuple[str, ...]


class VoteRow(msgspec.Struct, frozen=True, array_like=True):
    """One vote of the record; its pair follows from the secret."""

    voter: int
    battle: int
    choice: Choice


class VoidRow(msgspec.Struct, frozen=True, array_like=True):
    """One battle that was not judged."""

    voter: int
    battle: int
    reason: VoidReason


class ContestRecord(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a contest's result follows from. No person stands in it."""

    plan: ContestPlan
    answers: tuple[PreparedAnswer, ...]
    opened: ContestOpened
    voters: tuple[AdmittedVoter, ...]
    votes: tuple[VoteRow, ...]
    voided: tuple[VoidRow, ...]
    late: int
    """Votes that came after the closing; none of them counts."""
    participation: Participation
    screening: Screening | None = None
    unblinded: ContestUnblinded | None = None


def record_of(
    plan: ContestPlan, answers: Sequence[PreparedAnswer], acts: Sequence[Act]
) -> ContestRecord:
    """The record, from the acts of the contest in the order of appending.

    A battle that was both voted on and voided, by requests that crossed, counts
    as voided. Raises: NotAllowed where the contest was never opened.
    """
    mine = _own(plan.rules.id, acts)
    closing = next((n for n, act in enumerate(mine) if act.kind == CLOSED), len(mine))
    counted = mine[:closing]
    voided = tuple(_voided(counted))
    gone = {(row.voter, row.battle) for row in voided}
    votes = (row for row in _votes(counted) if (row.voter, row.battle) not in gone)
    return ContestRecord(
        plan=plan,
        answers=tuple(sorted(answers, key=lambda a: (a.prompt, a.team))),
        opened=_opened(mine),
        voters=tuple(sorted(_voters(counted), key=lambda voter: voter.number)),
        votes=tuple(sorted(votes, key=lambda row: (row.voter, row.battle))),
        voided=tuple(sorted(voided, key=lambda row: (row.voter, row.battle))),
        late=sum(act.kind == CAST for act in mine[closing:]),
        participation=participation(counted),
        screening=_first(mine, SCREENED, Screening),
        unblinded=_first(mine, UNBLINDED, ContestUnblinded),
    )


def _own(contest: str, acts: Iterable[Act]) -> list[Act]:
    return [act for act in acts if act.subject.split("/", 1)[0] == contest]


def _opened(acts: Sequence[Act]) -> ContestOpened:
    found = _first(acts, OPENED, ContestOpened)
    if found is None:
        raise NotAllowed(
            "the acts hold no opening of this contest",
            remedy="read the whole record of the stage",
        )
    return found


def _first(acts: Sequence[Act], kind: str, body: type[Body]) -> Body | None:
    for act in acts:
        if act.kind == kind:
            return read_as(act.body, body, where=act.subject)
    return None


def _voters(acts: Iterable[Act]) -> Iterable[AdmittedVoter]:
    for act in acts:
        if act.kind == ADMITTED:
            body = read_as(act.body, VoterAdmitted, where=act.subject)
            number = int(act.subject.rsplit("/", 1)[1])
            yield AdmittedVoter(number=number, recused=body.recused)


def _votes(acts: Iterable[Act]) -> Iterable[VoteRow]:
    for act in acts:
        if act.kind == CAST:
            body = read_as(act.body, VoteCast, where=act.subject)
            yield VoteRow(*battle_of_subject(act.subject), body.choice)


def _voided(acts: Iterable[Act]) -> Iterable[VoidRow]:
    for act in acts:
        if act.kind == VOIDED:
            body = read_as(act.body, BattleVoided, where=act.subject)
            yield VoidRow(*battle_of_subject(act.subject), body.reason)
