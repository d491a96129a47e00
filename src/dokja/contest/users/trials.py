"""Invited users try every model blind and hand in one ballot for each.

Labels are a user's own: model A of one user is another model to the next. They
follow from a secret of the evaluation alone. The public contest reveals its own
secret when it is unblinded, perhaps while users still try; this one is revealed
with the closing, so that anyone can then see whose a ballot is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import msgspec

from dokja.contest.battles.draws import in_drawn_order, sub_seed
from dokja.contest.battles.opening import answers_digest, check_secret, commitment_to
from dokja.contest.ports import VoteLog
from dokja.contest.users.ballots import check_ballots
from dokja.contest.values import (
    Ballot,
    BallotBox,
    ContestOpened,
    ContestPlan,
    PreparedAnswer,
    Question,
    Scale,
)
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.canonical import digest_of, read_as
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Act, Growing, Text

OPENED = "trials_opened"
ADMITTED = "user_admitted"
CAST = "user_ballot_cast"
CLOSED = "trials_closed"

LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST_COMMENT = 2000


class TrialsPhase(StrEnum):
    """How far the user evaluation has come."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class UserAdmitted(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of the act that lets an invited user in; its subject has the pseudonym."""

    recused: tuple[str, ...]
    """Teams whose models this user does not rate."""


