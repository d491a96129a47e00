"""A contest is opened under a sealed secret, closed, and unblinded at the end.

The secret decides pairs and sides. Its digest is published at the opening, so
that nobody can choose another one afterwards; the secret itself follows after
the screening was decided, so that nobody can screen by who wins.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from dokja.contest.battles.draws import contest_seed
from dokja.contest.ports import VoteLog
from dokja.contest.values import (
    ContestOpened,
    ContestPlan,
    ContestUnblinded,
    PreparedAnswer,
)
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.canonical import act_digest, digest_bytes, digest_of, read_as
from dokja.evidence.values import Act

OPENED = "contest_opened"
CLOSED = "contest_closed"
SCREENED = "voters_screened"
UNBLINDED = "contest_unblinded"
RATED = "contest_rated"
WEIGHTED = "citizens_weighted"
"""Beside the rating of a citizen panel, because the weights are in no record."""

_SECRET = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class RunningContest:
    """A contest with what only its keeper knows."""

    programme: str
    stage: str
    plan: ContestPlan
    beacon: str
    """Drawn after the answers were handed in; empty where none was."""
    secret: str
    """64 hexadecimal digits, drawn by the office, never shown before the end."""

    @cached_property
    def seed(self) -> int:
        """Seed of everything the contest draws."""
        rules = self.plan.rules
        return contest_seed(rules, beacon=self.beacon, secret=self.secret)

    def act(self, kind: str, subject: str, *, at: str, body: msgspec.Struct) -> Act:
        """An act of this contest, its body as plain values."""
        return Act(
            programme=self.programme,
            stage=self.stage,
            kind=kind,
            subject=subject,
            at=at,
            body=msgspec.to_builtins(body),
        )


class ContestClosed(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Body of the act after which no vote counts."""

    reason: str


def commitment_to(secret: str) -> str:
    """Digest that binds to the secret and tells nothing of it.

    Raises: InvalidInput for a secret that could be guessed.
    """
    if not _SECRET.fullmatch(secret):
        raise InvalidInput(
            "the secret of a contest is not 64 hexadecimal digits",
            remedy="draw 32 random bytes and write them in lower-case hexadecimal",
        )
    return digest_bytes(f"dokja-contest-secret/1\n{secret}".encode())


def answers_digest(answers: Sequence[PreparedAnswer], *, salt: str) -> str:
    """Digest of the prepared answers that public answers cannot be tried on."""
    placed = sorted(answers, key=lambda answer: (answer.prompt, answer.team))
    return digest_of({"salt": salt, "answers": placed})


def open_contest(
    log: VoteLog,
    contest: RunningContest,
    answers: Sequence[PreparedAnswer],
    *,
    salt: str,
    at: str,
) -> Act:
    """The act that opens the contest, appended.

    Raises: InvalidInput for a weak secret; Conflict where it was opened
    otherwise before.
    """
    opened = ContestOpened(
        rules_digest=digest_of(contest.plan.rules),
        prompts_digest=digest_of(contest.plan.prompts),
        answers_digest=answers_digest(answers, salt=salt),
        commitment=commitment_to(contest.secret),
        beacon=contest.beacon,
    )
    act = contest.act(OPENED, contest.plan.rules.id, at=at, body=opened)
    log.append(act)
    return act


def close_contest(log: VoteLog, contest: RunningContest, *, at: str, why: str) -> Act:
    """The act that closes the contest, appended. Raises: NotAllowed, Conflict."""
    acts = contest_acts(log, contest)
    opened_body(acts)
    closed = ContestClosed(reason=why)
    act = contest.act(CLOSED, contest.plan.rules.id, at=at, body=closed)
    log.append(act)
    return act


def unblind(
    log: VoteLog,
    contest: RunningContest,
    *,
    salt: str,
    at: str,
) -> Act:
    """The act that reveals the secret, appended.

    Raises: NotAllowed before the contest was closed and its voters screened;
    Conflict where the secret is not the one that was committed to.
    """
    acts = contest_acts(log, contest)
    opened = opened_body(acts)
    if not _of(acts, CLOSED):
        raise NotAllowed(
            "the contest is still open", remedy="close it before it is unblinded"
        )
    screenings = _of(acts, SCREENED)
    if not screenings:
        raise NotAllowed(
            "the voters were not screened yet",
            remedy="decide the screening first: afterwards it could be chosen by "
            "who wins",
        )
    check_secret(opened, contest.secret)
    body = ContestUnblinded(
        secret=contest.secret, salt=salt, screening=act_digest(screenings[0])
    )
    act = contest.act(UNBLINDED, contest.plan.rules.id, at=at, body=body)
    log.append(act)
    return act


def check_secret(opened: ContestOpened, secret: str) -> None:
    """Nothing. Raises: Conflict unless the opening committed to this secret."""
    if not hmac.compare_digest(commitment_to(secret), opened.commitment):
        raise Conflict(
            "this secret is not the one the contest was opened under",
            remedy="find the secret of the opening; no other one can explain the "
            "pairs that were shown",
        )


def check_materials(
    opened: ContestOpened,
    plan: ContestPlan,
    answers: Sequence[PreparedAnswer],
    *,
    salt: str,
) -> None:
    """Nothing. Raises: Conflict naming what is not as it was at the opening."""
    found = {
        "rules": (opened.rules_digest, digest_of(plan.rules)),
        "prompts": (opened.prompts_digest, digest_of(plan.prompts)),
        "answers": (opened.answers_digest, answers_digest(answers, salt=salt)),
    }
    changed = [name for name, (then, now) in found.items() if then != now]
    if changed:
        raise Conflict(
            f"not as at the opening of the contest: {', '.join(changed)}",
            remedy="go back to the files the contest was opened with",
        )


def contest_acts(log: VoteLog, contest: RunningContest) -> tuple[Act, ...]:
    """Acts of the contest as a whole: opened, closed, screened, unblinded, rated."""
    return log.named(contest.programme, contest.stage, contest.plan.rules.id)


def opened_body(acts: Sequence[Act]) -> ContestOpened:
    """What the contest was opened with. Raises: NotAllowed where it was not."""
    opened = _of(acts, OPENED)
    if not opened:
        raise NotAllowed(
            "the contest is not open yet",
            remedy="open it before the first vote",
            korean="아직 투표를 시작하지 않았습니다. 시작하면 이 화면에서 참여하실 수 "
            "있습니다.",
        )
    return read_as(opened[0].body, ContestOpened, where=OPENED)


def require_open(acts: Sequence[Act]) -> ContestOpened:
    """What the contest was opened with. Raises: NotAllowed unless it is open now."""
    opened = opened_body(acts)
    if _of(acts, CLOSED):
        raise NotAllowed(
            "the contest is closed",
            remedy="no vote is taken any more; those cast before all count",
            korean="투표가 마감되었습니다. 마감 전에 하신 투표는 모두 반영됩니다.",
        )
    return opened


def _of(acts: Sequence[Act], kind: str) -> list[Act]:
    return [act for act in acts if act.kind == kind]
