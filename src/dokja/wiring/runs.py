"""Runs of the command line: a suite, a model, an engine and a folder in, a run out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dokja.adapters.folders.run_folder import RunFolder
from dokja.adapters.folders.text_files import read_text
from dokja.adapters.harness import LogKind, gguf_digest, import_log
from dokja.adapters.weights import LocalModelFolder
from dokja.benchmark.exchange import LeftOut, exchange
from dokja.benchmark.ports import Harness
from dokja.benchmark.runs import (
    Running,
    compare_runs,
    quota_of,
    require_quota,
    resume_run,
)
from dokja.benchmark.runs.resume import OnItems
from dokja.benchmark.runs.values import Allowance, RunComparison, RunPlan
from dokja.benchmark.values import OfficialRun, PriceList, Suite
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_of, read_as
from dokja.evidence.ports import InOrder
from dokja.settings import Settings
from dokja.submission.seal import files_root
from dokja.submission.values import ComponentKind
from dokja.wiring.engines import DIGEST, SERVED, Engine, harness_for, measure_shard
from dokja.wiring.machines import make_compute

RUN, SUITES = "run.json", "suites.json"


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
    suites = (request.suite,)
    harness = harness_for(request.engine, suites)
    _require_scoring(harness, request.suite)
    before = weights_digest(request, settings)
    plan = RunPlan(
        subject=request.subject,
        weights_root=before,
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
    if weights_digest(request, settings) != before:
        raise Conflict(
            f"{request.model} changed while it was measured",
            remedy="measure again into another folder: this one may hold answers "
            "of other weights",
        )
    return _publish(folder, KeptRun(run=run, suites=suites))


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """A log of a run that was made elsewhere, and what the office says of it."""

    suite: Suite
    log: Path
    kind: str
    """Whose log it is, as `LogKind` names it."""
    subject: str
    served_by: str
    weights: str
    """Digest of the weights as it was declared; a log proves none."""
    repeats: int
    out: Path


def import_run(request: ImportRequest) -> KeptRun:
    """The run in the log, kept like one that was made here.

    Raises: InvalidInput for a log of another suite or of changed questions,
    Conflict where the folder keeps another run.
    """
    suite, suites = request.suite, (request.suite,)
    found = import_log(
        request.log, LogKind(request.kind), suite, repeats=request.repeats
    )
    plan = RunPlan(
        subject=request.subject,
        weights_root=_declared(request.weights),
        engine=f"{request.served_by}; {found.engine}",
        suites_digest=digest_of(list(suites)),
        repeats=request.repeats,
        shard_items=len(suite.items),
        prices=None,
    )
    folder = RunFolder(request.out)
    running = Running(
        store=folder,
        compute=InOrder(),
        measure=lambda task: tuple(
            record for record in found.records if record.repeat == task.shard.repeat
        ),
        on_items=lambda _done, _total: None,
    )
    run = resume_run(plan, suites, request.subject, running)
    return _publish(folder, KeptRun(run=run, suites=suites))


def _publish(folder: RunFolder, kept: KeptRun) -> KeptRun:
    """The run, which `read_kept` finds in its folder from now on."""
    folder.publish(
        {RUN: canonical_bytes(kept.run), SUITES: canonical_bytes(kept.suites)}
    )
    return kept


def export_run(folder: Path) -> tuple[bytes, tuple[LeftOut, ...]]:
    """Every Eval Ever rows of a kept run, one a line, and what has no row there."""
    kept = read_kept(folder)
    found = [exchange(kept.run, suite) for suite in kept.suites]
    lines = [canonical_bytes(row) + b"\n" for one in found for row in one.rows]
    return b"".join(lines), tuple(left for one in found for left in one.left_out)


def _declared(weights: str) -> str:
    if not DIGEST.fullmatch(weights):
        raise InvalidInput(
            f"{weights!r} is no digest of weights",
            remedy="give --weights with sha256: and 64 hex digits, as it was sealed",
        )
    return weights


def compare_kept(left: Path, right: Path) -> tuple[RunComparison, KeptRun, KeptRun]:
    """Two kept runs side by side, with both. Raises: Unavailable, InvalidInput."""
    ours, theirs = read_kept(left), read_kept(right)
    suites = {suite.header.id: suite for suite in (*theirs.suites, *ours.suites)}
    return compare_runs(ours.run, theirs.run, suites), ours, theirs


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


def read_prices(path: Path) -> PriceList:
    """The price list in a TOML file. Raises: InvalidInput."""
    try:
        plain = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{path} is not TOML: {error}", remedy="correct the line it names"
        ) from error
    return read_as(plain, PriceList, where=str(path))


def name_of(model: str) -> str:
    """What a model is called where nobody names it: its folder's or file's name.

    The folder above where the own one is called after a component.
    """
    path = Path(model).resolve()
    return path.parent.name if path.name in set(ComponentKind) else path.name


def weights_digest(request: RunRequest, settings: Settings) -> str:
    """What names the weights: of the files, or as the office declares it of a server.

    Raises: Unavailable where there is no model.
    """
    if request.engine.name in SERVED:
        return request.engine.weights
    path = Path(request.model)
    if path.is_dir():
        folder = LocalModelFolder(path, block_bytes=settings.block_bytes)
        return files_root(folder.files())
    if not path.is_file():
        raise Unavailable(
            f"there is no model at {path}",
            remedy="give a folder that transformers opens, or a GGUF file",
        )
    return gguf_digest(path)


def _require_scoring(harness: Harness, suite: Suite) -> None:
    scoring = suite.header.scoring
    if scoring not in harness.scorings:
        able = ", ".join(sorted(found.value for found in harness.scorings))
        raise InvalidInput(
            f"suite {suite.header.id} is scored by {scoring.value}, which this engine "
            "cannot do",
            remedy=f"this engine scores {able}; give another with --engine",
        )
