"""Runs of the command line: a suite, a model, an engine and a folder in, a run out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import msgspec

from dokja.adapters.folders.run_folder import RunFolder
from dokja.adapters.folders.text_files import read_texts
from dokja.adapters.harness import LmEvalHarness
from dokja.adapters.weights import LocalModelFolder
from dokja.benchmark.contamination import (
    AnsweredSuite,
    index_texts,
    overlap_evidence,
    read_together,
    twin_evidence,
)
from dokja.benchmark.contamination.read_together import RULES
from dokja.benchmark.contamination.values import ContaminationFinding
from dokja.benchmark.ports import Harness
from dokja.benchmark.runs import (
    Running,
    compare_runs,
    quota_of,
    require_quota,
    resume_run,
)
from dokja.benchmark.runs.ports import ShardTask
from dokja.benchmark.runs.resume import OnItems
from dokja.benchmark.runs.values import Allowance, RunComparison, RunPlan
from dokja.benchmark.values import OfficialRun, PriceList, SampleRecord, Suite
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_of, read_as
from dokja.instrument_wiring import make_compute
from dokja.settings import Settings
from dokja.submission.seal import changed_files, files_root
from dokja.submission.values import ComponentKind, SealedFile

RUN, SUITES = "run.json", "suites.json"


class Engine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What measures, with every parameter of it that changes a score."""

    name: str
    batch_size: int = 16
    dtype: str = "float32"


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """What to measure and where the run is kept."""

    suite: Suite
    model: str
    subject: str
    engine: Engine
    out: Path
    repeats: int
    shard_items: int
    prices: PriceList | None
    allowance: Allowance | None


@dataclass(frozen=True, kw_only=True)
class KeptRun:
    """A run that ended, with the suites it was asked."""

    run: OfficialRun
    suites: tuple[Suite, ...]


def run_benchmark(
    request: RunRequest, *, settings: Settings, on_items: OnItems
) -> KeptRun:
    """The run, kept whole in its folder; one that was stopped goes on.

    Raises: Conflict where the folder keeps another run or the weights changed
    meanwhile, InvalidInput where the engine cannot score the suite, NotAllowed
    where the allowance is used up, and what measuring raises.
    """
    harness, suites = make_harness(request.engine), (request.suite,)
    _require_scoring(harness, request.suite)
    before = model_files(request.model, settings)
    plan = RunPlan(
        subject=request.subject,
        weights_root=files_root(before),
        engine=harness.engine,
        suites_digest=digest_of(list(suites)),
        repeats=request.repeats,
        shard_items=request.shard_items,
        prices=request.prices,
    )
    folder = RunFolder(request.out)
    if request.allowance is not None:
        attempts = [
            a for other in folder.beside(plan.subject) for a in other.attempts()
        ]
        require_quota(quota_of(attempts, request.allowance))
    run = resume_run(
        plan,
        suites,
        request.model,
        Running(
            store=folder,
            compute=make_compute(settings),
            measure=partial(measure_shard, request.engine),
            on_items=on_items,
        ),
    )
    changed = changed_files(before, model_files(request.model, settings))
    if changed:
        raise Conflict(
            f"{', '.join(changed[:3])} changed while the model was measured",
            remedy="measure again into another folder: this one may hold answers "
            "of other weights",
        )
    folder.publish({RUN: canonical_bytes(run), SUITES: canonical_bytes(suites)})
    return KeptRun(run=run, suites=suites)


def measure_shard(engine: Engine, task: ShardTask) -> tuple[SampleRecord, ...]:
    """The records of a shard; made in whichever process does the work."""
    return make_harness(engine).run(task.model, [task.suite], repeat=task.shard.repeat)


@lru_cache(maxsize=4)
def make_harness(engine: Engine) -> Harness:
    """The harness of that name. Raises: InvalidInput for an unknown one."""
    if engine.name not in ENGINES:
        raise InvalidInput(
            f"there is no engine {engine.name!r}",
            remedy=f"give one of {', '.join(ENGINES)}",
        )
    return ENGINES[engine.name](engine)


