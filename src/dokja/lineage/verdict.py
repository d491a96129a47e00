"""From weighed tests to one word and a layer map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.gathering import ANCHORED_AGREEMENT
from dokja.lineage.measuring import ROW_PRODUCTS, PairTable
from dokja.lineage.values import LineageRules, LineageVerdict, TensorClass
from dokja.lineage.weighing import Weighed, layer_from
from dokja.submission.values import ComponentKind

HALVED = frozenset({ComponentKind.EMBEDDINGS, ComponentKind.PROJECTOR})
"""Components with one tensor class: two disjoint halves stand for two classes."""

LayerMap = tuple[int | None, ...]


def statistical_verdict(
    kind: ComponentKind,
    weighed: Sequence[Weighed],
    layers: LayerMap,
    rules: LineageRules,
) -> LineageVerdict:
    """`derived`, `partial`, `refer` or `no_evidence` from the tests alone.

    `derived` needs two tensor classes that carry it, or both halves of a
    component with one class; `partial` that only some layers have a partner.
    """
    carrying = [test for test in weighed if test.carries(rules)]
    if kind in HALVED:
        halves = [test for test in weighed if test.p_value is not None]
        enough = len(carrying) >= 2 and all(test in carrying for test in halves)
    else:
        enough = len({test.measured.tensor_class for test in carrying}) >= 2
    if enough and all(layer is not None for layer in layers):
        return LineageVerdict.DERIVED
    if enough and any(layer is not None for layer in layers):
        return LineageVerdict.PARTIAL
    if enough or any(test.needs_a_person(rules) for test in weighed):
        return LineageVerdict.REFER
    return LineageVerdict.NO_EVIDENCE


def supported_layers(
    kind: ComponentKind, weighed: Sequence[Weighed], rules: LineageRules, searched: int
) -> LayerMap:
    """For each candidate layer the reference layer it comes from, or None.

    Read from the tests that carry, the MLPs' first: a partner must reach the
    test's least effect on its own, and where there are p-values be significant
    after every correction. Empty for components without layers.
    """
    tests = sum(w.p_value is not None for w in weighed)
    tables = [
        (test, test.measured.pairs)
        for wanted in (TensorClass.MLP, TensorClass.ATTENTION)
        for test in weighed
        if test.measured.tensor_class is wanted and test.measured.pairs is not None
    ]
    if kind in HALVED or not tables:
        return ()
    carrying = [(test, table) for test, table in tables if test.carries(rules)]
    level = rules.derived_p / (tests * searched) if tests else 1.0
    return tuple(
        _first(
            _partner(table, row, layer_from(test, rules), level)
            for test, table in carrying
        )
        for row in range(tables[0][1].effect.shape[0])
    )


def through_anchors(weighed: Sequence[Weighed], rules: LineageRules) -> LayerMap:
    """For each candidate layer the one it agrees with most through anchors.

    None where no layer reaches the level of `refer`; empty where the
    agreement as a whole is no cause to look.
    """
    for test in weighed:
        table = test.measured.pairs
        if test.measured.id != ANCHORED_AGREEMENT or table is None:
            continue
        if not test.needs_a_person(rules):
            return ()
        return tuple(
            _partner(table, row, rules.anchored_refer, 1.0)
            for row in range(table.effect.shape[0])
        )
    return ()


def through_products(weighed: Sequence[Weighed], rules: LineageRules) -> bool:
    """Whether products of token rows are all that stands out."""
    seen = {one.measured.id for one in weighed if one.needs_a_person(rules)}
    return seen == {ROW_PRODUCTS}


def seen_by_a_person(
    weighed: Sequence[Weighed], layers: LayerMap, rules: LineageRules
) -> tuple[LayerMap, Text | None]:
    """The map to print with `refer`, and what it rests on where no p-value does."""
    if through_products(weighed, rules):
        return layers, wording.SEEN_THROUGH_PRODUCTS
    seen = through_anchors(weighed, rules)
    found = sum(layer is not None for layer in seen)
    if not found:
        return layers, None
    unusual = [test for test in weighed if test.needs_a_person(rules)]
    alone = all(test.p_value is None for test in unusual)
    mapped = any(layer is not None for layer in layers)
    reason = wording.seen_through_anchors(found, len(seen)) if alone else None
    return layers if mapped else seen, reason


def _first(partners: Iterable[int | None]) -> int | None:
    return next((partner for partner in partners if partner is not None), None)


def _partner(table: PairTable, row: int, least: float, level: float) -> int | None:
    """The closest reference layer, where it is close and significant enough."""
    if not table.effect.shape[1]:
        return None
    best = table.best(row)
    if table.p_value is not None and table.p_value[row, best] > level:
        return None
    return best if table.effect[row, best] >= least else None
