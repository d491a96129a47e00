"""The act: one candidate against one reference, component by component."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dokja.evidence.canonical import digest_of
from dokja.evidence.ports import Compute
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text
from dokja.lineage.boundary import token_tables
from dokja.lineage.component import Setting, conclude
from dokja.lineage.draws import Draws
from dokja.lineage.identity import Digests
from dokja.lineage.layout import Layout, Table, read_layout
from dokja.lineage.measurements import (
    Asked,
    Chunk,
    Component,
    FirstRound,
    Measurements,
    Piece,
    ask,
    run_first,
    run_second,
)
from dokja.lineage.ports import LineageSubject
from dokja.lineage.tokenizer import compare_tokenizers
from dokja.lineage.values import (
    LineageReport,
    LineageRules,
    TokenizerComparison,
    worst,
)
from dokja.lineage.wording import limits
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

OnStep = Callable[[str, int, int], None]
"""Told what was read, and how many parameters of how many are done."""

CHUNK = 1 << 25
"""Parameters hashed in one piece of work, give or take a tensor."""
TEXT_KINDS = (ComponentKind.EMBEDDINGS, ComponentKind.TEXT_DECODER)
"""Components that carry a vocabulary, the one asked first in front."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What a comparison is made under, and where it runs."""

    rules: LineageRules
    seed_text: str
    """Names the comparison (with the beacon where there is one); fixes draws."""
    searched: int
    """(team, component, reference) triples of the family it belongs to."""
    compute: Compute
    on_step: OnStep


def compare_lineage(
    candidate: LineageSubject, reference: LineageSubject, comparison: Comparison
) -> LineageReport:
    """The lineage of every component that both models have.

    Every p-value is corrected for the family searched. Layers are read one
    by one, so memory follows a layer's drawn rows and never a checkpoint.
    Results are equal to the byte for any block size, order or placement of
    the work, with BLAS on one thread. Raises: InvalidInput where a weight
    that was drawn is NaN or infinite.
    """
    digest = digest_of(comparison.rules)
    seed_text = f"{seed_for(digest, comparison.seed_text)}"
    kinds = [k for k in ComponentKind
             if k in candidate.components and k in reference.components]  # fmt: skip
    alone = [k.value for k in ComponentKind
             if (k in candidate.components) != (k in reference.components)]  # fmt: skip
    parts = [_part(kind, (candidate, reference)) for kind in kinds]
    settings = [
        Setting(
            rules=comparison.rules,
            seed_text=f"{seed_text} {part.kind.value}",
            searched=max(1, comparison.searched),
            reference=reference.name,
        )
        for part in parts
    ]
    asked = [
        ask(part, one.rules, Draws(seed_text=one.seed_text))
        for part, one in zip(parts, settings, strict=True)
    ]
    digests, measured = _measure(parts, asked, comparison)
    components = tuple(
        conclude(part, (digests[0, part.kind], digests[1, part.kind]), found, one)
        for part, found, one in zip(parts, measured, settings, strict=True)
    )
    return LineageReport(
        candidate=candidate.name,
        reference=reference.name,
        rules_digest=digest,
        verdict=worst(tuple(component.verdict for component in components)),
        components=components,
        tokenizer=_tokenizers(candidate, reference),
        limits=limits(alone),
    )


def _part(
    kind: ComponentKind, subjects: tuple[LineageSubject, LineageSubject]
) -> Component:
    mine, theirs = (subject.components[kind] for subject in subjects)
    beside = [
        token_tables(subject.components.get(ComponentKind.EMBEDDINGS, own))
        for subject, own in zip(subjects, (mine, theirs), strict=True)
    ]
    return Component(
        kind=kind,
        checkpoints=(mine, theirs),
        layouts=(read_layout(kind, mine), read_layout(kind, theirs)),
        tokens=(beside[0], beside[1]),
    )


