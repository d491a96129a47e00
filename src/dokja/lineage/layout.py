"""Where a component's matrices lie in its checkpoint, in one orientation."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from dokja.errors import InvalidInput
from dokja.lineage.role_map import Piece, RoleMap, map_roles
from dokja.lineage.roles import TOKEN_ROLES, TRANSPOSED, Role, Slot
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

Matrix = npt.NDArray[np.floating[Any]]
"""Float32 wherever it is read from a checkpoint."""
Indices = npt.NDArray[np.intp]

LARGEST = 65_504.0
"""Largest number of F16. Products of products of larger weights leave the range of
float32 and end as NaN, and NaN compares as innocent: one unit scaled up, and its
weights behind it scaled down, would hide a copy."""
TILE = 1024
"""Rows of a stored tensor widened at a time, whatever the adapter reads."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One role of one layer: (units, channels), whatever the library stored.

    Units are hidden units, head outputs, tokens, pixels or positions; the
    experts of a mixture are stacked, one piece each, in their order.
    """

    role: Role
    pieces: tuple[Piece, ...]
    heights: tuple[int, ...]
    """Units of each piece."""
    channels: int
    stored: tuple[tuple[int, ...], ...]
    """Shape of the stored matrix of each piece."""

    @property
    def shape(self) -> tuple[int, int]:
        """All units, and the channels."""
        return sum(self.heights), self.channels

    @property
    def edges(self) -> tuple[int, ...]:
        """Where each piece begins among the units, and their number."""
        return tuple(accumulate(self.heights, initial=0))

    @property
    def name(self) -> str:
        """What a report calls it."""
        return self.pieces[0].label

    @property
    def units_are_stored_rows(self) -> bool:
        """Whether the stored tensor has one row for each unit."""
        return (self.role in TRANSPOSED) == self.pieces[0].flipped


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """One component of one model: what there is to read, nothing read yet."""

    kind: ComponentKind
    layers: tuple[Mapping[Role, Table], ...]
    """Layers numbered from 0 without gaps."""
    boundary: Mapping[Role, Table]
    prefixes: tuple[str, ...]
    """How the names of each layer's tensors begin."""
    untested: Mapping[str, str]
    """Names that carry no evidence, with the reason."""
    sizes: Mapping[str, int]
    """Parameters of each matrix of the component, tested or not."""
    rivals: frozenset[str]
    """Names of a second component of the same kind, which nothing reads."""

    @property
    def width(self) -> int | None:
        """Number of residual channels, None for a projector or no tensors."""
        if self.kind is ComponentKind.PROJECTOR:
            return None
        widths = {table.shape[1] for table in self.tables() if table.shape[1] > 1}
        return widths.pop() if len(widths) == 1 else None

    def tables(self) -> tuple[Table, ...]:
        """Every table, the boundary's first."""
        layered = [table for layer in self.layers for table in layer.values()]
        return (*self.boundary.values(), *layered)

    def slots(self) -> Mapping[Slot, Table]:
        """Every table by slot, in slot order."""
        found = {Slot(role, -1): table for role, table in self.boundary.items()}
        for number, layer in enumerate(self.layers):
            found |= {Slot(role, number): table for role, table in layer.items()}
        return dict(sorted(found.items(), key=lambda entry: entry[0]))


def read_layout(kind: ComponentKind, checkpoint: Checkpoint) -> Layout:
    """The component's tables by layer, from names and shapes alone."""
    shapes = checkpoint.shapes()
    roles = map_roles(kind, shapes, checkpoint.config).with_experts()
    roles = _without_tied_head(roles, checkpoint)
    untested = {**roles.untested, **roles.elsewhere, **roles.rivals}
    found: dict[tuple[int, Role], list[tuple[Slot, Piece]]] = {}
    for slot, piece in sorted(roles.slots.items(), key=lambda entry: entry[0]):
        found.setdefault((slot.layer, slot.role), []).append((slot, piece))
    tables: dict[tuple[int, Role], Table] = {}
    for place, pieces in found.items():
        table = _table(place[1], tuple(piece for _, piece in pieces), shapes)
        if isinstance(table, str):
            untested.update({piece.label: table for _, piece in pieces})
        else:
            tables[place] = table
    numbers = sorted({layer for layer, _ in tables if layer >= 0})
    boundary = {role: t for (layer, role), t in tables.items() if layer < 0}
    layers = tuple(
        {role: t for (layer, role), t in tables.items() if layer == number}
        for number in numbers
    )
    if kind is ComponentKind.PROJECTOR:
        boundary, layers = {}, (boundary,) if boundary else ()
    return Layout(
        kind=kind,
        layers=layers,
        boundary=boundary,
        prefixes=tuple(_prefix(layer, number)
                       for layer, number in zip(layers, numbers, strict=False)),
        untested=untested,
        sizes=_sizes(roles, shapes),
        rivals=frozenset(roles.rivals),
    )  # fmt: skip


