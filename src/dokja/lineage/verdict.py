"""From weighed tests to one word, a layer map and a relation."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.lineage.measuring import PairTable
from dokja.lineage.pairing import Pair
from dokja.lineage.values import LineageRules, LineageVerdict, Relation, TensorClass
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
        enough = len(carrying) >= 2 and len(carrying) == len(weighed)
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
    pair: Pair, weighed: Sequence[Weighed], rules: LineageRules, searched: int
) -> LayerMap:
    """For each candidate layer the reference layer it comes from, or None.

    A partner must be significant on its own after every correction and reach
    the least effect, in the MLPs or else in attention. Empty for components
    without layers.
    """
    if pair.candidate.kind in HALVED:
        return ()
    tables = [
        (test.measured.pairs, sum(w.p_value is not None for w in weighed))
        for wanted in (TensorClass.MLP, TensorClass.ATTENTION)
        for test in weighed
        if test.measured.tensor_class is wanted and test.p_value is not None
    ]
    return tuple(
        next(
            (
                partner
                for table, tests in tables
                if table is not None
                for partner in [_partner(table, row, tests * searched, rules)]
                if partner is not None
            ),
            None,
        )
        for row in range(len(pair.candidate.layers))
    )


def relation_of(
    verdict: LineageVerdict, layers: LayerMap, reference_depth: int
) -> Relation | None:
    """What the weights alone tell of how the component came about.

    Only copies and changes of depth: nothing here tells fine-tuning from
    continued pre-training.
    """
    if verdict is LineageVerdict.IDENTICAL:
        return Relation.COPY
    if verdict not in (LineageVerdict.DERIVED, LineageVerdict.PARTIAL):
        return None
    found = [layer for layer in layers if layer is not None]
    if verdict is LineageVerdict.DERIVED and found:
        if len(found) > reference_depth and len(set(found)) < len(found):
            return Relation.DEPTH_UPSCALED
        if len(found) < reference_depth and found == sorted(set(found)):
            return Relation.LAYERS_DROPPED
    return Relation.UNKNOWN


def _partner(
    table: PairTable, row: int, corrections: int, rules: LineageRules
) -> int | None:
    if table.p_value is None or not table.effect.shape[1]:
        return None
    best = table.best(row)
    significant = table.p_value[row, best] * corrections <= rules.derived_p
    large = table.effect[row, best] >= rules.effect_minimum
    return best if significant and large else None
