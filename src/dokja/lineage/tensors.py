"""A component's tensors in one orientation: residual channels as columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dokja.errors import InvalidInput
from dokja.evidence.seeds import permutation, seed_for, uniform_draws
from dokja.lineage.role_map import Piece, RoleMap, map_roles
from dokja.lineage.roles import (
    MLP_ROLES,
    PROJECTOR_ROLES,
    TOKEN_ROLES,
    TRANSPOSED,
    Role,
    Slot,
)
from dokja.statistics.permutation import RowSet, row_set
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

Matrix = npt.NDArray[np.float64]
Layers = Sequence[Mapping[Role, Matrix]]

TILE_ROWS = 1024
"""Rows asked of a checkpoint at a time, whatever its own block size."""
FIXED_TABLE_RANK = 0.35
"""Share of full participation below which a position table is held for fixed."""

HIDDEN_ROLES = (*MLP_ROLES, Role.UP_BIAS, *PROJECTOR_ROLES)
"""Roles whose rows are hidden units and move together."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Weights:
    """One component of one model, in float64.

    `layers` holds the layered roles, `boundary` the others. MLP matrices are
    (hidden units, channels), attention matrices (head outputs, channels),
    token, patch and position tables (entries, channels). A projector keeps
    (hidden units, inputs) and (hidden units, outputs) as its one layer.
    """

    kind: ComponentKind
    layers: tuple[Mapping[Role, Matrix], ...]
    boundary: Mapping[Role, Matrix]
    names: Mapping[Slot, str]
    """What reports call each matrix, layers numbered from 0 without gaps."""
    stored: Mapping[Slot, str]
    """The stored tensor each matrix is taken from; fused roles share one."""
    untested: Mapping[str, str]
    sizes: Mapping[str, int]
    """Parameters of each matrix of the component, tested or not."""
    rivals: frozenset[str]
    """Names of a second component of the same kind, which nothing reads."""

    @property
    def width(self) -> int | None:
        """Number of residual channels, None for a projector or no tensors."""
        if self.kind is ComponentKind.PROJECTOR:
            return None
        tables = [*self.boundary.values()]
        tables += [table for layer in self.layers for table in layer.values()]
        widths = {table.shape[1] for table in tables if table.shape[1] > 1}
        return widths.pop() if len(widths) == 1 else None

    @cached_property
    def hidden_rows(self) -> tuple[RowSet | None, ...]:
        """The MLP rows of each layer, kept: many pairs ask for the same ones."""
        roles = used_roles((self.layers, self.layers), MLP_ROLES)
        return tuple(hidden_rows(layer, roles) for layer in self.layers)

    def matrix(self, slot: Slot) -> Matrix:
        """The matrix of a slot that `names` holds."""
        if slot.layer < 0:
            return self.boundary[slot.role]
        return self.layers[slot.layer][slot.role]


def read_weights(
    kind: ComponentKind, checkpoint: Checkpoint, on_tensor: Callable[[str], None]
) -> Weights:
    """The component's tensors, read in fixed tiles and oriented.

    A tensor that cannot tell two models apart is left out with the reason.
    Raises: InvalidInput where a weight is NaN or infinite.
    """
    shapes = checkpoint.shapes()
    roles = without_tied_head(map_roles(kind, shapes, checkpoint.config), checkpoint)
    position = {layer: index for index, layer in enumerate(roles.layers)}
    tables: dict[Slot, Matrix] = {}
    untested = {**roles.untested, **roles.elsewhere, **roles.rivals}
    names: dict[Slot, str] = {}
    stored: dict[Slot, str] = {}
    for slot, piece, rows in _read_pieces(roles, checkpoint, on_tensor):
        matrix = _oriented(slot.role, shapes[piece.name], rows)
        reason = _cannot_tell(slot.role, matrix)
        if reason:
            untested[piece.label] = reason
            continue
        placed = Slot(slot.role, position.get(slot.layer, _first_layer(kind)))
        tables[placed], names[placed] = matrix, piece.label
        stored[placed] = piece.name
    tables = dict(sorted(tables.items()))
    return Weights(
        kind=kind,
        layers=_by_layer(tables),
        boundary={s.role: m for s, m in tables.items() if s.layer < 0},
        names=dict(sorted(names.items())),
        stored=stored,
        untested=untested,
        sizes=_sizes(roles, shapes),
        rivals=frozenset(roles.rivals),
    )


