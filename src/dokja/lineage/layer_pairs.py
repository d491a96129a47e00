"""One reference layer against every candidate layer: the unit of the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from dokja.lineage.draws import Draws
from dokja.lineage.exact_tests import (
    CHANNEL_GRAM_ATTENTION,
    CHANNEL_GRAM_MLP,
    CHANNELS,
    EXACT_TESTS,
    MIXED,
    UNIT_GRAM,
    VALUE_GRAM,
    ExactTest,
    pair_up,
    rows_of,
    with_rows,
)
from dokja.lineage.explained_share import (
    Part,
    Sums,
    summed,
    sums_by_block,
    sums_of,
)
from dokja.lineage.heads import HeadViews
from dokja.lineage.layer_reader import LayerReader, Noise, Plan, Side
from dokja.lineage.layer_sample import (
    ANCHORED,
    RAW,
    LayerSample,
    sample_layer,
    searched_anchored,
    searched_raw,
)
from dokja.lineage.layout import Indices, Matrix
from dokja.lineage.planting import mixed_samples
from dokja.lineage.roles import Role
from dokja.lineage.values import TensorClass
from dokja.lineage.views import Views, agreement, agreement_of_orders, matched
from dokja.statistics.permutation import (
    NORMAL_UP_TO,
    RowSet,
    cross_moments,
    cross_of,
    normal_tail,
    p_value,
)

CONTROL_PART = 4
"""A control asks one unit in this many: cheaper, and with more spread, stricter."""
CONTROL_UNITS = 1024
"""Units that a control searches: among fewer, chance names one partner oftener, so
that this is cheaper and stricter too."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairing:
    """What every work item of one component's comparison shares."""

    reference: Side
    plan: Plan
    candidate: tuple[LayerSample, ...]


@dataclass(frozen=True, kw_only=True)
class Score:
    """One exact test of one layer pair; `p_value` is not corrected."""

    effect: float
    z: float
    p_value: float


