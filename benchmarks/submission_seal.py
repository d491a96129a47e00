"""How long sealing and verifying take beside hashing the same bytes.

    .venv/bin/python -m benchmarks.submission_seal [MEGABYTES] [ROUNDS]

A folder with one safetensors file of the given size, and one with the same in four
files. Each round hashes every file with hashlib.file_digest on one thread, then seals
the folder, then verifies it; the ratio is taken within the round, so that whatever
else this machine does falls on all three. Limit: 1.3 times (issue 6). Sealing takes
two digests of every byte, the file's and the tensor's: on a machine with one core
that alone is twice the time of hashing. Processor time is printed for that reason.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dokja.settings import read_settings
from dokja.submission.values import SealTrust
from dokja.wiring.sealing import (
    CheckRequest,
    SealRequest,
    check_own,
    seal_own,
    write_seal,
)
from tests.key_files import write_keys, write_model_keys
from tests.sealed_fixture import make_folder

MEGABYTES, ROUNDS = 500, 5
TENSORS = 200
LIMIT = 1.3
SETTINGS = read_settings({})


def main(megabytes: int, rounds: int) -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as name:
        keys = Path(name)
        write_keys(keys, "team")
        write_model_keys(keys, "model")
        for files in (1, 4):
            folder = make_folder(keys / f"folder-{files}")
            (folder / "text_decoder/model.safetensors").unlink()
            for number in range(files):
                place = folder / f"text_decoder/part-{number}.safetensors"
                _write(place, megabytes * 10**6 // files, TENSORS // files)
            times = [_round(folder, keys) for _ in range(rounds + 1)][1:]
            _print(f"{megabytes} MB in {files} file(s)", times)


Times = dict[str, tuple[float, float]]
"""Wall and processor seconds by what was done."""


def _round(folder: Path, keys: Path) -> Times:
    request = SealRequest(
        folder=folder, key=keys / "team.pem", model_key=keys / "model.pem"
    )
    check = CheckRequest(folder=folder, key=keys / "team.pub.pem")

    def seal() -> None:
        write_seal(seal_own(request, settings=SETTINGS), request)

    def verify() -> None:
        assert check_own(check, settings=SETTINGS).trust is SealTrust.VERIFIED

    done = {
        "hash": _timed(lambda: _hash(folder)),
        "seal": _timed(seal),
        "verify": _timed(verify),
    }
    for name in ("dokja-manifest.json", "model.sig"):
        (folder / name).unlink()
    return done


def _hash(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def _write(place: Path, size: int, tensors: int) -> None:
    """A file of that many equal tensors of bytes nobody can guess."""
    each = size // tensors // 4 * 4
    header = {
        f"layer.{n:04}": {
            "dtype": "F32",
            "shape": [each // 4],
            "data_offsets": [n * each, (n + 1) * each],
        }
        for n in range(tensors)
    }
    text = json.dumps(header).encode()
    with place.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _ in range(tensors):
            file.write(os.urandom(each))


def _print(what: str, times: list[Times]) -> None:
    print(f"{what}; n={len(times)} rounds, {os.cpu_count()} cores")
    for name in ("hash", "seal", "verify"):
        wall = statistics.median(t[name][0] for t in times)
        processor = statistics.median(t[name][1] for t in times)
        ratios = [t[name][0] / t["hash"][0] for t in times]
        print(
            f"  {name:<6} median {wall:.2f} s, processor {processor:.2f} s, "
            f"{statistics.median(ratios):.2f} times hashing "
            f"({min(ratios):.2f} to {max(ratios):.2f}; limit {LIMIT})"
        )


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [MEGABYTES, ROUNDS][len(given) :]))
