"""Which rows of which stored tensor play which role in a component."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dokja.lineage.families import NAMINGS, Cut, Naming, Part
from dokja.lineage.roles import Role, Slot
from dokja.submission.values import ComponentKind

Shapes = Mapping[str, tuple[int, ...]]

READ_FROM_NAMES = tuple(
    kind
    for kind in ComponentKind
    # Names such as `0.weight` occur everywhere: a projector is never guessed.
    if kind is not ComponentKind.PROJECTOR
)
BODIES = (ComponentKind.TEXT_DECODER, ComponentKind.TEXT_ENCODER)
"""Components beside which the token tables stand in one checkpoint."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """The rows of one stored tensor that play one role.

    The tensor's rows (its columns where it is flipped) fall into `groups`
    equal groups; of each the rows from `start` to before `stop` are taken.
    """

    name: str
    label: str
    """What a report calls it: the name, and of a fused tensor the role too."""
    size: int
    """Parameters."""
    flipped: bool = False
    groups: int = 1
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, kw_only=True)
class RoleMap:
    """A component's pieces by slot, and every name left out."""

    slots: Mapping[Slot, Piece]
    untested: Mapping[str, str]
    """Names of the component that carry no evidence, with the reason."""
    elsewhere: Mapping[str, str]
    """Names that another component of the same checkpoint holds."""
    rivals: Mapping[str, str]
    """Names of a second component of the same kind, by another family's names."""

    @property
    def layers(self) -> tuple[int, ...]:
        """Layer numbers that occur, in order; a gap stays a gap."""
        return tuple(sorted({slot.layer for slot in self.slots if slot.layer >= 0}))


def map_roles(
    kind: ComponentKind, shapes: Shapes, config: Mapping[str, object]
) -> RoleMap:
    """The component's pieces by slot; every other name with its reason.

    Token tables and the body beside them are compared together, so either
    passes over the other's tensors; those of any other component are named.
    """
    namings = namings_of(shapes)
    own = namings.get(kind) or _best(kind, shapes)
    others = {k: n for k, n in namings.items() if k is not kind}
    slots: dict[Slot, Piece] = {}
    untested: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    rivals: dict[str, str] = {}
    for name in sorted(shapes):
        pieces = _pieces(own, name, shapes, config) if own else {}
        if isinstance(pieces, str):
            untested[name] = pieces
        elif pieces:
            untested.update(_place(pieces, slots, config))
        elif _beside(kind, name, others):
            continue
        elif owner := next((k for k, n in others.items() if n.part(name)), None):
            elsewhere[name] = f"belongs to the {owner.value} of this checkpoint"
        elif rival := _rival(kind, name):
            rivals[name] = f"a second {kind.value} under the names of {rival.models}"
        else:
            untested[name] = _reason(name, config)
    return RoleMap(slots=slots, untested=untested, elsewhere=elsewhere, rivals=rivals)


def namings_of(names: Iterable[str]) -> Mapping[ComponentKind, Naming]:
    """For each component found among the names the naming that explains most.

    No name serves two components: `encoder.layer.0.output.dense.weight`
    stands in BERT as in ViT, and belongs to the one with more of its names.
    """
    names = tuple(names)
    read = [
        (naming, frozenset(_read_by(naming, names)))
        for naming in NAMINGS
        if naming.component in READ_FROM_NAMES
    ]
    chosen: dict[ComponentKind, Naming] = {}
    taken: set[str] = set()
    for naming, known in sorted(read, key=lambda pair: -len(pair[1])):
        if known and naming.component not in chosen and not known & taken:
            chosen[naming.component] = naming
            taken |= known
    return {kind: chosen[kind] for kind in ComponentKind if kind in chosen}


def kinds_of(names: Shapes) -> tuple[ComponentKind, ...]:
    """Components whose roles occur among the names, in a fixed order."""
    return tuple(namings_of(names))


def _best(kind: ComponentKind, names: Iterable[str]) -> Naming | None:
    """The naming of a component that somebody declared, None where none fits."""
    names = tuple(names)
    counts = [
        (sum(1 for _ in _read_by(naming, names)), naming)
        for naming in NAMINGS
        if naming.component is kind
    ]
    most = max((count for count, _ in counts), default=0)
    return next((n for count, n in counts if count == most), None) if most else None


def _read_by(naming: Naming, names: tuple[str, ...]) -> Iterator[str]:
    """Names that the naming reads something of, none without what it requires."""
    found = {name: part for name in names if (part := naming.part(name))}
    required = naming.single.get(naming.requires)
    if required is None or any(part is required for part, _ in found.values()):
        yield from (name for name, (part, _) in found.items() if part.roles)


def _rival(kind: ComponentKind, name: str) -> Naming | None:
    """The naming that reads a name for the same component, asked of unread names."""
    for naming in NAMINGS:
        found = naming.part(name) if naming.component is kind else None
        if found and found[0].roles:
            return naming
    return None


def _beside(
    kind: ComponentKind, name: str, others: Mapping[ComponentKind, Naming]
) -> bool:
    """Whether the component compared beside this one names the tensor."""
    if kind is ComponentKind.TEXT_DECODER:
        tables = others.get(ComponentKind.EMBEDDINGS)
        return tables is not None and tables.part(name) is not None
    if kind is not ComponentKind.EMBEDDINGS:
        return False
    bodies = [others[body] for body in BODIES if body in others]
    return _deterministic(name) is not None or any(
        body.part(name) or body.in_a_layer(name) for body in bodies
    )


