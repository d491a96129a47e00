"""From weighed tests to one word and a layer map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dokja.lineage.measuring import PairTable
from dokja.lineage.values import LineageRules, LineageVerdict, TensorClass
from dokja.lineage.weighing import Weighed
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

    A partner must be significant on its own after every correction and reach
    the least effect, in the MLPs or else in attention; where only agreements
    carry, it must reach theirs. Empty for components without layers.
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
    depth = tables[0][1].effect.shape[0]
    exact = [
        table
        for test, table in tables
        if test.p_value is not None and test.carries(rules)
    ]
    found = tuple(
        _first(_partner(table, row, tests * searched, rules) for table in exact)
        for row in range(depth)
    )
    agreeing = [
        table for test, table in tables if test.p_value is None and test.carries(rules)
    ]
    if any(layer is not None for layer in found) or len(agreeing) < 2:
        return found
    return through_anchors(weighed, rules)


def through_anchors(weighed: Sequence[Weighed], rules: LineageRules) -> LayerMap:
    """For each candidate layer the one it agrees with most through anchors.

    None where no layer reaches the level of `refer`; empty where the
    agreement as a whole is no cause to look.
    """
    for test in weighed:
        table = test.measured.pairs
        if test.measured.id != "anchored_agreement" or table is None:
            continue
        if not test.needs_a_person(rules):
            return ()
        best = [table.best(row) for row in range(table.effect.shape[0])]
        return tuple(
            column if table.effect[row, column] >= rules.anchored_refer else None
            for row, column in enumerate(best)
        )
    return ()


def _first(partners: Iterable[int | None]) -> int | None:
    return next((partner for partner in partners if partner is not None), None)


def _partner(
    table: PairTable, row: int, corrections: int, rules: LineageRules
) -> int | None:
    if table.p_value is None or not table.effect.shape[1]:
        return None
    best = table.best(row)
    significant = table.p_value[row, best] * corrections <= rules.derived_p
    large = table.effect[row, best] >= rules.effect_minimum
    return best if significant and large else None
