"""GGUF weights, quantised or not, read by ranges and never trusted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dokja.adapters.weights.byte_source import ByteSource
from dokja.adapters.weights.gguf_header import (
    TOKEN_TYPES,
    TOKENS,
    GgufHeader,
    StoredType,
    read_gguf_header,
)
from dokja.adapters.weights.gguf_names import (
    ARCHITECTURE,
    GgufTensor,
    trained_tensors,
)
from dokja.adapters.weights.stored_checkpoint import StoredCheckpoint, begun_digest
from dokja.adapters.weights.stored_table import (
    DTYPES,
    Indices,
    Numbers,
    Plain,
    Rows,
    StoredTable,
    Storing,
    picked_numbers,
    stored_pieces,
    table_shape,
)
from dokja.errors import InvalidInput, Unavailable

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


@dataclass(frozen=True)
class Quantised:
    """Numbers that the library opens; implements `Storing`."""

    stored: StoredType

    most = PIECE

    @property
    def name(self) -> str:
        """The format's name of the type."""
        return self.stored.name

    @property
    def block(self) -> int:
        """Numbers that share their scale."""
        return self.stored.block

    @property
    def size(self) -> int:
        """Bytes of a block."""
        return self.stored.size

    def opened(self, raw: bytes) -> Numbers:
        """The numbers in float32."""
        from gguf.constants import GGMLQuantizationType
        from gguf.quants import dequantize

        octets = np.frombuffer(raw, dtype=np.uint8)
        with np.errstate(all="ignore"):
            values: Rows = dequantize(octets, GGMLQuantizationType(self.stored.number))
        return values


@dataclass(frozen=True)
class GgufWeights:
    """A tensor as the library that trained it had it; a `StoredTensor`."""

    tensor: GgufTensor

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, the axes in the order of PyTorch."""
        return self.tensor.entry.shape

    @property
    def table(self) -> StoredTable:
        """Its numbers as rows and columns, in the stored order."""
        entry = self.tensor.entry
        count, columns = table_shape(entry.shape)
        return StoredTable(
            entry.source, entry.start, count, columns, _storing(entry.stored)
        )

    def picked(
        self, rows: Indices, columns: Indices | None, *, block_bytes: int
    ) -> Rows:
        """(rows, columns) float32, rows counted in the trained order."""
        found: Rows = picked_numbers(
            self.table, self._stored(rows), columns, block_bytes=block_bytes
        )
        if self.tensor.added:
            found -= np.float32(self.tensor.added)
        return found

    def sha256(self, *, block_bytes: int) -> str:
        """Hexadecimal digest of the stored bytes with shape and type.

        Rows are taken in the trained order, so that a file converted without
        loss has the digests of the safetensors it came from.
        """
        taken = begun_digest(self.table.storing.name, self.shape)
        for piece in self._pieces(block_bytes):
            taken.update(piece)
        return taken.hexdigest()

    def _pieces(self, block_bytes: int) -> Iterator[bytes]:
        """The stored bytes, rows in the trained order."""
        table, count = self.table, self.shape[0]
        if self.tensor.heads is None:
            yield from stored_pieces(table, 0, count, block_bytes=block_bytes)
            return
        octets, step = table.as_octets(), max(1, block_bytes // table.row_bytes)
        for start in range(0, count, step):
            rows = self._stored(np.arange(start, min(start + step, count)))
            if table.row_bytes > block_bytes:
                row = int(rows[0])
                yield from stored_pieces(table, row, row + 1, block_bytes=block_bytes)
            else:
                yield picked_numbers(
                    octets, rows, None, block_bytes=block_bytes, dtype=np.uint8
                ).tobytes()

    def _stored(self, rows: Indices) -> Indices:
        """Where rows of the trained order lie; the others keep their place."""
        count, heads = self.shape[0], self.tensor.heads
        if heads is None or not _lie_within(rows, count):
            return rows
        size = count // heads
        half = size // 2
        within = rows % size
        return rows - within + 2 * (within % half) + within // half


def open_gguf(source: ByteSource, *, block_bytes: int) -> StoredCheckpoint:
    """The weights of one GGUF file, opened but not read.

    Raises: Unavailable without the gguf library; InvalidInput for a broken
    file or one part of a split one.
    """
    shown = source.shown
    header = read_gguf_header(source, _readable_types())
    parts = header.metadata.get("split.count", 0)
    if parts not in (0, 1):
        raise InvalidInput(
            f"{shown} is one of {parts} parts",
            remedy="join the parts with llama-gguf-split --merge",
        )
    if not header.tensors:
        raise InvalidInput(
            f"{shown}: it holds no tensor, so at most a tokenizer",
            remedy="name the file that holds the weights",
        )
    return StoredCheckpoint(
        {
            name: GgufWeights(tensor)
            for name, tensor in trained_tensors(header, shown).items()
        },
        config=_config(header),
        vocabulary=_vocabulary(header),
        block_bytes=block_bytes,
    )


def _readable_types() -> dict[int, StoredType]:
    """The element types that can be read, by their number in the format.

    Raises: Unavailable without the gguf library.
    """
    try:
        from gguf.constants import GGML_QUANT_SIZES
    except ImportError as error:
        raise Unavailable(
            "reading GGUF needs the gguf library",
            remedy="install the extra: pip install 'dokja[gguf]'",
        ) from error
    types = {}
    for kind, (block, size) in GGML_QUANT_SIZES.items():
        stored = StoredType(kind.name, int(kind), block, size)
        try:
            _storing(stored).opened(bytes(size))
        except NotImplementedError:
            continue
        types[stored.number] = stored
    return types


def _storing(stored: StoredType) -> Storing:
    return Plain(stored.name) if stored.name in DTYPES else Quantised(stored)


def _lie_within(rows: Indices, count: int) -> bool:
    return not len(rows) or 0 <= int(rows.min()) <= int(rows.max()) < count


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
