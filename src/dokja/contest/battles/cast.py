"""Votes are cast and battles voided, one act each; nothing is counted beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from dokja.contest.battles.equalise import equal_form, plain_text
from dokja.contest.battles.opening import RunningContest, contest_acts, require_open
from dokja.contest.battles.pair_schedule import PairSchedule
from dokja.contest.battles.self_naming import names_a_team
from dokja.contest.ports import VoteLog
from dokja.contest.values import (
    Battle,
    BattleVoided,
    VoidReason,
    VoteCast,
    VoterAdmitted,
)
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act

ADMITTED = "voter_admitted"
CAST = "vote_cast"
VOIDED = "battle_voided"

SECONDS_STEP = 5
LONGEST_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a voter stands."""

    done: int
    """Battles judged or voided."""
    least: int
    most: int
    battle: Battle | None
    """The next one; None where the voter is done. Never shown as it is."""


def admit_voter(
    log: VoteLog, contest: RunningContest, voter: int, body: VoterAdmitted, *, at: str
) -> Act:
    """The act that lets a voter in under a number, appended.

    Recusals stand in it, because the voter's pairs follow from them. Raises:
    NotAllowed where the contest is not open or no pair is left for the voter;
    Conflict where the number was given to another.
    """
    require_open(contest_acts(log, contest))
    unknown = sorted(set(body.recused) - set(contest.plan.rules.teams))
    if unknown:
        raise NotAllowed(
            f"voter {voter} is recused from {', '.join(unknown)}, not in this contest",
            remedy="name recusals by the contest's team ids",
        )
    _schedule(contest, voter, body.recused)
    act = contest.act(ADMITTED, voter_subject(contest, voter), at=at, body=body)
    log.append(act)
    return act


def progress_of(log: VoteLog, contest: RunningContest, voter: int) -> Progress:
    """Where the voter stands, from the acts. Raises: NotAllowed, unless admitted."""
    admitted = _admitted(log, contest, voter)
    done = _done(log, contest, voter)
    rules = contest.plan.rules
    battle = None
    if done < rules.battles_most:
        battle = _schedule(contest, voter, admitted.recused).battle(done + 1)
    return Progress(
        done=done, least=rules.battles_least, most=rules.battles_most, battle=battle
    )


def battle_of(
    contest: RunningContest, voter: int, number: int, *, recused: Sequence[str]
) -> Battle:
    """The voter's battle of this number, whether its turn has come or not."""
    return _schedule(contest, voter, recused).battle(number)


def recusals_of(
    log: VoteLog, contest: RunningContest, voter: int
) -> tuple[str, ...] | None:
    """Teams the voter is not shown; None where the voter was not admitted."""
    try:
        return _admitted(log, contest, voter).recused
    except NotAllowed:
        return None


def cast_vote(
    log: VoteLog,
    contest: RunningContest,
    battle: tuple[int, int],
    vote: VoteCast,
    *,
    shown: Sequence[str],
    at: str,
) -> Act:
    """The act of the vote, appended; `battle` is the voter's number and its own.

    `shown` are the texts the voter saw. Raises: NotAllowed where the contest is
    not open, the voter is done, or an answer names a team; Conflict where the
    battle was judged already or is not the voter's next.
    """
    voter, number = battle
    _require_next(log, contest, voter, number, pseudonym=vote.voter)
    if any(names_a_team(text, contest.plan.rules.names) for text in shown):
        raise NotAllowed(
            "an answer of this battle names a team, so it cannot be judged blind",
            remedy="void it as self_named and show the next battle",
        )
    body = msgspec.structs.replace(vote, seconds=coarse_seconds(vote.seconds))
    act = contest.act(CAST, battle_subject(contest, voter, number), at=at, body=body)
    log.append(act)
    return act


def void_battle(
    log: VoteLog,
    contest: RunningContest,
    battle: tuple[int, int],
    body: BattleVoided,
    *,
    at: str,
) -> Act:
    """The act of a battle that is not judged, appended. Raises: as `cast_vote`."""
    voter, number = battle
    _require_next(log, contest, voter, number, pseudonym=body.voter)
    act = contest.act(VOIDED, battle_subject(contest, voter, number), at=at, body=body)
    log.append(act)
    return act


def reason_to_void(contest: RunningContest, texts: Sequence[str]) -> VoidReason | None:
    """Why these answers may not be shown; None where they may.

    Names are looked for before and after markup is taken off, which may join
    what it kept apart.
    """
    read = [plain_text(equal_form(text)) for text in texts]
    if any(names_a_team(text, contest.plan.rules.names) for text in (*texts, *read)):
        return VoidReason.SELF_NAMED
    return None


def coarse_seconds(seconds: int) -> int:
    """Seconds rounded down to steps of five, at most an hour."""
    held = min(max(seconds, 0), LONGEST_SECONDS)
    return held - held % SECONDS_STEP


def voter_subject(contest: RunningContest, voter: int) -> str:
    """Subject of the act of a voter."""
    return f"{contest.plan.rules.id}/{voter:06d}"


def battle_subject(contest: RunningContest, voter: int, number: int) -> str:
    """Subject of the acts of one battle: a second vote would have the same name."""
    return f"{voter_subject(contest, voter)}/{number:03d}"


def battle_of_subject(subject: str) -> tuple[int, int]:
    """The voter's and the battle's number in a subject."""
    _, voter, number = subject.rsplit("/", 2)
    return int(voter), int(number)


def _require_next(
    log: VoteLog, contest: RunningContest, voter: int, number: int, *, pseudonym: str
) -> None:
    require_open(contest_acts(log, contest))
    admitted = _admitted(log, contest, voter)
    if admitted.voter != pseudonym:
        raise NotAllowed(
            f"voter {voter} is another person",
            remedy="sign in again; each person votes under their own number",
        )
    if number > contest.plan.rules.battles_most:
        raise NotAllowed(
            f"a voter judges at most {contest.plan.rules.battles_most} battles",
            remedy="thank the voter; every vote cast so far counts",
        )
    done = _done(log, contest, voter)
    if number <= done:
        raise Conflict(
            f"battle {number} of voter {voter} was settled before",
            remedy="show the voter's next battle; the first vote stands",
            korean="이미 판정한 대결입니다. 처음 한 투표가 그대로 남습니다.",
        )
    if number != done + 1:
        raise Conflict(
            f"battle {number} is out of turn: battle {done + 1} comes next",
            remedy="show the voter's next battle",
            korean="차례가 아닌 대결입니다. 다음 대결부터 이어서 해 주십시오.",
        )


def _admitted(log: VoteLog, contest: RunningContest, voter: int) -> VoterAdmitted:
    subject = voter_subject(contest, voter)
    for act in log.named(contest.programme, contest.stage, subject):
        if act.kind == ADMITTED:
            return read_as(act.body, VoterAdmitted, where=subject)
    raise NotAllowed(f"no voter has the number {voter}", remedy="admit the voter first")


def _done(log: VoteLog, contest: RunningContest, voter: int) -> int:
    """Battles with an act. A battle that was voted on and voided at once is one."""
    prefix = voter_subject(contest, voter) + "/"
    acts = log.under(contest.programme, contest.stage, prefix)
    return len({act.subject for act in acts if act.kind in {CAST, VOIDED}})


def _schedule(
    contest: RunningContest, voter: int, recused: Sequence[str]
) -> PairSchedule:
    return PairSchedule(
        rules=contest.plan.rules,
        prompts=tuple(prompt.id for prompt in contest.plan.prompts),
        seed=contest.seed,
        voter=voter,
        recused=tuple(recused),
    )
