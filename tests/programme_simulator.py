"""A stage in memory: every port implemented, every result drawn from a seed.

What a model answers and what lineage finds is set by the test; sealing,
records, standing, findings and decision are the product's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import OfficialRun, SampleRecord, SampleStatus, Suite
from dokja.errors import Conflict, Unavailable
from dokja.evidence.canonical import act_digest, digest_bytes, digest_of
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.evidence.values import Act, Check, CheckResult, Text
from dokja.lineage import shipped_rules
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageVerdict,
    TokenizerComparison,
    worst,
)
from dokja.stage import StageInputs, StageRecord, StageTexts, read_stage, run_stage
from dokja.stage.ports import BenchmarkTask, Instruments, LineageTask, RecordTask
from dokja.submission.ports import Checkpoint, Indices, ModelFolder, Rows
from dokja.submission.values import DigestedFile, SealedFile
from dokja.training.tier_words import CANNOT_PROVE, MEANING
from dokja.training.values import RecordVerdict, Tier
from dokja.wiring.instruments import PemKeys
from dokja.wiring.licence_tables import shipped_tables
from tests.rulebooks import EXAMPLE

Item = TypeVar("Item")
Result = TypeVar("Result")

TEAMS = ("t1", "t2", "t3", "t4", "t5")
SKILL = {"t1": 0.9, "t2": 0.8, "t3": 0.7, "t4": 0.6, "t5": 0.2, "reference:r1": 0.85}
SUITES = {"nia": "s-nia", "common": "s-common", "individual": "s-own"}
ITEMS = 40
NO_TIES = """
schema = "dokja-panel-plan/1"
on = 2026-01-05

[register]
experts = ["e1", "e2", "e3", "e4", "e5"]
organisations = []
teams = ["t1", "t2", "t3", "t4", "t5"]
ties = []
"""


class MemoryActLog:
    """An append-only record in memory."""

    def __init__(self) -> None:
        self._acts: dict[tuple[str, ...], Act] = {}

    def append(self, acts: Sequence[Act]) -> None:
        fresh = dict(self._acts)
        for act in acts:
            name = (act.programme, act.stage, act.kind, act.subject)
            if name in fresh and act_digest(fresh[name]) != act_digest(act):
                raise Conflict(f"{name} has another body", remedy="append nothing else")
            fresh.setdefault(name, act)
        self._acts = fresh

    def acts(self, programme: str, stage: str) -> tuple[Act, ...]:
        return tuple(
            act
            for act in self._acts.values()
            if (act.programme, act.stage) == (programme, stage)
        )


@dataclass
class MemoryCheckpoint:
    """Weights held as arrays."""

    arrays: Mapping[str, Rows]
    config: Mapping[str, object] = field(default_factory=dict)
    vocabulary: Mapping[str, int] | None = None

    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        return {name: array.shape for name, array in self.arrays.items()}

    def digest(self, name: str) -> str:
        return digest_bytes(self.arrays[name].tobytes())

    def rows(self, name: str, start: int, stop: int) -> Rows:
        return self.arrays[name][start:stop]

    def picked(self, name: str, rows: Indices, columns: Indices | None) -> Rows:
        taken = self.arrays[name][rows]
        return taken if columns is None else taken[:, columns]

    def blocks(self, name: str) -> Iterator[Rows]:
        yield self.arrays[name]


@dataclass
class MemoryFolder:
    """A submission whose files are texts, with one component's weights."""

    texts: dict[str, str]
    weights: Rows

    def read_text(self, path: str) -> str:
        if path not in self.texts:
            raise Unavailable(f"{path} is missing", remedy="hand it in")
        return self.texts[path]

    def files(self) -> tuple[SealedFile, ...]:
        contents = {path: text.encode() for path, text in self.texts.items()}
        contents["text_decoder/model.safetensors"] = self.weights.tobytes()
        return tuple(
            SealedFile(path=path, size_bytes=len(data), digest=digest_bytes(data))
            for path, data in sorted(contents.items())
        )

    def read_bytes(self, path: str, *, limit: int) -> bytes:
        return self.read_text(path).encode()[:limit]

    def digests(self) -> tuple[DigestedFile, ...]:
        return tuple(DigestedFile(file=file) for file in self.files())

    def checkpoint(self, path: str) -> Checkpoint:
        return MemoryCheckpoint({f"{path}.weight": self.weights})