def compare_kept(left: Path, right: Path) -> tuple[RunComparison, KeptRun, KeptRun]:
    """Two kept runs side by side, with both. Raises: Unavailable, InvalidInput."""
    ours, theirs = read_kept(left), read_kept(right)
    suites = {suite.header.id: suite for suite in (*theirs.suites, *ours.suites)}
    return compare_runs(ours.run, theirs.run, suites), ours, theirs


def find_twins(
    teams: Sequence[tuple[Path, Path]], references: Sequence[tuple[Path, Path]]
) -> tuple[ContaminationFinding, ...]:
    """Every team's lead on public items over fresh twins, read together.

    Each pair is the folders of a run on the public suite and of one on the
    fresh suite. Raises: Unavailable, InvalidInput.
    """
    known = [_twins(*pair) for pair in references]
    return read_together([twin_evidence(_twins(*pair), known) for pair in teams])


def find_overlap(
    teams: Sequence[Path], references: Sequence[Path], texts: Sequence[Path]
) -> tuple[ContaminationFinding, ...]:
    """What items that recur in the texts add to every team's score, read together."""
    index = index_texts(read_texts(texts), RULES.gram_words)
    known = [_answered(folder) for folder in references]
    return read_together(
        [overlap_evidence(_answered(folder), known, index) for folder in teams]
    )


def _twins(public: Path, fresh: Path) -> tuple[AnsweredSuite, AnsweredSuite]:
    return _answered(public), _answered(fresh)


def _answered(folder: Path) -> AnsweredSuite:
    kept = read_kept(folder)
    if len(kept.suites) != 1:
        raise InvalidInput(
            f"{folder} holds a run on {len(kept.suites)} suites",
            remedy="give runs on one suite each",
        )
    return AnsweredSuite(run=kept.run, suite=kept.suites[0])


def read_kept(folder: Path) -> KeptRun:
    """A run that ended, from its folder. Raises: Unavailable where none ended there."""
    texts = RunFolder(folder).published((RUN, SUITES))
    run = read_as(texts[RUN], OfficialRun, where=f"{folder}/{RUN}")
    suites = read_as(texts[SUITES], tuple[Suite, ...], where=f"{folder}/{SUITES}")
    if digest_of(list(suites)) != run.suites_digest:
        raise InvalidInput(
            f"the suites in {folder} are not those the run was asked",
            remedy="use the folder as `dokja benchmark run` left it",
        )
    return KeptRun(run=run, suites=suites)


def name_of(model: str) -> str:
    """What a model is called where nobody names it: its folder's or file's name.

    The folder above where the own one is called after a component.
    """
    path = Path(model).resolve()
    return path.parent.name if path.name in set(ComponentKind) else path.name


def model_files(model: str, settings: Settings) -> tuple[SealedFile, ...]:
    """Every file of the model with its digest."""
    path = Path(model)
    if path.is_dir():
        return LocalModelFolder(path, block_bytes=settings.block_bytes).files()
    if not path.is_file():
        raise Unavailable(
            f"there is no model at {model}",
            remedy="give a folder that transformers opens, or a GGUF file",
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return (
        SealedFile(
            path=path.name, size_bytes=path.stat().st_size, digest=f"sha256:{digest}"
        ),
    )


def _require_scoring(harness: Harness, suite: Suite) -> None:
    scoring = suite.header.scoring
    if scoring not in harness.scorings:
        able = ", ".join(sorted(found.value for found in harness.scorings))
        raise InvalidInput(
            f"suite {suite.header.id} is scored by {scoring.value}, which this engine "
            "cannot do",
            remedy=f"this engine scores {able}; give another with --engine",
        )


def _lm_eval(engine: Engine) -> Harness:
    return LmEvalHarness(batch_size=engine.batch_size, dtype=engine.dtype)


ENGINES: Mapping[str, Callable[[Engine], Harness]] = {"lm-eval": _lm_eval}