def take(
    checkpoint: Checkpoint,
    table: Table,
    units: Indices | None,
    channels: Indices | None,
) -> Matrix:
    """(units, channels) float32 of the table; all for None.

    Raises: InvalidInput where one of them is not `usable`.
    """
    taken = np.arange(table.shape[0], dtype=np.intp) if units is None else units
    edges, found = table.edges, []
    for number, start in enumerate(edges[:-1]):
        inside = taken[(taken >= start) & (taken < edges[number + 1])] - start
        if len(inside):
            found.append(_take_piece(checkpoint, table, number, (inside, channels)))
    if not found:
        width = table.shape[1] if channels is None else len(channels)
        return np.zeros((0, width), dtype=np.float32)
    matrix = np.concatenate(found) if len(found) > 1 else found[0]
    return usable(table.name, matrix)


def usable(name: str, values: Matrix) -> Matrix:
    """The values, where products of them stay numbers.

    Raises: InvalidInput where one is NaN, infinite or larger than `LARGEST`.
    """
    if not values.size or -LARGEST <= values.min() <= values.max() <= LARGEST:
        return values
    if not np.isfinite(values).all():
        raise InvalidInput(
            f"{name} holds NaN or infinite weights",
            remedy="hand in the checkpoint from before the training run diverged",
        )
    most = float(np.abs(values).max())
    raise InvalidInput(
        f"{name} holds a weight of size {most:.3g}, products of which are not numbers",
        remedy=f"hand in weights of at most {LARGEST:g}, the largest number of F16",
    )


def project(checkpoint: Checkpoint, table: Table, anchors: Matrix) -> Matrix:
    """(units, anchors) products of every unit with (anchors, channels) rows.

    In tiles of a fixed size along the stored rows, so that memory follows
    the tile and the sum has one order.
    """
    count, width = table.shape
    if table.units_are_stored_rows:
        tiles = [
            take(checkpoint, table, np.arange(at, min(at + TILE, count)), None)
            @ anchors.T
            for at in range(0, count, TILE)
        ]
        return np.concatenate(tiles) if tiles else np.zeros((0, len(anchors)), "f4")
    total: Matrix = np.zeros((count, len(anchors)), dtype=np.float32)
    for at in range(0, width, TILE):
        channels = np.arange(at, min(at + TILE, width))
        total += take(checkpoint, table, None, channels) @ anchors[:, channels].T
    return total


def _take_piece(
    checkpoint: Checkpoint,
    table: Table,
    number: int,
    wanted: tuple[Indices, Indices | None],
) -> Matrix:
    """The values at (units of the piece, channels), read in stored orientation."""
    units, channels = wanted
    piece, stored = table.pieces[number], table.stored[number]
    if table.role is Role.POSITIONS and stored[0] != table.shape[0]:
        whole = checkpoint.picked(piece.name, np.arange(stored[0]), None)
        rows = whole.reshape(table.shape)[units]
        return rows if channels is None else rows[:, channels]
    flipped = table.role in TRANSPOSED
    if channels is None:
        channels = np.arange(table.shape[1], dtype=np.intp)
    outputs, inputs = (channels, units) if flipped else (units, channels)
    outputs = _stored_outputs(piece, stored, outputs)
    if piece.flipped:
        found = _picked(checkpoint, piece, stored, (inputs, outputs)).T
    else:
        found = _picked(checkpoint, piece, stored, (outputs, inputs))
    return np.ascontiguousarray(found.T if flipped else found)


