"""A real small GPT, trained once and recorded with its materials, to be replayed."""

from __future__ import annotations

import importlib.util
import json
import math
import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import torch
from safetensors import numpy as safetensors_numpy

from dokja.adapters.records import MaterialsFolder
from dokja.adapters.replay_program import described
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.seeds import permutation, seed_for, uniform_draws
from dokja.recorder import Announcement, Recorder, code_digest
from dokja.training import Audit
from dokja.training.jobs import Configuration, LossJob, TrainJob, TrainResult
from dokja.training.kept_state import HeldState, KeptState
from dokja.training.values import DataShard, Init
from dokja.web.witness import make_witness_app
from dokja.wiring.training import VerifyRequest
from dokja.wiring.witness import WitnessRequest, open_witness
from tests.recorded_run import write_keys
from tests.served_app import served_app

PROGRAM = Path(__file__).parent / "trained_program"
TEAM, RUN = "alpha", "run-1"
VOCABULARY, CONTEXT, LENGTH = 256, 48, 49
DOCUMENTS = {"text-1": 400, "text-2": 400, "held-out": 160}
BEACON = "5ca1ab1e" * 8


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How the run is trained; the defaults take some seconds on one thread."""

    steps: int = 200
    every: int = 20
    """Steps to a checkpoint."""
    batch: int = 4
    peak: float = 5e-3
    dropout: float = 0.0
    dtype: str = "float32"
    """Of the arithmetic; weights are kept in float32."""
    seed: str = "1234"
    micro_batch: int | None = None
    """What the record says of how batches were split."""


@dataclass(frozen=True, kw_only=True)
class TrainedRun:
    """Where everything of the run lies."""

    folder: Path
    recipe: Recipe
    private: Path
    public: Path
    witness: Path | None
    """The witness's public key, where one watched."""

    @property
    def record(self) -> Path:
        """The record."""
        return self.folder / "record"

    @property
    def materials(self) -> Path:
        """What the team opens."""
        return self.folder / "materials"

    @property
    def release(self) -> Path:
        """The published weights: the last checkpoint's, in bfloat16."""
        return self.folder / "release"

    def request(self, record: Path | None = None) -> VerifyRequest:
        """What a reader of the record, or of a copy, trusts."""
        keys = () if self.witness is None else (self.witness,)
        return VerifyRequest(
            record=record or self.record, team_key=self.public, witness_keys=keys
        )

    def audit(self, materials: Path | None = None, *, segments: int = 3) -> Audit:
        """An auditor who replays in this process."""
        place = materials or self.materials
        return Audit(
            materials=MaterialsFolder(place),
            machine=SameProcess(place / "program"),
            beacon=BEACON,
            segments=segments,
        )


def program_module(folder: Path) -> Any:
    """The team's program as a module."""
    spec = importlib.util.spec_from_file_location(
        "trained_program", folder / "train.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class SameProcess:
    """Implements `ReplayMachine` by the program's own functions, without a process."""

    open_to = ""

    def __init__(self, program: Path) -> None:
        self._module = program_module(program)
        self._config = self._module.read_config(program)

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        parts = 1 if self._config["dropout"] else 2
        return Configuration(), Configuration(micro_batches=parts)

    def initial(self, init: Init, *, seed: str) -> KeptState:
        assert init.recipe == "normal 0.02"
        with torch.random.fork_rng():
            model = self._module.fresh(self._config, seed)
        return _state(self._module.flat(dict(model.named_parameters())))

    def train(
        self, jobs: Sequence[TrainJob], on: Configuration
    ) -> tuple[TrainResult, ...]:
        found = []
        for job in jobs:
            batches = [torch.from_numpy(np.stack(step.sequences)) for step in job.steps]
            with torch.random.fork_rng():
                out, losses = self._module.train_again(
                    self._config, described(job, on), _tensors(job.start), batches
                )
            found.append(TrainResult(end=_state(out), losses=tuple(losses)))
        return tuple(found)

    def losses(self, jobs: Sequence[LossJob]) -> tuple[tuple[float, ...], ...]:
        found = []
        for job in jobs:
            rows = [torch.from_numpy(row) for row in job.sequences]
            with torch.random.fork_rng():
                found.append(
                    tuple(
                        self._module.losses_again(
                            self._config, _tensors(job.state), rows
                        )
                    )
                )
        return tuple(found)


def _tensors(state: KeptState) -> dict[str, torch.Tensor]:
    return {name: _tensor(state.array(name)) for name in state.names()}


def _tensor(array: Any) -> torch.Tensor:
    if array.dtype.name == "bfloat16":  # Neither side knows the other's.
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16)
    return torch.from_numpy(array.copy())


def _state(tensors: dict[str, torch.Tensor]) -> HeldState:
    return HeldState({name: _array(each.detach()) for name, each in tensors.items()})


def _array(tensor: torch.Tensor) -> Any:
    if tensor.dtype == torch.bfloat16:
        return tensor.view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return tensor.numpy()


