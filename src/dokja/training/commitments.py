"""Commitments: one digest for a batch, for a list of tensors or of shards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.merkle import tree_root
from dokja.training.values import DataShard, TensorDigest

LIST_BYTES = 1 << 27
LISTED = 4_000_000

_ENCODER = msgspec.json.Encoder(order="sorted")
"""RFC 8785 for entries, whose keys are ASCII and whose numbers are whole; a run's
lists hold tens of thousands, and a test holds it against `canonical_bytes`."""

Entry = TypeVar("Entry", TensorDigest, DataShard)
Excerpt = tuple[str, int, int, int]
"""Shard, document, offset in it, length: where a piece of a batch stands."""


def batch_commitment(excerpts: Iterable[Excerpt]) -> str:
    """Digest of the places a batch was read from, in order.

    Texts do not enter it, so it says nothing of the data to whoever lacks them.
    """
    return digest_bytes(msgspec.json.encode(list(excerpts)))


def list_bytes(entries: Sequence[TensorDigest] | Sequence[DataShard]) -> bytes:
    """The list as it is kept: canonical, in the order given."""
    return _ENCODER.encode(list(entries))


def list_root(entries: Sequence[TensorDigest] | Sequence[DataShard]) -> str:
    """Digest that binds every entry to its name and place; opens entry by entry."""
    return "sha256:" + tree_root([_ENCODER.encode(entry) for entry in entries]).hex()


def read_list(data: bytes, kind: type[Entry]) -> tuple[Entry, ...]:
    """The entries of a list.

    Raises: InvalidInput where the bytes are no such list, or pass a bound.
    """
    if len(data) > LIST_BYTES:
        raise _refused(f"it has more than {LIST_BYTES} bytes")
    try:
        entries: list[Entry] = msgspec.json.decode(data, type=list[kind])  # type: ignore[valid-type]
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error
    if len(entries) > LISTED or len({entry.name for entry in entries}) < len(entries):
        raise _refused("a name stands in it twice, or it is too long")
    return tuple(entries)


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        f"the list cannot be used: {fact}",
        remedy="hand in the folder `lists` as the recorder wrote it",
    )