PRODUCTS = (UNIT_GRAM, VALUE_GRAM)
"""Tests whose rows show a copy in another basis."""
NOTHING = Score(effect=0.0, z=0.0, p_value=1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class ExactColumn:
    """One exact test over the candidate's layers, with its controls."""

    found: tuple[Score, ...]
    strangers: Matrix
    """(draws, candidate layers) effects."""
    descendant: Score
    planted: Mapping[float, Mapping[int, Score]]
    """By share and candidate layer, where the layer is planted from this one."""
    parts: tuple[Part, ...]
    """What products of rows share, by candidate layer; empty for other tests."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AgreementColumn:
    """One agreement over the candidate's layers, with its controls."""

    found: tuple[float, ...]
    strangers: Matrix
    descendant: float
    parts: tuple[Part, ...]
    """What units share with their partners, by candidate layer."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerColumn:
    """Everything measured of one reference layer."""

    number: int
    exact: Mapping[str, ExactColumn]
    agreement: Mapping[str, AgreementColumn]
    heads: HeadViews | None
    noisy_heads: HeadViews | None
    joint: Matrix | None
    """T2's products with the candidate layer of the same number."""
    explained: Mapping[Role, tuple[Sums | None, ...]]
    """What the drawn tables share, by candidate layer."""


def read_candidate(number: int, *, side: Side, plan: Plan) -> LayerSample:
    """A work item: the candidate's layer as the tests see it."""
    sample = sample_layer(LayerReader(side=side, plan=plan, number=number))
    return _with_sums(with_rows(sample, plan.mlp, plan.attention))


def compare_layer(number: int, *, pairing: Pairing) -> LayerColumn:
    """A work item: the reference's layer against every candidate layer."""
    plan = pairing.plan
    reader = LayerReader(side=pairing.reference, plan=plan, number=number)
    sample = _with_sums(sample_layer(reader))
    noise = Noise(draws=plan.draws, size=plan.rules.control_noise)
    noisy = sample_layer(
        LayerReader(side=pairing.reference, plan=plan, number=number, noise=noise)
    )
    exact = {
        test.key: column
        for test in EXACT_TESTS
        for column in [_exact(test, number, pairing, (sample, noisy))]
        if column is not None
    }
    searched = {
        RAW: searched_raw(reader, sample.silent),
        ANCHORED: searched_anchored(reader, sample.silent),
    }
    return LayerColumn(
        number=number,
        exact=exact,
        agreement={
            key: _agreement(key, views, noisy, pairing)
            for key, views in searched.items()
            if views
        },
        heads=sample.heads,
        noisy_heads=noisy.heads,
        joint=_joint(number, sample, pairing),
        explained=_explained(sample, pairing),
    )


def score(left: RowSet | None, right: RowSet | None) -> Score:
    """The test of two layers; nothing where their rows cannot be paired."""
    pair = pair_up(left, right)
    return NOTHING if pair is None else _scored(*pair)[0]


def _scored(left: RowSet, right: RowSet) -> tuple[Score, Matrix]:
    cross = cross_of(left, right)
    moments = cross_moments(cross, left.norm * right.norm, left.edges)
    if moments.z <= NORMAL_UP_TO:
        p = normal_tail(moments.z)
    else:
        p = p_value(cross, moments, left.edges)
    return Score(effect=moments.correlation, z=moments.z, p_value=p), cross


def _exact(
    test: ExactTest,
    number: int,
    pairing: Pairing,
    samples: tuple[LayerSample, LayerSample],
) -> ExactColumn | None:
    """`samples` are the reference's layer, as stored and with noise."""
    plan, draws = pairing.plan, pairing.plan.rules.control_draws
    theirs, noisy = (rows_of(test, one, plan.mlp, plan.attention) for one in samples)
    if theirs is None:
        return None
    found, strangers = [], np.zeros((draws, len(pairing.candidate)), dtype=np.float32)
    parts: list[Part] = []
    orders = [_shuffled(theirs.edges, plan.draws, draw) for draw in range(draws)]
    for row, mine in enumerate(pairing.candidate):
        pair = pair_up(_paired_rows(test, mine, samples[0], plan), theirs)
        if pair is None:
            found.append(NOTHING)
            parts.append(Part(sums=None))
            continue
        scored, cross = _scored(*pair)
        found.append(scored)
        if test in PRODUCTS:
            sums = sums_of(mine.sums[test.key], samples[0].sums[test.key])
            parts.append(Part(sums=sums, products=True))
        scale = pair[0].norm * pair[1].norm
        if scale > 0.0:
            places = np.arange(len(cross))
            strangers[:, row] = [
                float(cross[order, places].sum(dtype=np.float64)) / scale
                for order in orders
            ]
    planted = _planted(test, number, pairing, samples[0]) if test in MIXED else {}
    return ExactColumn(
        found=tuple(found),
        strangers=strangers,
        descendant=score(noisy, theirs),
        planted=planted,
        parts=tuple(parts) if test in PRODUCTS else (),
    )


def _paired_rows(
    test: ExactTest, mine: LayerSample, theirs: LayerSample, plan: Plan
) -> RowSet | None:
    """The candidate's rows, where both layers have the same roles.

    And the same units of each, where units are paired by number.
    """
    mlp = test.tensor_class is TensorClass.MLP
    roles = [r for r in (plan.mlp if mlp else plan.streams) if r in theirs.roles]
    if any(role not in mine.roles for role in roles):
        return None
    numbered = test is not CHANNEL_GRAM_MLP and test is not CHANNEL_GRAM_ATTENTION
    if numbered and mlp and any(mine.of[r] != theirs.of[r] for r in roles):
        return None
    return rows_of(test, mine, plan.mlp, plan.attention)


def _shuffled(edges: Sequence[int], draws: Draws, draw: int) -> Indices:
    """An allowed order of one side's rows, which makes a stranger of it."""
    return np.concatenate(
        [
            start + draws.order(f"stranger {draw} of {start} {stop}", stop - start)
            for start, stop in pairwise(edges)
        ]
    )


def _planted(
    test: ExactTest, number: int, pairing: Pairing, reference: LayerSample
) -> dict[float, dict[int, Score]]:
    """The test on candidates with a share of this layer's variance mixed in."""
    plan = pairing.plan
    depth = len(pairing.reference.layout.layers)
    theirs = rows_of(test, reference, plan.mlp, plan.attention)
    found: dict[float, dict[int, Score]] = {s: {} for s in plan.rules.detection_shares}
    for row in range(number, len(pairing.candidate), depth):
        for share, mine in mixed_samples(
            pairing.candidate[row], reference, list(found)
        ):
            rows = rows_of(test, mine, plan.mlp, plan.attention)
            found[share][row] = score(rows, theirs)
    return found


def _agreement(
    key: str, searched: Views, noisy: LayerSample, pairing: Pairing
) -> AgreementColumn:
    plan = pairing.plan
    draws = plan.rules.control_draws
    strangers = np.zeros((draws, len(pairing.candidate)), dtype=np.float32)
    found, parts = [], []
    orders = [_exchange(key, searched, plan.draws, draw) for draw in range(draws)]
    places = plan.draws.some("control units", len(searched[0]), CONTROL_UNITS)
    fewer = tuple(view[places] for view in searched)
    for row, mine in enumerate(pairing.candidate):
        views = mine.asked.get(key, ())
        share, partners = matched(views, searched)
        found.append(share)
        parts.append(Part(sums=_overlap(views, partners)))
        asked = tuple(view[::CONTROL_PART] for view in views)
        strangers[:, row] = agreement_of_orders(asked, fewer, orders)
    return AgreementColumn(
        found=tuple(found),
        strangers=strangers,
        descendant=agreement(noisy.asked.get(key, ()), searched),
        parts=tuple(parts),
    )


def _overlap(asked: Views, partners: Views) -> Sums | None:
    """What the units share with their partners, over all views."""
    if not partners:
        return None
    return sums_by_block(
        np.concatenate(asked, axis=1), np.concatenate(partners, axis=1)
    )


def _exchange(
    key: str, searched: Views, draws: Draws, draw: int
) -> tuple[Indices, ...]:
    """Orders of the features that make a stranger of whoever is asked.

    Channels in any order in the residual basis; anchors only with anchors of
    like frequency, as an exchange of all would also lose what every pair of
    models shares, and be too easy.
    """
    counts = [view.shape[1] for view in searched]
    if key == RAW:
        return tuple(draws.order(f"stranger {draw} of {n} channels", n) for n in counts)
    return tuple(draws.exchange(f"stranger {draw}", n) for n in counts)


def _joint(number: int, sample: LayerSample, pairing: Pairing) -> Matrix | None:
    plan = pairing.plan
    if number >= len(pairing.candidate):
        return None
    pair = pair_up(
        rows_of(CHANNELS, pairing.candidate[number], plan.mlp, plan.attention),
        rows_of(CHANNELS, sample, plan.mlp, plan.attention),
    )
    return None if pair is None else cross_of(*pair)


def _explained(
    sample: LayerSample, pairing: Pairing
) -> dict[Role, tuple[Sums | None, ...]]:
    return {
        role: tuple(
            sums_of(mine.sums[role.value], sample.sums[role.value])
            if role in mine.tables and mine.of.get(role) == sample.of.get(role)
            else None
            for mine in pairing.candidate
        )
        for role in sample.tables
    }


def _with_sums(sample: LayerSample) -> LayerSample:
    """The sample with its share of every sum of the explained share."""
    tables = {role.value: summed(table) for role, table in sample.tables.items()}
    products = {
        test.key: summed(sample.grams[test.key].rows)
        for test in PRODUCTS
        if test.key in sample.grams
    }
    return replace(sample, sums=tables | products)
