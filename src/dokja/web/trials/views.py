"""What an invited user is shown. Nothing of whose a model is has a field here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dokja.contest.users.blind_answers import Band, BlindAnswer, CostBands, by_field
from dokja.contest.users.trials import TrialsPhase, UserBallot, answer_problems
from dokja.contest.values import Question, Scale
from dokja.evidence.values import Text
from dokja.people.values import Draft
from dokja.wiring.trials import TrialsKeeper

PHASES: Mapping[TrialsPhase, Text] = {
    TrialsPhase.PLANNED: Text(ko="준비 중", en="Not open yet"),
    TrialsPhase.OPEN: Text(ko="평가 중", en="Open"),
    TrialsPhase.CLOSED: Text(ko="마감", en="Closed"),
}
FIELDS: Mapping[str, Text] = {
    "office": Text(ko="사무", en="Office work"),
    "code": Text(ko="코드", en="Code"),
    "numbers": Text(ko="수와 계산", en="Numbers"),
}
"""Names of common fields; another field is shown as the plan writes it."""


class ModelState(StrEnum):
    """How far a user is with a model."""

    WAITING = "waiting"
    DRAFT = "draft"
    HANDED_IN = "handed_in"


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """A model on the list."""

    label: str
    state: ModelState
    filled: int
    questions: int


class ModelList(msgspec.Struct, frozen=True, kw_only=True):
    """The first page: what is asked for and every model under its label."""

    phase: TrialsPhase
    phase_name: Text
    is_admitted: bool
    questions: tuple[Question, ...]
    models: tuple[ModelCard, ...]
    tasks: int
    closes: str
    synthetic: bool
    note: Text

    @property
    def handed_in(self) -> int:
        """Ballots handed in."""
        return sum(card.state is ModelState.HANDED_IN for card in self.models)


class ShownTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task with the model's answer to it."""

    id: str
    text: str
    language: str
    picture: str
    answer: BlindAnswer


class ShownField(msgspec.Struct, frozen=True, kw_only=True):
    """The tasks of one field."""

    name: Text
    tasks: tuple[ShownTask, ...]


class AskedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question of the ballot with what was answered so far."""

    id: str
    name: Text
    answer: int | None
    is_wrong: bool = False


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What the answers cost, in words."""

    tokens: Text | None
    seconds: Text
    n: int


class ModelView(msgspec.Struct, frozen=True, kw_only=True):
    """One model: its answers, what they cost, and the ballot."""

    label: str
    others: tuple[ModelCard, ...]
    fields: tuple[ShownField, ...]
    cost: Cost
    scale: Scale
    questions: tuple[AskedQuestion, ...]
    comment: str
    version: int
    """Of the draft; a save says which one it goes on from."""
    is_saved: bool
    is_handed_in: bool
    may_hand_in: bool
    problems: tuple[Text, ...] = ()

    @property
    def filled(self) -> int:
        """Questions answered."""
        return sum(question.answer is not None for question in self.questions)

    @property
    def marks(self) -> range:
        """Every answer a question takes."""
        return range(self.scale.min, self.scale.max + 1)


def ballot_in(draft: Draft | None, user: str) -> UserBallot:
    """What was saved so far as a ballot; an empty one where nothing was."""
    if draft is None:
        return UserBallot(user=user, answers={})
    body = json.loads(draft.body)
    return UserBallot(user=user, answers=body["answers"], comment=body["comment"])


def model_list(
    keeper: TrialsKeeper, user: str, drafts: Mapping[str, Draft], *, closes: str
) -> ModelList:
    """The list of models as this user sees it."""
    phase = keeper.phase
    is_admitted = phase is not TrialsPhase.PLANNED and keeper.recused(user) is not None
    return ModelList(
        phase=phase,
        phase_name=PHASES[phase],
        is_admitted=is_admitted,
        questions=keeper.asked.questions,
        models=model_cards(keeper, user, drafts) if is_admitted else (),
        tasks=len(keeper.plan.prompts),
        closes=closes,
        synthetic=keeper.plan.synthetic,
        note=keeper.plan.note,
    )


