"""A battle as a voter may see it: two equal sides, and no word of whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from dokja.contest.canary import canary_texts
from dokja.contest.equalise import (
    Block,
    Pacing,
    equal_form,
    paced,
    plain_text,
    shown_length,
)
from dokja.contest.opening import RunningContest
from dokja.contest.self_naming import names_a_team, without_names
from dokja.contest.values import (
    Battle,
    ContestKind,
    EndpointRule,
    PreparedAnswer,
    Prompt,
    VoidReason,
)

Answers = Mapping[tuple[str, str], PreparedAnswer]
"""Prepared answers by prompt and team."""


class ShownBattle(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What a page may show of a battle. No team, seed or kind of battle is in it."""

    number: int
    prompt: Prompt
    left: tuple[Block, ...]
    right: tuple[Block, ...]
    pacing: Pacing

    @property
    def texts(self) -> tuple[str, str]:
        """What the voter reads, as `cast_vote` asks for it."""
        return plain_text(self.left), plain_text(self.right)


def prepared_battle(
    contest: RunningContest, battle: Battle, answers: Answers
) -> ShownBattle | VoidReason:
    """The battle from prepared answers, or why it must be voided."""
    left = answers.get((battle.prompt, battle.left))
    right = answers.get((battle.prompt, battle.right))
    if left is None or right is None:
        return VoidReason.ENDPOINT_DEAD
    return shown_battle(contest, battle, (left.text, right.text))


def shown_battle(
    contest: RunningContest, battle: Battle, texts: tuple[str, str]
) -> ShownBattle | VoidReason:
    """The battle from the texts of its left and right team, or why to void it.

    A canary is made from the left one. A citizen panel gets the names hidden;
    elsewhere an answer that names a team is not shown. Names are looked for
    before and after markup is taken off, which may join what it kept apart.
    """
    if battle.canary is not None:
        texts = canary_texts(contest.seed, battle, texts[0])
    names = contest.plan.rules.names
    if contest.plan.rules.kind is ContestKind.CITIZEN:
        texts = without_names(texts[0], names), without_names(texts[1], names)
    left, right = equal_form(texts[0]), equal_form(texts[1])
    if any(names_a_team(text, names) for text in (*texts, *_read(left, right))):
        return VoidReason.SELF_NAMED
    prompts = {prompt.id: prompt for prompt in contest.plan.prompts}
    return ShownBattle(
        number=battle.number,
        prompt=prompts[battle.prompt],
        left=left,
        right=right,
        pacing=paced(
            shown_length(left), shown_length(right), contest.plan.rules.pacing
        ),
    )


def stands_in(
    contest: RunningContest, reason: VoidReason, prepared: PreparedAnswer | None
) -> PreparedAnswer | VoidReason:
    """What takes the place of an answer that did not come in time, by the rules."""
    rule = contest.plan.rules.endpoints
    if rule is EndpointRule.PREPARED and prepared is not None:
        return prepared
    return reason


def by_prompt_and_team(answers: Sequence[PreparedAnswer]) -> Answers:
    """The answers as `prepared_battle` looks them up."""
    return {(answer.prompt, answer.team): answer for answer in answers}


def _read(left: Sequence[Block], right: Sequence[Block]) -> tuple[str, str]:
    return plain_text(left), plain_text(right)
