"""Do two views of a hidden unit name the same partner in the other model?

Works in the residual basis as stored: an order of hidden units does not
hide anything from it, a permuted or rotated residual stream does.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import permutation, seed_for
from dokja.evidence.values import Text
from dokja.lineage.measuring import Measured, PairTable, summary_effect
from dokja.lineage.pairing import Pair
from dokja.lineage.roles import Role
from dokja.lineage.tensors import Matrix
from dokja.lineage.values import LineageRules, TensorClass

RAW_AGREEMENT = "raw_agreement"
SURVIVES = Text(
    ko="추가 학습, 은닉 유닛의 재배열, 임베딩 교체, 층 이동에는 견디나 잔차 기저의 "
    "재배열과 회전에는 견디지 못함",
    en="further training, a new order of hidden units, replaced embeddings, moved "
    "layers; not a permuted or rotated residual stream",
)


def raw_agreement(
    pair: Pair, rules: LineageRules, seed_text: str
) -> tuple[Measured, ...]:
    """Share of sampled reference units on which two views agree, by layer pair.

    Empty where the MLPs do not have two views. At most `sample_units` units
    of each reference layer are asked, drawn by
    `seed_text`.
    """
    layers = (pair.candidate.layers, pair.reference.layers)
    biased = all(_has_bias(layer) for side in layers for layer in side)
    sides = [[_views(layer, biased=biased) for layer in side] for side in layers]
    most = min(max(map(len, side), default=0) for side in sides)
    if most < 2:
        return ()
    effect = np.zeros((len(sides[0]), len(sides[1])))
    for column, reference in enumerate(sides[1]):
        seed = seed_for(seed_text, f"units of layer {column}")
        asked = sampled(reference, rules.sample_units, seed)
        for row, candidate in enumerate(sides[0]):
            # A layer with fewer views has no partner and hides no other layer.
            if len(candidate) == len(asked) == most:
                effect[row, column] = agreement(candidate, asked)
    table = PairTable(effect=effect, p_value=None)
    return (
        Measured(
            id=RAW_AGREEMENT,
            tensor_class=TensorClass.MLP,
            statistic=float(effect.max()),
            effect=summary_effect(table, rules.agreement_derived),
            p_value=None,
            null=Text(
                ko=f"채널과 은닉 유닛을 재배열한 후보 {rules.control_draws}개",
                en=f"{rules.control_draws} candidates with channels and hidden units "
                "put in another order",
            ),
            survives=SURVIVES,
            pairs=table,
        ),
    )


def agreement(candidate: tuple[Matrix, ...], asked: tuple[Matrix, ...]) -> float:
    """Share of asked rows for which two views find the same nearest row.

    Averaged over the pairs of views. Rows are unit vectors; the candidate's
    are (units, channels), the asked ones a sample of the reference's.
    """
    partners: list[npt.NDArray[np.intp]] = [
        np.argmax(theirs @ mine.T, axis=1)
        for mine, theirs in zip(candidate, asked, strict=True)
    ]
    if not partners[0].size:
        return 0.0
    shares = [float(np.mean(a == b)) for a, b in combinations(partners, 2)]
    return sum(shares) / len(shares)


def _views(layer: Mapping[Role, Matrix], *, biased: bool) -> tuple[Matrix, ...]:
    """Unit rows of gate, up and down; without a gate of up (and bias) and down.

    Empty where the views do not have one row for each hidden unit.
    """
    gated = Role.GATE in layer
    roles = (Role.GATE, Role.UP, Role.DOWN) if gated else (Role.UP, Role.DOWN)
    if any(role not in layer for role in roles):
        return ()
    tables = [layer[role] for role in roles]
    if len({table.shape[0] for table in tables}) != 1:
        return ()
    if biased and not gated:
        tables[0] = np.concatenate([tables[0], layer[Role.UP_BIAS]], axis=1)
    return tuple(unit_rows(table) for table in tables)


def _has_bias(layer: Mapping[Role, Matrix]) -> bool:
    """Whether the layer has one bias for each row of `up`."""
    if Role.UP not in layer or Role.UP_BIAS not in layer:
        return False
    return layer[Role.UP_BIAS].shape == (layer[Role.UP].shape[0], 1)


def unit_rows(matrix: Matrix) -> Matrix:
    """Rows centred over the units, of length one; a row of zeros stays zero."""
    centred = matrix - matrix.mean(axis=0, keepdims=True)
    centred[~np.any(matrix != 0.0, axis=1)] = 0.0
    norms = np.sqrt(np.sum(centred * centred, axis=1, keepdims=True))
    scaled: Matrix = centred / np.where(norms > 0.0, norms, 1.0)
    return scaled


def sampled(views: tuple[Matrix, ...], units: int, seed: int) -> tuple[Matrix, ...]:
    """A seeded sample of units, without those that vanish in a view.

    A vanished unit is equally near to everything, so all its views would
    agree on the first row.
    """
    if not views:
        return ()
    alive = np.flatnonzero(np.all([np.any(v != 0.0, axis=1) for v in views], axis=0))
    drawn = np.sort(alive[permutation(seed, len(alive))[:units]])
    return tuple(view[drawn] for view in views)
