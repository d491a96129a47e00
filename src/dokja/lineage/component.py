"""One component of a candidate against the same component of a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.detection import detection_limit
from dokja.lineage.draws import Draws
from dokja.lineage.explained_share import ExplainedShare, explained_share
from dokja.lineage.explained_tables import explained_parts
from dokja.lineage.flat_tables import (
    why_silent,
)
from dokja.lineage.identity import Digests, Identity, identity_test, identity_tests
from dokja.lineage.layout import Layout
from dokja.lineage.measurements import Component, Measurements
from dokja.lineage.relation import Derived, relation_of
from dokja.lineage.relation_wording import IDENTICAL
from dokja.lineage.tested import listed, tested_names
from dokja.lineage.trained_part import (
    flat_pairs,
    mapped_pairs,
    start_of_layers,
    start_of_tokens,
)
from dokja.lineage.values import (
    ComponentLineage,
    LineageRules,
    LineageVerdict,
    Relation,
    TensorClass,
)
from dokja.lineage.verdict import (
    LayerMap,
    seen_by_a_person,
    statistical_verdict,
    supported_layers,
    through_products,
)
from dokja.lineage.weighing import Weighed, published, published_gap, weigh
from dokja.submission.values import ComponentKind

FOUND = (LineageVerdict.DERIVED, LineageVerdict.PARTIAL, LineageVerdict.REFER)
"""Statistical verdicts under which the explained share is reported."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """What every step of one component's comparison shares."""

    rules: LineageRules
    seed_text: str
    searched: int
    reference: str


def conclude(
    part: Component,
    digests: tuple[Digests, Digests],
    measured: Measurements | Text,
    setting: Setting,
) -> ComponentLineage:
    """The verdict on one component, with all that it rests on."""
    draws = Draws(seed_text=setting.seed_text)
    silent = partial(why_silent, part.checkpoints[0], draws=draws)
    identity = identity_test(*part.layouts, digests, silent)
    if isinstance(measured, Text):
        return _incomparable(part, identity, measured, setting)
    return _judge(part, identity, measured, setting)


def _judge(
    part: Component, identity: Identity, measured: Measurements, setting: Setting
) -> ComponentLineage:
    rules, searched, kind = setting.rules, setting.searched, part.kind
    weighed = weigh(
        measured.tests,
        rules,
        searched,
        component=kind.value,
        shared_basis=measured.shared_basis,
    )
    layers = supported_layers(kind, weighed, rules, searched)
    verdict = statistical_verdict(kind, weighed, layers, rules)
    found = verdict in FOUND
    limit, reason = None, None
    if identity.in_place:
        verdict = LineageVerdict.IDENTICAL
    elif verdict is LineageVerdict.NO_EVIDENCE and identity.equal:
        verdict = LineageVerdict.REFER
    elif verdict is LineageVerdict.NO_EVIDENCE:
        reason = _too_little(part, measured, weighed, rules)
        if reason is None:
            limit = detection_limit(kind, measured.tests, weighed, rules, searched)
        else:
            verdict = LineageVerdict.UNTESTABLE
    elif found and (start := _common_start(part, measured, layers, setting)):
        verdict, reason = LineageVerdict.REFER, start
    if verdict is LineageVerdict.REFER and reason is None:
        layers, reason = seen_by_a_person(weighed, layers, rules)
    share = explained_share(
        explained_parts(
            part.layouts[0], measured.flat, measured.samples, measured.columns, layers
        )
        if found and not through_products(weighed, rules)
        else ()
    )
    if identity.in_place:
        share = ExplainedShare(share=1.0, low=1.0, high=1.0)
    told = relation_of(
        _derived(part, measured, setting, verdict=verdict, layers=layers, share=share),
        rules.relations,
    )
    return ComponentLineage(
        name=kind.value,
        reference=setting.reference,
        verdict=verdict,
        relation=told.relation if told else None,
        relation_reason=told.reason if told else None,
        explained_share=share.share if share else None,
        explained_interval=(share.low, share.high) if share else None,
        layer_map=layers,
        detection_limit=limit,
        tests=(
            *(published(test, rules) for test in weighed),
            *(published_gap(gap) for gap in measured.gaps),
            *identity_tests(identity),
        ),
        identical_tensors=len(identity.equal),
        tested_tensors=len(tested_names(part.layouts[0], measured.untested)),
        untested=listed(measured.untested),
        reason=reason or wording.reason_for(verdict),
    )


