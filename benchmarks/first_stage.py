"""Time and memory of the first stage against its limits, on this machine.

    .venv/bin/python benchmarks/first_stage.py [RUNS]

Each command runs as a process of its own, after one run that is not counted.
The demo is held against its limit of 180 s on two cores; a comparison of two
models against `sha256sum` over the same weight files, in turn; the help
against 0.2 s. Peak memory is the largest single process of the run. Quote
medians and ratios: machines differ, and shared ones from minute to minute.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOKJA = str(Path(sys.executable).with_name("dokja"))
CANDIDATE = ROOT / "examples/models/galbaramjae"
REFERENCE = ROOT / "examples/references/naru-open-1"


def seconds(command: list[str], *, codes: tuple[int, ...]) -> float:
    """Wall-clock seconds of one run that must end with one of the codes."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    took = time.perf_counter() - started
    if done.returncode not in codes:
        raise SystemExit(f"{command} ended with {done.returncode}: {done.stderr!r}")
    return took


def row(name: str, taken: list[float], *, limit: float, named: str) -> str:
    """A line of the table: minimum, median, maximum and ratio to the limit."""
    middle = statistics.median(taken)
    return (
        f"| {name} | {min(taken):.2f} | {middle:.2f} | {max(taken):.2f} | "
        f"{middle / limit:.2f} of {named} |"
    )


def main(runs: int) -> None:
    """Prints the table."""
    weights = [str(p) for m in (CANDIDATE, REFERENCE) for p in m.rglob("*.safetensors")]
    compare = [DOKJA, "lineage", "compare", str(CANDIDATE), str(REFERENCE), "--json"]
    helps = [seconds([DOKJA, "--help"], codes=(0,)) for _ in range(runs + 1)][1:]
    compared, hashed = [], []
    for _ in range(runs + 1):
        compared.append(seconds(compare, codes=(3,)))
        hashed.append(seconds(["sha256sum", *weights], codes=(0,)))
    demos = []
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "demo"
        for _ in range(runs + 1):
            shutil.rmtree(out, ignore_errors=True)
            demo = [DOKJA, "demo", "--out", str(out), "--replace"]
            demos.append(seconds(demo, codes=(0,)))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    hashing = statistics.median(hashed[1:])
    print("| command | min s | median s | max s | median against |")
    print("| --- | --- | --- | --- | --- |")
    print(row("`dokja --help`", helps, limit=0.2, named="the limit, 0.2 s"))
    print(
        row(
            "`dokja lineage compare`, four components",
            compared[1:],
            limit=hashing,
            named=f"`sha256sum` of the same files, {hashing:.3f} s",
        )
    )
    print(row("`dokja demo`, two workers", demos[1:], limit=180, named="180 s"))
    print(f"\nPeak memory of a single process: {peak:.0f} MB. Counted runs: {runs}.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
