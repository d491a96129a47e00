"""Which rows of which stored tensor play which role in a component."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from dokja.lineage.families import NAMINGS, Cut, Found, Naming, Part, ending
from dokja.lineage.roles import MLP_ROLES, Role, Slot
from dokja.lineage.unmapped import ROUTER, deterministic, reason_without_role
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
MOST_EXPERTS = 1 << 18
"""Pieces of experts after which no more are taken of a component.

A stack that holds almost nothing can claim any number of them.
"""
MOST_IN_A_STACK = 1 << 13
"""Experts of one layer; the largest mixtures have hundreds."""
TOO_MANY = f"one more than {MOST_EXPERTS} matrices of experts"
NOT_COMPARED = "an expert of a mixture, which this version does not compare"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """The rows of one stored tensor that play one role.

    The tensor's rows (its columns where it is flipped) fall into `groups`
    equal groups; of each the rows from `start` to before `stop` are taken.
    Of a stack of experts all this holds for the matrix at `index`, which a
    checkpoint hands out, flattened, as that one row.
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
    index: int | None = None
    """Which matrix of a stack of three axes; None where there is no stack."""


@dataclass(frozen=True, kw_only=True)
class RoleMap:
    """A component's pieces by slot, and every name left out."""

    slots: Mapping[Slot, Piece]
    experts: Mapping[Slot, Piece]
    """Gate, up and down of every expert of a mixture, shared ones as expert -1.

    No slot of these is one of `slots`; `with_experts` puts them together.
    """
    untested: Mapping[str, str]
    """Names of the component that carry no evidence, with the reason.

    The tensors of `experts` are named here too, by their stored names.
    """
    elsewhere: Mapping[str, str]
    """Names that another component of the same checkpoint holds."""
    rivals: Mapping[str, str]
    """Names of a second component of the same kind, by another family's names."""

    @property
    def layers(self) -> tuple[int, ...]:
        """Layer numbers that occur, in order; a gap stays a gap."""
        return tuple(sorted({slot.layer for slot in self.slots if slot.layer >= 0}))

    def with_experts(self) -> RoleMap:
        """The map with its experts among the slots, and no longer untested."""
        names = {piece.name for piece in self.experts.values()}
        return replace(
            self,
            slots={**self.slots, **self.experts},
            experts={},
            untested={n: r for n, r in self.untested.items() if n not in names},
        )


def map_roles(
    kind: ComponentKind, shapes: Shapes, config: Mapping[str, object]
) -> RoleMap:
    """The component's pieces by slot; every other name with its reason.

    Token tables and the body beside them are compared together, so either
    passes over the other's tensors; those of any other component are named.
    A layer with a dense MLP keeps it, and lists a shared expert it has too.
    """
    namings = namings_of(shapes)
    own = namings.get(kind) or _best(kind, shapes)
    others = {k: n for k, n in namings.items() if k is not kind}
    slots: dict[Slot, Piece] = {}
    experts: dict[Slot, Piece] = {}
    untested: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    rivals: dict[str, str] = {}
    for name in sorted(shapes):
        found = own.part(name) if own else None
        if found:
            place = experts if _of_a_mixture(found) else slots
            full = place is experts and len(experts) >= MOST_EXPERTS
            pieces = TOO_MANY if full else _pieces(found, name, shapes, config)
            if isinstance(pieces, str):
                untested[name] = pieces
            else:
                untested.update(_place(pieces, place, config))
        elif _beside(kind, name, others):
            continue
        elif owner := next((k for k, n in others.items() if n.part(name)), None):
            elsewhere[name] = f"belongs to the {owner.value} of this checkpoint"
        elif rival := _rival(kind, name):
            rivals[name] = f"a second {kind.value} under the names of {rival.models}"
        else:
            untested[name] = reason_without_role(name, config)
    untested.update(_without_second_mlps(slots, experts))
    return RoleMap(
        slots=slots,
        experts=experts,
        untested=untested | {p.name: NOT_COMPARED for p in experts.values()},
        elsewhere=elsewhere,
        rivals=rivals,
    )


