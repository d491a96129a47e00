"""The votes of a record as tables: pairs and sides from the seed, canaries apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dokja.contest.battles.canary import can_be_broken
from dokja.contest.battles.equalise import Block, equal_form, shown_length
from dokja.contest.battles.pair_schedule import PairSchedule
from dokja.contest.rating.record import ContestRecord, VoidRow, VoteRow
from dokja.contest.rating.vote_table import OUTCOMES, VoteTable, vote_table
from dokja.contest.screening.screen import CanaryVotes
from dokja.contest.values import (
    Battle,
    BlockKind,
    CanaryKind,
    Choice,
    PreparedAnswer,
)
from dokja.errors import Conflict
from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.votes import LEFT, RIGHT, Codes

STYLES = ("hundred_characters", "list_entries", "code_lines")
"""What is left of an answer's style once both have one form."""

Judged = tuple[Battle, Choice]


@dataclass(frozen=True, eq=False, kw_only=True)
class BattleTable:
    """A record's votes with what the secret says of them."""

    table: VoteTable
    battles: tuple[Judged, ...]
    """The rows of the table."""
    canaries: CanaryVotes
    voided: tuple[tuple[Battle, str], ...]


@dataclass
class _Canaries:
    voter: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    intact: list[int] = field(default_factory=list)


def battle_table(record: ContestRecord, *, seed: int) -> BattleTable:
    """The tables of the record under this seed. Raises: Conflict.

    The conflict is a vote of someone who was not admitted, or beyond the cap:
    no such act can have been made through `cast_vote`.
    """
    schedules = _schedules(record, seed)
    judged = [(_battle(record, schedules, row), row.choice) for row in record.votes]
    pairs = [one for one in judged if one[0].canary is None]
    table = vote_table(
        [voter_name(battle.voter) for battle, _ in pairs],
        [(battle.left, battle.right) for battle, _ in pairs],
        [choice for _, choice in pairs],
        teams=record.plan.rules.teams,
        people=[voter_name(voter.number) for voter in record.voters],
    )
    return BattleTable(
        table=_with_style(table, pairs, record.answers),
        battles=tuple(pairs),
        canaries=_canary_votes(record, [j for j in judged if j[0].canary], table),
        voided=tuple(
            (_battle(record, schedules, row), row.reason.value) for row in record.voided
        ),
    )


def voter_name(number: int) -> str:
    """How a voter is called in tables, findings and reports."""
    return f"{number:06d}"


def _schedules(record: ContestRecord, seed: int) -> Mapping[int, PairSchedule]:
    prompts = tuple(prompt.id for prompt in record.plan.prompts)
    return {
        voter.number: PairSchedule(
            rules=record.plan.rules,
            prompts=prompts,
            seed=seed,
            voter=voter.number,
            recused=voter.recused,
        )
        for voter in record.voters
    }


def _battle(
    record: ContestRecord,
    schedules: Mapping[int, PairSchedule],
    row: VoteRow | VoidRow,
) -> Battle:
    voter, number = row.voter, row.battle
    if voter not in schedules or not 1 <= number <= record.plan.rules.battles_most:
        raise Conflict(
            f"the record holds battle {number} of voter {voter}, whom it never "
            "admitted or who was done",
            remedy="find out how the act came into the record; it cannot count",
        )
    return schedules[voter].battle(number)


def _canary_votes(
    record: ContestRecord, judged: Sequence[Judged], table: VoteTable
) -> CanaryVotes:
    place = {name: number for number, name in enumerate(table.voters)}
    texts = {(a.prompt, a.team): a.text for a in record.answers}
    same, broken = _Canaries(), _Canaries()
    for battle, choice in judged:
        if battle.canary is CanaryKind.SAME:
            into = same
        elif can_be_broken(texts.get((battle.prompt, battle.left), "")):
            into = broken
            into.intact.append(RIGHT if battle.broken is Choice.LEFT else LEFT)
        else:
            continue
        into.voter.append(place[voter_name(battle.voter)])
        into.outcome.append(OUTCOMES[choice])
    return CanaryVotes(
        same_voter=_codes(same.voter),
        same_outcome=_codes(same.outcome),
        broken_voter=_codes(broken.voter),
        broken_intact=_codes(broken.intact),
        broken_outcome=_codes(broken.outcome),
    )


def _codes(values: Iterable[int]) -> Codes:
    return np.array(list(values), dtype=np.intp)


def _with_style(
    table: VoteTable, pairs: Sequence[Judged], answers: Sequence[PreparedAnswer]
) -> VoteTable:
    """The table with differences of style; those that never differ are left out."""
    styles = {(a.prompt, a.team): _style(equal_form(a.text)) for a in answers}
    none = (0.0,) * len(STYLES)
    rows: Scores = np.array(
        [
            np.subtract(
                styles.get((battle.prompt, battle.left), none),
                styles.get((battle.prompt, battle.right), none),
            )
            for battle, _ in pairs
        ]
    ).reshape(len(pairs), len(STYLES))
    differs = np.flatnonzero(np.abs(rows).max(axis=0, initial=0.0) > 0)
    return VoteTable(
        teams=table.teams,
        voters=table.voters,
        votes=table.votes,
        both_bad=table.both_bad,
        styles=tuple(STYLES[place] for place in differs),
        style=rows[:, differs] if len(differs) else None,
    )


def _style(blocks: Sequence[Block]) -> tuple[float, ...]:
    def lines(kind: BlockKind) -> float:
        return float(sum(len(block.lines) for block in blocks if block.kind is kind))

    return (
        shown_length(blocks) / 100,
        lines(BlockKind.LIST),
        lines(BlockKind.CODE),
    )