class UserBallot(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of the act of one ballot. The team follows from user and label."""

    user: str
    answers: dict[str, int]
    comment: str = ""


class TrialsClosed(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of the act after which no ballot counts; it reveals the secret."""

    secret: str
    salt: str
    """Of the digest of the answers."""


@dataclass(frozen=True, kw_only=True)
class Trials:
    """The evaluation with what only its keeper knows."""

    programme: str
    stage: str
    plan: ContestPlan
    """Teams, their names and the tasks."""
    scale: Scale
    questions: tuple[Question, ...]
    beacon: str
    secret: str

    @property
    def id(self) -> str:
        """Subject of the acts of the evaluation as a whole."""
        return trials_id(self.plan)

    @property
    def rules(self) -> dict[str, object]:
        """What an opening fixes beside tasks and answers."""
        return {
            "rules": self.plan.rules,
            "scale": self.scale,
            "questions": self.questions,
        }

    @cached_property
    def seed(self) -> int:
        """Seed of every user's labels."""
        return seed_for(
            digest_of(self.rules), self.id, f"{self.beacon}\x1f{self.secret}"
        )

    def act(self, kind: str, subject: str, *, at: str, body: msgspec.Struct) -> Act:
        """An act of the evaluation."""
        return Act(
            programme=self.programme,
            stage=self.stage,
            kind=kind,
            subject=subject,
            at=at,
            body=msgspec.to_builtins(body),
        )


def trials_id(plan: ContestPlan) -> str:
    """Subject of the user evaluation on a contest's tasks."""
    return f"{plan.rules.id}-users"


def phase_of_trials(acts: Sequence[Act]) -> TrialsPhase:
    """The phase that the acts of the evaluation as a whole show."""
    kinds = {act.kind for act in acts}
    if CLOSED in kinds:
        return TrialsPhase.CLOSED
    return TrialsPhase.OPEN if OPENED in kinds else TrialsPhase.PLANNED


def blind_models(
    trials: Trials, user: str, recused: Sequence[str] = ()
) -> dict[str, str]:
    """Label to team in the order this user is shown them. Never shown itself."""
    teams = sorted(set(trials.plan.rules.teams))
    order = in_drawn_order(sub_seed(trials.seed, "labels", user), len(teams))
    allowed = [teams[place] for place in order if teams[place] not in recused]
    return dict(zip(LABELS, allowed, strict=False))


def open_trials(
    log: VoteLog,
    trials: Trials,
    answers: Sequence[PreparedAnswer],
    *,
    salt: str,
    at: str,
) -> Act:
    """The act that opens the evaluation, appended. Raises: Conflict, InvalidInput."""
    if len(set(trials.plan.rules.teams)) > len(LABELS):
        raise InvalidInput(
            f"there are more than {len(LABELS)} teams to label",
            remedy="split the evaluation into two",
        )
    opened = _opening(trials, answers, salt=salt)
    act = trials.act(OPENED, trials.id, at=at, body=opened)
    log.append(act)
    return act


def check_trials(
    opened: ContestOpened,
    trials: Trials,
    answers: Sequence[PreparedAnswer],
    *,
    salt: str,
) -> None:
    """Nothing. Raises: Conflict unless all is as it was at the opening."""
    check_secret(opened, trials.secret)
    if _opening(trials, answers, salt=salt) != opened:
        raise Conflict(
            "questions, tasks or answers are not as at the opening of the user "
            "evaluation",
            remedy="go back to the files it was opened with",
        )


def admit_user(
    log: VoteLog, trials: Trials, user: str, recused: Sequence[str], *, at: str
) -> Act:
    """The act that lets the user in, appended; recusals stand in it.

    Raises: NotAllowed where the evaluation is not open or no model is left;
    Conflict where the user came in with other recusals.
    """
    require_open_trials(log, trials)
    if not blind_models(trials, user, recused):
        raise NotAllowed(
            "no model is left that this user may rate",
            remedy="thank the person; another user has to be invited",
        )
    body = UserAdmitted(recused=tuple(sorted(recused)))
    act = trials.act(ADMITTED, f"{trials.id}/{user}", at=at, body=body)
    log.append(act)
    return act


def recusals_of(log: VoteLog, trials: Trials, user: str) -> tuple[str, ...] | None:
    """Teams this user does not rate; None before the user came in."""
    subject = f"{trials.id}/{user}"
    for act in log.named(trials.programme, trials.stage, subject):
        if act.kind == ADMITTED:
            return read_as(act.body, UserAdmitted, where=subject).recused
    return None


def answer_problems(
    trials: Trials, answers: Mapping[str, int]
) -> tuple[tuple[str, Text], ...]:
    """Question and what is wrong with its answer; empty where all may be handed in."""
    low, high = trials.scale.min, trials.scale.max
    return tuple(
        (
            question.id,
            Text(
                ko=f"{question.name.ko}: {low}~{high} 가운데 하나를 골라 주십시오.",
                en=f"{question.name.en}: choose one of {low} to {high}.",
            ),
        )
        for question in trials.questions
        if not low <= answers.get(question.id, low - 1) <= high
    )


def cast_ballot(
    log: VoteLog, trials: Trials, label: str, ballot: UserBallot, *, at: str
) -> Act:
    """The act of the ballot, appended. The same ballot sent again changes nothing.

    Raises: NotAllowed where the evaluation is not open, or the user has no such
    model; InvalidInput for answers that are not all there; Conflict for a second,
    other ballot: what was handed in never changes.
    """
    require_open_trials(log, trials)
    recused = recusals_of(log, trials, ballot.user)
    if recused is None or label not in blind_models(trials, ballot.user, recused):
        raise NotAllowed(
            "there is no such model among those this user rates",
            remedy="open the list of models and choose one of it",
        )
    problems = answer_problems(trials, ballot.answers)
    known = {question.id for question in trials.questions}
    if problems or set(ballot.answers) - known:
        raise InvalidInput(
            "; ".join(text.en for _, text in problems) or "an unknown question",
            remedy="answer every question, then hand the ballot in",
        )
    if len(ballot.comment) > LONGEST_COMMENT:
        raise InvalidInput(
            f"the comment is longer than {LONGEST_COMMENT:,} characters",
            remedy="shorten it",
        )
    subject = f"{trials.id}/{ballot.user}/{label}"
    act = trials.act(CAST, subject, at=at, body=ballot)
    log.append(act)
    return act


def ballots_of(log: VoteLog, trials: Trials, user: str) -> dict[str, UserBallot]:
    """Label to ballot of everything the user handed in."""
    prefix = f"{trials.id}/{user}/"
    return {
        act.subject.removeprefix(prefix): read_as(
            act.body, UserBallot, where=act.subject
        )
        for act in log.under(trials.programme, trials.stage, prefix)
        if act.kind == CAST
    }


def box_of(trials: Trials, acts: Sequence[Act], *, note: Text) -> BallotBox:
    """`ballots.json` as it follows from the acts, in the order of appending.

    A ballot that crossed with the closing and came after it does not count.
    Raises: InvalidInput for a ballot that cannot count.
    """
    prefix = f"{trials.id}/"
    recused: dict[str, tuple[str, ...]] = {}
    ballots = []
    for act in acts:
        if act.kind == CLOSED and act.subject == trials.id:
            break
        name = act.subject.removeprefix(prefix)
        if act.kind == ADMITTED:
            recused[name] = read_as(act.body, UserAdmitted, where=act.subject).recused
        elif act.kind == CAST:
            user, label = name.rsplit("/", 1)
            body = read_as(act.body, UserBallot, where=act.subject)
            team = blind_models(trials, user, recused[user])[label]
            ballots.append(Ballot(user=user, team=team, answers=body.answers))
    box = BallotBox(
        synthetic=False,
        note=note,
        scale=trials.scale,
        questions=trials.questions,
        ballots=tuple(sorted(ballots, key=lambda b: (b.user, b.team))),
    )
    check_ballots(box, teams=trials.plan.rules.teams, where="ballots.json")
    return box


def close_trials(log: VoteLog, trials: Trials, *, salt: str, at: str) -> Act:
    """The act that closes the evaluation and reveals its secret, appended.

    Raises: NotAllowed where it is not open; Conflict for another secret.
    """
    opened = require_open_trials(log, trials)
    check_secret(opened, trials.secret)
    body = TrialsClosed(secret=trials.secret, salt=salt)
    act = trials.act(CLOSED, trials.id, at=at, body=body)
    log.append(act)
    return act


def require_open_trials(log: VoteLog, trials: Trials) -> ContestOpened:
    """What it was opened with. Raises: NotAllowed unless it is open now."""
    acts = log.named(trials.programme, trials.stage, trials.id)
    if phase_of_trials(acts) is not TrialsPhase.OPEN:
        raise NotAllowed(
            "the user evaluation is not open",
            remedy="ballots are taken from the opening to the closing by the office",
            korean="이용자 평가가 열려 있지 않습니다. 사무국이 정한 기간에만 낼 수 "
            "있습니다.",
        )
    return opened_trials(acts)


def opened_trials(acts: Sequence[Act]) -> ContestOpened:
    """What it was opened with. Raises: NotAllowed where it was not."""
    for act in acts:
        if act.kind == OPENED:
            return read_as(act.body, ContestOpened, where=OPENED)
    raise NotAllowed(
        "the user evaluation is not open yet", remedy="the office opens it"
    )


def _opening(
    trials: Trials, answers: Sequence[PreparedAnswer], *, salt: str
) -> ContestOpened:
    return ContestOpened(
        rules_digest=digest_of(trials.rules),
        prompts_digest=digest_of(trials.plan.prompts),
        answers_digest=answers_digest(answers, salt=salt),
        commitment=commitment_to(trials.secret),
        beacon=trials.beacon,
    )