class SimulatedStage:
    """A stage of five teams and one reference, changed by the test before it runs."""

    def __init__(self) -> None:
        self.log = MemoryActLog()
        self.rulebook = EXAMPLE
        self.skill = dict(SKILL)
        self.engine = "simulated"
        self.on_measured: Callable[[str], object] = lambda _: None
        self.verdicts: dict[str, LineageVerdict] = {}
        self.training = ""
        self.tiers: dict[str, Tier] = {}
        self.replies: list[dict[str, object]] = []
        self.exceptions = ""
        self.candidates: str | None = None
        self.figures: str | None = None
        self.interests: str | None = NO_TIES
        self.assignment: str | None = None
        self.contest: str | None = None
        self.dossier: str | None = None
        self.conflicts = {"e1": ["t5"]}
        self.concerns: dict[str, str] = {}
        self.steps: list[tuple[str, str]] = []
        self.measured: list[str] = []
        self.folders = {name: _folder(name) for name in (*TEAMS, "r1")}

    def submission(self, team: str) -> ModelFolder:
        return self.folders[team]

    def reference(self, reference: str) -> ModelFolder:
        return self.folders[reference]

    def location(self, subject: str) -> str:
        return subject

    def map(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        on_done: Callable[[Item, Result], None],
    ) -> tuple[Result, ...]:
        """Results of the work in this process."""
        results = []
        for item in items:
            results.append(work(item))
            on_done(item, results[-1])
        return tuple(results)

    def inputs(self) -> StageInputs:
        """What the organiser prepared, read by the product."""
        return read_stage(self.texts(), lineage_rules=shipped_rules())

    def texts(self) -> StageTexts:
        """The organiser's files."""
        return StageTexts(
            rulebook=self.rulebook,
            plan=_plan() + self.training + self.exceptions,
            suites={suite: suite_texts(suite) for suite in SUITES.values()},
            panel=_panel(self.conflicts, self.concerns),
            ballots=_ballots(),
            replies=json.dumps(
                {"synthetic": True, "note": _both("made up"), "replies": self.replies}
            ),
            candidates=self.candidates,
            figures=self.figures,
            interests=self.interests,
            assignment=self.assignment,
            contest=self.contest,
            dossier=self.dossier,
        )

    def instruments(self) -> Instruments:
        """Instruments that answer as the test has set."""
        return Instruments(
            compute=self,
            benchmark=self._answer,
            compare=self._compare,
            verify_record=self._verify,
            keys=PemKeys(),
            on_step=lambda phase, subject: self.steps.append((phase, subject)),
            licence_tables=shipped_tables,
        )

    def run(self) -> StageRecord:
        """The record of the stage, by the product's own act."""
        return run_stage(
            self.inputs(),
            folders=self,
            instruments=self.instruments(),
            log=self.log,
        )

    def acts(self) -> tuple[Act, ...]:
        """Everything on record."""
        return self.log.acts("example", "stage-1")

    def _answer(self, task: BenchmarkTask) -> OfficialRun:
        self.measured.append(task.subject)
        self.on_measured(task.subject)
        samples = []
        for suite in task.suites:
            draws = uniform_draws(
                seed_for("answers", f"{task.subject}/{suite.header.id}"),
                len(suite.items),
            )
            for item, draw in zip(suite.items, draws, strict=True):
                right = bool(draw < self.skill[task.subject])
                answer = item.answer or 0
                chosen = answer if right else 1 - answer
                samples.append(_sample(suite, item.id, chosen, int(right)))
        return OfficialRun(
            subject=task.subject,
            weights_root=task.weights_root,
            engine=self.engine,
            suites_digest=digest_of(list(task.suites)),
            samples=tuple(samples),
        )

    def _compare(self, task: LineageTask) -> LineageReport:
        self.measured.append(f"{task.team}/{task.reference}")
        self.on_measured(f"{task.team}/{task.reference}")
        verdict = self.verdicts.get(task.team, LineageVerdict.NO_EVIDENCE)
        component = ComponentLineage(
            name="text_decoder",
            reference=task.reference,
            verdict=verdict,
            relation=None,
            explained_share=None,
            layer_map=(),
            detection_limit=0.1,
            tests=(),
            identical_tensors=0,
            tested_tensors=1,
            untested=(),
            reason=_text("set by the test"),
        )
        return LineageReport(
            candidate=task.team,
            reference=task.reference,
            rules_digest=digest_of(task.rules),
            verdict=worst((verdict,)),
            components=(component,),
            tokenizer=TokenizerComparison(agreement=None, controls=()),
            limits=_text("simulated"),
        )

    def _verify(self, task: RecordTask) -> RecordVerdict:
        self.measured.append(f"{task.team}/{task.component}")
        tier = self.tiers.get(task.team, Tier.E2)
        passed = CheckResult.FAIL if tier is Tier.E0 else CheckResult.PASS
        return RecordVerdict(
            run=f"{task.team}/run",
            events=1,
            tier=tier,
            outcome=passed,
            meaning=MEANING[tier],
            checks=(Check(id="V1", result=passed, detail=_text("set by the test")),),
            cannot_prove=CANNOT_PROVE,
        )


def _sample(suite: Suite, item_id: str, chosen: int, score: int) -> SampleRecord:
    item = next(item for item in suite.items if item.id == item_id)
    return SampleRecord(
        suite=suite.header.id,
        suite_version=suite.header.version,
        item=item.id,
        item_digest=item_digest(item),
        cluster=item.cluster,
        status=SampleStatus.SCORED,
        chosen=chosen,
        score=score,
    )


