"""Reading a contest's files, with every cross-check."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, TypeVar

from dokja.contest.battles.self_naming import self_namings
from dokja.contest.values import ContestKind, ContestPlan, PreparedAnswer, QuotaPlan
from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.submission.manifest import check_id

SCHEMA = "dokja-contest/1"
Name = TypeVar("Name", bound=Hashable)
MOST_BATTLES = 30
LEAST_AGE = 14
LEAST_CELL = 3
LONGEST_ANSWER = 20_000
"""Characters; more is no answer that two people compare."""


def parse_contest(text: str, *, where: str) -> ContestPlan:
    """The plan in the text of `contest.toml`, checked. Raises: InvalidInput."""
    plan = read_as(_toml(text, where), ContestPlan, where=where)
    if plan.schema != SCHEMA:
        raise InvalidInput(
            f"{where}: schema is {plan.schema!r}",
            remedy=f"this program reads {SCHEMA!r}",
        )
    for name in (plan.rules.id, *plan.rules.teams, *(p.id for p in plan.prompts)):
        check_id(name, where=where)
    _refuse(tuple(_problems(plan)), where)
    return plan


def parse_quotas(text: str, *, where: str) -> QuotaPlan:
    """The quotas in a file of their own, checked. Raises: InvalidInput."""
    plan = read_as(_toml(text, where), QuotaPlan, where=where)
    _refuse(tuple(_quota_problems(plan)), where)
    return plan


def parse_answers(text: str, *, where: str) -> tuple[PreparedAnswer, ...]:
    """The prepared answers in a text of one JSON object a line.

    Raises: InvalidInput with the line that cannot be read.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        place = f"{where}, line {number}"
        try:
            document = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InvalidInput(
                f"{place} is not JSON: {error}", remedy="write one object a line"
            ) from error
        found.append(read_as(document, PreparedAnswer, where=place))
    return tuple(found)


def check_answers(
    plan: ContestPlan, answers: Sequence[PreparedAnswer], *, where: str
) -> None:
    """Nothing. Raises: InvalidInput with everything that keeps them from use.

    An answer that names its team is no error: its battles are voided, which
    `answers_that_name` foretells.
    """
    _refuse(tuple(_answer_problems(plan, answers)), where)


def answers_that_name(
    plan: ContestPlan, answers: Sequence[PreparedAnswer]
) -> tuple[PreparedAnswer, ...]:
    """The answers whose battles will be voided because they name a team."""
    return tuple(a for a in answers if self_namings(a.text, plan.rules.names))


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{where} is not TOML: {error}", remedy="correct the line it names"
        ) from error


def _refuse(problems: Sequence[str], where: str) -> None:
    if problems:
        raise InvalidInput(
            f"{where}:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct what is named above; nothing was taken from this file",
        )


def _problems(plan: ContestPlan) -> Iterator[str]:
    rules = plan.rules
    if len(set(rules.teams)) < 2:
        yield "a contest needs two teams or more"
    yield from (f"team {team} is named twice" for team in _doubled(rules.teams))
    ids = [prompt.id for prompt in plan.prompts]
    yield from (f"prompt {prompt} is there twice" for prompt in _doubled(ids))
    if not 1 <= rules.battles_least <= rules.battles_most <= MOST_BATTLES:
        yield (
            f"battles are {rules.battles_least} to {rules.battles_most} a voter; "
            f"they must be 1 to {MOST_BATTLES}, the least first: many voters with "
            "few votes each tell more than few with many"
        )
    if not 0 <= rules.canaries <= rules.battles_most // 4:
        yield "canaries are more than a quarter of a voter's battles, or below 0"
    if len(ids) < rules.battles_most:
        yield (
            f"{len(ids)} prompts for {rules.battles_most} battles: a voter would see "
            "a prompt twice"
        )
    if rules.least_age < LEAST_AGE:
        yield f"least age {rules.least_age}: no one under {LEAST_AGE} may vote"
    if rules.least_cell < LEAST_CELL:
        yield f"least cell {rules.least_cell}: below {LEAST_CELL} it hides nobody"
    if not 0 < rules.screening_level <= 0.1:
        yield "the screening level must lie above 0 and not above 0.1"
    yield from _name_problems(plan)
    yield from _pacing_problems(plan)
    if (plan.quotas is not None) != (rules.kind is ContestKind.CITIZEN):
        yield "quotas belong to a citizen panel, and a citizen panel needs them"
    if plan.quotas is not None:
        yield from _quota_problems(plan.quotas)


