"""How fast a long training record is verified, and where the time goes.

    .venv/bin/python -m benchmarks.training_verifier [EVENTS] [RUNS]

The record is written, not trained: steps, a sketch of three sets every 100 steps, a
checkpoint of 291 tensors every 1,500, a head every 1,000 events, each cosigned.
Seconds are of the processor, on one thread: the least, which a busy machine distorts
least, and the median. Limit: 1.5 s for 100,000 events with all heads.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dokja.adapters.records import RecordFolder
from dokja.evidence.seeds import uniform_draws
from dokja.training.reading import read_record
from dokja.training.sketch import coordinates
from dokja.training.values import (
    DataManifest,
    DataShard,
    End,
    Environment,
    Init,
    Optimizer,
    RecordedCheckpoint,
    Sketch,
    SketchSet,
    Step,
    TensorDigest,
)
from dokja.wiring.training import VerifyRequest, verify_training
from tests.recorded_run import write_keys
from tests.written_record import WrittenRecord

EVENTS, RUNS = 100_000, 5
LIMIT_SECONDS = 1.5
TENSORS, EVERY_SKETCH, EVERY_CHECKPOINT, EVERY_HEAD = 291, 100, 1500, 1000
RATE = 1e-4


def _digest(number: int) -> str:
    return f"sha256:{number:064x}"


def _tensors(step: int) -> list[TensorDigest]:
    return [
        TensorDigest(
            name=f"model.layers.{n}.weight",
            dtype="bfloat16",
            shape=(4096, 4096),
            digest=_digest(step * TENSORS + n),
        )
        for n in range(TENSORS)
    ]


def write_record(folder: Path, *, events: int) -> list[Path]:
    """The public keys of team and witness of a record with that many events."""
    key, public = write_keys(folder, "team")
    witness, eye = write_keys(folder, "witness")
    record = WrittenRecord(folder / "record", key, witness=witness)
    parent = _open(record)
    roots: list[str] = []
    written, step, headed = 6, 0, 0
    while written < events - 1:
        step += 1
        record.add(
            Step,
            step=step,
            tokens=step * 4_000_000,
            loss=(3.0 + 8.0 / (1 + step / 50)).hex(),
            lr=RATE.hex(),
            batch=_digest(step),
            rng=_digest(step + 1),
            grad_norm=(1.0 / (1 + step)).hex(),
        )
        written += 1
        if step % EVERY_SKETCH == 0 and roots:
            record.add(Sketch, step=step, sets=_sets(roots[-3:], step))
            written += 1
        if step % EVERY_CHECKPOINT == 0:
            parent = _checkpoint(record, step, parent)
            written += 1
        if written - headed >= EVERY_HEAD or not roots:
            roots.append(record.head())
            headed = written
    record.add(
        End, step=step, tokens=step * 4_000_000, checkpoint=parent, completed=True
    )
    record.close()
    return [public, eye]


def _open(record: WrittenRecord) -> str:
    record.add(Environment, devices=("GPU",) * 8, software={"torch": "2.13"}, ranks=1)
    record.add(
        Optimizer,
        name="adamw",
        beta1=(0.9).hex(),
        beta2=(0.95).hex(),
        weight_decay=(0.1).hex(),
    )
    root, name = record.listed(_tensors(0))
    record.add(Init, recipe="normal 0.02", root=root, tensors=name, count=TENSORS)
    shard = DataShard(
        name="0", digest=_digest(1), bytes=9, tokens=9, licence="CC0-1.0", source="made"
    )
    shards, listed = record.listed([shard])
    record.add(
        DataManifest, root=shards, shards=listed, count=1, tokens=9, sampler="in order"
    )
    return root


def _checkpoint(record: WrittenRecord, step: int, parent: str) -> str:
    root, name = record.listed(_tensors(step))
    record.add(
        RecordedCheckpoint,
        step=step,
        root=root,
        tensors=name,
        count=TENSORS,
        parent=parent,
        state=("model",),
    )
    return root


def _sets(roots: list[str], step: int) -> tuple[SketchSet, ...]:
    """Weights that walk at random, as far as a real run's would."""
    sets = []
    for root in roots:
        where, _ = coordinates(root, [4096 * 4096] * TENSORS)
        seed = int(root[:16], 16)
        walk = np.float32(uniform_draws(seed, len(where)) * 0.02)
        moved = np.float32((uniform_draws(seed + step, len(where)) - 0.5) * 2e-4)
        weights = (walk + moved).astype(np.float32).tolist()
        sets.append(SketchSet(root=root, weights=tuple(w.hex() for w in weights)))
    return tuple(sets)


def timed(what: Callable[[], object], runs: int) -> tuple[float, float]:
    """Least and median seconds of the processor."""
    used = []
    for _ in range(runs):
        start = time.process_time()
        what()
        used.append(time.process_time() - start)
    return min(used), statistics.median(used)


def main(events: int, runs: int) -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        public, eye = write_record(folder, events=events)
        record = folder / "record"
        request = VerifyRequest(record=record, team_key=public, witness_keys=[eye])
        megabytes = (record / "log.jsonl").stat().st_size / 1e6
        verdict = verify_training(request)
        print(
            f"{verdict.events} events, {megabytes:.1f} MB, "
            f"{sum(1 for _ in (record / 'heads').iterdir())} heads; {verdict.tier}: "
            + ", ".join(f"{check.id} {check.result.value}" for check in verdict.checks)
        )
        work: dict[str, Callable[[], object]] = {
            "read": lambda: read_record(RecordFolder(record)),
            "verify": lambda: verify_training(request),
        }
        for what, call in work.items():
            least, median = timed(call, runs)
            print(
                f"{what}: {least:.2f} s, median {median:.2f}, n={runs}; "
                f"{least / verdict.events * 1e6:.1f} us an event; "
                f"limit {LIMIT_SECONDS} s for {EVENTS} events"
            )


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:3]]
    main(*(numbers + [EVENTS, RUNS][len(numbers) :]))
