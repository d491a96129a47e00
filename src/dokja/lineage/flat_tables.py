"""The tables outside the layers, read for both sides row by row alike."""

from __future__ import annotations

import numpy as np

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.boundary import TokenTables, shared_tokens
from dokja.lineage.draws import Draws
from dokja.lineage.flat_tests import (
    FlatTest,
    boundary_test,
    halves_of,
    projector_tests,
    token_tests,
)
from dokja.lineage.layer_sample import cannot_tell
from dokja.lineage.layout import Layout, Matrix, Table, take
from dokja.lineage.roles import PROJECTOR_ROLES, TOKEN_ROLES, Role
from dokja.lineage.values import LineageRules
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

FIXED_TABLE_RANK = 0.35
"""Share of full participation below which a position table is held for fixed."""
ENTRIES = 4096
"""Tokens, pixels, positions or projector units that enter the tests."""
COLUMNS = 1024
"""Channels of a flat table that enter the tests."""

Tables = dict[Role, Matrix]
Read = tuple[tuple[FlatTest, ...], tuple[Tables, Tables], dict[str, str]]
"""Tests, the candidate's and the reference's tables, and names left out."""


def read_tokens(
    tables: tuple[TokenTables | None, TokenTables | None],
    rules: LineageRules,
    draws: Draws,
) -> Read | Text:
    """Token tables over the strings both sides hold; or why not."""
    mine, theirs = tables
    if mine is None or theirs is None:
        return wording.no_known_role(
            wording.CANDIDATE if mine is None else wording.REFERENCE
        )
    rows = shared_tokens(
        (mine.checkpoint.vocabulary, theirs.checkpoint.vocabulary),
        (mine.rows, theirs.rows),
    )
    if isinstance(rows, Text):
        return rows
    if len(rows[0]) < rules.shared_tokens_minimum:
        return wording.few_shared_tokens(
            len(rows[0]), needed=rules.shared_tokens_minimum
        )
    if mine.entry.shape[1] != theirs.entry.shape[1]:
        return wording.other_width(mine.entry.shape[1], theirs.entry.shape[1])
    taken = draws.spread("tokens", len(rows[0]), ENTRIES)
    channels = draws.some("channels", mine.entry.shape[1], COLUMNS)
    untested: dict[str, str] = {}
    found: tuple[Tables, Tables] = ({}, {})
    for role in TOKEN_ROLES:
        pair = [one.tables().get(role) for one in (mine, theirs)]
        if pair[0] is None:
            continue
        if pair[1] is None:
            untested[pair[0].name] = "the reference has no tensor of this role"
            continue
        read = [
            take(one.checkpoint, table, side[taken], channels)
            for one, table, side in zip((mine, theirs), pair, rows, strict=True)
            if table is not None
        ]
        _keep(role, (read[0], read[1]), found, untested, pair[0].name)
    if not found[0]:
        return wording.NO_EQUAL_SHAPE
    halves = halves_of(len(taken), draws)
    return token_tests(tuple(found[0]), halves), found, untested


def read_boundary(
    layouts: tuple[Layout, Layout],
    checkpoints: tuple[Checkpoint, Checkpoint],
    roles: tuple[Role, ...],
    draws: Draws,
) -> Read:
    """Patch and position tables, or a projector's, of the roles both share."""
    untested: dict[str, str] = {}
    found: tuple[Tables, Tables] = ({}, {})
    projector = layouts[0].kind is ComponentKind.PROJECTOR
    for role in roles:
        where = [one.layers[0] if projector else one.boundary for one in layouts]
        if any(role not in tables for tables in where):
            continue
        units, columns = where[0][role].shape
        rows = draws.some("entries", units, ENTRIES)
        kept = draws.some(f"{role} columns" if projector else "channels",
                          columns, COLUMNS)  # fmt: skip
        read = [
            take(checkpoint, tables[role], rows, kept)
            for checkpoint, tables in zip(checkpoints, where, strict=True)
        ]
        _keep(role, (read[0], read[1]), found, untested, where[0][role].name)
    kept_roles = tuple(found[0])
    if not kept_roles:
        return (), found, untested
    if not projector:
        return (boundary_test(kept_roles),), found, untested
    kept_roles = tuple(role for role in PROJECTOR_ROLES if role in kept_roles)
    halves = halves_of(len(found[0][kept_roles[0]]), draws)
    return projector_tests(kept_roles, halves), found, untested


def have_fixed_positions(
    layouts: tuple[Layout, Layout],
    checkpoints: tuple[Checkpoint, Checkpoint],
    draws: Draws,
) -> bool:
    """Whether both add a fixed table of positions to their residual streams.

    Sines and cosines are the same for all who use them, and give models that were
    trained apart channels that correspond.
    """
    for layout, checkpoint in zip(layouts, checkpoints, strict=True):
        table = layout.boundary.get(Role.POSITIONS)
        if table is None:
            return False
        rows = draws.some("entries", table.shape[0], ENTRIES)
        channels = draws.some("channels", table.shape[1], COLUMNS)
        if not _is_fixed(take(checkpoint, table, rows, channels)):
            return False
    return True


def why_silent(checkpoint: Checkpoint, table: Table, *, draws: Draws) -> str:
    """Why a table cannot tell two models apart, empty where it can.

    Judged by drawn entries.
    """
    rows = draws.some("entries", table.shape[0], COLUMNS)
    columns = draws.some("channels", table.shape[1], COLUMNS)
    return _silent(table.role, take(checkpoint, table, rows, columns))


def _keep(
    role: Role,
    read: tuple[Matrix, Matrix],
    found: tuple[Tables, Tables],
    untested: dict[str, str],
    name: str,
) -> None:
    reasons = [_silent(role, table) for table in read]
    if any(reasons):
        untested[name] = reasons[0] or f"in the reference {reasons[1]}"
        return
    found[0][role], found[1][role] = read


def _silent(role: Role, table: Matrix) -> str:
    reason = cannot_tell(role, table)
    if not reason and role is Role.POSITIONS and _is_fixed(table):
        return "a smooth table that many models share, such as sines and cosines"
    return reason


def _is_fixed(positions: Matrix) -> bool:
    return _participation(positions) < FIXED_TABLE_RANK


def _participation(matrix: Matrix) -> float:
    """Participation ratio of the singular values over the largest possible."""
    centred = (matrix - matrix.mean(axis=0, keepdims=True)).astype(np.float64)
    powers = np.square(np.linalg.svd(centred, compute_uv=False))
    total = float(powers.sum())
    if not total > 0.0:
        return 0.0
    return total**2 / float(np.square(powers).sum()) / len(powers)
