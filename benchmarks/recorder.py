"""What recording costs a training step, and how fast a record is verified.

    .venv/bin/python -m benchmarks.recorder [STEPS]

The call that a training loop makes is timed on its own: wall and processor time of
its thread, on a model whose step costs next to nothing, with 100 steps to a sketch.
The background thread runs meanwhile, on this machine's other core if it has one.
Limit: 0.3 ms a step (issue 6). Then the record is read and checked.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch

from dokja.recorder import Recorder
from dokja.wiring.training import VerifyRequest, verify_training
from tests.recorded_run import make, write_keys

STEPS = 5000
PAUSE = 0.002
LIMIT_MS = 0.3


def main(steps: int) -> None:
    """Prints the figures."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, public = write_keys(folder, "team")
        model, optimizer = make()
        wall, processor = [], []
        loss = torch.tensor(2.5)
        ids = torch.zeros((8, 1024), dtype=torch.int64)
        with Recorder(folder / "r", team="bench", run="1", key=key) as record:
            record.begin(model, optimizer, recipe="")
            for step in range(1, steps + 1):
                start, used = time.perf_counter(), time.thread_time()
                record.see(ids)
                record.step(step, loss=loss)
                wall.append((time.perf_counter() - start) * 1e3)
                processor.append((time.thread_time() - used) * 1e3)
                time.sleep(PAUSE)
        start = time.perf_counter()
        verdict = verify_training(VerifyRequest(record=folder / "r", team_key=public))
        seconds = time.perf_counter() - start
    for what, values in (("wall", wall), ("processor", processor)):
        cuts = statistics.quantiles(values, n=100)
        print(
            f"{what}: mean {statistics.mean(values):.4f} ms, median {cuts[49]:.4f}, "
            f"99th percentile {cuts[98]:.4f}, largest {max(values):.4f}; n={steps}, "
            f"limit {LIMIT_MS} ms"
        )
    print(f"verify: {verdict.events} events in {seconds:.2f} s ({verdict.tier})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else STEPS)
