"""The exact tests of a layer pair: which rows pair up, and what is exchanged.

Each statistic is the sum of products of rows that have the same number in
both models; its null is every order of those rows that training from scratch
treats alike. What differs is what the rows are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dokja.evidence.values import Text
from dokja.lineage.layer_sample import (
    T3_ATTENTION,
    T3_MLP,
    T4_ATTENTION,
    T4_MLP,
    LayerSample,
)
from dokja.lineage.layout import Matrix
from dokja.lineage.roles import Role
from dokja.lineage.values import TensorClass
from dokja.lineage.views import scaled_rows
from dokja.statistics.permutation import RowSet, doubly_centred, row_set

T1, T2, T3, T4 = "T1", "T2", "T3", "T4"


@dataclass(frozen=True, kw_only=True)
class ExactTest:
    """One test with its words."""

    id: str
    key: str
    """Names it within the pass."""
    tensor_class: TensorClass
    null: Text
    survives: Text


HIDDEN_UNITS = ExactTest(
    id=T1,
    key="T1 mlp",
    tensor_class=TensorClass.MLP,
    null=Text(
        ko="층 안의 은닉 유닛이 놓일 수 있는 모든 순서",
        en="every order of the hidden units of a layer",
    ),
    survives=Text(
        ko="추가 학습, 강화학습, 잡음, 양자화, 병합, 층 이동에는 견디나 은닉 유닛의 "
        "재배열과 잔차 기저의 회전에는 견디지 못함",
        en="further training, reinforcement learning, noise, quantisation, merging, "
        "moved layers; not a new order of hidden units, nor a rotated residual stream",
    ),
)
CHANNELS = ExactTest(
    id=T2,
    key="T2 attention",
    tensor_class=TensorClass.ATTENTION,
    null=Text(
        ko="잔차 채널을 모든 텐서에서 함께 재배열하는 모든 순서",
        en="every joint order of the residual channels",
    ),
    survives=Text(
        ko="추가 학습, 강화학습, 잡음, 양자화, 병합, 은닉 유닛의 재배열에는 견디나 "
        "채널의 재배열과 잔차 기저의 회전에는 견디지 못함",
        en="further training, reinforcement learning, noise, quantisation, merging, "
        "new hidden-unit orders; not a new order of channels, nor a rotated residual "
        "stream",
    ),
)
_GRAM_NULL = Text(
    ko="뽑은 잔차 채널의 절반을 나머지 절반에 대하여 재배열하는 모든 순서",
    en="every order of half of the drawn residual channels against the other half",
)
_GRAM_SURVIVES = Text(
    ko="은닉 유닛·전문가·어텐션 헤드의 재배열과 덜어내기, 밀집 모델의 전문가 혼합 "
    "전환, 층 이동에는 견디나 채널의 재배열과 잔차 기저의 회전에는 견디지 못함. 같은 "
    "임베딩 위에서 따로 학습한 모델에서도 커지므로 단독으로는 파생의 근거가 되지 못함",
    en="new orders of hidden units, experts and heads, dropped ones, a dense model "
    "turned into a mixture, moved layers; not a new order of channels, nor a rotated "
    "residual stream. Rises on models trained apart on the same embeddings as well, "
    "and so carries no finding",
)
CHANNEL_GRAM_MLP = ExactTest(
    id=T3,
    key=T3_MLP,
    tensor_class=TensorClass.MLP,
    null=_GRAM_NULL,
    survives=_GRAM_SURVIVES,
)
CHANNEL_GRAM_ATTENTION = ExactTest(
    id=T3,
    key=T3_ATTENTION,
    tensor_class=TensorClass.ATTENTION,
    null=_GRAM_NULL,
    survives=_GRAM_SURVIVES,
)
UNIT_GRAM = ExactTest(
    id=T4,
    key=T4_MLP,
    tensor_class=TensorClass.MLP,
    null=Text(
        ko="뽑은 은닉 유닛의 절반을 나머지 절반에 대하여 재배열하는 모든 순서",
        en="every order of half of the drawn hidden units against the other half",
    ),
    survives=Text(
        ko="잔차 기저의 회전·재배열·크기 조정·다른 폭, 정규화 이득의 흡수에는 견디나 "
        "은닉 유닛의 재배열에는 견디지 못함",
        en="a residual stream rotated, reordered, rescaled or of another width, folded "
        "norm gains; not a new order of hidden units",
    ),
)
VALUE_GRAM = ExactTest(
    id=T4,
    key=T4_ATTENTION,
    tensor_class=TensorClass.ATTENTION,
    null=Text(
        ko="헤드마다 값 차원의 절반을 나머지 절반에 대하여 재배열하는 모든 순서",
        en="every order, head by head, of half of the value dimensions against the "
        "other half",
    ),
    survives=Text(
        ko="잔차 기저의 회전·재배열·크기 조정·다른 폭에는 견디나 헤드의 재배열과 값 "
        "차원의 혼합에는 견디지 못함",
        en="a residual stream rotated, reordered, rescaled or of another width; not a "
        "new order of heads, nor mixed value dimensions",
    ),
)
EXACT_TESTS = (
    HIDDEN_UNITS,
    CHANNELS,
    CHANNEL_GRAM_MLP,
    CHANNEL_GRAM_ATTENTION,
    UNIT_GRAM,
    VALUE_GRAM,
)
"""In the order of the reports."""

MIXED = (HIDDEN_UNITS, CHANNELS)
"""Tests whose rows can be made of a mixture of two models' tables."""