def _derived(
    part: Component,
    measured: Measurements,
    setting: Setting,
    *,
    verdict: LineageVerdict,
    layers: LayerMap,
    share: ExplainedShare | None,
) -> Derived:
    return Derived(
        verdict=verdict,
        checkpoints=part.checkpoints,
        layouts=part.layouts,
        flat=measured.flat,
        samples=measured.samples,
        columns=measured.columns,
        layers=layers,
        share=share,
        draws=Draws(seed_text=setting.seed_text),
    )


def _common_start(
    part: Component, measured: Measurements, layers: LayerMap, setting: Setting
) -> Text | None:
    """What explains the match where both only started from the same weights."""
    if part.kind is ComponentKind.EMBEDDINGS:
        return start_of_tokens(flat_pairs(measured.flat), setting.rules)
    if part.kind is ComponentKind.PROJECTOR:
        return start_of_layers(flat_pairs(measured.flat), setting.rules)
    draws = Draws(seed_text=setting.seed_text)
    pairs = mapped_pairs(part.checkpoints, part.layouts, layers, draws)
    return start_of_layers(pairs, setting.rules)


def _incomparable(
    part: Component, identity: Identity, fact: Text, setting: Setting
) -> ComponentLineage:
    """The component where only identity is left to ask."""
    layout = part.layouts[0]
    untested = dict(layout.untested)
    if identity.in_place:
        verdict = LineageVerdict.IDENTICAL
    else:
        verdict = LineageVerdict.UNTESTABLE
        names = tested_names(layout, untested)
        untested.update(dict.fromkeys(names, fact.en))
        if identity.equal:
            verdict = LineageVerdict.REFER
    share = 1.0 if identity.in_place else None
    return ComponentLineage(
        name=part.kind.value,
        reference=setting.reference,
        verdict=verdict,
        relation=Relation.COPY if identity.in_place else None,
        relation_reason=IDENTICAL if identity.in_place else None,
        explained_share=share,
        layer_map=(),
        detection_limit=None,
        tests=identity_tests(identity),
        identical_tensors=len(identity.equal),
        tested_tensors=0,
        untested=listed(untested),
        reason=wording.untestable_reason(fact)
        if verdict is LineageVerdict.UNTESTABLE
        else wording.reason_for(verdict),
    )


def _too_little(
    part: Component,
    measured: Measurements,
    weighed: Sequence[Weighed],
    rules: LineageRules,
) -> Text | None:
    """Why finding nothing would mean nothing here; None where it means something."""
    layout = part.layouts[0]
    if layout.rivals:
        return wording.untestable_reason(wording.second_of_a_kind(part.kind.value))
    unclear = _other_width(part.layouts)
    if unclear is not None and not _seen_across_widths(part.kind, weighed):
        return wording.untestable_reason(wording.not_cleared(unclear))
    tested = sum(layout.sizes[name] for name in tested_names(layout, measured.untested))
    share = tested / max(1, sum(layout.sizes.values()))
    if share < rules.tested_minimum:
        return wording.untestable_reason(
            wording.little_tested(share, needed=rules.tested_minimum)
        )
    if not any(test.descendant_found for test in weighed):
        return wording.untestable_reason(wording.BLIND)
    return None


def _other_width(layouts: tuple[Layout, Layout]) -> Text | None:
    if layouts[0].width == layouts[1].width:
        return None
    return wording.other_width(layouts[0].width, layouts[1].width)


def _seen_across_widths(kind: ComponentKind, weighed: Sequence[Weighed]) -> bool:
    """Whether every class of the component was seen by a test that is not blind."""
    if kind is ComponentKind.EMBEDDINGS:
        return all(w.descendant_found for w in weighed)
    seen = {w.measured.tensor_class for w in weighed if w.descendant_found}
    return seen >= {TensorClass.MLP, TensorClass.ATTENTION}
