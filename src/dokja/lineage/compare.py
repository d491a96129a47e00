"""The act: one candidate against one reference, component by component."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dokja.evidence.canonical import digest_of
from dokja.evidence.ports import Compute
from dokja.evidence.seeds import seed_for
from dokja.lineage.boundary import token_tables
from dokja.lineage.component import Component, Setting, compare_component
from dokja.lineage.layout import Layout, read_layout
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

Chunk = tuple[int, tuple[str, ...]]
"""Which checkpoint, and names of its tensors."""
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
    steps = _Steps(parts, comparison.on_step)
    digests = _digests(parts, comparison.compute, steps)
    components = tuple(
        compare_component(
            part,
            tuple(digests[side, part.kind] for side in (0, 1)),  # type: ignore[arg-type]
            Setting(
                rules=comparison.rules,
                seed_text=f"{seed_text} {part.kind.value}",
                searched=max(1, comparison.searched),
                reference=reference.name,
                compute=comparison.compute,
                on_layer=partial(steps.layer, part),
            ),
        )
        for part in parts
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


def digest_tensors(
    chunk: Chunk, *, checkpoints: Sequence[Checkpoint]
) -> tuple[str, ...]:
    """A work item: the digest of each tensor of a chunk."""
    number, names = chunk
    return tuple(checkpoints[number].digest(name) for name in names)


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


def _digests(
    parts: Sequence[Component], compute: Compute, steps: _Steps
) -> Mapping[tuple[int, ComponentKind], Mapping[str, str]]:
    """Digests of every tensor that plays a role, by side and component."""
    names: dict[tuple[int, ComponentKind], tuple[Checkpoint, list[str]]] = {
        (side, part.kind): (
            part.checkpoints[side],
            _stored_names(part.layouts[side]),
        )
        for part in parts
        for side in (0, 1)
    }
    checkpoints = list({id(one): one for one, _ in names.values()}.values())
    chunks: list[Chunk] = []
    for number, checkpoint in enumerate(checkpoints):
        wanted = dict.fromkeys(
            name for one, of in names.values() if one is checkpoint for name in of
        )
        chunks += [(number, chunk) for chunk in _chunks(list(wanted), checkpoint)]
    # All at once: starting processes costs as long as hashing a gigabyte.
    results = compute.map(
        partial(digest_tensors, checkpoints=checkpoints),
        chunks,
        on_done=lambda chunk, _: steps.tensors(checkpoints[chunk[0]], chunk[1]),
    )
    known = {
        (id(checkpoints[number]), name): digest
        for (number, chunk), digests in zip(chunks, results, strict=True)
        for name, digest in zip(chunk, digests, strict=True)
    }
    return {
        key: {name: known[id(checkpoint), name] for name in of}
        for key, (checkpoint, of) in names.items()
    }


def _stored_names(layout: Layout) -> list[str]:
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

    def __init__(self, parts: Sequence[Component], on_step: OnStep) -> None:
        self._on_step = on_step
        self._done = 0
        self._total = sum(
            2 * sum(_size(layout) for layout in part.layouts) for part in parts
        )

    def tensors(self, checkpoint: Checkpoint, names: tuple[str, ...]) -> None:
        shapes = checkpoint.shapes()
        self._add(names[-1], sum(math.prod(shapes[name]) for name in names))

    def layer(self, part: Component, side: int, number: int) -> None:
        layer = part.layouts[side].layers[number]
        size = sum(math.prod(table.shape) for table in layer.values())
        self._add(f"{part.kind.value}, layer {number}", size)

    def _add(self, what: str, size: int) -> None:
        self._done = min(self._total, self._done + size)
        self._on_step(what, self._done, self._total)


def _size(layout: Layout) -> int:
    return sum(math.prod(table.shape) for table in layout.tables())


def _tokenizers(
    candidate: LineageSubject, reference: LineageSubject
) -> TokenizerComparison:
    """The vocabularies beside the text components, the embeddings' first."""
    found = []
    for subject in (candidate, reference):
        opened = (subject.components.get(kind) for kind in TEXT_KINDS)
        found.append(next((c.vocabulary for c in opened if c is not None), None))
    return compare_tokenizers(found[0], found[1])
