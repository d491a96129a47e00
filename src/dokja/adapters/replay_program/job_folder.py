"""Jobs as files: what the program is told, and what it hands back, within bounds."""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from dokja.errors import Unavailable
from dokja.training.jobs import Configuration, TrainJob
from dokja.training.kept_state import HeldState, KeptState
from dokja.training.stored_tensors import header_bytes, header_of, read_header
from dokja.training.values import HexFloat, Init, Optimizer

JOBS, STATE, BATCHES = "jobs.json", "state.safetensors", "batches.safetensors"
OUT, LOSSES = "out.safetensors", "losses.json"
_SPARE_BYTES = 1 << 26
_LOSS_BYTES = 1 << 26
_GROWTH = 8
"""How much larger a state may be that a program hands back than the one it got."""

Array = npt.NDArray[Any]


def described(job: TrainJob, on: Configuration) -> dict[str, Any]:
    """The job as the program reads it: rates and seeds, and nothing of where to."""
    return {
        "after": job.after,
        "steps": [
            {"step": s.step, "lr": s.lr.hex(), "sequences": len(s.sequences)}
            for s in job.steps
        ],
        "optimizer": None if job.rule is None else _rule(job.rule),
        "init": None if job.init is None else init_of(job.init, job.init.seed),
        "configuration": {
            "threads": on.threads,
            "micro_batches": on.micro_batches,
            "deterministic": True,
        },
    }


def init_of(init: Init, seed: str) -> dict[str, Any]:
    """How first weights are made, as the program reads it."""
    return {"recipe": init.recipe, "seed": seed}


def _rule(rule: Optimizer) -> dict[str, Any]:
    return {
        "name": rule.name,
        "beta1": rule.beta1,
        "beta2": rule.beta2,
        "weight_decay": rule.weight_decay,
    }


def ragged(sequences: Sequence[npt.NDArray[np.int64]]) -> dict[str, Array]:
    """Sequences of any lengths as two rows of numbers."""
    empty = np.empty(0, dtype=np.int64)
    return {
        "lengths": np.array([len(each) for each in sequences], dtype=np.int64),
        "tokens": np.concatenate([empty, *sequences]),
    }


def write_state(path: Path, state: KeptState) -> int:
    """Bytes of the file, which now holds the state, one tensor after another."""
    names = state.names()
    shapes = []
    for name in names:
        array = state.array(name)
        shapes.append((name, array.dtype.name, array.shape))
    with path.open("wb") as file:
        file.write(header_of(shapes))
        for name in names:
            array = state.array(name)
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            file.write(little.tobytes())
        return file.tell()


def read_state(path: Path, given: int) -> HeldState:
    """The state that the program handed back for one of `given` bytes.

    Raises: Unavailable where it is missing, a link, or larger than any state;
    InvalidInput where it is not whole.
    """
    raw = _bytes_of(path, _SPARE_BYTES + _GROWTH * given)
    length = header_bytes(raw[:8], len(raw))
    places = read_header(raw[8 : 8 + length], len(raw))
    return HeldState({n: p.array(raw[p.start : p.stop]) for n, p in places.items()})


def read_losses(path: Path, count: int) -> tuple[float, ...]:
    """The losses that the program handed back, as many as were asked for.

    Raises: Unavailable where they are not there or not that many numbers.
    """
    try:
        texts = msgspec.json.decode(
            _bytes_of(path, _LOSS_BYTES), type=tuple[HexFloat, ...]
        )
    except msgspec.DecodeError as error:
        raise not_done(f"{path.name} holds no list of numbers: {error}") from error
    found = tuple(float.fromhex(text) for text in texts)
    if len(found) != count or not all(map(math.isfinite, found)):
        raise not_done(f"{path.name} does not hold {count} finite numbers")
    return found


def tail_of(path: Path, letters: int = 600) -> str:
    """The end of what the program printed."""
    try:
        text = _bytes_of(path, 1 << 22).decode(errors="replace")
    except Unavailable:
        return ""
    return "".join(_printable(text.strip()[-letters:]))


def _printable(text: str) -> Iterable[str]:
    return (each if each.isprintable() or each == "\n" else "?" for each in text)


def _bytes_of(path: Path, limit: int) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise not_done(f"it left no {path.name}: {error.strerror}") from error
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise not_done(f"{path.name} is no plain file")
        if state.st_size > limit:
            raise not_done(f"{path.name} has more than {limit} bytes")
        return file.read(state.st_size)


def not_done(fact: str) -> Unavailable:
    """The refusal of a program that did not do what it was asked."""
    return Unavailable(
        f"the team's program did not do what it was asked: {fact}",
        remedy="let the team run it on a job folder as the guide shows",
    )
