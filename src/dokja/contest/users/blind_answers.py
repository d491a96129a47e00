"""What an invited user is shown of a model: its answers and, coarsely, its cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from dokja.contest.battles.equalise import Block, equal_form, plain_text
from dokja.contest.battles.self_naming import names_a_team, without_names
from dokja.contest.values import PreparedAnswer, Prompt, TeamNames

TOKEN_EDGES = (100.0, 300.0, 1000.0)
SECOND_EDGES = (2.0, 10.0, 30.0)
LEAST_TEAMS = 2
"""Teams below which a band would tell one of them from all others."""


class BlindAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A model's answer to a task as every model's answers are shown."""

    task: str
    blocks: tuple[Block, ...]
    """Empty where the answer is withheld."""
    is_withheld: bool
    """It says whose it is in a way that hiding the name does not mend."""
    is_masked: bool
    """A name in it was hidden."""


class TaskField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tasks of one field."""

    field: str
    tasks: tuple[Prompt, ...]


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `low` up to below `high`; None where the band has no end."""

    low: float
    high: float | None


class CostBands(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model's answers cost, as coarse as keeps it unknown.

    The middle one of all answers, measured by the office when they were
    prepared; at least two teams share every band.
    """

    tokens: Band | None
    """None where they were not counted for every team alike."""
    seconds: Band
    n: int
    """Answers it was measured on."""


def by_field(prompts: Sequence[Prompt]) -> tuple[TaskField, ...]:
    """The tasks by field, in the order of the plan."""
    fields = dict.fromkeys(prompt.field for prompt in prompts)
    return tuple(
        TaskField(field=field, tasks=tuple(p for p in prompts if p.field == field))
        for field in fields
    )


def blind_answer(task: str, text: str, names: Sequence[TeamNames]) -> BlindAnswer:
    """The answer in the common form, every team's name hidden, or withheld.

    Names are looked for after the markup is gone, which may have parted them.
    """
    plain = equal_form(text)
    masked = tuple(
        Block(
            kind=block.kind,
            lines=tuple(without_names(line, names) for line in block.lines),
        )
        for block in plain
    )
    withheld = names_a_team(plain_text(masked), names)
    return BlindAnswer(
        task=task,
        blocks=() if withheld else masked,
        is_withheld=withheld,
        is_masked=masked != plain,
    )


def cost_bands(answers: Sequence[PreparedAnswer]) -> dict[str, CostBands]:
    """Bands of tokens and seconds by team."""
    mine: dict[str, list[PreparedAnswer]] = {}
    for answer in answers:
        mine.setdefault(answer.team, []).append(answer)
    seconds = {team: median(a.seconds for a in found) for team, found in mine.items()}
    by_seconds = shared_bands(seconds, SECOND_EDGES)
    by_tokens = _token_bands(mine)
    return {
        team: CostBands(
            tokens=by_tokens.get(team), seconds=by_seconds[team], n=len(mine[team])
        )
        for team in mine
    }


def _token_bands(mine: Mapping[str, Sequence[PreparedAnswer]]) -> dict[str, Band]:
    """Empty where a count is missing: to lack one would tell a team apart."""
    counts = {
        team: [a.tokens for a in found if a.tokens is not None]
        for team, found in mine.items()
    }
    if any(len(counts[team]) < len(found) for team, found in mine.items()):
        return {}
    middles = {team: float(median(found)) for team, found in counts.items()}
    return shared_bands(middles, TOKEN_EDGES)


def shared_bands(
    values: Mapping[str, float], edges: Sequence[float]
) -> dict[str, Band]:
    """The band of each value; a band of too few teams is joined to its neighbour."""
    ends = (*edges, math.inf)
    bands: list[tuple[float, float]] = []
    low = 0.0
    for end in ends:
        if _inside(values, low, end) >= LEAST_TEAMS:
            bands.append((low, end))
            low = end
    if low < math.inf:
        # What is left at the top is empty or too few: the last band takes it in.
        start = bands.pop()[0] if bands and _inside(values, low, math.inf) else low
        bands.append((start, math.inf))
    return {
        team: next(
            Band(low=start, high=None if math.isinf(end) else end)
            for start, end in bands
            if start <= value < end
        )
        for team, value in values.items()
    }


def _inside(values: Mapping[str, float], low: float, high: float) -> int:
    return sum(low <= value < high for value in values.values())