def without_tied_head(roles: RoleMap, checkpoint: Checkpoint) -> RoleMap:
    """`roles` without an output table that is the input table stored again.

    Some libraries save tied tables once and some twice; either way they are
    one table and one piece of evidence.
    """
    ends = [roles.slots.get(Slot(role, -1)) for role in TOKEN_ROLES]
    table, head = ends
    if table is None or head is None:
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


def read_matrix(checkpoint: Checkpoint, name: str) -> Matrix:
    """The whole tensor as float64 rows, trailing axes flattened."""
    shape = checkpoint.shapes()[name]
    count = shape[0] if shape else 1
    tiles = [
        checkpoint.rows(name, start, min(start + TILE_ROWS, count)).astype(np.float64)
        for start in range(0, count, TILE_ROWS)
    ]
    matrix = np.concatenate(tiles) if tiles else np.zeros((0, 1))
    if not np.isfinite(matrix).all():
        raise InvalidInput(
            f"{name} holds NaN or infinite weights",
            remedy="hand in the checkpoint from before the training run diverged",
        )
    return matrix


def used_roles(
    layers: tuple[Layers, Layers], wanted: Sequence[Role]
) -> tuple[Role, ...]:
    """Wanted roles that occur on both sides, in the wanted order.

    A layer that lacks one of them has no partner, so that a layer given up
    on purpose hides itself and not the others.
    """
    return tuple(
        role for role in wanted if all(any(role in one for one in s) for s in layers)
    )


def hidden_rows(
    layer: Mapping[Role, Matrix],
    roles: Sequence[Role],
    units: npt.NDArray[np.intp] | None = None,
) -> RowSet | None:
    """One row a hidden unit, the roles side by side, each of unit norm.

    None where the layer lacks a role; `units` picks some of the rows.
    """
    if any(role not in layer for role in roles):
        return None
    blocks = []
    for role in roles:
        matrix = layer[role] if units is None else layer[role][units]
        centred = matrix - matrix.mean(axis=0, keepdims=True)
        norm = float(np.sqrt(np.sum(centred * centred)))
        blocks.append(centred / norm if norm > 0.0 else centred)
    return row_set(np.concatenate(blocks, axis=1))


def with_tables(weights: Weights, tables: Mapping[Slot, Matrix]) -> Weights:
    """The same component holding only `tables`; names follow them."""
    return replace(
        weights,
        layers=_by_layer(tables),
        boundary={s.role: m for s, m in tables.items() if s.layer < 0},
        names={s: weights.names[s] for s in tables},
    )


def every_table(weights: Weights) -> dict[Slot, Matrix]:
    """Every matrix by slot, in slot order."""
    return {slot: weights.matrix(slot) for slot in sorted(weights.names)}


def shuffled(weights: Weights, seed_text: str) -> Weights:
    """The component with channels and hidden units put in another order.

    One order of channels for every tensor; one order of hidden units for
    each layer; a projector's inputs and outputs each get their own. The
    network computes the same function in another basis.
    """
    orders: dict[str, npt.NDArray[np.intp]] = {}

    def order(what: str, count: int) -> npt.NDArray[np.intp]:
        if what not in orders:
            orders[what] = permutation(seed_for(seed_text, what), count)
        return orders[what]

    tables: dict[Slot, Matrix] = {}
    for slot, matrix in every_table(weights).items():
        rows, columns = matrix.shape
        moved = matrix
        if slot.role in HIDDEN_ROLES:
            moved = moved[order(f"hidden {slot.layer} {rows}", rows)]
        if columns > 1:
            axis = slot.role if slot.role in PROJECTOR_ROLES else "channels"
            moved = moved[:, order(f"{axis} {columns}", columns)]
        tables[slot] = moved
    return with_tables(weights, tables)


