"""Answers made before a contest, so that every voter reads the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dokja.contest.served.values import (
    Answer,
    EndpointFault,
    EndpointRules,
    FaultReason,
    Finish,
)
from dokja.contest.values import PreparedAnswer
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes, digest_of, read_as

ANSWERS_SCHEMA = "dokja-contest-answers/1"
MEASUREMENTS_SCHEMA = "dokja-contest-answer-times/1"
ANSWERS, MEASUREMENTS = "answers.json", "measurements.json"
LINES = "prepared.jsonl"
Place = tuple[str, str]
"""Prompt and team."""


class AskedPrompt(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A prompt, named by what every team's model is asked."""

    id: str
    text: str
    image: str | None = None
    """Digest of the picture; None without one."""


class AskedModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A team's model, named by its weights and not by where it is served."""

    team: str
    model: str
    weights: str
    """Digest of the weights, as the office declares it or as the files give it."""


class AnswerPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All prompts and all teams: what answers are made for."""

    prompts: tuple[AskedPrompt, ...]
    models: tuple[AskedModel, ...]
    rules: EndpointRules

    @property
    def digest(self) -> str:
        """What an answer names, so that one of another plan cannot slip in."""
        return digest_of(self)


class WrittenAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One team's answer to one prompt, without what was measured of making it."""

    prompt: str
    team: str
    text: str
    finish: Finish
    tokens: int | None
    model: str
    weights: str


class AnswerTimes(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What was measured of one answer; differs from run to run."""

    prompt: str
    team: str
    attempts: int
    first_token_seconds: float
    seconds: float
    at: str
    """ISO 8601 with zone."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How an asking ended, and when."""

    reply: Answer | EndpointFault
    at: str


class MissingAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """An answer that could not be had, with the reason."""

    prompt: str
    team: str
    reason: FaultReason
    detail: str
    attempts: int
    at: str


class Prepared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that was made for a plan, in order of prompt and team."""

    plan: AnswerPlan
    answers: tuple[WrittenAnswer, ...]
    times: tuple[AnswerTimes, ...]
    missing: tuple[MissingAnswer, ...]

    @property
    def answers_bytes(self) -> bytes:
        """`answers.json`: equal whatever the order, the attempts and the times."""
        fields = {
            "schema": ANSWERS_SCHEMA,
            "plan": self.plan.digest,
            "answers": self.answers,
        }
        return canonical_bytes(fields)

    @property
    def lines_bytes(self) -> bytes:
        """`prepared.jsonl`: what a contest shows of each answer, one a line."""
        lines = [
            PreparedAnswer(
                prompt=answer.prompt,
                team=answer.team,
                text=answer.text,
                model_digest=answer.weights,
                tokens=answer.tokens,
                seconds=time.seconds,
                measured=time.at,
            )
            for answer, time in zip(self.answers, self.times, strict=True)
        ]
        return b"".join(canonical_bytes(line) + b"\n" for line in lines)

    @property
    def measurements_bytes(self) -> bytes:
        """`measurements.json`: times, attempts and faults."""
        fields = {
            "schema": MEASUREMENTS_SCHEMA,
            "plan": self.plan.digest,
            "times": self.times,
            "missing": self.missing,
        }
        return canonical_bytes(fields)


class _AnswersFile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    schema: str
    plan: str
    answers: tuple[WrittenAnswer, ...]


def make_plan(
    prompts: Sequence[AskedPrompt],
    models: Sequence[AskedModel],
    rules: EndpointRules,
) -> AnswerPlan:
    """The plan, in order of names. Raises: InvalidInput for none or a name twice."""
    for what, names in (
        ("prompt", [prompt.id for prompt in prompts]),
        ("team", [model.team for model in models]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not names:
            raise InvalidInput(
                f"{what} {twice[0]} is there twice" if twice else f"there is no {what}",
                remedy=f"name every {what} once",
            )
    return AnswerPlan(
        prompts=tuple(sorted(prompts, key=lambda prompt: prompt.id)),
        models=tuple(sorted(models, key=lambda model: model.team)),
        rules=rules,
    )


def open_places(plan: AnswerPlan, kept: Iterable[Place]) -> tuple[Place, ...]:
    """Prompts and teams that have no answer yet; each prompt to all teams in turn."""
    known = set(kept)
    return tuple(
        (prompt.id, model.team)
        for prompt in plan.prompts
        for model in plan.models
        if (prompt.id, model.team) not in known
    )


def gather(plan: AnswerPlan, ends: Mapping[Place, Ended]) -> Prepared:
    """What the ends of all askings come to, in the plan's order."""
    weights = {model.team: model.weights for model in plan.models}
    answers, times, missing = [], [], []
    for prompt, team in open_places(plan, ()):
        end = ends.get((prompt, team))
        if end is None:
            continue
        if isinstance(end.reply, Answer):
            answers.append(_answer(prompt, team, end.reply, weights[team]))
            times.append(_times(prompt, team, end.reply, end.at))
        else:
            missing.append(missing_answer((prompt, team), end.reply, at=end.at))
    return Prepared(
        plan=plan,
        answers=tuple(answers),
        times=tuple(times),
        missing=tuple(missing),
    )


def parse_written_answers(data: bytes, *, where: str) -> tuple[WrittenAnswer, ...]:
    """The answers in `answers.json`. Raises: InvalidInput."""
    try:
        plain = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise InvalidInput(
            f"{where} is not JSON: {error}",
            remedy="give the answers.json that `dokja contest answers` wrote",
        ) from error
    found = read_as(plain, _AnswersFile, where=where)
    if found.schema != ANSWERS_SCHEMA:
        raise InvalidInput(
            f"{where} is of {found.schema!r}, not {ANSWERS_SCHEMA!r}",
            remedy="give the answers.json that `dokja contest answers` wrote",
        )
    return found.answers


def _answer(prompt: str, team: str, end: Answer, weights: str) -> WrittenAnswer:
    return WrittenAnswer(
        prompt=prompt,
        team=team,
        text=end.text,
        finish=end.finish,
        tokens=end.tokens,
        model=end.model,
        weights=weights,
    )


def _times(prompt: str, team: str, end: Answer, at: str) -> AnswerTimes:
    return AnswerTimes(
        prompt=prompt,
        team=team,
        attempts=end.attempts,
        first_token_seconds=end.first_token_seconds,
        seconds=end.seconds,
        at=at,
    )


def missing_answer(place: Place, end: EndpointFault, *, at: str) -> MissingAnswer:
    """The fault as what is missing for it."""
    prompt, team = place
    return MissingAnswer(
        prompt=prompt,
        team=team,
        reason=end.reason,
        detail=end.detail,
        attempts=end.attempts,
        at=at,
    )