def namings_of(names: Iterable[str]) -> Mapping[ComponentKind, Naming]:
    """For each component found among the names the naming that explains most.

    No name serves two components: `encoder.layer.0.output.dense.weight`
    stands in BERT as in ViT, and belongs to the one with more of its names.
    """
    ended = _by_ending(names)
    read = [
        (naming, frozenset(_read_by(naming, ended)))
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
    ended = _by_ending(names)
    counts = [
        (sum(1 for _ in _read_by(naming, ended)), naming)
        for naming in NAMINGS
        if naming.component is kind
    ]
    most = max((count for count, _ in counts), default=0)
    return next((n for count, n in counts if count == most), None) if most else None


def _by_ending(names: Iterable[str]) -> Mapping[str, list[str]]:
    ended: dict[str, list[str]] = {}
    for name in names:
        ended.setdefault(ending(name), []).append(name)
    return ended


def _read_by(naming: Naming, ended: Mapping[str, list[str]]) -> Iterator[str]:
    """Names that the naming reads something of, none without what it requires."""
    names = [n for two, same in ended.items() if naming.may_end(two) for n in same]
    found = {name: of.part for name in names if (of := naming.part(name))}
    required = naming.single.get(naming.requires)
    if required is None or any(part is required for part in found.values()):
        yield from (name for name, part in found.items() if part.roles)


def _rival(kind: ComponentKind, name: str) -> Naming | None:
    """The naming that reads a name for the same component, asked of unread names."""
    for naming in NAMINGS:
        found = naming.part(name) if naming.component is kind else None
        if found and found.part.roles:
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
    if any(body.part(name) or body.in_a_layer(name) for body in bodies):
        return True
    return deterministic(name) is not None


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
            yield piece.label, reason_without_role(piece.name, config)
        if slot.role is Role.ROUTER:
            yield piece.label, ROUTER


def _of_a_mixture(found: Found) -> bool:
    return found.expert >= 0 or found.part.stacked or found.part.shared


def _without_second_mlps(
    slots: Mapping[Slot, Piece], experts: dict[Slot, Piece]
) -> dict[str, str]:
    """Takes out shared experts of layers with a dense MLP; their labels, reasoned."""
    dense = {slot.layer for slot in slots if slot.role in MLP_ROLES}
    second = [s for s in experts if s.expert < 0 and s.layer in dense]
    return {
        experts.pop(slot).label: "a shared expert beside the dense MLP of its layer"
        for slot in second
    }


def _pieces(
    found: Found, name: str, shapes: Shapes, config: Mapping[str, object]
) -> dict[Slot, Piece] | str:
    """What each role takes of one tensor, or why nothing can be taken of it."""
    part, shape = found.part, shapes[name]
    if not part.roles:
        return part.reason
    if part.stacked:
        return _stack(found, name, shapes, config)
    if part.flipped and len(shape) != 2:
        return f"of shape {shape}, where a matrix was expected"
    whole = Piece(name=name, label=name, size=math.prod(shape), flipped=part.flipped)
    cut = _cut(whole, found, shape, _query_rows(found, shapes), config)
    if isinstance(cut, str):
        return cut
    return {Slot(r, found.layer, found.expert): piece for r, piece in cut.items()}


def _stack(
    found: Found, name: str, shapes: Shapes, config: Mapping[str, object]
) -> dict[Slot, Piece] | str:
    """What each role takes of each expert of a stack, or why nothing can be taken."""
    shape = shapes[name]
    if len(shape) != 3 or min(shape) < 1 or shape[0] > MOST_IN_A_STACK:
        return f"of shape {shape}, where a stack of matrices was expected"
    flipped = _flipped(found, shape, shapes)
    if flipped is None:
        return "a stack whose partner does not say which axis holds the outputs"
    whole = Piece(
        name=name, label=name, size=math.prod(shape[1:]), flipped=flipped, index=0
    )
    cut = _cut(whole, found, shape[1:], None, config)
    if isinstance(cut, str):
        return cut
    return {
        Slot(role, found.layer, number): replace(
            piece, index=number, label=f"{piece.label} (expert {number})"
        )
        for number in range(shape[0])
        for role, piece in cut.items()
    }


def _flipped(found: Found, shape: tuple[int, ...], shapes: Shapes) -> bool | None:
    """Whether a stack's matrices are (inputs, outputs); None where nothing says it.

    Gate and up of f units over d channels are (2f, d) beside (d, f), or,
    flipped, (d, 2f) beside (f, d): no shape is both.
    """
    if not found.part.beside:
        return found.part.flipped
    partner = shapes.get(found.before + found.part.beside, ())
    if len(partner) != 3:
        return None
    into, out = (shape, partner) if len(found.part.roles) > 1 else (partner, shape)
    if into[2] == out[1] and into[1] == 2 * out[2]:
        return False
    return True if into[1] == out[2] and into[2] == 2 * out[1] else None


def _cut(
    whole: Piece,
    found: Found,
    shape: tuple[int, ...],
    query: int | None,
    config: Mapping[str, object],
) -> dict[Role, Piece] | str:
    """The roles' shares of a matrix of this shape, or why it cannot be divided."""
    part = found.part
    if part.cut is Cut.WHOLE:
        return {part.roles[0]: whole}
    rows = (shape[1] if whole.flipped else shape[0]) if shape else 0
    spans = _spans(part, rows, query, config)
    if isinstance(spans, str):
        return spans
    groups, edges = spans
    return {
        role: replace(
            whole,
            label=f"{whole.name} ({role.value})",
            size=whole.size // rows * groups * (stop - start),
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
    if part.cut is Cut.BY_TURNS:
        groups = max(1, rows // count)
    if not rows or rows % (groups * count):
        return f"fused, and {rows} rows do not divide into {groups * count}"
    step = rows // (groups * count)
    return groups, tuple(step * edge for edge in range(count + 1))


def _query_rows(found: Found, shapes: Shapes) -> int | None:
    """Columns of the matrix that reads what the query's heads wrote."""
    if not found.part.output:
        return None
    beside = shapes.get(found.before + found.part.output, ())
    return beside[1] if len(beside) == 2 else None
