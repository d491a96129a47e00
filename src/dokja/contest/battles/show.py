"""What a voter is shown of a battle: two answers in one form, at one pace.

Nothing of whose they are goes in, so nothing of it can come out: pair, sides
and canaries stay with the keeper of the contest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from dokja.contest.battles.canary import canary_texts
from dokja.contest.battles.cast import reason_to_void
from dokja.contest.battles.equalise import (
    Block,
    Pacing,
    equal_form,
    paced,
    shown_length,
)
from dokja.contest.battles.opening import RunningContest
from dokja.contest.battles.self_naming import without_names
from dokja.contest.served.values import EndpointFault, FaultReason
from dokja.contest.values import (
    Battle,
    ContestKind,
    EndpointRule,
    Prompt,
    VoidReason,
)

Texts = tuple[str, str]
"""The left answer and the right one."""
_SLOW = frozenset({FaultReason.SLOW, FaultReason.CUT_OFF})


class ShownBattle(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Everything that a voter sees of a battle."""

    number: int
    prompt: str
    language: str
    image_digest: str
    left: tuple[Block, ...]
    right: tuple[Block, ...]
    pacing: Pacing


def battle_texts(
    contest: RunningContest, battle: Battle, answers: Mapping[str, str]
) -> Texts:
    """The texts of a battle as they would be shown; `answers` are by team.

    A canary shows one answer twice, or beside its own words in disorder. A
    citizen panel sees no brand: names of teams are hidden.
    """
    if battle.canary is None:
        left, right = answers[battle.left], answers[battle.right]
    else:
        left, right = canary_texts(contest.seed, battle, answers[battle.left])
    if contest.plan.rules.kind is ContestKind.CITIZEN:
        names = contest.plan.rules.names
        return without_names(left, names), without_names(right, names)
    return left, right


def show_battle(
    contest: RunningContest, battle: Battle, texts: Texts
) -> ShownBattle | VoidReason:
    """What the voter is shown, or why this battle cannot be judged blind."""
    void = reason_to_void(contest, texts)
    if void is not None:
        return void
    left, right = (equal_form(text) for text in texts)
    prompt = prompt_of(contest, battle)
    return ShownBattle(
        number=battle.number,
        prompt=prompt.text,
        language=prompt.language,
        image_digest=prompt.image_digest,
        left=left,
        right=right,
        pacing=paced(
            shown_length(left), shown_length(right), contest.plan.rules.pacing
        ),
    )


def prompt_of(contest: RunningContest, battle: Battle) -> Prompt:
    """The prompt of a battle."""
    return next(p for p in contest.plan.prompts if p.id == battle.prompt)


def after_faults(
    contest: RunningContest,
    faults: Mapping[str, EndpointFault],
    prepared: Mapping[str, str],
) -> dict[str, str] | VoidReason:
    """The answers that stand in for models that failed, by the contest's rule.

    A reason to void where the rule has it so, or a team has no prepared answer.
    """
    if contest.plan.rules.endpoints is EndpointRule.PREPARED and not (
        set(faults) - set(prepared)
    ):
        return {team: prepared[team] for team in faults}
    return reason_of(tuple(faults.values()))


def reason_of(faults: Sequence[EndpointFault]) -> VoidReason:
    """Why the battle is voided: a model that is dead outweighs one that is slow."""
    slow = all(fault.reason in _SLOW for fault in faults)
    return VoidReason.ENDPOINT_SLOW if slow else VoidReason.ENDPOINT_DEAD