def rows_of(
    test: ExactTest,
    sample: LayerSample,
    mlp: tuple[Role, ...],
    attention: tuple[Role, ...],
) -> RowSet | None:
    """The rows the test pairs, None where the layer lacks one of its roles."""
    if test.key in sample.grams:
        return sample.grams[test.key]
    if test is HIDDEN_UNITS:
        return hidden_rows(sample.tables, mlp, sample)
    if test is CHANNELS:
        return channel_rows(sample.tables, attention)
    return None


def hidden_rows(
    tables: Mapping[Role, Matrix], wanted: tuple[Role, ...], sample: LayerSample
) -> RowSet | None:
    """One row a drawn hidden unit, the roles side by side, each of unit norm."""
    roles = [role for role in wanted if role in tables]
    if not roles or {len(tables[r]) for r in roles} != set(sample.edges[-1:]):
        return None
    blocks = []
    for role in roles:
        matrix = tables[role]
        centred = matrix - matrix.mean(axis=0, keepdims=True)
        norm = float(np.sqrt(np.vdot(centred, centred)))
        blocks.append(centred / np.float32(norm) if norm > 0.0 else centred)
    return row_set(np.concatenate(blocks, axis=1), sample.edges)


def channel_rows(
    tables: Mapping[Role, Matrix], wanted: tuple[Role, ...]
) -> RowSet | None:
    """One row a channel: its column of every role, each of unit norm.

    Channels are exchangeable only where none counts for more: with a fixed
    table of positions their scales follow their number in every model.
    """
    roles = [role for role in wanted if role in tables]
    if not roles:
        return None
    columns = [scaled_rows(doubly_centred(tables[role]).T) for role in roles]
    return row_set(np.concatenate(columns, axis=1))


def pair_up(left: RowSet | None, right: RowSet | None) -> tuple[RowSet, RowSet] | None:
    """Both sides where the rows of one can stand for those of the other."""
    if left is None or right is None or left.edges != right.edges:
        return None
    return (left, right) if left.rows.shape == right.rows.shape else None


def with_rows(
    sample: LayerSample, mlp: tuple[Role, ...], attention: tuple[Role, ...]
) -> LayerSample:
    """The sample with the rows of every test made, for one that is paired often."""
    made = {test.key: rows_of(test, sample, mlp, attention) for test in MIXED}
    known = {key: rows for key, rows in made.items() if rows is not None}
    return replace(sample, grams={**sample.grams, **known})