def _place(
    pieces: Mapping[Slot, Piece],
    slots: dict[Slot, Piece],
    config: Mapping[str, object],
) -> Iterator[tuple[str, str]]:
    """Adds pieces to free slots; yields those that carry no evidence of their own."""
    for slot, piece in pieces.items():
        if slot in slots:
            yield piece.label, f"the same role as {slots[slot].label}"
            continue
        slots[slot] = piece
        if slot.role is Role.UP_BIAS:
            yield piece.label, _reason(piece.name, config)


def _pieces(
    naming: Naming, name: str, shapes: Shapes, config: Mapping[str, object]
) -> dict[Slot, Piece] | str:
    """What each role takes of one tensor, or why nothing can be taken of it."""
    found = naming.part(name)
    if found is None:
        return {}
    part, layer = found
    shape = shapes[name]
    if not part.roles:
        return part.reason
    if part.flipped and len(shape) != 2:
        return f"of shape {shape}, where a matrix was expected"
    if part.cut is Cut.WHOLE:
        size = math.prod(shape)
        whole = Piece(name=name, label=name, size=size, flipped=part.flipped)
        return {Slot(part.roles[0], layer): whole}
    rows = (shape[1] if part.flipped else shape[0]) if shape else 0
    spans = _spans(part, rows, _query_rows(naming, part, name, shapes), config)
    if isinstance(spans, str):
        return spans
    groups, edges = spans
    return {
        Slot(role, layer): Piece(
            name=name,
            label=f"{name} ({role.value})",
            size=math.prod(shape) // rows * groups * (stop - start),
            flipped=part.flipped,
            groups=groups,
            start=start,
            stop=stop,
        )
        for role, start, stop in zip(part.roles, edges[:-1], edges[1:], strict=True)
    }


def _spans(
    part: Part, rows: int, query: int | None, config: Mapping[str, object]
) -> tuple[int, tuple[int, ...]] | str:
    """Number of groups and the edges of the roles within one, or why not."""
    count, groups = len(part.roles), 1
    if part.cut is Cut.GROUPED:
        if query is None or not 0 < query < rows or (rows - query) % 2:
            return "fused, and its output matrix does not say how it divides"
        return 1, (0, query, query + (rows - query) // 2, rows)
    if part.cut is Cut.PER_HEAD:
        heads = config.get("num_attention_heads")
        if type(heads) is not int or heads < 1:
            return "fused by heads, and config.json does not say how many"
        groups = heads
    if not rows or rows % (groups * count):
        return f"fused, and {rows} rows do not divide into {groups * count}"
    step = rows // (groups * count)
    return groups, tuple(step * edge for edge in range(count + 1))


def _query_rows(naming: Naming, part: Part, name: str, shapes: Shapes) -> int | None:
    """Columns of the matrix that reads what the query's heads wrote."""
    for key, other in naming.layered.items():
        if other is part and part.output:
            beside = shapes.get(name.removesuffix(key) + part.output, ())
            return beside[1] if len(beside) == 2 else None
    return None


_GAIN = (
    r"(?:.*\.)?(?:\w*(?:norm|layernorm_before|layernorm_after)|LayerNorm"
    r"|layer_norm\d|pre_layrnorm|ln_\w+)\.weight"
)
_READ_OUT = (
    r"(?:.*\.)?(?:pooler|classifier)\..*|cls\.predictions\.transform\..*"
    r"|(?:text|visual)_projection\.weight"
)
_GAINS = "norm gains start at one in every model and stay alike"
_GEMMA_GAINS = "norm gains, stored less one, start at zero and stay alike"
_DETERMINISTIC = (
    (_GAIN, _GAINS),
    (r"(?:.*\.)?bias", "biases start at zero in every model"),
    (
        r"(?:.*\.)?(?:cls_token|mask_token|distillation_token|class_embedding)",
        "a single vector, which many libraries start at zero",
    ),
    (
        r"(?:.*\.)?(?:inv_freq|position_ids|masked_bias|logit_scale|logit_bias)",
        "a table that the architecture fixes",
    ),
    (_READ_OUT, "a read-out that is not part of the body"),
)
_NOT_YET = (
    (
        r".*\.(?:experts|shared_experts?)\..*",
        "an expert of a mixture, which this version does not compare",
    ),
    (
        r".*\.(?:block_sparse_moe|mlp)\.gate\..*|.*\.shared_expert_gate\..*",
        "the router of a mixture, which this version does not compare",
    ),
    (
        r".*\.self_attn\.(?:q_[ab]|kv_[ab])_proj(?:_with_mqa)?\.weight",
        "latent attention, which this version does not compare",
    ),
)
"""Tensors of known architectures whose roles no test takes yet."""


def _deterministic(name: str) -> str | None:
    for pattern, reason in _DETERMINISTIC:
        if re.fullmatch(pattern, name):
            return reason
    return None


def _reason(name: str, config: Mapping[str, object]) -> str:
    reason = _deterministic(name)
    if reason == _GAINS and str(config.get("model_type", "")).startswith("gemma"):
        return _GEMMA_GAINS
    if reason is None:
        reason = next((r for p, r in _NOT_YET if re.fullmatch(p, name)), None)
    return reason or "no canonical role for this name"
