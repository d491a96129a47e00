"""A stage whose teams, answers, sheets, comparisons and replies are drawn."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from msgspec.structs import replace

from dokja.adapters.store.act_log import SqlActLog
from dokja.benchmark.values import OfficialRun, SampleStatus
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.evidence.values import Act
from dokja.lineage.values import LineageVerdict
from dokja.stage import StageTexts
from dokja.stage.ports import BenchmarkTask
from dokja.submission.ports import Rows
from tests.programme_simulator import (
    SUITES,
    MemoryFolder,
    SimulatedStage,
    suite_texts,
)

PARTS = ("text_decoder", "vision_encoder")
VERDICTS = (
    *(LineageVerdict.NO_EVIDENCE,) * 6,
    LineageVerdict.DERIVED,
    LineageVerdict.PARTIAL,
    LineageVerdict.REFER,
    LineageVerdict.UNTESTABLE,
)
STATES = (*("initialised",) * 8, "inherited_trained", "inherited_frozen")
EXPERTS = tuple(f"e{number}" for number in range(1, 7))
USERS = 8
ITEMS = 6


@dataclass(frozen=True, kw_only=True)
class Dates:
    """When the acts of a stage happen, counted from its freeze."""

    frozen: datetime
    development_days: int = 60
    decided_after: int = 7
    """Days between the request for replies and the decision; replies have five."""

    @property
    def sealed(self) -> datetime:
        """The end of development."""
        return self.frozen + timedelta(days=self.development_days)

    @property
    def requested(self) -> datetime:
        """When teams are shown what speaks against them."""
        return self.sealed + timedelta(days=4)

    @property
    def decided(self) -> datetime:
        """When the stage is decided."""
        return self.requested + timedelta(days=self.decided_after)

    def toml(self) -> str:
        """The schedule of the plan."""
        moments = {
            "rules_frozen": self.frozen,
            "sealed": self.sealed,
            "benchmarked": self.sealed + timedelta(days=1),
            "panel_closed": self.sealed + timedelta(days=2),
            "ballots_closed": self.sealed + timedelta(days=2),
            "lineage_measured": self.sealed + timedelta(days=3),
            "reply_requested": self.requested,
            "decided": self.decided,
        }
        return "".join(f'{k} = "{v.isoformat()}"\n' for k, v in moments.items())


@dataclass(frozen=True, kw_only=True)
class DrawnTeam:
    """What is so of one team's submission."""

    states: tuple[str, ...]
    """Of its components, the decoder first."""
    verdict: LineageVerdict
    skill: float
    unmeasured: bool
    """Whether one of its answers never came back."""
    unscored: bool
    """Whether no expert handed in a sheet on it."""
    reply_day: int | None
    """Days after the request; None where it does not reply."""


def drawn_team(luck: random.Random) -> DrawnTeam:
    """A team, mostly as one would wish it."""
    parts = luck.choice((1, 1, 1, 2))
    return DrawnTeam(
        states=tuple(luck.choice(STATES) for _ in range(parts)),
        verdict=luck.choice(VERDICTS),
        skill=luck.uniform(0.2, 0.95),
        unmeasured=luck.random() < 0.012,
        unscored=luck.random() < 0.01,
        reply_day=luck.choice((None, 1, 4, 6)),
    )


@dataclass
class Handed:
    """Everything that a stage is decided on, of every team."""

    teams: dict[str, DrawnTeam]
    conflicts: dict[str, list[str]] = field(default_factory=dict)
    """Expert to the teams a conflict was declared with."""