def write_data(folder: Path) -> dict[str, DataShard]:
    """The shards of a source whose sequences can be learned, and learned by heart."""
    folder.mkdir(parents=True)
    drawn = uniform_draws(seed_for("a source", ""), VOCABULARY * 4)
    follows = (drawn * VOCABULARY).astype(np.int64).reshape(VOCABULARY, 4)
    found = {}
    for name, count in DOCUMENTS.items():
        draws = uniform_draws(seed_for("documents", name), count * LENGTH * 3)
        draws = draws.reshape(count, LENGTH, 3)
        tokens = np.empty((count, LENGTH), dtype=np.int64)
        last = (draws[:, 0, 0] * VOCABULARY).astype(np.int64)
        for place in range(LENGTH):
            known = follows[last, (draws[:, place, 1] * 4).astype(np.int64)]
            other = (draws[:, place, 2] * VOCABULARY).astype(np.int64)
            last = np.where(draws[:, place, 0] < 0.8, known, other)
            tokens[:, place] = last
        path = folder / f"{name}.safetensors"
        starts = np.arange(count, dtype=np.int64) * LENGTH
        whole: dict[str, Any] = {
            "tokens": tokens.reshape(-1).astype(np.int32),
            "documents": starts,
        }
        safetensors_numpy.save_file(whole, path)
        found[name] = DataShard(
            name=name,
            digest=digest_bytes(path.read_bytes()),
            bytes=path.stat().st_size,
            tokens=count * LENGTH,
            licence="CC0-1.0",
            source="drawn by tests/trained_run.py",
            documents=count,
        )
    return found


def order_of(recipe: Recipe) -> list[list[tuple[str, int, int, int]]]:
    """Where the batch of each step is read from: every document once, shuffled."""
    places = [
        (name, document)
        for name in ("text-1", "text-2")
        for document in range(DOCUMENTS[name])
    ]
    mixed = permutation(seed_for("order", recipe.seed), len(places))
    rows = [(*places[n], 0, LENGTH) for n in mixed.tolist()]
    size = recipe.batch
    return [rows[n * size : (n + 1) * size] for n in range(recipe.steps)]


def rate(step: int, recipe: Recipe) -> float:
    """Ten steps up, then a cosine down to a tenth."""
    down = 0.1 + 0.45 * (1 + math.cos(math.pi * step / recipe.steps))
    return recipe.peak * min(1.0, step / 10) * down


def write_materials(folder: Path, recipe: Recipe) -> None:
    """Program and plan, as a team lays them out before it trains."""
    shutil.copytree(
        PROGRAM, folder / "program", ignore=shutil.ignore_patterns("__pycache__")
    )
    sizes = {"hidden": 64, "heads": 4, "layers": 2, "context": CONTEXT}
    config: dict[str, Any] = {
        **sizes,
        "vocabulary": VOCABULARY,
        "dropout": recipe.dropout,
    }
    config["dtype"] = recipe.dtype
    (folder / "program" / "config.json").write_text(json.dumps(config))
    (folder / "materials.toml").write_text(
        f"""
[program]
command = ["python", "train.py"]
dtype = "{recipe.dtype}"
dropout = {recipe.dropout}
[model]
parameters = 119552
active_parameters = 119552
layers = 2
hidden = 64
context = {CONTEXT}
vocabulary = {VOCABULARY}
[held_out]
shards = ["held-out"]
"""
    )


def train_and_record(
    folder: Path, recipe: Recipe | None = None, *, witnessed: bool = False
) -> TrainedRun:
    """Train, record and keep everything; a witness cosigns where asked for."""
    asked = recipe or Recipe()
    folder.mkdir(parents=True, exist_ok=True)
    private, public = write_keys(folder, "team")
    write_materials(folder / "materials", asked)
    shards = write_data(folder / "materials" / "data")
    run = TrainedRun(
        folder=folder,
        recipe=asked,
        private=private,
        public=public,
        witness=write_keys(folder, "witness")[1] if witnessed else None,
    )
    with ExitStack() as stack:
        address = stack.enter_context(_witness(run, stack)) if witnessed else None
        record = stack.enter_context(_recorder(run, address))
        _train(run, record, shards)
    return run


def _witness(run: TrainedRun, stack: ExitStack) -> Any:
    request = WitnessRequest(
        work=run.folder / "witness",
        key=run.folder / "witness.pem",
        name="office",
        teams={TEAM: run.public},
        is_new=True,
        one_in=1_000_000,
    )
    desk = stack.enter_context(open_witness(request, clock=lambda: int(time.time())))
    return served_app(make_witness_app(desk))


def _recorder(run: TrainedRun, witness: str | None) -> Recorder:
    said = Announcement(
        code=code_digest(run.materials / "program"),
        micro_batch=run.recipe.micro_batch,
        deterministic=True,
    )
    record = Recorder(
        run.record,
        team=TEAM,
        run=RUN,
        key=run.private,
        witness=witness,
        announced=said,
    )
    record.keep_materials(run.materials)
    return record


def _train(run: TrainedRun, record: Recorder, shards: dict[str, DataShard]) -> None:
    program, recipe = program_module(run.materials / "program"), run.recipe
    config = program.read_config(run.materials / "program")
    reader = MaterialsFolder(run.materials)
    tokens = {n: reader.shard(n) for n in shards}
    with torch.random.fork_rng():
        model = program.fresh(config, recipe.seed)
        optimizer = program.optimizer_of(model)
        record.begin(model, optimizer, recipe="normal 0.02", seed=recipe.seed)
        record.data(
            [shards["text-1"], shards["text-2"]],
            sampler="permutation of documents",
            seed=recipe.seed,
        )
        record.checkpoint(0, program.state_of(model, optimizer))
        for step, rows in enumerate(order_of(recipe), start=1):
            ids = np.stack(
                [
                    tokens[name].tokens(doc * LENGTH + at, doc * LENGTH + at + length)  # type: ignore[union-attr]
                    for name, doc, at, length in rows
                ]
            )
            lr = rate(step, recipe)
            loss = program.take_step(model, optimizer, torch.from_numpy(ids), lr)
            record.step(step, loss=loss, batch=rows)
            if step % recipe.every == 0:
                record.checkpoint(step, program.state_of(model, optimizer))
        run.release.mkdir()
        _release(model, run.release / "model.safetensors")


def _release(model: torch.nn.Module, path: Path) -> None:
    from safetensors.torch import save_file

    save_file({n: p.detach().bfloat16() for n, p in model.named_parameters()}, path)
