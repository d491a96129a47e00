"""T2: do residual channels of the two models correspond number by number?

All tensors that touch the residual stream share its channels, so there is
one order of channels per model and not one per tensor: layers and tensors
are never replicates of each other. The products of all tensors of a class
are added before the one order is permuted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import Text
from dokja.lineage.measuring import Measured, PairTable, summary_effect
from dokja.lineage.pairing import Pair
from dokja.lineage.roles import ATTENTION_ROLES, TOKEN_ROLES, VISION_BOUNDARY, Role
from dokja.lineage.tensors import Matrix, used_roles
from dokja.lineage.values import LineageRules, TensorClass
from dokja.statistics.permutation import (
    PermutationMoments,
    cross_moments,
    doubly_centred,
    p_value,
)

T2 = "T2"
SURVIVES = Text(
    ko="추가 학습, 강화학습, 잡음, 양자화, 병합, 은닉 유닛의 재배열에는 견디나 채널의 "
    "재배열과 잔차 기저의 회전에는 견디지 못함",
    en="further training, reinforcement learning, noise, quantisation, merging, new "
    "hidden-unit orders; not a new order of channels, nor a rotated residual stream",
)
NULL = Text(
    ko="잔차 채널을 모든 텐서에서 함께 재배열하는 모든 순서",
    en="every joint order of the residual channels",
)


def attention_channel_test(pair: Pair, rules: LineageRules) -> tuple[Measured, ...]:
    """T2 of the attention matrices over all layer pairs and all layers at once.

    The sum over equal layer numbers enters as one more member of the search.
    """
    layers = (pair.candidate.layers, pair.reference.layers)
    roles = used_roles(layers, ATTENTION_ROLES)
    if not roles:
        return ()
    shape = (len(layers[0]), len(layers[1]))
    searched = shape[0] * shape[1] + 1
    effect, p_values, best_z = np.zeros(shape), np.ones(shape), 0.0
    joint: list[Matrix] = []
    sides = [[_normed(layer, roles) for layer in side] for side in layers]
    for row, left in enumerate(sides[0]):
        for column, right in enumerate(sides[1]):
            if not left or not right:
                continue
            cross = _cross(left, right)
            moments, raw = _tested(cross, len(roles))
            effect[row, column] = moments.correlation
            p_values[row, column] = min(1.0, searched * raw)
            best_z = max(best_z, moments.z)
            if row == column:
                joint.append(cross)
    if joint:
        moments, raw = _tested(np.sum(joint, axis=0), len(roles) * len(joint))
        together, best_z = min(1.0, searched * raw), max(best_z, moments.z)
    else:
        together = 1.0
    table = PairTable(effect=effect, p_value=p_values)
    return (
        Measured(
            id=T2,
            tensor_class=TensorClass.ATTENTION,
            statistic=best_z,
            effect=summary_effect(table, rules.effect_minimum),
            p_value=min(together, float(p_values.min())),
            null=Text(
                ko=f"{NULL.ko}. 층 쌍 {searched - 1}개와 그 합 가운데 최댓값, 본페로니 "
                "보정",
                en=f"{NULL.en}; best of {searched - 1} layer pairs and their sum, "
                "Bonferroni",
            ),
            survives=SURVIVES,
            pairs=table,
        ),
    )


def boundary_channel_test(
    pair: Pair, halves: tuple[npt.NDArray[np.intp], ...]
) -> tuple[Measured, ...]:
    """T2 of the tensors outside the layers.

    Embeddings are tested once for each half of the shared tokens (`halves`
    are disjoint sets of rows); patch and position embeddings in one test.
    """
    sides = (pair.candidate.boundary, pair.reference.boundary)
    tokens = used_roles(((sides[0],), (sides[1],)), TOKEN_ROLES)
    if tokens:
        return tuple(
            _boundary_test(
                _rows(sides[0], half),
                _rows(sides[1], half),
                tokens,
                Text(
                    ko=f"{NULL.ko}. 공통 토큰의 {len(halves)}등분 가운데 {number}번째",
                    en=f"{NULL.en}, on half {number} of {len(halves)} of the shared "
                    "tokens",
                ),
            )
            for number, half in enumerate(halves, start=1)
        )
    entry = used_roles(((sides[0],), (sides[1],)), VISION_BOUNDARY)
    return (_boundary_test(sides[0], sides[1], entry, NULL),) if entry else ()


def _boundary_test(
    candidate: Mapping[Role, Matrix],
    reference: Mapping[Role, Matrix],
    roles: Sequence[Role],
    null: Text,
) -> Measured:
    cross = _cross(_normed(candidate, roles), _normed(reference, roles))
    moments, raw = _tested(cross, len(roles))
    return Measured(
        id=T2,
        tensor_class=TensorClass.BOUNDARY,
        statistic=moments.z,
        effect=moments.correlation,
        p_value=raw,
        null=null,
        survives=SURVIVES,
    )


def _tested(cross: Matrix, tensors: int) -> tuple[PermutationMoments, float]:
    """Moments and p-value; each of `tensors` products would be 1 at identity."""
    centred = doubly_centred(cross)
    moments = cross_moments(centred, float(tensors))
    return moments, p_value(centred, moments)


def _cross(left: Sequence[Matrix], right: Sequence[Matrix]) -> Matrix:
    """(channels, channels): products of all columns, summed over tensors."""
    total: Matrix = left[0].T @ right[0]
    for mine, theirs in zip(left[1:], right[1:], strict=True):
        total += mine.T @ theirs
    return total


def _normed(tables: Mapping[Role, Matrix], roles: Sequence[Role]) -> tuple[Matrix, ...]:
    """Each role's matrix, centred over rows and channels, of unit norm.

    Empty where the layer lacks a role.
    """
    if any(role not in tables for role in roles):
        return ()
    normed = []
    for role in roles:
        centred = doubly_centred(tables[role])
        norm = float(np.sqrt(np.sum(centred * centred)))
        normed.append(centred / norm if norm > 0.0 else centred)
    return tuple(normed)


def _rows(
    tables: Mapping[Role, Matrix], rows: npt.NDArray[np.intp]
) -> dict[Role, Matrix]:
    return {role: matrix[rows] for role, matrix in tables.items()}
