"""Two components made comparable: same roles, same shapes, same token rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.roles import (
    ATTENTION_ROLES,
    MLP_ROLES,
    PROJECTOR_ROLES,
    TOKEN_ROLES,
    VISION_BOUNDARY,
    Role,
    Slot,
)
from dokja.lineage.tensors import Weights, every_table, with_tables
from dokja.submission.values import ComponentKind

Vocabulary = Mapping[str, int] | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """A candidate and a reference component with what they have in common."""

    candidate: Weights
    reference: Weights
    hidden_units_match: bool
    """Whether hidden units can be paired by number."""
    tokens: npt.NDArray[np.intp]
    """Reference rows of the shared tokens, in the order of the token tables."""
    untested: Mapping[str, str]
    """Names of the candidate that stay out, with the reason."""


def pair_up(
    candidate: Weights,
    reference: Weights,
    vocabularies: tuple[Vocabulary, Vocabulary],
    shared_minimum: int,
) -> Pair | Text:
    """The comparable parts, or the fact that makes the two incomparable.

    `vocabularies` are the candidate's and the reference's.
    """
    fact = _incomparable(candidate, reference)
    if fact:
        return fact
    untested = dict(candidate.untested)
    tables = (every_table(candidate), every_table(reference))
    tokens: npt.NDArray[np.intp] = np.zeros(0, dtype=np.intp)
    if candidate.kind is ComponentKind.EMBEDDINGS:
        rows = shared_rows(tables, vocabularies)
        if isinstance(rows, Text):
            return rows
        if len(rows[0]) < shared_minimum:
            return wording.few_shared_tokens(len(rows[0]), needed=shared_minimum)
        tokens = rows[1]
        tables = (_taken(tables[0], rows[0]), _taken(tables[1], rows[1]))
    for role in (*ATTENTION_ROLES, *VISION_BOUNDARY, *TOKEN_ROLES):
        _drop_unequal(role, tables, candidate.names, untested)
    for role in (*PROJECTOR_ROLES, *MLP_ROLES, Role.UP_BIAS):
        _drop_unequal(role, tables, candidate.names, untested, axis=1)
    if not tables[0]:
        return wording.NO_EQUAL_SHAPE
    return Pair(
        candidate=with_tables(candidate, tables[0]),
        reference=with_tables(reference, tables[1]),
        hidden_units_match=_hidden_units_match(tables),
        tokens=tokens,
        untested=untested,
    )


def shared_rows(
    tables: tuple[dict[Slot, npt.NDArray[np.float64]], ...],
    vocabularies: tuple[Vocabulary, Vocabulary],
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] | Text:
    """Rows of the token strings both sides hold, by reference row; or why not."""
    left, right = vocabularies
    if left is None or right is None:
        return wording.no_tokenizer(
            wording.CANDIDATE if left is None else wording.REFERENCE
        )
    limits = [
        min((m.shape[0] for s, m in side.items() if s.role in TOKEN_ROLES), default=0)
        for side in tables
    ]
    found = sorted(
        (right[token], row, token)
        for token, row in left.items()
        if token in right and 0 <= row < limits[0] and 0 <= right[token] < limits[1]
    )
    mine = np.array([row for _, row, _ in found], dtype=np.intp)
    theirs = np.array([row for row, _, _ in found], dtype=np.intp)
    return mine, theirs


def _incomparable(candidate: Weights, reference: Weights) -> Text | None:
    """Why nothing at all can be compared, None where something can."""
    sides = ((wording.CANDIDATE, candidate), (wording.REFERENCE, reference))
    for side, weights in sides:
        if not weights.names:
            return wording.no_known_role(side)
    if candidate.kind is ComponentKind.PROJECTOR:
        return None
    for side, weights in sides:
        if weights.width is None:
            return wording.no_single_width(side)
    if candidate.width == reference.width:
        return None
    return wording.other_width(candidate.width, reference.width)


def _taken(
    tables: dict[Slot, npt.NDArray[np.float64]], rows: npt.NDArray[np.intp]
) -> dict[Slot, npt.NDArray[np.float64]]:
    return {slot: table[rows] for slot, table in tables.items()}


def _drop_unequal(
    role: Role,
    tables: tuple[dict[Slot, npt.NDArray[np.float64]], ...],
    names: Mapping[Slot, str],
    untested: dict[str, str],
    *,
    axis: int | None = None,
) -> None:
    """Takes a role out of both sides unless its shapes agree everywhere.

    With `axis` only that axis has to agree.
    """
    shapes = [
        {m.shape if axis is None else m.shape[axis] for s, m in side.items()
         if s.role is role}
        for side in tables
    ]  # fmt: skip
    if not shapes[0] and not shapes[1]:
        return
    if len(shapes[0] | shapes[1]) == 1 and shapes[0] and shapes[1]:
        return
    reason = (
        f"its shape differs from the reference's: {_listed(shapes[0])} "
        f"against {_listed(shapes[1])}"
        if shapes[0] and shapes[1]
        else "the reference has no tensor of this role"
    )
    for side in tables:
        for slot in [s for s in side if s.role is role]:
            del side[slot]
    untested.update({n: reason for s, n in names.items() if s.role is role})


def _hidden_units_match(
    tables: tuple[dict[Slot, npt.NDArray[np.float64]], ...],
) -> bool:
    counts = {
        m.shape[0]
        for side in tables
        for s, m in side.items()
        if s.role in (*MLP_ROLES, *PROJECTOR_ROLES)
    }
    return len(counts) == 1


def _listed(shapes: set[object]) -> str:
    return ", ".join(sorted(str(shape) for shape in shapes))