def _measure(
    parts: Sequence[Component], asked: Sequence[Asked | Text], comparison: Comparison
) -> tuple[dict[tuple[int, ComponentKind], Digests], list[Measurements | Text]]:
    """Digests by side and component, and what was measured, by component."""
    able = tuple(one for one in asked if isinstance(one, Asked))
    hashing = _Hashing(parts)
    steps = _Steps(parts, able, hashing, comparison.on_step)
    digests, samples = run_first(
        FirstRound(checkpoints=hashing.checkpoints, asked=able),
        hashing.chunks,
        comparison.compute,
        steps.first,
    )
    found = iter(run_second(able, samples, comparison.compute, steps.second))
    measured = [one if isinstance(one, Text) else next(found) for one in asked]
    return hashing.by_component(digests), measured


class _Hashing:
    """Every tensor that plays a role, in chunks, once for all components."""

    def __init__(self, parts: Sequence[Component]) -> None:
        self._names = {
            (side, part.kind): (part.checkpoints[side], _stored(part.layouts[side]))
            for part in parts
            for side in (0, 1)
        }
        held = {id(one): one for one, _ in self._names.values()}
        self.checkpoints = tuple(held.values())
        self.chunks: list[Chunk] = []
        for number, checkpoint in enumerate(self.checkpoints):
            wanted = dict.fromkeys(
                name
                for one, of in self._names.values()
                if one is checkpoint
                for name in of
            )
            cut = _chunks(list(wanted), checkpoint)
            self.chunks += [(number, chunk) for chunk in cut]

    def by_component(
        self, digests: Sequence[tuple[str, ...]]
    ) -> dict[tuple[int, ComponentKind], Digests]:
        """Digests of each component's tensors, by side and component."""
        known = {
            (id(self.checkpoints[number]), name): digest
            for (number, names), found in zip(self.chunks, digests, strict=True)
            for name, digest in zip(names, found, strict=True)
        }
        return {
            key: {name: known[id(checkpoint), name] for name in of}
            for key, (checkpoint, of) in self._names.items()
        }


def _stored(layout: Layout) -> list[str]:
    names = (piece.name for table in layout.tables() for piece in table.pieces)
    return list(dict.fromkeys(names))


def _chunks(names: Sequence[str], checkpoint: Checkpoint) -> list[tuple[str, ...]]:
    """Names in order, cut where about `CHUNK` parameters are reached."""
    shapes = checkpoint.shapes()
    chunks: list[list[str]] = []
    size = CHUNK
    for name in names:
        if size >= CHUNK:
            chunks.append([])
            size = 0
        chunks[-1].append(name)
        size += math.prod(shapes[name])
    return [tuple(chunk) for chunk in chunks]


class _Steps:
    """Counts what is done of all there is to hash and to compare."""

    def __init__(
        self,
        parts: Sequence[Component],
        asked: Sequence[Asked],
        hashing: _Hashing,
        on_step: OnStep,
    ) -> None:
        self._asked = asked
        self._checkpoints = hashing.checkpoints
        self._on_step = on_step
        self._done = 0
        self._total = sum(
            2 * sum(_size(layout.tables()) for layout in part.layouts) for part in parts
        )

    def first(self, piece: Chunk | Piece, _found: object) -> None:
        if isinstance(piece, Piece):
            self._layer(0, piece)
            return
        number, names = piece
        shapes = self._checkpoints[number].shapes()
        self._add(names[-1], sum(math.prod(shapes[name]) for name in names))

    def second(self, piece: Piece, _found: object) -> None:
        self._layer(1, piece)

    def _layer(self, side: int, piece: Piece) -> None:
        part = self._asked[piece.component].part
        if piece.layer is None:
            size = sum(_size(one.boundary.values()) for one in part.layouts)
            self._add(part.kind.value, size)
            return
        layer = part.layouts[side].layers[piece.layer]
        self._add(f"{part.kind.value}, layer {piece.layer}", _size(layer.values()))

    def _add(self, what: str, size: int) -> None:
        self._done = min(self._total, self._done + size)
        self._on_step(what, self._done, self._total)


def _size(tables: Iterable[Table]) -> int:
    return sum(math.prod(table.shape) for table in tables)


def _tokenizers(
    candidate: LineageSubject, reference: LineageSubject
) -> TokenizerComparison:
    """The vocabularies beside the text components, the embeddings' first."""
    found = []
    for subject in (candidate, reference):
        opened = (subject.components.get(kind) for kind in TEXT_KINDS)
        found.append(next((c.vocabulary for c in opened if c is not None), None))
    return compare_tokenizers(found[0], found[1])
