"""From measured reference layers to one result a test, beside its controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import Text
from dokja.lineage.draws import Draws
from dokja.lineage.exact_tests import CHANNELS, EXACT_TESTS, ExactTest
from dokja.lineage.heads import HeadViews
from dokja.lineage.layer_pairs import (
    NOTHING,
    ExactColumn,
    LayerColumn,
    Pairing,
    Score,
)
from dokja.lineage.layer_sample import ANCHORED, RAW
from dokja.lineage.layout import Indices
from dokja.lineage.measuring import Controlled, Measured, PairTable, summary_effect
from dokja.lineage.values import LineageRules, TensorClass
from dokja.lineage.views import unit_rows
from dokja.statistics.permutation import cross_moments, p_value

Table = npt.NDArray[np.float64]

RAW_AGREEMENT, ANCHORED_AGREEMENT = "raw_agreement", "anchored_agreement"
ANCHORED_HEADS = "anchored_heads"
LEAST_HEADS = 16
"""Heads of a model below which two views name one by chance too often."""

RAW_SURVIVES = Text(
    ko="추가 학습, 은닉 유닛의 재배열, 임베딩 교체, 층 이동에는 견디나 잔차 기저의 "
    "재배열과 회전에는 견디지 못함",
    en="further training, a new order of hidden units, replaced embeddings, moved "
    "layers; not a permuted or rotated residual stream",
)
ANCHORED_SURVIVES = Text(
    ko="추가 학습, 은닉 유닛과 잔차 채널의 재배열, 잔차 기저의 회전, 크기 조정, 정규화 "
    "이득의 흡수, 다른 폭, 층 이동에는 견디나 임베딩 교체에는 견디지 못함",
    en="further training, new orders of hidden units and channels, a rotated residual "
    "stream, rescaling, folded norm gains, another width, moved layers; not replaced "
    "embeddings",
)


def raw_null(rules: LineageRules) -> Text:
    """What the known negatives of the raw agreement are."""
    return Text(
        ko=f"채널을 재배열한 후보 {rules.control_draws}개(유닛의 4분의 1)",
        en=f"{rules.control_draws} candidates with channels put in another order, "
        "asked of a quarter of the units",
    )


def anchored_null(rules: LineageRules) -> Text:
    """What the known negatives of the agreements through anchors are."""
    return Text(
        ko=f"빈도가 비슷한 기준 축끼리 맞바꾼 사본 {rules.control_draws}개(유닛의 "
        "4분의 1). 빈도에서 오는 공통 구조는 남고 뜻만 사라짐",
        en=f"{rules.control_draws} copies whose anchors were exchanged among those of "
        "like frequency, asked of a quarter of the units: what frequency alone makes "
        "alike stays, what an anchor means is lost",
    )


def gather(columns: Sequence[LayerColumn], pairing: Pairing) -> tuple[Controlled, ...]:
    """Every test of the layered tables, in the order of the reports."""
    found = [
        _exact(test, columns, pairing)
        for test in EXACT_TESTS
        if any(_paired(column.exact.get(test.key)) for column in columns)
    ]
    rules = pairing.plan.rules
    for id_, key, least, words in (
        (RAW_AGREEMENT, RAW, rules.agreement_derived, (raw_null(rules), RAW_SURVIVES)),
        (
            ANCHORED_AGREEMENT,
            ANCHORED,
            rules.anchored_refer,
            (anchored_null(rules), ANCHORED_SURVIVES),
        ),
    ):
        if any(key in column.agreement for column in columns) and any(
            key in sample.asked for sample in pairing.candidate
        ):
            found.append(_agreement(id_, key, columns, pairing, (least, *words)))
    heads = _heads(columns, pairing)
    return (*found, heads) if heads is not None else tuple(found)


def _paired(column: ExactColumn | None) -> bool:
    """Whether the rows of some layer could be paired at all."""
    return column is not None and any(found != NOTHING for found in column.found)


def _exact(
    test: ExactTest, columns: Sequence[LayerColumn], pairing: Pairing
) -> Controlled:
    depth = len(pairing.candidate)
    pairs = depth * len(columns)
    searched = pairs + 1 if test is CHANNELS else pairs
    least = pairing.plan.rules.effect_minimum

    def table(of: Callable[[LayerColumn], Sequence[float]], missing: float) -> Table:
        return np.array(
            [
                of(column) if test.key in column.exact else [missing] * depth
                for column in columns
            ],
            dtype=np.float64,
        ).T

    effect = table(lambda c: [s.effect for s in c.exact[test.key].found], 0.0)
    z = table(lambda c: [s.z for s in c.exact[test.key].found], 0.0)
    raw = table(lambda c: [s.p_value for s in c.exact[test.key].found], 1.0)
    joint = _joint(columns) if test is CHANNELS else Score(effect=0, z=0, p_value=1)
    strangers = [
        table(lambda c, d=draw: c.exact[test.key].strangers[d].tolist(), 0.0)  # type: ignore[misc]
        for draw in range(pairing.plan.rules.control_draws)
    ]
    descendants = [c.exact[test.key].descendant for c in columns if test.key in c.exact]

    def measured(found: PairTable, statistic: float, extra: float) -> Measured:
        p_values = found.p_value if found.p_value is not None else np.ones((1, 1))
        return Measured(
            id=test.id,
            tensor_class=test.tensor_class,
            statistic=statistic,
            effect=summary_effect(found, least),
            p_value=min(extra, float(p_values.min())),
            null=_searched_null(test, pairs),
            survives=test.survives,
            pairs=found,
        )

    corrected = PairTable(effect=effect, p_value=np.minimum(1.0, searched * raw))
    return Controlled(
        measured=measured(
            corrected,
            max(float(z.max()), joint.z),
            min(1.0, searched * joint.p_value),
        ),
        strangers=tuple(
            summary_effect(PairTable(effect=one, p_value=None), least)
            for one in strangers
        ),
        descendant=_mean_found([one.effect for one in descendants], least),
        descendant_p=min(
            1.0, searched * min((one.p_value for one in descendants), default=1.0)
        ),
        planted={
            share: measured(found, 0.0, 1.0)
            for share, found in _planted(test, columns, depth, searched).items()
        },
    )


def _planted(
    test: ExactTest, columns: Sequence[LayerColumn], depth: int, searched: int
) -> dict[float, PairTable]:
    """By share, a table in which only the planted layer pairs are filled."""
    tables: dict[float, PairTable] = {}
    for number, column in enumerate(columns):
        planted = column.exact[test.key].planted if test.key in column.exact else {}
        for share, scores in planted.items():
            if share not in tables:
                shape = (depth, len(columns))
                tables[share] = PairTable(
                    effect=np.zeros(shape), p_value=np.ones(shape)
                )
            table = tables[share]
            for row, score in scores.items():
                table.effect[row, number] = score.effect
                if table.p_value is not None:
                    table.p_value[row, number] = min(1.0, searched * score.p_value)
    return tables


def _joint(columns: Sequence[LayerColumn]) -> Score:
    """T2 of all equal layer numbers at once, one more member of the search."""
    found = [column.joint for column in columns if column.joint is not None]
    if not found:
        return Score(effect=0.0, z=0.0, p_value=1.0)
    total: Table = np.sum(np.stack(found), axis=0, dtype=np.float64)
    moments = cross_moments(total, 1.0)
    return Score(effect=0.0, z=moments.z, p_value=p_value(total, moments))


def _agreement(
    id_: str,
    key: str,
    columns: Sequence[LayerColumn],
    pairing: Pairing,
    words: tuple[float, Text, Text],
) -> Controlled:
    least, null, survives = words
    depth = len(pairing.candidate)

    def table(of: Callable[[LayerColumn], Sequence[float]]) -> PairTable:
        rows = [
            of(column) if key in column.agreement else [0.0] * depth
            for column in columns
        ]
        return PairTable(effect=np.array(rows, dtype=np.float64).T, p_value=None)

    found = table(lambda column: column.agreement[key].found)
    strangers = [
        table(lambda c, d=draw: c.agreement[key].strangers[d].tolist())  # type: ignore[misc]
        for draw in range(pairing.plan.rules.control_draws)
    ]
    descendants = [c.agreement[key].descendant for c in columns if key in c.agreement]
    return Controlled(
        measured=Measured(
            id=id_,
            tensor_class=TensorClass.MLP,
            statistic=float(found.effect.max()),
            effect=summary_effect(found, least),
            p_value=None,
            null=null,
            survives=survives,
            pairs=found,
        ),
        strangers=tuple(summary_effect(one, least) for one in strangers),
        descendant=_mean_found(descendants, least),
        descendant_p=None,
    )


def _heads(columns: Sequence[LayerColumn], pairing: Pairing) -> Controlled | None:
    """Do the two maps of a head name one partner, and does it name the head?"""
    mine = [sample.heads for sample in pairing.candidate]
    theirs = [column.heads for column in columns]
    noisy = [column.noisy_heads for column in columns]
    if any(one is None for one in (*mine, *theirs, *noisy)):
        return None
    asked, searched, descendant = (_stacked(side) for side in (mine, theirs, noisy))
    if len(searched.written) < LEAST_HEADS or len(asked.written) < LEAST_HEADS:
        return None
    rules, draws = pairing.plan.rules, pairing.plan.draws
    named = _named(asked, searched)
    of_asked = np.repeat(range(len(mine)), [len(h.written) for h in mine if h])
    of_searched = np.repeat(range(len(theirs)), [len(h.written) for h in theirs if h])
    effect = np.zeros((len(mine), len(theirs)))
    for head in np.flatnonzero(named >= 0):
        row, column = of_asked[head], of_searched[named[head]]
        effect[row, column] += 1.0 / np.count_nonzero(of_asked == row)
    return Controlled(
        measured=Measured(
            id=ANCHORED_HEADS,
            tensor_class=TensorClass.ATTENTION,
            statistic=float(effect.max()),
            effect=_share(named),
            p_value=None,
            null=anchored_null(rules),
            survives=ANCHORED_SURVIVES,
            pairs=PairTable(effect=effect, p_value=None),
        ),
        strangers=tuple(
            _share(_named(_exchanged(asked, draw, draws), searched))
            for draw in range(rules.control_draws)
        ),
        descendant=_share(_named(descendant, searched)),
        descendant_p=None,
    )


def _exchanged(views: HeadViews, draw: int, draws: Draws) -> HeadViews:
    """The maps with anchors exchanged among those of like frequency."""
    count = round(views.written.shape[1] ** 0.5)
    places = draws.exchange(f"heads {draw}", count)
    flat = (places[:, None] * count + places[None, :]).ravel()
    return HeadViews(written=views.written[:, flat], asked=views.asked[:, flat])


def _named(asked: HeadViews, searched: HeadViews) -> Indices:
    """For each head the partner that both maps name, -1 where there is none.

    In one of the maps the partner has to name the head in turn: a head that is
    nearest to all of them would else be everybody's (docs/negative-results.md).
    """
    products = [
        asked.written @ searched.written.T,
        asked.asked @ searched.asked.T,
    ]
    partners, heads = products[0].argmax(axis=1), np.arange(len(products[0]))
    returned = [product.argmax(axis=0)[partners] == heads for product in products]
    agreed = partners == products[1].argmax(axis=1)
    return np.where(agreed & (returned[0] | returned[1]), partners, -1)


def _share(named: Indices) -> float:
    return float(np.mean(named >= 0))


def _stacked(side: Sequence[HeadViews | None]) -> HeadViews:
    """Every head of a model, without what all of them have in common."""
    found = [views for views in side if views is not None]
    return HeadViews(
        written=unit_rows(np.concatenate([views.written for views in found])),
        asked=unit_rows(np.concatenate([views.asked for views in found])),
    )


def _mean_found(effects: Sequence[float], least: float) -> float:
    """Mean of the effects that reach `least`, else the largest of all."""
    found = [effect for effect in effects if effect >= least]
    return sum(found) / len(found) if found else max(effects, default=0.0)


def _searched_null(test: ExactTest, pairs: int) -> Text:
    if test is CHANNELS:
        return Text(
            ko=f"{test.null.ko}. 층 쌍 {pairs}개와 그 합 가운데 최댓값, 본페로니 보정",
            en=f"{test.null.en}; best of {pairs} layer pairs and their sum, Bonferroni",
        )
    return Text(
        ko=f"{test.null.ko}. 층 쌍 {pairs}개 가운데 최댓값, 본페로니 보정",
        en=f"{test.null.en}; best of {pairs} layer pairs, Bonferroni",
    )