def model_cards(
    keeper: TrialsKeeper, user: str, drafts: Mapping[str, Draft]
) -> tuple[ModelCard, ...]:
    """Every model the user rates, in the user's own order."""
    handed_in = keeper.ballots(user)
    return tuple(
        _card(label, handed_in.get(label), drafts.get(label), keeper)
        for label in keeper.labels(user)
    )


def model_view(
    keeper: TrialsKeeper,
    user: str,
    label: str,
    drafts: Mapping[str, Draft],
    *,
    is_saved: bool = False,
    is_checked: bool = False,
) -> ModelView:
    """The model's page; `is_checked` says what the ballot lacks."""
    handed_in = keeper.ballots(user).get(label)
    ballot = handed_in or ballot_in(drafts.get(label), user)
    problems = answer_problems(keeper.trials, ballot.answers) if is_checked else ()
    wrong = {question for question, _ in problems}
    answers = keeper.answers(user, label)
    draft = drafts.get(label)
    return ModelView(
        label=label,
        others=model_cards(keeper, user, drafts),
        fields=_fields(keeper, answers),
        cost=_cost(keeper.cost(user, label)),
        scale=keeper.asked.scale,
        questions=tuple(
            AskedQuestion(
                id=question.id,
                name=question.name,
                answer=ballot.answers.get(question.id),
                is_wrong=question.id in wrong,
            )
            for question in keeper.asked.questions
        ),
        comment=ballot.comment,
        version=0 if draft is None else draft.version,
        is_saved=is_saved,
        is_handed_in=handed_in is not None,
        may_hand_in=handed_in is None and keeper.phase is TrialsPhase.OPEN,
        problems=tuple(text for _, text in problems),
    )


def _card(
    label: str,
    handed_in: UserBallot | None,
    draft: Draft | None,
    keeper: TrialsKeeper,
) -> ModelCard:
    ballot = handed_in or ballot_in(draft, "")
    state = ModelState.WAITING
    if handed_in is not None:
        state = ModelState.HANDED_IN
    elif draft is not None:
        state = ModelState.DRAFT
    return ModelCard(
        label=label,
        state=state,
        filled=len(ballot.answers),
        questions=len(keeper.asked.questions),
    )


def _fields(
    keeper: TrialsKeeper, answers: Mapping[str, BlindAnswer]
) -> tuple[ShownField, ...]:
    return tuple(
        ShownField(
            name=FIELDS.get(part.field, Text(ko=part.field, en=part.field)),
            tasks=tuple(
                ShownTask(
                    id=task.id,
                    text=task.text,
                    language=task.language,
                    picture=_picture(task.image_digest),
                    answer=answers[task.id],
                )
                for task in part.tasks
            ),
        )
        for part in by_field(keeper.plan.prompts)
    )


def _picture(digest: str) -> str:
    return f"/trials/picture/{digest.removeprefix('sha256:')}" if digest else ""


def _cost(cost: CostBands) -> Cost:
    return Cost(
        tokens=(
            None
            if cost.tokens is None
            else _in_words(cost.tokens, Text(ko="토큰", en=" tokens"))
        ),
        seconds=_in_words(cost.seconds, Text(ko="초", en=" seconds")),
        n=cost.n,
    )


def _in_words(band: Band, unit: Text) -> Text:
    low, high = f"{band.low:,.0f}", "" if band.high is None else f"{band.high:,.0f}"
    if band.high is None and band.low == 0:
        return Text(ko="모델 사이에 구간 차이 없음", en="no model lies in another band")
    if band.high is None:
        return Text(ko=f"{low}{unit.ko} 이상", en=f"{low}{unit.en} or more")
    if band.low == 0:
        return Text(ko=f"{high}{unit.ko} 미만", en=f"below {high}{unit.en}")
    return Text(ko=f"{low}~{high}{unit.ko}", en=f"{low} to {high}{unit.en}")
