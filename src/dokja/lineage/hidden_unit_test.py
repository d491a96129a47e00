"""T1: do hidden units of the two models correspond number by number?

Hidden units of one MLP can be put in any order without changing the model,
and training started from scratch treats all orders alike. So the order of
the units in one model says nothing about the order in the other, unless the
weights have a common start.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import Text
from dokja.lineage.measuring import Measured, NotMeasured, PairTable, summary_effect
from dokja.lineage.pairing import Pair
from dokja.lineage.roles import MLP_ROLES, PROJECTOR_ROLES
from dokja.lineage.tensors import hidden_rows, used_roles
from dokja.lineage.values import LineageRules, TensorClass
from dokja.statistics.permutation import RowSet, permutation_moments, rows_p_value
from dokja.submission.values import ComponentKind

T1 = "T1"
SURVIVES = Text(
    ko="추가 학습, 강화학습, 잡음, 양자화, 병합, 층 이동에는 견디나 은닉 유닛의 "
    "재배열과 잔차 기저의 회전에는 견디지 못함",
    en="further training, reinforcement learning, noise, quantisation, merging, moved "
    "layers; not a new order of hidden units, nor a rotated residual stream",
)
NULL = Text(
    ko="층 안의 은닉 유닛이 놓일 수 있는 모든 순서",
    en="every order of the hidden units of a layer",
)


def hidden_unit_test(
    pair: Pair, rules: LineageRules, halves: tuple[npt.NDArray[np.intp], ...]
) -> tuple[Measured | NotMeasured, ...]:
    """T1 over all layer pairs; for a projector once for each half of its units.

    `halves` are disjoint sets of hidden units, used for a projector only.
    """
    layers = (pair.candidate.layers, pair.reference.layers)
    is_projector = pair.candidate.kind is ComponentKind.PROJECTOR
    roles = used_roles(layers, PROJECTOR_ROLES if is_projector else MLP_ROLES)
    if not roles:
        return ()
    if not pair.hidden_units_match:
        return (_not_measured(),)
    if not is_projector:
        sides = pair.candidate.hidden_rows, pair.reference.hidden_rows
        return (_over_layer_pairs(*sides, NULL, rules),)
    return tuple(
        _over_layer_pairs(
            [hidden_rows(layers[0][0], roles, half)],
            [hidden_rows(layers[1][0], roles, half)],
            _projector_null(number, len(halves)),
            rules,
        )
        for number, half in enumerate(halves, start=1)
    )


def _over_layer_pairs(
    candidate: Sequence[RowSet | None],
    reference: Sequence[RowSet | None],
    null: Text,
    rules: LineageRules,
) -> Measured:
    shape = (len(candidate), len(reference))
    searched = shape[0] * shape[1]
    effect, p_value, z = np.zeros(shape), np.ones(shape), np.zeros(shape)
    for row, left in enumerate(candidate):
        for column, right in enumerate(reference):
            if left is None or right is None:
                continue
            moments = permutation_moments(left, right)
            effect[row, column], z[row, column] = moments.correlation, moments.z
            p_value[row, column] = min(
                1.0, searched * rows_p_value(left, right, moments)
            )
    table = PairTable(effect=effect, p_value=p_value)
    return Measured(
        id=T1,
        tensor_class=TensorClass.MLP,
        statistic=float(z.max()),
        effect=summary_effect(table, rules.effect_minimum),
        p_value=float(p_value.min()),
        null=Text(
            ko=f"{null.ko}. 층 쌍 {searched}개 가운데 최댓값, 본페로니 보정",
            en=f"{null.en}; best of {searched} layer pairs, Bonferroni",
        ),
        survives=SURVIVES,
        pairs=table,
    )


def _projector_null(number: int, halves: int) -> Text:
    return Text(
        ko=f"프로젝터 은닉 유닛의 모든 순서 ({halves}등분 가운데 {number}번째)",
        en=f"every order of the hidden units of the projector, half {number} of "
        f"{halves}",
    )


def _not_measured() -> NotMeasured:
    return NotMeasured(
        id=T1,
        tensor_class=TensorClass.MLP,
        null=NULL,
        survives=SURVIVES,
        reason=Text(
            ko="두 모델의 MLP 은닉 유닛 수가 다름",
            en="The MLPs differ in their number of hidden units.",
        ),
    )
