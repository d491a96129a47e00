"""What an ONNX model expects next, run in a process of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import numpy as np

from dokja.adapters.harness.child import end_child, last_words
from dokja.adapters.harness.next_tokens import Logits, LogitTokens
from dokja.adapters.harness.records import FACT_LETTERS
from dokja.errors import Unavailable

LOGIT_BYTES = 1 << 30
"""Of one answer: a thousand places of a vocabulary of a quarter of a million."""
_LINE = 1 << 16
_SPARE = 8 << 30
_COPIES = 6
"""Of the file in memory at most, beside what Python and the library take."""
_SCRIPT = Path(__file__).with_name("onnx_child.py")


@contextmanager
def onnx_tokens(model: Path, *, seconds: float) -> Iterator[LogitTokens]:
    """The model, open as long as it is needed; every answer within so many seconds.

    Raises: Unavailable without a library that runs it, and where it does not open or
    asks for something that no sequence of tokens is.
    """
    if not any(find_spec(name) for name in ("onnxruntime", "onnx")):
        raise Unavailable(
            "running ONNX needs onnxruntime or onnx, and neither is installed",
            remedy="install Dokja with its extra: pip install 'dokja[onnx]'",
        )
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  this interpreter, our script
            # -P: what stands beside the script is named like what it imports.
            [sys.executable, "-P", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        child = _Child(process, errors, seconds)
        try:
            engine = str(child.begin(model)["engine"])
            yield LogitTokens(child.logits, engine)
        finally:
            end_child(process)


@dataclass(frozen=True)
class _Child:
    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    seconds: float

    def begin(self, model: Path) -> dict[str, Any]:
        """What the child says once the model is open."""
        size = sum(place.stat().st_size for place in model.parent.glob("*.onnx*"))
        orders = {
            "model": str(model.resolve()),
            "memory_bytes": _SPARE + _COPIES * size,
            "cpu_seconds": math.ceil(self.seconds) * 100,
        }
        told, _ = self._asked(orders)
        return told

    def logits(self, sequence: Sequence[int]) -> Logits:
        """(places, vocabulary) of the model's own logits."""
        told, data = self._asked(list(sequence))
        rows: Logits = np.frombuffer(data, dtype="<f4").reshape(told["shape"])
        return rows

    def _asked(self, question: Any) -> tuple[dict[str, Any], bytes]:
        """One answer with what follows it. Raises: Unavailable where none comes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        late = threading.Event()
        watch = threading.Timer(self.seconds, self._give_up, (late,))
        watch.start()
        try:
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline(_LINE)
            told = json.loads(line) if line else None
            length = _length(told)
            data = self.process.stdout.read(length) if length else b""
        except (BrokenPipeError, ValueError):
            told, data, length = None, b"", 0
        finally:
            watch.cancel()
        if isinstance(told, dict) and len(data) == length:
            return told, data
        raise self._silent(is_late=late.is_set())

    def _give_up(self, late: threading.Event) -> None:
        late.set()
        self.process.kill()

    def _silent(self, *, is_late: bool) -> Unavailable:
        self.process.kill()
        fact = last_words(self.process, self.errors)[-1][-FACT_LETTERS:]
        if is_late:
            fact = f"no answer within {self.seconds:g} seconds"
        return Unavailable(
            f"the ONNX model does not run: {fact}",
            remedy="export it with the inputs input_ids, attention_mask, position_ids "
            "and the output logits; contributed operators need onnxruntime",
        )


def _length(told: Any) -> int:
    """Bytes that follow an answer. Raises: ValueError for more than is taken."""
    shape = told.get("shape", ()) if isinstance(told, dict) else ()
    length = 4 * math.prod(shape) if shape else 0
    if length > LOGIT_BYTES:
        raise ValueError(length)
    return length
