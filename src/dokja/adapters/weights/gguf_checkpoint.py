"""GGUF weights, quantised or not, memory-mapped and never trusted."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import ml_dtypes
import numpy as np
import numpy.typing as npt

from dokja.adapters.weights.bounded import refuse_link, refuse_rows_outside
from dokja.adapters.weights.gguf_header import (
    TOKEN_TYPES,
    TOKENS,
    GgufHeader,
    StoredType,
    broken_gguf,
    read_gguf_header,
)
from dokja.adapters.weights.gguf_names import (
    ARCHITECTURE,
    GgufTensor,
    trained_tensors,
)
from dokja.adapters.weights.safetensors_header import table_shape
from dokja.errors import InvalidInput, Unavailable

Rows = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
Bytes = npt.NDArray[np.uint8]
Widen = Callable[[Bytes, StoredType], Rows]

PLAIN: Mapping[str, np.dtype[np.generic]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
}
"""Types that numpy reads; the others are the library's to open."""
PIECE = 1 << 20
"""Elements dequantised at once, for the library makes several copies."""
UNUSED_TOKEN = 5
"""Type of a row that stands for no token; its string is made up."""
CONFIG: Mapping[str, str] = {
    "embedding_length": "hidden_size",
    "block_count": "num_hidden_layers",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.key_length": "head_dim",
    "attention.layer_norm_rms_epsilon": "rms_norm_eps",
    "context_length": "max_position_embeddings",
    "rope.freq_base": "rope_theta",
    "vocab_size": "vocab_size",
    "expert_count": "num_local_experts",
}
"""Metadata after the architecture's name, and its key in a config.json."""


