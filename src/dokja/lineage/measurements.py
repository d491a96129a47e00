"""Everything measured of all components, in two rounds of work.

The first round hashes every tensor and reads the candidate's layers, the second
holds the reference against them. All components go together, so that workers are
started twice and none waits for the one that has a single long piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dokja.evidence.ports import Compute
from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.boundary import Anchors, TokenTables, find_anchors
from dokja.lineage.draws import Draws
from dokja.lineage.flat_tables import (
    Tables,
    have_fixed_positions,
    read_boundary,
    read_tokens,
)
from dokja.lineage.flat_tests import least_p, measure_flat
from dokja.lineage.gaps import not_made
from dokja.lineage.gathering import gather
from dokja.lineage.heads import head_shape
from dokja.lineage.layer_pairs import (
    LayerColumn,
    Pairing,
    compare_layer,
    read_candidate,
)
from dokja.lineage.layer_reader import Side
from dokja.lineage.layer_sample import LayerSample
from dokja.lineage.layout import Layout
from dokja.lineage.measuring import Controlled, NotMeasured
from dokja.lineage.pairing import Shared, pair_up
from dokja.lineage.tested import silent_names
from dokja.lineage.token_gram import measure_tokens
from dokja.lineage.values import LineageRules, TensorClass
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

Chunk = tuple[int, tuple[str, ...]]
"""Which checkpoint, and names of its tensors."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Component:
    """One component on both sides; pairs are the candidate's and reference's."""

    kind: ComponentKind
    checkpoints: tuple[Checkpoint, Checkpoint]
    layouts: tuple[Layout, Layout]
    tokens: tuple[TokenTables | None, TokenTables | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Asked:
    """A component with what can be asked of it."""

    part: Component
    shared: Shared
    anchors: tuple[Anchors, Anchors] | Text | None
    sides: tuple[Side, ...]
    """How the layers of both are read; empty where it has none."""

    def depth(self, side: int) -> int:
        """How many layers of a side are read."""
        return len(self.part.layouts[side].layers) if self.sides else 0


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A layer of a component, or what stands outside its layers."""

    component: int
    layer: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class FirstRound:
    """What every piece of the first round shares."""

    checkpoints: tuple[Checkpoint, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class SecondRound:
    """What every piece of the second round shares."""

    asked: tuple[Asked, ...]
    pairings: tuple[Pairing | None, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Flat:
    """What was measured outside the layers."""

    tests: tuple[Controlled, ...]
    gaps: tuple[NotMeasured, ...]
    tables: tuple[Tables, Tables]
    untested: Mapping[str, str]
    shared_basis: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurements:
    """Everything measured of a component, before any verdict."""

    tests: tuple[Controlled, ...]
    gaps: tuple[NotMeasured, ...]
    samples: tuple[LayerSample, ...]
    columns: tuple[LayerColumn, ...]
    flat: tuple[Tables, Tables]
    """Tables outside the layers, by side."""
    untested: Mapping[str, str]
    """Names of the candidate that stay out, with the reason."""
    shared_basis: bool
    """Whether tables outside the layers give both the same residual basis."""


def ask(part: Component, rules: LineageRules, draws: Draws) -> Asked | Text:
    """What can be asked of a component, or the fact that leaves nothing."""
    shared = pair_up(*part.layouts, rules, draws)
    if isinstance(shared, Text):
        return shared
    layered = all(layout.layers for layout in part.layouts)
    if not layered or part.kind in (ComponentKind.PROJECTOR, ComponentKind.EMBEDDINGS):
        return Asked(part=part, shared=shared, anchors=None, sides=())
    anchors: tuple[Anchors, Anchors] | Text | None = None
    if rules.anchor_tokens:
        anchors = find_anchors(
            part.layouts, part.checkpoints, part.tokens, rules, draws
        )
    sides = tuple(
        Side(
            checkpoint=checkpoint,
            layout=layout,
            anchors=anchors[number] if isinstance(anchors, tuple) else None,
            heads=head_shape(layout, checkpoint.config),
        )
        for number, (checkpoint, layout) in enumerate(
            zip(part.checkpoints, part.layouts, strict=True)
        )
    )
    return Asked(part=part, shared=shared, anchors=anchors, sides=sides)


def read_first(
    piece: Chunk | Piece, *, shared: FirstRound
) -> tuple[str, ...] | LayerSample:
    """A work item: digests of a chunk of tensors, or a layer of the candidate."""
    if not isinstance(piece, Piece):
        number, names = piece
        return tuple(shared.checkpoints[number].digest(name) for name in names)
    asked = shared.asked[piece.component]
    assert piece.layer is not None
    return read_candidate(piece.layer, side=asked.sides[0], plan=asked.shared.plan)


def measure_second(piece: Piece, *, shared: SecondRound) -> LayerColumn | Flat | Text:
    """A work item: a layer of the reference, or what stands outside the layers."""
    pairing = shared.pairings[piece.component]
    if piece.layer is None or pairing is None:
        return _measure_flat(shared.asked[piece.component])
    return compare_layer(piece.layer, pairing=pairing)


def run_first(
    shared: FirstRound,
    chunks: Sequence[Chunk],
    compute: Compute,
    on_done: Callable[[Chunk | Piece, object], None],
) -> tuple[list[tuple[str, ...]], list[LayerSample]]:
    """Digests by chunk, and the candidate's layers, component after component."""
    pieces: list[Chunk | Piece] = [*chunks, *_layers_of(shared.asked, 0)]
    found = compute.map(partial(read_first, shared=shared), pieces, on_done=on_done)
    digests = [one for one in found if isinstance(one, tuple)]
    return digests, [one for one in found if isinstance(one, LayerSample)]


def run_second(
    asked: tuple[Asked, ...],
    samples: Sequence[LayerSample],
    compute: Compute,
    on_done: Callable[[Piece, object], None],
) -> list[Measurements | Text]:
    """Everything measured, by component; or why nothing could be."""
    left = iter(samples)
    pairings: list[Pairing | None] = []
    for one in asked:
        own = tuple(next(left) for _ in range(one.depth(0)))
        pairings.append(
            Pairing(reference=one.sides[1], plan=one.shared.plan, candidate=own)
            if one.sides
            else None
        )
    # What stands outside the layers goes first: it may be the longest piece.
    pieces = [Piece(component=number) for number in range(len(asked))]
    pieces += _layers_of(asked, 1)
    found = compute.map(
        partial(
            measure_second,
            shared=SecondRound(asked=asked, pairings=tuple(pairings)),
        ),
        pieces,
        on_done=on_done,
    )
    columns = (one for one in found if isinstance(one, LayerColumn))
    flats = (one for one in found if not isinstance(one, LayerColumn))
    return [
        _together(one, pairing, flat, columns)
        for one, pairing, flat in zip(asked, pairings, flats, strict=True)
    ]


def _layers_of(asked: Sequence[Asked], side: int) -> list[Piece]:
    return [
        Piece(component=number, layer=layer)
        for number, one in enumerate(asked)
        for layer in range(one.depth(side))
    ]


def _together(
    asked: Asked,
    pairing: Pairing | None,
    flat: Flat | Text,
    columns: Iterator[LayerColumn],
) -> Measurements | Text:
    own = tuple(next(columns) for _ in range(asked.depth(1)))
    if isinstance(flat, Text):
        return flat
    tests, gaps = flat.tests, flat.gaps
    samples: tuple[LayerSample, ...] = ()
    if pairing is not None:
        layered = gather(own, pairing)
        tests = (*layered, *tests)
        gaps = (*not_made(layered, asked.shared.plan, asked.anchors), *gaps)
        samples = pairing.candidate
    if not tests:
        return wording.NO_EQUAL_SHAPE
    return Measurements(
        tests=tests,
        gaps=gaps,
        samples=samples,
        columns=own,
        flat=flat.tables,
        untested={
            **asked.shared.untested,
            **flat.untested,
            **silent_names(asked.part.layouts[0], samples),
        },
        shared_basis=flat.shared_basis,
    )


def _measure_flat(asked: Asked) -> Flat | Text:
    part, plan = asked.part, asked.shared.plan
    if part.kind is ComponentKind.EMBEDDINGS:
        tokens = measure_tokens(part.tokens, plan.rules, plan.draws)
        if isinstance(tokens, Text):
            return tokens
        tests, gaps = tokens.tests, tokens.gaps
        tables, untested = tokens.tables, tokens.untested
    else:
        boundary, tables, untested = read_boundary(
            part.layouts, part.checkpoints, asked.shared.boundary, plan.draws
        )
        tests, gaps = measure_flat(boundary, tables, plan.rules, plan.draws), ()
    return Flat(
        tests=tests,
        gaps=gaps,
        tables=tables,
        untested=untested,
        shared_basis=_share_a_basis(part, tests, asked.shared),
    )


def _share_a_basis(part: Component, flat: Sequence[Controlled], shared: Shared) -> bool:
    """Whether tables at the boundary give both residual streams the same channels.

    Those of an encoder are its own, and a fixed one is everybody's; those of a
    decoder stand beside it.
    """
    rules, draws = shared.plan.rules, shared.plan.draws
    if part.kind is ComponentKind.TEXT_DECODER:
        read = read_tokens(part.tokens, rules, draws)
        return not isinstance(read, Text) and least_p(*read[:2]) <= rules.refer_p
    if have_fixed_positions(part.layouts, part.checkpoints, draws):
        return True
    return any(
        one.measured.tensor_class is TensorClass.BOUNDARY
        and one.measured.p_value is not None
        and one.measured.p_value <= rules.refer_p
        for one in flat
    )
