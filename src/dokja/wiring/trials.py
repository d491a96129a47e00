"""The keeper of a stage's user evaluation: opens it, shows models, takes ballots.

Tasks and answers are those of the public contest, unless the stage's folder has
a folder `trials` with a `contest.toml` and `answers.jsonl` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from dokja.adapters.store import Store
from dokja.contest.battles.self_naming import self_namings
from dokja.contest.users.blind_answers import (
    BlindAnswer,
    CostBands,
    blind_answer,
    cost_bands,
)
from dokja.contest.users.trials import (
    CAST,
    Trials,
    TrialsPhase,
    UserBallot,
    admit_user,
    ballots_of,
    blind_models,
    box_of,
    cast_ballot,
    check_trials,
    close_trials,
    open_trials,
    opened_trials,
    phase_of_trials,
    recusals_of,
    trials_id,
)
from dokja.contest.values import BallotBox, ContestPlan
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.people.ports import Desk
from dokja.wiring.contest_files import (
    ContestMaterials,
    freeze_materials,
    has_contest,
    read_materials,
)
from dokja.wiring.contests import ContestSetting

FOLDER = "trials"
NOTE = Text(
    ko="초청 이용자가 모델 이름을 가린 채 작성하여 제출한 평가표입니다.",
    en="Ballots that invited users handed in on models under blind labels.",
)


@dataclass(frozen=True, kw_only=True)
class UserProgress:
    """How far one invited user has come; nothing of what they think."""

    user: str
    is_admitted: bool
    models: int
    """That this user rates."""
    handed_in: int


class TrialsKeeper:
    """The one user evaluation of a stage."""

    def __init__(
        self,
        setting: ContestSetting,
        asked: BallotBox,
        *,
        store: Store,
        desk: Desk,
        clock: Callable[[], datetime],
    ) -> None:
        self.setting = setting
        self.asked = asked
        """Whose scale and questions are put; its ballots are not used."""
        self.store = store
        self.desk = desk
        self._clock = clock

    @cached_property
    def materials(self) -> ContestMaterials:
        """The files: as at the opening, once it was opened."""
        for folder in (
            self.setting.work / FOLDER,
            self.setting.prepared / FOLDER,
            self.setting.prepared,
            self.setting.work,
        ):
            if has_contest(folder):
                return read_materials(folder)
        raise NotAllowed(
            "no tasks were prepared for the user evaluation",
            remedy="put a contest.toml and its answers into the stage's folder",
        )

    @property
    def plan(self) -> ContestPlan:
        """Teams, names and tasks."""
        return self.materials.plan

    @property
    def id(self) -> str:
        """Subject of the evaluation's acts."""
        return trials_id(self.plan)

    @property
    def acts(self) -> tuple[Act, ...]:
        """Acts of the evaluation as a whole."""
        setting = self.setting
        return self.store.votes.named(setting.programme, setting.stage, self.id)

    @property
    def phase(self) -> TrialsPhase:
        """Where the evaluation stands."""
        return phase_of_trials(self.acts)

    @cached_property
    def trials(self) -> Trials:
        """The evaluation with its secret, checked against the opening.

        Raises: NotAllowed before the opening; Conflict where files or secret are
        not those it was opened with.
        """
        opened = opened_trials(self.acts)
        trials = self._with(self._key("secret").hex(), opened.beacon)
        salt = self._key("salt").hex()
        check_trials(opened, trials, self.materials.answers, salt=salt)
        return trials

    def now(self) -> str:
        """This moment as acts name it."""
        return self._clock().isoformat(timespec="seconds")

    def open(self) -> Act:
        """The act that opens the evaluation; opening it again changes nothing."""
        if self.phase is not TrialsPhase.PLANNED:
            return self.acts[0]
        keys, secrets = self.desk.keys, self.desk.secrets
        secret = keys.keep(self._name("secret"), secrets.key()).hex()
        salt = keys.keep(self._name("salt"), secrets.key()).hex()
        freeze_materials(self.materials, self.setting.work / FOLDER)
        trials = self._with(secret, self.setting.beacon)
        answers = self.materials.answers
        return open_trials(self.store.votes, trials, answers, salt=salt, at=self.now())

    def admit(self, user: str, *, employers: Sequence[str]) -> None:
        """Nothing; the user is let in, kept from the models of who employs them.

        What they wrote is kept nowhere; who was in already stays as they were.
        """
        if self.recused(user) is not None:
            return
        names = self.plan.rules.names
        found = {n.team for each in employers for n in self_namings(each, names)}
        found |= {each.strip() for each in employers} & set(self.plan.rules.teams)
        admit_user(
            self.store.votes, self.trials, user, tuple(sorted(found)), at=self.now()
        )

    def recused(self, user: str) -> tuple[str, ...] | None:
        """Teams the user does not rate; None before the user came in."""
        return recusals_of(self.store.votes, self.trials, user)

    def labels(self, user: str) -> tuple[str, ...]:
        """Labels of the models the user rates, in the order shown."""
        return tuple(self._models(user))

    def answers(self, user: str, label: str) -> Mapping[str, BlindAnswer]:
        """The model's answers by task. Raises: NotAllowed for a label of nobody's."""
        team = self._team(user, label)
        return self._blind[team]

    def cost(self, user: str, label: str) -> CostBands:
        """What the model's answers cost, in bands that at least two teams share."""
        return self._costs[self._team(user, label)]

    def ballots(self, user: str) -> Mapping[str, UserBallot]:
        """Label to what the user handed in."""
        return ballots_of(self.store.votes, self.trials, user)

    def hand_in(self, label: str, ballot: UserBallot) -> Act:
        """The act of the ballot. Raises: as `cast_ballot`."""
        return cast_ballot(self.store.votes, self.trials, label, ballot, at=self.now())

    def progress(self, users: Sequence[str]) -> tuple[UserProgress, ...]:
        """How far each user is."""
        if self.phase is TrialsPhase.PLANNED:
            return tuple(
                UserProgress(user=user, is_admitted=False, models=0, handed_in=0)
                for user in users
            )
        return tuple(self._progress(user) for user in users)

    def ballots_by_day(self) -> Mapping[str, int]:
        """Ballots that came in, by date."""
        setting = self.setting
        return self.store.votes.by_day(
            setting.programme, setting.stage, CAST, f"{self.id}/"
        )

    def close(self) -> BallotBox:
        """The box, the evaluation closed; closing it again gives the same box."""
        if self.phase is not TrialsPhase.CLOSED:
            salt = self._key("salt").hex()
            close_trials(self.store.votes, self.trials, salt=salt, at=self.now())
        return self.box()

    def box(self) -> BallotBox:
        """What `ballots.json` holds; before the closing, if it were closed now."""
        setting = self.setting
        acts = self.store.votes.under(setting.programme, setting.stage, self.id)
        return box_of(self.trials, acts, note=NOTE)

    def _progress(self, user: str) -> UserProgress:
        recused = self.recused(user)
        models = 0 if recused is None else len(self.labels(user))
        return UserProgress(
            user=user,
            is_admitted=recused is not None,
            models=models,
            handed_in=len(self.ballots(user)),
        )

    def _models(self, user: str) -> dict[str, str]:
        recused = self.recused(user)
        return {} if recused is None else blind_models(self.trials, user, recused)

    def _team(self, user: str, label: str) -> str:
        team = self._models(user).get(label)
        if team is None:
            raise NotAllowed(
                "there is no such model among those you rate",
                remedy="choose one of the list",
                korean="평가할 모델이 아닙니다. 목록에서 골라 주십시오.",
            )
        return team

    @cached_property
    def _blind(self) -> dict[str, dict[str, BlindAnswer]]:
        found: dict[str, dict[str, BlindAnswer]] = {}
        names = self.plan.rules.names
        for answer in self.materials.answers:
            shown = blind_answer(answer.prompt, answer.text, names)
            found.setdefault(answer.team, {})[answer.prompt] = shown
        return found

    @cached_property
    def _costs(self) -> dict[str, CostBands]:
        return cost_bands(self.materials.answers)

    def _with(self, secret: str, beacon: str) -> Trials:
        return Trials(
            programme=self.setting.programme,
            stage=self.setting.stage,
            plan=self.plan,
            scale=self.asked.scale,
            questions=self.asked.questions,
            beacon=beacon,
            secret=secret,
        )

    def _key(self, name: str) -> bytes:
        found = self.desk.keys.find(self._name(name))
        if found is None:
            raise Conflict(
                f"the user evaluation's {name} is not in this office's store",
                remedy="serve the office with the store it was opened in",
            )
        return found

    def _name(self, name: str) -> str:
        return f"{FOLDER}/{self.id}/{name}"
