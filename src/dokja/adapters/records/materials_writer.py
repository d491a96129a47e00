"""Materials as a recorder keeps them beside the record: states and the order."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from dokja.adapters.records.materials_folder import ORDER, STATES
from dokja.errors import Unavailable
from dokja.training.commitments import Excerpt
from dokja.training.stored_tensors import header_of
from dokja.training.values import TensorDigest


class MaterialsWriter:
    """The one writer of `states/` and `order.jsonl`."""

    def __init__(self, folder: Path) -> None:
        """Opens the folder, and makes it where needed.

        Raises: Unavailable where it cannot be written.
        """
        self._folder = folder
        try:
            (folder / STATES).mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
            self._order = os.open(folder / ORDER, flags, 0o644)
        except OSError as error:
            raise Unavailable(
                f"the materials in {folder} cannot be written: {error.strerror}",
                remedy="name a folder that you may write to",
            ) from error

    def write_state(
        self, root: str, tensors: Sequence[TensorDigest], values: Iterable[bytes]
    ) -> None:
        """Keep a state under its root: its tensors, and the bytes of each in order."""
        write_tensors(
            self._folder / STATES / f"{root[7:]}.safetensors", tensors, values
        )

    def write_order(self, step: int, excerpts: Sequence[Excerpt]) -> None:
        """Keep where the batch of a step was read from."""
        line = msgspec.json.encode({"step": step, "excerpts": excerpts}) + b"\n"
        os.write(self._order, line)

    def close(self) -> None:
        """Let go of the order."""
        os.close(self._order)


def write_tensors(
    path: Path, tensors: Sequence[TensorDigest], values: Iterable[bytes]
) -> None:
    """Nothing; the file is there whole, as safetensors, or not at all."""
    handle, scratch = tempfile.mkstemp(prefix=".", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(header_of([(t.name, t.dtype, t.shape) for t in tensors]))
        for each in values:
            file.write(each)
        file.flush()
        os.fsync(file.fileno())
    Path(scratch).chmod(0o644)
    Path(scratch).replace(path)
