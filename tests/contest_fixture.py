"""A small contest of five teams as a stage takes it over; nobody in it is real."""

from __future__ import annotations

from functools import cache

import msgspec
from scipy.special import expit

from dokja.contest import publish_contest, publish_votes, rate_contest, votes_to_publish
from dokja.contest.battles.opening import answers_digest, commitment_to
from dokja.contest.battles.pair_schedule import PairSchedule
from dokja.contest.battles.took_part import DayCount, Participation
from dokja.contest.published.published_contest import PublishedContest
from dokja.contest.rating.rate_contest import screen_contest
from dokja.contest.rating.record import AdmittedVoter, ContestRecord, VoteRow
from dokja.contest.values import (
    Battle,
    CanaryKind,
    Choice,
    ContestOpened,
    ContestUnblinded,
    VoidReason,
)
from dokja.evidence.canonical import canonical_bytes, digest_of
from dokja.evidence.seeds import seed_for, uniform_draws
from tests.unit.contest.contests import SALT, TEAMS, answers, plan, rules, running

CONTEST = running(plan(rules(most=24, canaries=4)))
STRENGTHS = dict(zip(TEAMS, (0.8, 0.4, 0.0, -0.4, -0.8), strict=True))
PEOPLE, FOLLOWER, BOT = 30, 7, 13
"""The follower always prefers the last team; the bot always takes the right side."""


@cache
def held_record() -> ContestRecord:
    """The contest, closed, screened and unblinded."""
    some, given = CONTEST.plan, answers(CONTEST.plan)
    votes = tuple(
        VoteRow(voter, number, _choice(battle, draws[number]))
        for voter in range(1, PEOPLE + 1)
        for draws in (uniform_draws(seed_for("fixture", f"{voter}"), 25),)
        for number in range(1, 25)
        for battle in (_battle(voter, number),)
    )
    record = ContestRecord(
        plan=some,
        answers=given,
        opened=ContestOpened(
            rules_digest=digest_of(some.rules),
            prompts_digest=digest_of(some.prompts),
            answers_digest=answers_digest(given, salt=SALT),
            commitment=commitment_to(CONTEST.secret),
            beacon=CONTEST.beacon,
        ),
        voters=tuple(AdmittedVoter(number=n, recused=()) for n in range(1, PEOPLE + 1)),
        votes=votes,
        voided=(),
        late=0,
        participation=Participation(
            admitted=PEOPLE,
            voters=PEOPLE,
            votes=len(votes),
            voided={reason.value: 0 for reason in VoidReason},
            days=(DayCount(day="2026-03-03", votes=len(votes), voided=0),),
        ),
    )
    screening = screen_contest(record, CONTEST)
    unblinded = ContestUnblinded(
        secret=CONTEST.secret, salt=SALT, screening=digest_of(screening)
    )
    return msgspec.structs.replace(record, screening=screening, unblinded=unblinded)


@cache
def published_contest() -> PublishedContest:
    """What its stage takes over."""
    record = held_record()
    votes = publish_votes(
        votes_to_publish(record), salt="sixteen-characters", least_cell=5
    )
    return publish_contest(record, rate_contest(record), votes)


def contest_text(published: PublishedContest | None = None) -> str:
    """`contest.json`."""
    return canonical_bytes(published or published_contest()).decode()


def _battle(voter: int, number: int) -> Battle:
    schedule = PairSchedule(
        rules=CONTEST.plan.rules,
        prompts=tuple(prompt.id for prompt in CONTEST.plan.prompts),
        seed=CONTEST.seed,
        voter=voter,
    )
    return schedule.battle(number)


def _choice(battle: Battle, draw: float) -> Choice:
    if battle.voter == BOT:
        return Choice.RIGHT
    if battle.canary is CanaryKind.SAME:
        return Choice.TIE
    if battle.canary is CanaryKind.BROKEN:
        return Choice.RIGHT if battle.broken is Choice.LEFT else Choice.LEFT
    if battle.voter == FOLLOWER and "t5" in (battle.left, battle.right):
        return Choice.LEFT if battle.left == "t5" else Choice.RIGHT
    apart = STRENGTHS[battle.left] - STRENGTHS[battle.right]
    return Choice.LEFT if draw < expit(apart) else Choice.RIGHT
