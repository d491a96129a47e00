"""Weights of a sealed component, as the bytes and number types it was published in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt

from dokja.adapters.records.plain_files import TensorFile
from dokja.errors import InvalidInput, Unavailable
from dokja.training.values import TensorDigest

MOST_FILES = 10_000


class ReleasedWeights:
    """Every tensor of a folder's safetensors files; implements `KeptState`."""

    def __init__(self, folder: Path) -> None:
        """Raises: Unavailable without such a file, InvalidInput for a name twice."""
        paths = sorted(folder.glob("*.safetensors"))[: MOST_FILES + 1]
        if not paths or len(paths) > MOST_FILES:
            raise Unavailable(
                f"{folder} holds no safetensors files, or too many",
                remedy="name the folder of the component that was handed in",
            )
        self._files: dict[str, TensorFile] = {}
        for path in paths:
            file = TensorFile(path, path.name)
            for name in file.names():
                if name in self._files:
                    raise InvalidInput(
                        f"{name[:80]} stands in two files of {folder}",
                        remedy="hand in each tensor once",
                    )
                self._files[name] = file

    def names(self) -> tuple[str, ...]:
        """Names of the tensors, sorted."""
        return tuple(sorted(self._files))

    def array(self, name: str) -> npt.NDArray[Any]:
        """The values of a tensor.

        Raises: InvalidInput where there is none.
        """
        return self._file(name).array(name)

    def digest(self, name: str) -> TensorDigest:
        """The tensor's digest, as a record would hold it."""
        return self._file(name).digest(name)

    def _file(self, name: str) -> TensorFile:
        if name not in self._files:
            raise InvalidInput(
                f"the component has no tensor {name[:80]}",
                remedy="name the folder of the component that was handed in",
            )
        return self._files[name]
