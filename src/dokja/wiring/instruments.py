"""Builds what measures: harness, comparison, and the machines both run on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from dokja.adapters.compute import LocalPool
from dokja.adapters.folders.run_folder import RunFolder
from dokja.adapters.signing import Ed25519Verifier, P256Verifier
from dokja.adapters.weights import LocalModelFolder, open_subject
from dokja.benchmark.runs import Running, resume_run
from dokja.benchmark.runs.values import RunPlan
from dokja.benchmark.values import OfficialRun
from dokja.evidence.canonical import digest_of
from dokja.lineage import Comparison, LineageReport, compare_lineage
from dokja.settings import Settings
from dokja.stage.ports import BenchmarkTask, Instruments, LineageTask
from dokja.stage.values import HarnessPlan
from dokja.wiring.engines import Engine, harness_for, make_harness, measure_shard
from dokja.wiring.handed_in_records import verify_handed_in
from dokja.wiring.licence_tables import shipped_tables
from dokja.wiring.machines import make_compute

OnStep = Callable[[str, str], None]


class PemKeys:
    """Reads keys by `cryptography`; implements `submission.team_seal.PublicKeys`."""

    def team_key(self, pem: str) -> Ed25519Verifier:
        """An Ed25519 key. Raises: InvalidInput where the text is none."""
        return Ed25519Verifier.from_pem_text(pem)

    def model_key(self, pem: str) -> P256Verifier:
        """A P-256 key. Raises: InvalidInput where the text is none."""
        return P256Verifier.from_pem_text(pem)


def run_benchmark(task: BenchmarkTask, *, runs: str) -> OfficialRun:
    """The official run of a task; made in whichever process does the work.

    What was measured is kept under `runs` by the digest of its plan, so that a
    killed stage goes on, and never with answers of other weights.
    """
    engine = _engine(task.harness)
    plan = RunPlan(
        subject=task.subject,
        weights_root=task.weights_root,
        engine=harness_for(engine, task.suites).engine,
        suites_digest=digest_of(list(task.suites)),
        repeats=task.harness.repeats,
        shard_items=task.harness.shard_items,
        prices=None,
    )
    return resume_run(
        plan,
        task.suites,
        str(Path(task.location, task.decoder_path)),
        Running(
            store=RunFolder(Path(runs, digest_of(plan).rpartition(":")[2][:16])),
            compute=LocalPool(1),
            measure=partial(measure_shard, engine),
            on_items=_uncounted,
        ),
    )


def _uncounted(_done: int, _total: int) -> None:
    """Progress of single answers stays in the worker."""


def run_comparison(task: LineageTask, *, block_bytes: int) -> LineageReport:
    """The comparison of a task; made in whichever process does the work."""
    candidate = LocalModelFolder(Path(task.team_location), block_bytes=block_bytes)
    reference = LocalModelFolder(Path(task.reference_location), block_bytes=block_bytes)
    return compare_lineage(
        open_subject(task.team, candidate, task.team_components),
        open_subject(task.reference, reference, task.reference_components),
        Comparison(
            rules=task.rules,
            seed_text=task.seed_text,
            searched=task.searched,
            compute=LocalPool(1),
            on_step=_silent,
        ),
    )


def require_harness(plan: HarnessPlan) -> None:
    """Nothing. Raises: InvalidInput for an unknown harness, Unavailable without it.

    So that a run that lacks the packages ends here and not after the seals.
    """
    _ = make_harness(_engine(plan)).engine


def _engine(plan: HarnessPlan) -> Engine:
    return Engine(name=plan.name, batch_size=plan.batch_size, dtype=plan.dtype)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Progress of single layers stays in the worker."""


def make_instruments(settings: Settings, on_step: OnStep, *, runs: str) -> Instruments:
    """What measures a stage; answers are kept under `runs` until it is recorded."""
    return Instruments(
        compute=make_compute(settings),
        benchmark=partial(run_benchmark, runs=runs),
        compare=partial(run_comparison, block_bytes=settings.block_bytes),
        verify_record=verify_handed_in,
        keys=PemKeys(),
        on_step=on_step,
        licence_tables=shipped_tables,
    )