def _name_problems(plan: ContestPlan) -> Iterator[str]:
    named = [entry.team for entry in plan.rules.names]
    yield from (f"the names of {team} are there twice" for team in _doubled(named))
    for team in sorted(set(plan.rules.teams) ^ set(named)):
        known = team in plan.rules.teams
        yield f"team {team} " + (
            "has no [[rules.names]]: nothing would give it away"
            if known
            else "has names and is not in the contest"
        )
    for entry in plan.rules.names:
        for name in entry.names:
            if sum(letter.isalnum() for letter in name) < 2:
                yield f"{name!r}, a name of {entry.team}, is too short to look for"
    for prompt in plan.prompts:
        for found in self_namings(prompt.text, plan.rules.names):
            yield f"prompt {prompt.id} names {found.team} ({found.name})"


def _pacing_problems(plan: ContestPlan) -> Iterator[str]:
    pacing = plan.rules.pacing
    if not 0 <= pacing.delay_ms < pacing.longest_ms <= 60_000:
        yield "pacing: the delay must be less than the longest time, that 60 s or less"
    if not (10 <= pacing.tick_ms <= 1000 and pacing.characters >= 1):
        yield "pacing: a tick has 10 to 1000 ms and one character or more"


def _quota_problems(quotas: QuotaPlan) -> Iterator[str]:
    if quotas.size < 1 or not 0 <= quotas.slack <= 0.5:
        yield "quotas: the size must be 1 or more and the slack 0 to 0.5"
    if not quotas.margins:
        yield "quotas: there is no margin"
    for margin in quotas.margins:
        cells = [cell.cell for cell in margin.cells]
        yield from (f"margin {margin.id}: {c} is there twice" for c in _doubled(cells))
        answers = [a for cell in margin.cells for a in cell.answers or (cell.cell,)]
        for answer in _doubled(answers):
            yield f"margin {margin.id}: {answer} belongs to two cells"
        if any(cell.share <= 0 for cell in margin.cells):
            yield f"margin {margin.id}: every share must be above 0"
        total = sum(cell.share for cell in margin.cells)
        if abs(total - 1) > 0.001:
            yield f"margin {margin.id}: the shares sum to {total:g}, not to 1"


def _answer_problems(
    plan: ContestPlan, answers: Sequence[PreparedAnswer]
) -> Iterator[str]:
    places = [(answer.prompt, answer.team) for answer in answers]
    for prompt, team in _doubled(places):
        yield f"{team} has two answers to {prompt}"
    wanted = {(p.id, team) for p in plan.prompts for team in plan.rules.teams}
    for prompt, team in sorted(wanted - set(places)):
        yield f"{team} has no answer to {prompt}"
    for prompt, team in sorted(set(places) - wanted):
        yield f"there is no prompt {prompt} for a team {team}"
    for answer in answers:
        name = f"answer of {answer.team} to {answer.prompt}"
        if not answer.text.strip():
            yield f"{name} is empty: a fault to settle before the contest"
        if len(answer.text) > LONGEST_ANSWER:
            yield f"{name} is longer than {LONGEST_ANSWER} characters"
        if (answer.tokens or 0) < 0 or answer.seconds < 0:
            yield f"{name} has fewer than 0 tokens or seconds"
    for team in plan.rules.teams:
        models = {a.model_digest for a in answers if a.team == team}
        if len(models) > 1:
            yield f"{team} answers with {len(models)} models: one checkpoint a stage"


def _doubled(names: Sequence[Name]) -> list[Name]:
    return [name for name, count in Counter(names).items() if count > 1]
