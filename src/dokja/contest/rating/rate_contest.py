"""The outcome of a contest from its record: screening, rating, audit, all again."""

from __future__ import annotations

from collections import Counter

import numpy as np

from dokja.contest.battles.battle_table import BattleTable, battle_table
from dokja.contest.battles.draws import contest_seed
from dokja.contest.battles.opening import (
    RATED,
    SCREENED,
    UNBLINDED,
    RunningContest,
    check_materials,
    check_secret,
    contest_acts,
)
from dokja.contest.battles.participation import Participation
from dokja.contest.ports import VoteLog
from dokja.contest.published.published_votes import VoteToPublish
from dokja.contest.rating.influence import influence_audit
from dokja.contest.rating.rate_votes import rate_votes
from dokja.contest.rating.rated import ContestRating, Influence
from dokja.contest.rating.record import ContestRecord
from dokja.contest.screening.screen import blinded, screen_voters
from dokja.contest.screening.screened import CanaryCount, Screening, VoidCount
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act, Growing
from dokja.statistics.ratings.votes import TIE


class ContestOutcome(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a contest found, every number of it derived from the record."""

    contest: str
    rating: ContestRating
    """The official one: without the voters that the screening left out."""
    with_flagged: ContestRating
    """The same with all votes."""
    screening: Screening
    labels: dict[str, str]
    """The team behind each blind label of the screening."""
    influence: Influence
    canaries: CanaryCount
    voided: tuple[VoidCount, ...]
    """By team and reason: an endpoint that failed costs its team no vote unseen."""
    participation: Participation
    late: int


def screen_contest(record: ContestRecord, contest: RunningContest) -> Screening:
    """The screening of a closed contest, on blind labels. Nothing is revealed."""
    tables = battle_table(record, seed=contest.seed)
    return _screened(record, tables, contest.seed)


def append_screening(
    log: VoteLog, contest: RunningContest, screening: Screening, *, at: str
) -> Act:
    """The act of the screening, appended. Raises: NotAllowed after unblinding."""
    acts = contest_acts(log, contest)
    if any(act.kind == UNBLINDED for act in acts):
        raise NotAllowed(
            "the contest was unblinded already",
            remedy="a screening is decided before it is known who wins",
        )
    act = contest.act(SCREENED, contest.plan.rules.id, at=at, body=screening)
    log.append(act)
    return act


def append_outcome(
    log: VoteLog, contest: RunningContest, outcome: ContestOutcome, *, at: str
) -> Act:
    """The act of the outcome, appended. Raises: Conflict for another one before."""
    act = contest.act(RATED, contest.plan.rules.id, at=at, body=outcome)
    log.append(act)
    return act


def rate_contest(record: ContestRecord) -> ContestOutcome:
    """The outcome, derived anew from the record alone.

    Raises: NotAllowed before screening and unblinding; Conflict where secret,
    materials or screening are not those of the record.
    """
    if record.unblinded is None or record.screening is None:
        raise NotAllowed(
            "the contest is not unblinded yet",
            remedy="close it, decide the screening, and unblind it",
        )
    check_secret(record.opened, record.unblinded.secret)
    salt = record.unblinded.salt
    check_materials(record.opened, record.plan, record.answers, salt=salt)
    rules = record.plan.rules
    seed = contest_seed(
        rules, beacon=record.opened.beacon, secret=record.unblinded.secret
    )
    tables = battle_table(record, seed=seed)
    again = _screened(record, tables, seed)
    flagged = [one.voter for one in record.screening.flagged]
    if [one.voter for one in again.flagged] != flagged:
        raise Conflict(
            "the screening on record leaves out other voters than its rules do",
            remedy="find out which acts were added or lost since it was decided",
        )
    table = tables.table
    official = table.of(~table.by_voters(flagged))
    return ContestOutcome(
        contest=rules.id,
        rating=rate_votes(official, source=rules.id),
        with_flagged=rate_votes(table, source=rules.id),
        screening=record.screening,
        labels=blinded(table, seed=seed)[1],
        influence=influence_audit(official, source=rules.id),
        canaries=canary_count(tables),
        voided=_voided(tables),
        participation=record.participation,
        late=record.late,
    )


def votes_to_publish(record: ContestRecord) -> tuple[VoteToPublish, ...]:
    """The votes of an unblinded contest, for `publish_votes`. Raises: NotAllowed."""
    if record.unblinded is None or record.screening is None:
        raise NotAllowed(
            "the contest is not unblinded yet",
            remedy="votes are published after the contest",
        )
    seed = contest_seed(
        record.plan.rules,
        beacon=record.opened.beacon,
        secret=record.unblinded.secret,
    )
    tables = battle_table(record, seed=seed)
    prompts = {prompt.id: prompt for prompt in record.plan.prompts}
    flagged = {one.voter for one in record.screening.flagged}
    names = [tables.table.voters[voter] for voter in tables.table.votes.voter]
    return tuple(
        VoteToPublish(
            voter=name,
            left=battle.left,
            right=battle.right,
            choice=choice,
            field=prompts[battle.prompt].field,
            language=prompts[battle.prompt].language,
            counted=name not in flagged,
        )
        for name, (battle, choice) in zip(names, tables.battles, strict=True)
    )


def _screened(record: ContestRecord, tables: BattleTable, seed: int) -> Screening:
    blind, _ = blinded(tables.table, seed=seed)
    return screen_voters(
        blind,
        tables.canaries,
        seed=seed,
        level=record.plan.rules.screening_level,
        source=record.plan.rules.id,
    )


def canary_count(tables: BattleTable) -> CanaryCount:
    """How the canaries were judged; no team enters."""
    canaries = tables.canaries
    return CanaryCount(
        same=len(canaries.same_voter),
        same_tied=int(np.count_nonzero(canaries.same_outcome == TIE)),
        broken=len(canaries.broken_voter),
        broken_seen=int(
            np.count_nonzero(canaries.broken_outcome == canaries.broken_intact)
        ),
    )


def _voided(tables: BattleTable) -> tuple[VoidCount, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for battle, reason in tables.voided:
        counts.update((team, reason) for team in {battle.left, battle.right})
    return tuple(
        VoidCount(team=team, reason=reason, battles=count)
        for (team, reason), count in sorted(counts.items())
    )
