"""Safetensors weights, one file or sharded, memory-mapped and never trusted."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import ml_dtypes
import numpy as np
import numpy.typing as npt

from dokja.adapters.weights.bounded import (
    TEXT_LIMIT,
    TOKENIZER_LIMIT,
    inside,
    read_json,
    refuse_link,
    refuse_rows_outside,
)
from dokja.adapters.weights.fp8_scales import Scale, find_scales
from dokja.adapters.weights.safetensors_header import (
    HEADER_LIMIT,
    TensorEntry,
    read_header,
    table_shape,
)
from dokja.errors import InvalidInput

Rows = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
DTYPES: Mapping[str, np.dtype[np.generic]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
    "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2),
    "F8_E8M0": np.dtype(ml_dtypes.float8_e8m0fnu),
}


class SafetensorsCheckpoint:
    """Named tensors of one component; implements `submission.ports.Checkpoint`."""

    def __init__(
        self,
        entries: Mapping[str, TensorEntry],
        *,
        scales: Mapping[str, Scale],
        config: Mapping[str, object],
        vocabulary: Mapping[str, int] | None,
        block_bytes: int,
    ) -> None:
        """`scales` are the factors of FP8 tensors, by the tensor's name."""
        self._entries = dict(sorted(entries.items()))
        self._scales = scales
        self._config = config
        self._vocabulary = vocabulary
        self._block_bytes = max(1, block_bytes)
        self._digests: dict[str, str] = {}

    @property
    def config(self) -> Mapping[str, object]:
        """The parsed `config.json`, empty where there is none."""
        return self._config

    @property
    def vocabulary(self) -> Mapping[str, int] | None:
        """Token strings to rows of the embedding, None without a tokenizer."""
        return self._vocabulary

    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each tensor, by name."""
        return {name: entry.shape for name, entry in self._entries.items()}

    def digest(self, name: str) -> str:
        """Digest of the tensor's stored bytes with its shape and dtype.

        A scale enters too: the same codes under another scale are other
        weights.
        """
        if name not in self._digests:
            taken = self._stored(self._entry(name))
            if name in self._scales:
                taken.update(self._stored(self._scales[name].entry).digest())
            self._digests[name] = f"sha256:{taken.hexdigest()}"
        return self._digests[name]

    def rows(self, name: str, start: int, stop: int) -> Rows:
        """(stop - start, cols) float32 rows; trailing axes are flattened.

        Raises: InvalidInput for rows the tensor does not have.
        """
        entry = self._entry(name)
        count, columns = table_shape(entry.shape)
        refuse_rows_outside(name, start, stop, count=count)
        stored = self._map(entry, DTYPES[entry.dtype], count * columns)
        block = stored[start * columns : stop * columns]
        with np.errstate(over="ignore", invalid="ignore"):
            values = block.astype(np.float32).reshape(stop - start, columns)
            if name in self._scales:
                values *= self._factors(self._scales[name], start, stop)
        return values

    def picked(self, name: str, rows: Indices, columns: Indices | None) -> Rows:
        """(rows, columns) float32: the values at these indices of `rows`."""
        taken = np.concatenate(
            [self.rows(name, row, row + 1) for row in rows.tolist()]
            or [self.rows(name, 0, 0)]
        )
        return taken if columns is None else taken[:, columns]

    def blocks(self, name: str) -> Iterator[Rows]:
        """The tensor's rows in order, in blocks of about the block size."""
        count, columns = table_shape(self._entry(name).shape)
        step = max(1, self._block_bytes // (4 * max(1, columns)))
        for start in range(0, count, step):
            yield self.rows(name, start, min(start + step, count))

    def _factors(self, scale: Scale, start: int, stop: int) -> Rows:
        entry = scale.entry
        stored = self._map(entry, DTYPES[entry.dtype], math.prod(entry.shape))
        return scale.factors(stored, start, stop)

    def _stored(self, entry: TensorEntry) -> hashlib._Hash:
        taken = hashlib.sha256(f"{entry.dtype} {entry.shape} ".encode())
        data = self._map(entry, np.dtype("u1"), entry.stop - entry.start)
        for start in range(0, len(data), self._block_bytes):
            taken.update(data[start : start + self._block_bytes].tobytes())
        return taken

    def _entry(self, name: str) -> TensorEntry:
        if name not in self._entries:
            raise InvalidInput(
                f"the checkpoint has no tensor {name}",
                remedy="hand in every tensor that the model's architecture names",
            )
        return self._entries[name]

    def _map(
        self, entry: TensorEntry, dtype: np.dtype[np.generic], count: int
    ) -> npt.NDArray[np.generic]:
        if count == 0:
            return np.zeros(0, dtype=dtype)
        mapped = np.memmap(entry.place, dtype=np.uint8, mode="r")
        stored: npt.NDArray[np.generic] = mapped[entry.start : entry.stop].view(dtype)
        return stored


def open_safetensors(
    place: Path, *, shown: str, block_bytes: int
) -> SafetensorsCheckpoint:
    """The weights at `place`: a safetensors file, or a folder that holds them.

    Takes `model.safetensors`, else the shards of its index, else the one
    safetensors file there is; config.json and tokenizer.json stand beside
    them. `shown` is how errors name the place. Raises: InvalidInput for a
    missing, ambiguous or broken file.
    """
    refuse_link(place, shown)
    folder = place if place.is_dir() else place.parent
    if place.is_dir():
        entries = _folder_entries(place, shown)
    elif place.is_file():
        entries = read_header(place, shown)
    else:
        raise InvalidInput(
            f"there are no weights at {shown}",
            remedy="hand the component's folder in at the path the manifest names",
        )
    config = _config(folder, shown)
    offered, scales = find_scales(entries, config, shown)
    return SafetensorsCheckpoint(
        offered,
        scales=scales,
        config=config,
        vocabulary=_vocabulary(folder, shown),
        block_bytes=block_bytes,
    )


def _folder_entries(folder: Path, shown: str) -> dict[str, TensorEntry]:
    whole = [p for p in sorted(folder.glob("*.safetensors")) if p.name == WEIGHTS]
    index = folder / INDEX
    if not whole and (index.is_symlink() or index.exists()):
        return _sharded_entries(folder, shown)
    files = whole or sorted(folder.glob("*.safetensors"))
    if len(files) != 1:
        found = "no" if not files else "several"
        raise InvalidInput(
            f"{shown} holds {found} safetensors files and no {INDEX}",
            remedy=f"save the weights as {WEIGHTS}, or as shards with their index",
        )
    name = f"{shown}/{files[0].name}"
    refuse_link(files[0], name)
    return read_header(files[0], name)


def _sharded_entries(folder: Path, shown: str) -> dict[str, TensorEntry]:
    where = f"{shown}/{INDEX}"
    index = read_json(inside(folder, INDEX), where, HEADER_LIMIT)
    names = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(names, dict) or not names:
        raise _wrong_index(where, "it has no weight_map")
    shards = {shard for shard in names.values() if isinstance(shard, str)}
    if len(shards) != len(set(map(str, names.values()))):
        raise _wrong_index(where, "a shard's name is not text")
    entries: dict[str, TensorEntry] = {}
    for shard in sorted(shards):
        if "/" in shard or not shard.endswith(".safetensors"):
            raise _wrong_index(where, f"{shard!r} is not a safetensors file beside it")
        found = read_header(inside(folder, shard), f"{shown}/{shard}")
        if found.keys() & entries.keys():
            raise _wrong_index(where, f"{shard} repeats a tensor of another shard")
        entries.update(found)
        wanted = {name for name, file in names.items() if file == shard}
        if wanted != set(found):
            raise _wrong_index(where, f"it does not list the tensors of {shard}")
    return entries


def _wrong_index(where: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"{where} does not match its shards: {fact}",
        remedy="save the shards and their index again in one go",
    )


def _config(folder: Path, shown: str) -> Mapping[str, object]:
    place = folder / "config.json"
    if not place.is_symlink() and not place.exists():
        return {}
    where = f"{shown}/config.json"
    config = read_json(inside(folder, "config.json"), where, TEXT_LIMIT)
    if not isinstance(config, dict):
        raise InvalidInput(
            f"{where} is not a table", remedy="hand in the model's own config.json"
        )
    return config


def _vocabulary(folder: Path, shown: str) -> Mapping[str, int] | None:
    """`model.vocab` of a tokenizer.json: a table, or a list by row."""
    place = folder / "tokenizer.json"
    if not place.is_symlink() and not place.exists():
        return None
    where = f"{shown}/tokenizer.json"
    parsed = read_json(inside(folder, "tokenizer.json"), where, TOKENIZER_LIMIT)
    model = parsed.get("model") if isinstance(parsed, dict) else None
    tokens = model.get("vocab") if isinstance(model, dict) else None
    if isinstance(tokens, dict):
        table = {token: row for token, row in tokens.items() if type(row) is int}
        return table if len(table) == len(tokens) else None
    if isinstance(tokens, list):
        pieces = [item[0] for item in tokens if isinstance(item, list) and item]
        if len(pieces) == len(tokens) and all(isinstance(p, str) for p in pieces):
            return {piece: row for row, piece in enumerate(pieces)}
    return None
