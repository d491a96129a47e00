"""Do hidden units of two models answer the same token strings alike?

Per layer G = W_gate E', P = W_up E' and D = W_down' U', with one column for
each anchor token. A rotation R of the residual stream cancels, (W R)(E R)' =
W E', and so do the folding of norms, another width and the order of units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import permutation, seed_for
from dokja.evidence.values import Text
from dokja.lineage.anchors import AnchoredModel
from dokja.lineage.measuring import Measured, PairTable, summary_effect
from dokja.lineage.raw_agreement import agreement, sampled, unit_rows
from dokja.lineage.tensors import Matrix, standard_normals
from dokja.lineage.values import LineageRules, TensorClass

Views = tuple[Matrix, ...]
"""(units, anchors) of gate, up and down; empty for a layer without them."""

ANCHORED_AGREEMENT = "anchored_agreement"
LIKE_FREQUENCY = 16
"""Neighbouring anchors that a known-negative control exchanges."""
CONTROL_PART = 4
"""A control asks one unit in this many: cheaper, and with more spread, stricter."""
SURVIVES = Text(
    ko="추가 학습, 은닉 유닛과 잔차 채널의 재배열, 잔차 기저의 회전, 크기 조정, 정규화 "
    "이득의 흡수, 다른 폭, 층 이동에는 견디나 임베딩 교체에는 견디지 못함",
    en="further training, new orders of hidden units and channels, a rotated residual "
    "stream, rescaling, folded norm gains, another width, moved layers; not replaced "
    "embeddings",
)


def null_text(rules: LineageRules) -> Text:
    """What the known-negatives are."""
    return Text(
        ko=f"빈도가 비슷한 기준 토큰끼리 문자열을 맞바꾼 사본 {rules.control_draws}개"
        "(유닛의 4분의 1). 빈도에서 오는 공통 구조는 남고 낱말의 뜻만 사라짐",
        en=f"{rules.control_draws} copies whose anchor strings were exchanged among "
        "tokens of like frequency, asked of a quarter of the units: what frequency "
        "alone makes alike stays, what a string means is lost",
    )


def anchored_views(model: AnchoredModel) -> tuple[Views, ...]:
    """The views of every layer, rows centred over the units and of length one.

    Anchors are scaled to length one and centred first, so that no token
    counts for more than another; rows too, so that a unit's scale is nothing.
    """
    inputs, outputs = _spread(model.inputs), _spread(model.outputs)
    return tuple(
        tuple(
            unit_rows(_scaled(table @ anchors.T))
            for table, anchors in zip(layer, (inputs, inputs, outputs), strict=True)
        )
        if layer
        else ()
        for layer in model.layers
    )


def asked_units(
    reference: Sequence[Views], units: int, seed_text: str
) -> tuple[Views, ...]:
    """At most `units` units of each layer, drawn by `seed_text`."""
    return tuple(
        sampled(views, units, seed_for(seed_text, f"units of layer {number}"))
        for number, views in enumerate(reference)
    )


def anchored_agreement(
    candidate: Sequence[Views], asked: Sequence[Views], rules: LineageRules
) -> Measured:
    """Share of the asked units on which two views name one partner.

    Over all pairs of a candidate layer and a layer of asked reference units.
    """
    effect = np.zeros((len(candidate), len(asked)))
    for column, theirs in enumerate(asked):
        for row, mine in enumerate(candidate):
            if mine and theirs:
                effect[row, column] = agreement(mine, theirs)
    table = PairTable(effect=effect, p_value=None)
    return Measured(
        id=ANCHORED_AGREEMENT,
        tensor_class=TensorClass.MLP,
        statistic=float(effect.max()),
        effect=summary_effect(table, rules.anchored_refer),
        p_value=None,
        null=null_text(rules),
        survives=SURVIVES,
        pairs=table,
    )


def exchanged(
    asked: Sequence[Views], draws: int, seed_text: str
) -> Iterator[tuple[Views, ...]]:
    """Known strangers: asked units with anchors of like frequency exchanged.

    One unit in `CONTROL_PART` is taken. Anchors stand in order of frequency; a
    control that exchanged all of them would also lose what every pair of
    models shares, and be too easy.
    """
    count = next((layer[0].shape[1] for layer in asked if layer), 0)
    for draw in range(draws):
        order = _within_blocks(count, f"{seed_text} exchange {draw}")
        yield tuple(
            tuple(view[::CONTROL_PART, order] for view in layer) for layer in asked
        )


def disturbed(
    model: AnchoredModel, *, noise: float, width: int, seed_text: str
) -> AnchoredModel:
    """A known descendant: noise on every table, and at most `width` channels.

    Noise of `noise` times each table's own deviation; channels are dropped
    where the candidate has fewer than the reference.
    """
    kept = np.sort(
        permutation(seed_for(seed_text, "channels"), model.inputs.shape[1])[:width]
    )

    def moved(table: Matrix, what: str) -> Matrix:
        seed = seed_for(seed_text, f"anchored noise {what}")
        rows, columns = table.shape
        spread = noise * float(table.std())
        disturbed: Matrix = table + spread * standard_normals(seed, (rows, columns))
        return disturbed[:, kept]

    return replace(
        model,
        layers=tuple(
            tuple(
                moved(table, f"{number} {place}") for place, table in enumerate(layer)
            )
            for number, layer in enumerate(model.layers)
        ),
        inputs=moved(model.inputs, "inputs"),
        outputs=moved(model.outputs, "outputs"),
    )


def anchored_layers(measured: Measured, least: float) -> tuple[int | None, ...]:
    """For each candidate layer the reference layer that agrees most, or None.

    None where no layer reaches `least`.
    """
    table = measured.pairs
    if table is None:
        return ()
    best = [table.best(row) for row in range(table.effect.shape[0])]
    return tuple(
        column if table.effect[row, column] >= least else None
        for row, column in enumerate(best)
    )


def _within_blocks(count: int, seed_text: str) -> npt.NDArray[np.intp]:
    blocks = range(0, count, LIKE_FREQUENCY)
    return np.concatenate(
        [
            start
            + permutation(
                seed_for(seed_text, f"{start}"), min(LIKE_FREQUENCY, count - start)
            )
            for start in blocks
        ]
        or [np.zeros(0, dtype=np.intp)]
    )


def _spread(anchors: Matrix) -> Matrix:
    """Anchors of length one, centred over the anchors."""
    scaled = _scaled(anchors)
    centred: Matrix = scaled - scaled.mean(axis=0, keepdims=True)
    return centred


def _scaled(rows: Matrix) -> Matrix:
    norms = np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))
    scaled: Matrix = rows / np.where(norms > 0.0, norms, 1.0)
    return scaled
