"""A model's fingerprint, and how close two of them are."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from dokja.evidence.values import Text
from dokja.lineage.values import LineageReport, LineageVerdict
from dokja.submission.values import ComponentKind

SCHEMA: Final = "dokja-fingerprint/1"
LIBRARY_SCHEMA: Final = "dokja-library/1"
Fact = str | int | float | bool


class DigestGroup(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Tensors too many to list one by one: a layer's experts, or the rest."""

    label: str
    count: int
    root: bytes
    """8 bytes that stand for all of them together."""
    lowest: bytes
    """The numerically lowest of their 8-byte digests: equal sets keep equal ones."""


class ComponentPrint(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One component; what is absent from a layer is kept as zero bytes.

    Every table of bytes holds one entry for each layer, a boundary role one
    entry alone.
    """

    kind: ComponentKind
    facts: dict[str, Fact]
    """What config.json says of the architecture."""
    tensors: int
    parameters: int
    root: str
    """Digest over the names and digests of every tensor of its checkpoint."""
    layers: int
    digests: dict[str, bytes]
    """By role: the first 8 bytes of each tensor's digest."""
    basis: dict[str, bytes]
    """By role: sketches of sampled weights where they are stored."""
    gram: dict[str, bytes]
    """By role: sketches of the angles between sampled rows."""
    tags: bytes
    """By anchor: 2 bytes of its token's hash; empty without a tokenizer."""
    anchors: dict[str, bytes]
    """By token table: angles between pairs of anchors."""
    groups: tuple[DigestGroup, ...]


class Fingerprint(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What a library keeps of a model: a search key that decides nothing."""

    schema: Literal["dokja-fingerprint/1"]
    name: str
    components: tuple[ComponentPrint, ...]


class FieldCloseness(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How alike one field of two fingerprints is."""

    field: str
    similarity: float
    """A correlation, or for `digests` a share; 0 is what strangers show."""
    spread: float
    """Standard deviation of the similarity between models that share nothing."""
    n: int
    """Numbers compared."""


class LayerPair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reference layer nearest to a candidate layer."""

    candidate: int
    reference: int
    similarity: float


class ComponentCloseness(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One component that both fingerprints hold."""

    name: str
    closeness: float
    fields: tuple[FieldCloseness, ...]
    shared_digests: int
    compared_digests: int
    layer_pairs: tuple[LayerPair, ...]
    """Pairs that stand out of what as many unrelated pairs would show."""


class ScreenReport(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How close two fingerprints are; no verdict follows from it."""

    schema: str
    candidate: str
    reference: str
    closeness: float
    """The largest over the components."""
    components: tuple[ComponentCloseness, ...]
    tokenizer: float | None
    """Share of anchor tokens in common; never part of the closeness."""
    meaning: Text


class LibraryEntry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One fingerprint of a library, and where its weights lie if that is known."""

    name: str
    digest: str
    """Of the fingerprint's canonical bytes."""
    weights: str | None


class LibraryIndex(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What a library holds, by name."""

    schema: Literal["dokja-library/1"]
    entries: tuple[LibraryEntry, ...]


class LibraryFault(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What does not hold of a library: an entry's name or a file, and the fact."""

    subject: str
    fact: Text


class ScanRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the nearest references, and what the full comparison said of it."""

    rank: int
    name: str
    closeness: float
    components: tuple[ComponentCloseness, ...]
    verdict: LineageVerdict | None
    not_compared: Text | None
    """Why there is no verdict, None where there is one."""


class ScanReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model against a library: the nearest references, each compared in full."""

    candidate: str
    references: int
    """All that were searched."""
    searched: int
    """Components of all of them, for which every p-value is corrected."""
    verdict: LineageVerdict | None
    """The worst of the comparisons, None where there was none."""
    rows: tuple[ScanRow, ...]
    comparisons: tuple[LineageReport, ...]
    meaning: Text