def standard_normals(seed: int, shape: tuple[int, int]) -> Matrix:
    """Standard normal draws (Box-Muller on Philox uniforms)."""
    count = shape[0] * shape[1]
    pairs = uniform_draws(seed, 2 * count).reshape(2, count)
    draws: Matrix = np.sqrt(-2.0 * np.log(pairs[0])) * np.cos(2.0 * np.pi * pairs[1])
    return draws.reshape(shape)


def _read_pieces(
    roles: RoleMap, checkpoint: Checkpoint, on_tensor: Callable[[str], None]
) -> Iterator[tuple[Slot, Piece, Matrix]]:
    """Every piece with its rows; a fused tensor is read once for all its roles."""
    by_name: dict[str, list[tuple[Slot, Piece]]] = {}
    for slot, piece in sorted(roles.slots.items(), key=lambda entry: entry[0]):
        by_name.setdefault(piece.name, []).append((slot, piece))
    for name, pieces in by_name.items():
        on_tensor(name)
        matrix = read_matrix(checkpoint, name)
        for slot, piece in pieces:
            yield slot, piece, _taken_apart(piece, matrix)


def _taken_apart(piece: Piece, matrix: Matrix) -> Matrix:
    """The piece's rows, with outputs as rows whatever the library stored."""
    rows = np.ascontiguousarray(matrix.T) if piece.flipped else matrix
    if piece.stop is None:
        return rows
    groups = rows.reshape(piece.groups, -1, rows.shape[1])
    taken = groups[:, piece.start : piece.stop]
    return np.ascontiguousarray(taken.reshape(-1, rows.shape[1]))


def _first_layer(kind: ComponentKind) -> int:
    return 0 if kind is ComponentKind.PROJECTOR else -1


def _by_layer(tables: Mapping[Slot, Matrix]) -> tuple[Mapping[Role, Matrix], ...]:
    depth = 1 + max((slot.layer for slot in tables), default=-1)
    return tuple(
        {slot.role: matrix for slot, matrix in tables.items() if slot.layer == layer}
        for layer in range(depth)
    )


def _oriented(role: Role, shape: tuple[int, ...], rows: Matrix) -> Matrix:
    if role is Role.POSITIONS and len(shape) > 1 and rows.size:
        return rows.reshape(-1, shape[-1])
    return np.ascontiguousarray(rows.T) if role in TRANSPOSED else rows


def _cannot_tell(role: Role, matrix: Matrix) -> str:
    """Why a tensor carries no evidence, empty where it can carry some."""
    if role is Role.UP_BIAS:
        return ""
    if min(matrix.shape) < 2:
        return "a single vector"
    spread = float(matrix.std())
    if not spread > 1e-8 * max(1.0, abs(float(matrix.mean()))):
        return "constant, as an untrained or pruned tensor is"
    if len(np.unique(matrix.ravel()[: 1 << 16])) <= 16:
        return "holds a handful of values, like a mask or an identity"
    if role is Role.POSITIONS and _participation(matrix) < FIXED_TABLE_RANK:
        return "a smooth table that many models share, such as sines and cosines"
    return ""


def _participation(matrix: Matrix) -> float:
    """Participation ratio of the singular values over the largest possible."""
    centred = matrix - matrix.mean(axis=0, keepdims=True)
    powers = np.square(np.linalg.svd(centred, compute_uv=False))
    total = float(powers.sum())
    if not total > 0.0:
        return 0.0
    return total**2 / float(np.square(powers).sum()) / len(powers)


def _sizes(roles: RoleMap, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, int]:
    pieces = roles.slots.values()
    cut = {piece.label: piece.size for piece in pieces}
    fused = {piece.name for piece in pieces} - set(cut)
    left = {n: math.prod(shapes[n]) for n in roles.untested if n in shapes}
    return {**{n: s for n, s in left.items() if n not in fused}, **cut}
