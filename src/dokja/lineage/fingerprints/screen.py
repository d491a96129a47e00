"""The act: two fingerprints side by side, field by field, without a verdict."""

from __future__ import annotations

import math

import numpy as np

from dokja.evidence.values import Text
from dokja.lineage.fingerprints.make import GRAM_ROLES, LAYERED
from dokja.lineage.fingerprints.nearness import (
    digests_of,
    field_scores,
    largest_by_chance,
    layer_similarity,
    shared_tokens,
    stacked,
)
from dokja.lineage.fingerprints.search import STANDS_OUT, closeness_of
from dokja.lineage.fingerprints.sketches import BASIS, GRAM
from dokja.lineage.fingerprints.values import (
    SCHEMA,
    ComponentCloseness,
    ComponentPrint,
    FieldCloseness,
    Fingerprint,
    LayerPair,
    ScreenReport,
)
from dokja.submission.values import ComponentKind

MEANING = Text(
    ko=(
        "근접도는 표본으로 뽑은 가중치가 얼마나 같은지를 0에서 1로 나타냅니다. "
        "1은 같음, 0은 아무 관계가 없는 모델 사이에서 흔히 보이는 정도입니다. "
        "비교할 모델을 고르는 데에만 쓰며, 여기서 어떤 판정도 나오지 않습니다."
    ),
    en=(
        "The closeness says from 0 to 1 how alike sampled weights are: 1 is equal, "
        "0 is what models that share nothing usually show. It serves to choose "
        "which models to compare, and no verdict follows from it."
    ),
)


def screen(candidate: Fingerprint, reference: Fingerprint) -> ScreenReport:
    """How close each component is that both fingerprints hold.

    A candidate may be closer to one reference than to another; whether it
    descends from either is for the full comparison to say.
    """
    theirs = {component.kind: component for component in reference.components}
    pairs = [(c, theirs[c.kind]) for c in candidate.components if c.kind in theirs]
    components = tuple(_component_closeness(mine, other) for mine, other in pairs)
    shared = [
        float(shared_tokens(mine, (other,))[0])
        for mine, other in pairs
        if mine.kind is ComponentKind.EMBEDDINGS
    ]
    return ScreenReport(
        schema=SCHEMA,
        candidate=candidate.name,
        reference=reference.name,
        closeness=max((c.closeness for c in components), default=0.0),
        components=components,
        tokenizer=next((share for share in shared if not math.isnan(share)), None),
        meaning=MEANING,
    )


def _component_closeness(
    mine: ComponentPrint, theirs: ComponentPrint
) -> ComponentCloseness:
    fields, closeness = [], 0.0
    for scores in field_scores(mine, (theirs,)):
        similarity = float(scores.similarity[0])
        if math.isnan(similarity):
            continue
        closeness = max(closeness, float(closeness_of(scores)[0]))
        fields.append(
            FieldCloseness(
                field=scores.field,
                similarity=similarity,
                spread=float(scores.spread[0]),
                n=int(scores.n[0]),
            )
        )
    digests = np.unique(digests_of(mine))
    return ComponentCloseness(
        name=mine.kind.value,
        closeness=closeness,
        fields=tuple(fields),
        shared_digests=int(np.isin(digests, digests_of(theirs)).sum()),
        compared_digests=len(digests),
        layer_pairs=_layer_pairs(mine, theirs),
    )


def _layer_pairs(mine: ComponentPrint, theirs: ComponentPrint) -> tuple[LayerPair, ...]:
    """For each candidate layer its nearest, where it stands out of all pairs."""
    found: dict[int, LayerPair] = {}
    for field, roles, size in (("basis", LAYERED, BASIS), ("gram", GRAM_ROLES, GRAM)):
        held = tuple(
            role
            for role in roles
            if all(role.value in getattr(one, field) for one in (mine, theirs))
        )
        if not held or not mine.layers or not theirs.layers:
            continue
        sketches = [stacked((one,), field, held, size) for one in (mine, theirs)]
        similarity = layer_similarity(sketches[0], sketches[1])
        chance = STANDS_OUT + float(largest_by_chance(similarity.size))
        for layer, row in enumerate(similarity):
            best, value = int(row.argmax()), float(row.max())
            known = found.get(layer)
            if value * math.sqrt(len(held) * size) > chance and (
                known is None or value > known.similarity
            ):
                pair = LayerPair(candidate=layer, reference=best, similarity=value)
                found[layer] = pair
    return tuple(found[layer] for layer in sorted(found))