def _picked(
    checkpoint: Checkpoint,
    piece: Piece,
    stored: tuple[int, ...],
    wanted: tuple[Indices, Indices],
) -> Matrix:
    """The values at (rows, columns) of the stored matrix."""
    rows, columns = wanted
    width = math.prod(stored[1:])
    if piece.index is None:
        whole = np.array_equal(columns, np.arange(width))
        return checkpoint.picked(piece.name, rows, None if whole else columns)
    # Of a stack each matrix is one row of the checkpoint.
    flat = (rows[:, None] * width + columns[None, :]).ravel()
    index = np.array([piece.index], dtype=np.intp)
    return checkpoint.picked(piece.name, index, flat).reshape(len(rows), len(columns))


def _stored_outputs(piece: Piece, stored: tuple[int, ...], taken: Indices) -> Indices:
    """Rows (columns where flipped) of the stored tensor, of the piece's own rows."""
    if piece.stop is None:
        return taken
    outputs = stored[1] if piece.flipped else stored[0]
    span, step = piece.stop - piece.start, outputs // piece.groups
    return taken // span * step + piece.start + taken % span


def _table(
    role: Role, pieces: tuple[Piece, ...], shapes: Mapping[str, tuple[int, ...]]
) -> Table | str:
    """The pieces as one table, or why they cannot be one."""
    stored = tuple(
        shapes[piece.name] if piece.index is None else shapes[piece.name][1:]
        for piece in pieces
    )
    found = [_oriented(role, *one) for one in zip(pieces, stored, strict=True)]
    channels = found[0][1]
    if any(width != channels for _, width in found):
        return "its experts differ in width"
    heights = tuple(units for units, _ in found)
    if min(sum(heights), channels) < 2 and role is not Role.UP_BIAS:
        return "a single vector"
    return Table(
        role=role, pieces=pieces, heights=heights, channels=channels, stored=stored
    )


def _oriented(role: Role, piece: Piece, shape: tuple[int, ...]) -> tuple[int, int]:
    rows, columns = (shape[0] if shape else 1), math.prod(shape[1:])
    if role is Role.POSITIONS and len(shape) > 1:
        rows, columns = math.prod(shape[:-1]), shape[-1]
    if piece.flipped:
        rows, columns = columns, rows
    if piece.stop is not None:
        rows = piece.groups * (piece.stop - piece.start)
    return (columns, rows) if role in TRANSPOSED else (rows, columns)


def _prefix(layer: Mapping[Role, Table], number: int) -> str:
    """What stands before a tensor's own name inside the layer, its dot included."""
    name = next(iter(layer.values())).pieces[0].name
    found = re.match(rf"(?:.*?\.)?(?:layers|layer|h|blocks)\.{number}\.", name)
    return found.group() if found else ""


def _without_tied_head(roles: RoleMap, checkpoint: Checkpoint) -> RoleMap:
    """`roles` without an output table that is the input table stored again.

    Some libraries save tied tables once and some twice; either way they are
    one table and one piece of evidence.
    """
    table, head = (roles.slots.get(Slot(role, -1)) for role in TOKEN_ROLES)
    if table is None or head is None:
        return roles
    shapes = checkpoint.shapes()
    if shapes[table.name] != shapes[head.name]:
        return roles
    if checkpoint.digest(table.name) != checkpoint.digest(head.name):
        return roles
    return replace(
        roles,
        slots={s: p for s, p in roles.slots.items() if p is not head},
        elsewhere={
            **roles.elsewhere,
            head.label: f"tied: the same bytes as {table.label}",
        },
    )


def _sizes(roles: RoleMap, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, int]:
    pieces = roles.slots.values()
    cut = {piece.label: piece.size for piece in pieces}
    fused = {piece.name for piece in pieces} - set(cut)
    left = {n: math.prod(shapes[n]) for n in roles.untested if n in shapes}
    return {**{n: s for n, s in left.items() if n not in fused}, **cut}
