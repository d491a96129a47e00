"""The anchored agreement of one component, from opened weights to its weight."""

from __future__ import annotations

from dataclasses import dataclass

from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.anchored_agreement import (
    ANCHORED_AGREEMENT,
    SURVIVES,
    anchored_layers,
    null_text,
)
from dokja.lineage.anchors import (
    AnchoredModel,
    anchor_rows,
    anchored_model,
    token_rows,
)
from dokja.lineage.controls import Pass
from dokja.lineage.measuring import NotMeasured
from dokja.lineage.ports import LineageSubject
from dokja.lineage.tensors import Weights
from dokja.lineage.values import LineageRules, LineageTest, TensorClass
from dokja.lineage.verdict import LayerMap
from dokja.lineage.weighing import Weighed, published, published_gap, weigh_anchored
from dokja.submission.values import ComponentKind


@dataclass(frozen=True, kw_only=True)
class ThroughAnchors:
    """What the anchors show of one component."""

    tests: tuple[LineageTest, ...] = ()
    """None where the rules or the component know no anchors."""
    measured: bool = False
    layers: LayerMap = ()
    """The layer map, empty unless the agreement is one for a person to see."""

    @property
    def stands_out(self) -> bool:
        """Whether it sends the component to a person by itself."""
        return any(layer is not None for layer in self.layers)


def through_anchors(
    weights: tuple[Weights, Weights],
    subjects: tuple[LineageSubject, LineageSubject],
    settings: Pass,
) -> ThroughAnchors:
    """The anchored agreement of two decoders; nothing for other components.

    `weights` and `subjects` are the candidate's and the reference's. Encoders
    have too few axes of known meaning on small images: 4 pixels and 17
    positions name chance partners, so they are left out.
    """
    rules = settings.rules
    if weights[0].kind is not ComponentKind.TEXT_DECODER or not rules.anchor_tokens:
        return ThroughAnchors()
    models = _anchored(weights, subjects, settings)
    if isinstance(models, Text):
        return ThroughAnchors(tests=(published_gap(_gap(models, rules)),))
    weighed = weigh_anchored(models[0], models[1], settings)
    return ThroughAnchors(
        tests=(published(weighed, rules),),
        measured=True,
        layers=_layers(weighed, rules),
    )


def _anchored(
    weights: tuple[Weights, Weights],
    subjects: tuple[LineageSubject, LineageSubject],
    settings: Pass,
) -> tuple[AnchoredModel, AnchoredModel] | Text:
    rules = settings.rules
    decoders = [one.components[ComponentKind.TEXT_DECODER] for one in subjects]
    tables = [
        one.components.get(ComponentKind.EMBEDDINGS, decoder)
        for one, decoder in zip(subjects, decoders, strict=True)
    ]
    counts = token_rows(tables[0]), token_rows(tables[1])
    for side, count in zip((wording.CANDIDATE, wording.REFERENCE), counts, strict=True):
        if not count:
            return wording.no_anchors(side)
    rows = anchor_rows(
        (tables[0].vocabulary, tables[1].vocabulary),
        counts,
        rules.anchor_tokens,
        seed_for(settings.seed_text, "anchors"),
    )
    if isinstance(rows, Text):
        return rows
    needed = min(rules.shared_tokens_minimum, rules.anchor_tokens)
    if len(rows[0]) < needed:
        return wording.few_shared_tokens(len(rows[0]), needed=needed)
    found = []
    for side, one, decoder, table, taken in zip(
        (wording.CANDIDATE, wording.REFERENCE),
        weights,
        decoders,
        tables,
        rows,
        strict=True,
    ):
        model = anchored_model(one, decoder, table, taken)
        if model is None:
            return wording.no_anchors(side)
        if not any(model.layers):
            return wording.no_views(side)
        found.append(model)
    return found[0], found[1]


def _layers(weighed: Weighed, rules: LineageRules) -> LayerMap:
    if not weighed.needs_a_person(rules):
        return ()
    return anchored_layers(weighed.measured, rules.anchored_refer)


def _gap(fact: Text, rules: LineageRules) -> NotMeasured:
    return NotMeasured(
        id=ANCHORED_AGREEMENT,
        tensor_class=TensorClass.MLP,
        null=null_text(rules),
        survives=SURVIVES,
        reason=wording.sentence(fact),
    )
