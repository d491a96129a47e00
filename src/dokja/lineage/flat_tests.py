"""Tests of tables outside the layers: tokens, patches, positions, projectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.evidence.values import Text
from dokja.lineage.draws import Draws
from dokja.lineage.exact_tests import CHANNELS, HIDDEN_UNITS, channel_rows
from dokja.lineage.layer_pairs import Score, score
from dokja.lineage.layer_reader import Noise
from dokja.lineage.layout import Indices, Matrix
from dokja.lineage.measuring import Controlled, Measured
from dokja.lineage.planting import mixture
from dokja.lineage.roles import Role
from dokja.lineage.values import LineageRules, TensorClass
from dokja.statistics.permutation import RowSet, cross_of, row_set

Tables = Mapping[Role, Matrix]


@dataclass(frozen=True, kw_only=True, eq=False)
class FlatTest:
    """A test of one pair of tables, or of one half of their entries."""

    id: str
    tensor_class: TensorClass
    rows: Callable[[Tables], RowSet | None]
    null: Text
    survives: Text


def boundary_test(roles: tuple[Role, ...]) -> FlatTest:
    """T2 of patch and position tables."""
    return FlatTest(
        id=CHANNELS.id,
        tensor_class=TensorClass.BOUNDARY,
        rows=lambda tables: channel_rows(tables, roles),
        null=CHANNELS.null,
        survives=CHANNELS.survives,
    )


def token_tests(
    roles: tuple[Role, ...], halves: tuple[Indices, ...]
) -> tuple[FlatTest, ...]:
    """T2 of the token tables, once for each disjoint half of shared tokens."""

    def rows_of_half(half: Indices) -> Callable[[Tables], RowSet | None]:
        return lambda tables: channel_rows(
            {role: tables[role][half] for role in roles}, roles
        )

    return tuple(
        FlatTest(
            id=CHANNELS.id,
            tensor_class=TensorClass.BOUNDARY,
            rows=rows_of_half(half),
            null=Text(
                ko=f"{CHANNELS.null.ko}. 공통 토큰의 {len(halves)}등분 가운데 "
                f"{number}번째",
                en=f"{CHANNELS.null.en}, on half {number} of {len(halves)} of the "
                "shared tokens",
            ),
            survives=CHANNELS.survives,
        )
        for number, half in enumerate(halves, start=1)
    )


def projector_tests(
    roles: tuple[Role, ...], halves: tuple[Indices, ...]
) -> tuple[FlatTest, ...]:
    """T1 of a projector, once for each disjoint half of its hidden units."""

    def rows_of_half(half: Indices) -> Callable[[Tables], RowSet | None]:
        return lambda tables: _unit_rows({r: tables[r][half] for r in roles}, roles)

    return tuple(
        FlatTest(
            id=HIDDEN_UNITS.id,
            tensor_class=TensorClass.MLP,
            rows=rows_of_half(half),
            null=Text(
                ko="프로젝터 은닉 유닛의 모든 순서 "
                f"({len(halves)}등분 가운데 {number}번째)",
                en="every order of the hidden units of the projector, half "
                f"{number} of {len(halves)}",
            ),
            survives=HIDDEN_UNITS.survives,
        )
        for number, half in enumerate(halves, start=1)
    )


def measure_flat(
    tests: Sequence[FlatTest],
    tables: tuple[Tables, Tables],
    rules: LineageRules,
    draws: Draws,
) -> tuple[Controlled, ...]:
    """Each test of the candidate's and the reference's tables, with controls."""
    noise = Noise(draws=draws, size=rules.control_noise)
    noisy = {role: noise.on(table, f"{role}") for role, table in tables[1].items()}
    pairs = [(test.rows(tables[0]), test.rows(tables[1])) for test in tests]
    descendants = [
        score(test.rows(noisy), theirs)
        for test, (_, theirs) in zip(tests, pairs, strict=True)
    ]
    planted: list[dict[float, Measured]] = [{} for _ in tests]
    mix = _mixture(tables)
    for share in rules.detection_shares:
        # One share at a time: all of them at once would be six tables in memory.
        plant = mix(share)
        for found, test, (_, theirs) in zip(planted, tests, pairs, strict=True):
            found[share] = _measured(test, score(test.rows(plant), theirs))
    return tuple(
        Controlled(
            measured=_measured(test, score(*pair)),
            strangers=_strangers(*pair, rules.control_draws, draws),
            descendant=descendant.effect,
            descendant_p=descendant.p_value,
            planted=found,
        )
        for test, pair, descendant, found in zip(
            tests, pairs, descendants, planted, strict=True
        )
    )


def least_p(tests: Sequence[FlatTest], tables: tuple[Tables, Tables]) -> float:
    """The smallest p-value of the tests, not corrected; 1 where there are none."""
    found = (score(test.rows(tables[0]), test.rows(tables[1])) for test in tests)
    return min((one.p_value for one in found), default=1.0)


def halves_of(count: int, draws: Draws) -> tuple[Indices, Indices]:
    """Two disjoint halves of 0..count-1, drawn from neighbours.

    Entries stand in order of frequency, so a draw within each pair of
    neighbours spreads both halves over all frequencies.
    """
    flips = (draws.order("halves", count // 2) % 2).astype(np.intp)
    even = 2 * np.arange(count // 2, dtype=np.intp)
    return even + flips, even + 1 - flips


def _measured(test: FlatTest, found: Score) -> Measured:
    return Measured(
        id=test.id,
        tensor_class=test.tensor_class,
        statistic=found.z,
        effect=found.effect,
        p_value=found.p_value,
        null=test.null,
        survives=test.survives,
    )


def _strangers(
    mine: RowSet | None, theirs: RowSet | None, count: int, draws: Draws
) -> tuple[float, ...]:
    if mine is None or theirs is None or mine.rows.shape != theirs.rows.shape:
        return (0.0,) * count
    cross, scale = cross_of(mine, theirs), mine.norm * theirs.norm
    places = np.arange(len(cross))
    return tuple(
        float(cross[draws.order(f"stranger {draw}", len(cross)), places].sum())
        / (scale or 1.0)
        for draw in range(count)
    )


def _mixture(tables: tuple[Tables, Tables]) -> Callable[[float], Tables]:
    """Gives the candidate's tables with a share of the reference's variance."""
    mixtures = {
        role: mixture(table, tables[1][role])
        for role, table in tables[0].items()
        if role in tables[1] and tables[1][role].shape == table.shape
    }
    return lambda share: {
        role: mixtures[role](share) if role in mixtures else table
        for role, table in tables[0].items()
    }


def _unit_rows(tables: Tables, roles: tuple[Role, ...]) -> RowSet | None:
    blocks = []
    for role in roles:
        centred = tables[role] - tables[role].mean(axis=0, keepdims=True)
        norm = float(np.sqrt(np.vdot(centred, centred)))
        blocks.append(centred / np.float32(norm or 1.0))
    return row_set(np.concatenate(blocks, axis=1))