def _folder(name: str) -> MemoryFolder:
    head = (
        f'id = "{name}"\n'
        if name == "r1"
        else f'team = "{name}"\nstage = "stage-1"\nindividual_suites = ["s-own"]\n'
    )
    text = head + (
        f'model = "{name}-model"\nlicence = "Apache-2.0"\n'
        f'name = {{ ko = "{name}", en = "{name}" }}\n'
        '[[components]]\nkind = "text_decoder"\npath = "text_decoder"\n'
        'weight_state = "initialised"\norigin = ""\nlicence = "Apache-2.0"\n'
    )
    training = {"recipe": "training/r", "data": "training/d", "loss": "training/l"}
    if name != "r1":
        text += "[training]\n"
        text += "".join(f'{key} = "{path}"\n' for key, path in training.items())
    texts = {"model.toml" if name == "r1" else "submission.toml": text}
    texts |= dict.fromkeys(training.values(), "kept by the team")
    draws = uniform_draws(seed_for("weights", name), 64).reshape(8, 8)
    return MemoryFolder(texts=texts, weights=draws.astype(np.float32))


def _plan() -> str:
    teams = ", ".join(f'"{team}"' for team in TEAMS)
    suites = "".join(f'{part} = ["{suite}"]\n' for part, suite in SUITES.items())
    days = {
        "rules_frozen": "01",
        "sealed": "02",
        "benchmarked": "03",
        "panel_closed": "04",
        "ballots_closed": "04",
        "lineage_measured": "05",
        "reply_requested": "06",
        "decided": "13",
    }
    schedule = "".join(
        f'{name} = "2026-03-{day}T09:00:00+09:00"\n' for name, day in days.items()
    )
    return (
        'schema = "dokja-stage/1"\nprogramme = "example"\nstage = "stage-1"\n'
        f'teams = [{teams}]\nreferences = ["r1"]\ntarget_reference = "r1"\n'
        'models_folder = "."\nreferences_folder = "."\nbeacon = "after the seal"\n'
        '[name]\nko = "모의"\nen = "Simulated"\n[note]\nko = "모의"\nen = "Simulated"\n'
        f"[suites]\n{suites}"
        '[harness]\nname = "simulated"\nbatch_size = 1\ndtype = "float32"\n'
        f"[schedule]\n{schedule}"
    )


def suite_texts(suite: str, *, items: int = ITEMS) -> tuple[str, str]:
    """Header and items of a suite of yes and no."""
    header = (
        f'id = "{suite}"\nversion = "1"\ntrack = "text"\nlanguage = "ko"\n'
        'licence = "CC0-1.0"\nauthors = ["tests"]\nsource = "simulated"\n'
        f"chance = 0.5\nitems = {items}\n"
        'title = { ko = "모의", en = "Simulated" }\n'
        'description = { ko = "모의", en = "Simulated" }\n'
    )
    rows = [
        {
            "id": f"{suite}-{index}",
            "question": f"question {index}",
            "choices": ["yes", "no"],
            "answer": index % 2,
            "cluster": f"c{index // 2}",
        }
        for index in range(items)
    ]
    return header, "\n".join(json.dumps(row) for row in rows)


def _panel(conflicts: Mapping[str, list[str]], concerns: Mapping[str, str]) -> str:
    experts = [f"e{index}" for index in range(1, 6)]
    sheets: list[dict[str, object]] = [
        {"expert": expert, "team": team, "scores": {"plan": 9 - rank - (place % 2)}}
        for place, expert in enumerate(experts)
        for rank, team in enumerate(TEAMS)
        if team not in conflicts.get(expert, [])
    ]
    for sheet in sheets:
        if sheet["team"] in concerns:
            doubt = {"about": "text_decoder", "text": concerns[str(sheet["team"])]}
            sheet["concerns"] = [doubt]
    panel = {
        "synthetic": True,
        "note": _both("made up"),
        "criteria": [{"id": "plan", "name": _both("plan"), "max": 10}],
        "experts": [
            {"id": expert, "conflicts": conflicts.get(expert, [])} for expert in experts
        ],
        "sheets": sheets,
    }
    return json.dumps(panel)


def _ballots() -> str:
    ballots = [
        {"user": f"u{user}", "team": team, "answers": {"use": 8 - rank - user % 3}}
        for user in range(12)
        for rank, team in enumerate(TEAMS)
    ]
    box = {
        "synthetic": True,
        "note": _both("made up"),
        "scale": {"min": 0, "max": 10},
        "questions": [{"id": "use", "name": _both("use")}],
        "ballots": ballots,
    }
    return json.dumps(box)


def _both(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}


def _text(text: str) -> Text:
    return Text(ko=text, en=text)