class GgufCheckpoint:
    """Named tensors of one GGUF file; implements `submission.ports.Checkpoint`."""

    def __init__(
        self,
        tensors: Mapping[str, GgufTensor],
        *,
        widen: Widen,
        config: Mapping[str, object],
        vocabulary: Mapping[str, int] | None,
        block_bytes: int,
    ) -> None:
        """`widen` gives the numbers that the bytes of some rows stand for."""
        self._tensors = dict(sorted(tensors.items()))
        self._widen = widen
        self._config = config
        self._vocabulary = vocabulary
        self._block_bytes = max(1, block_bytes)
        self._digests: dict[str, str] = {}

    @property
    def config(self) -> Mapping[str, object]:
        """What the metadata says, under the keys of a `config.json`."""
        return self._config

    @property
    def vocabulary(self) -> Mapping[str, int] | None:
        """Token strings to rows of the embedding, None without a tokenizer."""
        return self._vocabulary

    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each tensor, by name."""
        return {name: tensor.entry.shape for name, tensor in self._tensors.items()}

    def digest(self, name: str) -> str:
        """Digest of the tensor's stored bytes with its shape and dtype.

        Rows are taken in the trained order, so that a file converted without
        loss has the digests of the safetensors it came from.
        """
        if name not in self._digests:
            tensor = self._tensor(name)
            entry = tensor.entry
            taken = hashlib.sha256(f"{entry.stored.name} {entry.shape} ".encode())
            count = table_shape(entry.shape)[0]
            step = max(1, self._block_bytes * count // (entry.stop - entry.start))
            for start in range(0, count, step):
                block = _stored_rows(tensor, start, min(start + step, count))
                taken.update(block.tobytes())
            self._digests[name] = f"sha256:{taken.hexdigest()}"
        return self._digests[name]

    def rows(self, name: str, start: int, stop: int) -> Rows:
        """(stop - start, cols) float32 rows; trailing axes are flattened.

        Raises: InvalidInput for rows the tensor does not have.
        """
        tensor = self._tensor(name)
        count, columns = table_shape(tensor.entry.shape)
        refuse_rows_outside(name, start, stop, count=count)
        found = np.empty((stop - start, columns), dtype=np.float32)
        step = max(1, PIECE // columns)
        for first in range(start, stop, step):
            last = min(first + step, stop)
            raw = _stored_rows(tensor, first, last)
            values = self._widen(raw.reshape(-1), tensor.entry.stored)
            found[first - start : last - start] = values.reshape(-1, columns)
        if tensor.added:
            found -= np.float32(tensor.added)
        return found

    def picked(self, name: str, rows: Indices, columns: Indices | None) -> Rows:
        """(rows, columns) float32: the values at these indices of `rows`."""
        taken = np.concatenate(
            [self.rows(name, row, row + 1) for row in rows.tolist()]
            or [self.rows(name, 0, 0)]
        )
        return taken if columns is None else taken[:, columns]

    def blocks(self, name: str) -> Iterator[Rows]:
        """The tensor's rows in order, in blocks of about the block size."""
        count, columns = table_shape(self._tensor(name).entry.shape)
        step = max(1, self._block_bytes // (4 * columns))
        for start in range(0, count, step):
            yield self.rows(name, start, min(start + step, count))

    def _tensor(self, name: str) -> GgufTensor:
        if name not in self._tensors:
            raise InvalidInput(
                f"the checkpoint has no tensor {name}",
                remedy="hand in every tensor that the model's architecture names",
            )
        return self._tensors[name]


def open_gguf(place: Path, *, shown: str, block_bytes: int) -> GgufCheckpoint:
    """The weights of one GGUF file, opened but not read.

    Raises: Unavailable without the gguf library; InvalidInput for a broken
    file or one part of a split one.
    """
    refuse_link(place, shown)
    types, widen = _library()
    header = read_gguf_header(place, shown, types)
    parts = header.metadata.get("split.count", 0)
    if parts not in (0, 1):
        raise InvalidInput(
            f"{shown} is one of {parts} parts",
            remedy="join the parts with llama-gguf-split --merge",
        )
    if not header.tensors:
        raise broken_gguf(shown, "it holds no tensor")
    return GgufCheckpoint(
        trained_tensors(header, shown),
        widen=widen,
        config=_config(header),
        vocabulary=_vocabulary(header),
        block_bytes=block_bytes,
    )


def _library() -> tuple[dict[int, StoredType], Widen]:
    """The element types that can be read, and what reads them.

    Raises: Unavailable without the gguf library.
    """
    try:
        from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
        from gguf.quants import dequantize
    except ImportError as error:
        raise Unavailable(
            "reading GGUF needs the gguf library",
            remedy="install the extra: pip install 'dokja[gguf]'",
        ) from error

    def widen(raw: Bytes, stored: StoredType) -> Rows:
        with np.errstate(all="ignore"):
            if stored.name in PLAIN:
                return raw.view(PLAIN[stored.name]).astype(np.float32)
            values: Rows = dequantize(raw, GGMLQuantizationType(stored.number))
            return values

    types = {}
    for kind, (block, size) in GGML_QUANT_SIZES.items():
        stored = StoredType(kind.name, int(kind), block, size)
        try:
            widen(np.zeros(size, dtype=np.uint8), stored)
        except NotImplementedError:
            continue
        types[stored.number] = stored
    return types, widen


def _stored_rows(tensor: GgufTensor, start: int, stop: int) -> Bytes:
    """(stop - start, bytes of a row) as stored, in the trained order."""
    entry = tensor.entry
    mapped = np.memmap(entry.place, dtype=np.uint8, mode="r")
    table = mapped[entry.start : entry.stop].reshape(entry.shape[0], -1)
    if tensor.heads is None:
        return np.ascontiguousarray(table[start:stop])
    rows = np.arange(start, stop)
    size = entry.shape[0] // tensor.heads
    half = size // 2
    within = rows % size
    return np.ascontiguousarray(
        table[rows - within + 2 * (within % half) + within // half]
    )


def _config(header: GgufHeader) -> Mapping[str, object]:
    architecture = header.metadata.get(ARCHITECTURE)
    if not isinstance(architecture, str):
        return {}
    config: dict[str, object] = {
        "model_type": architecture,
        "tie_word_embeddings": "output.weight" not in header.tensors,
    }
    for key, name in CONFIG.items():
        value = header.metadata.get(f"{architecture}.{key}")
        if isinstance(value, int) or (
            isinstance(value, float) and math.isfinite(value)
        ):
            config[name] = value
    return config


def _vocabulary(header: GgufHeader) -> Mapping[str, int] | None:
    tokens = header.metadata.get(TOKENS)
    kinds = header.metadata.get(TOKEN_TYPES)
    if not isinstance(tokens, tuple):
        return None
    if not isinstance(kinds, tuple) or len(kinds) != len(tokens):
        kinds = (0,) * len(tokens)
    table: dict[str, int] = {}
    for row, (token, kind) in enumerate(zip(tokens, kinds, strict=True)):
        if kind != UNUSED_TOKEN:
            table.setdefault(token, row)
    return table