class DrawnStage(SimulatedStage):
    """The stage on the office's record; a test may change it between two runs."""

    def __init__(
        self,
        stage: str,
        handed: Handed,
        dates: Dates,
        *,
        rulebook: str,
        log: SqlActLog,
        luck: random.Random,
    ) -> None:
        super().__init__()
        self.stage, self.handed, self.dates = stage, handed, dates
        self.rulebook = rulebook
        self.log = log  # type: ignore[assignment]
        self.luck = luck
        self.teams: tuple[str, ...] = tuple(sorted(handed.teams))
        self.withdrawn: tuple[str, ...] = ()
        self.beacon = ""
        self.is_handed_in = False
        self.skill = {t: each.skill for t, each in handed.teams.items()}
        self.skill["reference:r1"] = 0.8
        self.verdicts = {t: each.verdict for t, each in handed.teams.items()}
        self.folders = {t: _folder(t, stage, own) for t, own in handed.teams.items()}
        self.folders["r1"] = _reference()
        self.scores = {
            (expert, team): luck.randint(2, 10)
            for expert in EXPERTS
            for team in self.teams
        }
        self.marks = {
            (user, team): luck.randint(0, 10)
            for user in range(USERS)
            for team in self.teams
        }

    def submission(self, team: str) -> MemoryFolder:
        """The team's folder, once it handed one in."""
        if not self.is_handed_in:
            return MemoryFolder(texts={}, weights=np.zeros((1, 1), dtype=np.float32))
        return self.folders[team]

    def texts(self) -> StageTexts:
        """The organiser's files."""
        return StageTexts(
            rulebook=self.rulebook,
            plan=self._plan(),
            suites={each: suite_texts(each, items=ITEMS) for each in SUITES.values()},
            panel=json.dumps(self._panel()),
            ballots=json.dumps(self._ballots()),
            replies=json.dumps(self._replies()),
            interests=self._interests(),
        )

    def own_acts(self) -> tuple[Act, ...]:
        """What is on record of this stage."""
        return self.log.acts("example", self.stage)

    def _answer(self, task: BenchmarkTask) -> OfficialRun:
        run = super()._answer(task)
        team = self.handed.teams.get(task.subject)
        if team is None or not team.unmeasured:
            return run
        first, *rest = run.samples
        lost = replace(first, status=SampleStatus.ERROR, chosen=None, score=None)
        return replace(run, samples=(lost, *rest))

    def _plan(self) -> str:
        suites = "".join(f'{part} = ["{suite}"]\n' for part, suite in SUITES.items())
        return (
            'schema = "dokja-stage/1"\nprogramme = "example"\n'
            f'stage = "{self.stage}"\nteams = {_listed(self.teams)}\n'
            f"withdrawn = {_listed(self.withdrawn)}\n"
            'references = ["r1"]\ntarget_reference = "r1"\nmodels_folder = "."\n'
            f'references_folder = "."\nbeacon = "{self.beacon}"\n'
            '[name]\nko = "모의"\nen = "Simulated"\n'
            '[note]\nko = "모의"\nen = "Simulated"\n'
            f"[suites]\n{suites}"
            '[harness]\nname = "simulated"\nbatch_size = 1\ndtype = "float32"\n'
            f"[schedule]\n{self.dates.toml()}{self.exceptions}"
        )

    @property
    def present(self) -> tuple[str, ...]:
        """Teams that have not withdrawn."""
        return tuple(team for team in self.teams if team not in self.withdrawn)

    def _panel(self) -> dict[str, object]:
        """The sheets, those of experts who may not score among them."""
        return {
            **_made_up(),
            "criteria": [{"id": "plan", "name": _both("plan"), "max": 10}],
            "experts": [{"id": expert, "conflicts": []} for expert in EXPERTS],
            "sheets": [
                {"expert": expert, "team": team, "scores": {"plan": points}}
                for (expert, team), points in self.scores.items()
                if team in self.present and not self.handed.teams[team].unscored
            ],
        }

    def _ballots(self) -> dict[str, object]:
        return {
            **_made_up(),
            "scale": {"min": 0, "max": 10},
            "questions": [{"id": "use", "name": _both("use")}],
            "ballots": [
                {"user": f"u{user}", "team": team, "answers": {"use": mark}}
                for (user, team), mark in self.marks.items()
                if team in self.present
            ],
        }

    def _replies(self) -> dict[str, object]:
        return {
            **_made_up(),
            "replies": [
                {
                    "team": team,
                    "component": "text_decoder",
                    "at": (self.dates.requested + timedelta(days=own.reply_day))
                    .isoformat(),
                    "text": _both("our answer"),
                }
                for team, own in self.handed.teams.items()
                if own.reply_day is not None and team in self.present
            ],
        }  # fmt: skip

    def _interests(self) -> str:
        declared = [
            f'{{ expert = "{expert}", team = "{team}", recorded = 2031-01-01 }}'
            for expert, teams in self.handed.conflicts.items()
            for team in teams
        ]
        return (
            'schema = "dokja-panel-plan/1"\n'
            f"on = {self.dates.frozen.date()}\n[register]\n"
            f"experts = {_listed(EXPERTS)}\norganisations = []\n"
            f"teams = {_listed(self.teams)}\nties = []\n"
            f"declarations = [{', '.join(declared)}]\n"
        )


def _folder(team: str, stage: str, own: DrawnTeam) -> MemoryFolder:
    training = {"recipe": "training/r", "data": "training/d", "loss": "training/l"}
    text = (
        f'team = "{team}"\nstage = "{stage}"\nindividual_suites = ["s-own"]\n'
        f'model = "{team}-model"\nlicence = "Apache-2.0"\n'
        f'name = {{ ko = "{team}", en = "{team}" }}\n'
    )
    for part, state in zip(PARTS, own.states, strict=False):
        text += _component(part, state)
    text += "[training]\n" + "".join(f'{k} = "{v}"\n' for k, v in training.items())
    texts = {"submission.toml": text}
    texts |= dict.fromkeys(training.values(), "kept by the team")
    return MemoryFolder(texts=texts, weights=_weights(f"{team}/{stage}"))


def _reference() -> MemoryFolder:
    text = (
        'id = "r1"\nmodel = "r1-model"\nlicence = "Apache-2.0"\n'
        'name = { ko = "r1", en = "r1" }\n' + _component("text_decoder", "initialised")
    )
    return MemoryFolder(texts={"model.toml": text}, weights=_weights("r1"))


def _component(part: str, state: str) -> str:
    origin = "" if state == "initialised" else "somebody's model"
    return (
        f'[[components]]\nkind = "{part}"\npath = "text_decoder"\n'
        f'weight_state = "{state}"\norigin = "{origin}"\nlicence = "Apache-2.0"\n'
    )


def _weights(name: str) -> Rows:
    draws = uniform_draws(seed_for("weights", name), 16).reshape(4, 4)
    return draws.astype(np.float32)


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _made_up() -> dict[str, object]:
    return {"synthetic": True, "note": _both("made up")}


def _both(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}
