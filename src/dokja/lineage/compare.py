"""The act: one candidate against one reference, component by component."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text
from dokja.lineage.controls import Pass, halves_of
from dokja.lineage.detection import detection_limit
from dokja.lineage.explained_share import explained_share
from dokja.lineage.identity import Identity, identity_test, identity_tests
from dokja.lineage.pairing import Pair, pair_up
from dokja.lineage.ports import LineageSubject
from dokja.lineage.roles import CLASS_OF, MLP_ROLES
from dokja.lineage.tensors import Weights, read_weights
from dokja.lineage.through_anchors import ThroughAnchors, through_anchors
from dokja.lineage.tokenizer import compare_tokenizers
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageRules,
    LineageVerdict,
    TokenizerComparison,
    worst,
)
from dokja.lineage.verdict import (
    relation_of,
    statistical_verdict,
    supported_layers,
)
from dokja.lineage.weighing import (
    Weighed,
    not_measured,
    published,
    published_gap,
    run_controls,
    weigh,
)
from dokja.lineage.wording import (
    limits,
    not_cleared_by_anchors,
    reason_for,
    second_of_a_kind,
    seen_through_anchors,
    untestable_reason,
)
from dokja.submission.values import ComponentKind

FOUND = (LineageVerdict.DERIVED, LineageVerdict.PARTIAL, LineageVerdict.REFER)
"""Statistical verdicts under which the explained share is reported."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What every component of one comparison shares."""

    rules: LineageRules
    seed_text: str
    searched: int
    reference: str
    on_tensor: Callable[[str], None]


def compare_lineage(
    candidate: LineageSubject,
    reference: LineageSubject,
    *,
    rules: LineageRules,
    seed_text: str,
    searched: int,
    on_tensor: Callable[[str], None],
) -> LineageReport:
    """The lineage of every component that both models have.

    `searched` counts the (team, component, reference) triples of the family
    this comparison belongs to; every p-value is corrected for it. `seed_text`
    names the comparison (with the beacon where there is one) and fixes every
    draw. Reads whole components into memory. Statistics are equal to the
    byte for any block size of the checkpoints, with BLAS on one thread.
    Raises: InvalidInput where a weight is NaN or infinite.
    """
    digest = digest_of(rules)
    setting = Setting(
        rules=rules,
        seed_text=f"{seed_for(digest, seed_text)}",
        searched=max(1, searched),
        reference=reference.name,
        on_tensor=on_tensor,
    )
    alone = [
        kind.value
        for kind in ComponentKind
        if (kind in candidate.components) != (kind in reference.components)
    ]
    shared = [
        kind
        for kind in ComponentKind
        if kind in candidate.components and kind in reference.components
    ]
    components = tuple(
        _compare_component(kind, (candidate, reference), setting) for kind in shared
    )
    return LineageReport(
        candidate=candidate.name,
        reference=reference.name,
        rules_digest=digest,
        verdict=worst(tuple(component.verdict for component in components)),
        components=components,
        tokenizer=_tokenizers(candidate, reference),
        limits=limits(alone),
    )


def _compare_component(
    kind: ComponentKind,
    subjects: tuple[LineageSubject, LineageSubject],
    setting: Setting,
) -> ComponentLineage:
    candidate, reference = (one.components[kind] for one in subjects)
    mine = read_weights(kind, candidate, setting.on_tensor)
    theirs = read_weights(kind, reference, setting.on_tensor)
    identity = identity_test(mine, theirs, (candidate, reference))
    text = f"{setting.seed_text} {kind.value}"
    settings = Pass(rules=setting.rules, seed_text=text, halves=())
    anchored = through_anchors((mine, theirs), subjects, settings)
    pair = pair_up(
        mine,
        theirs,
        (candidate.vocabulary, reference.vocabulary),
        setting.rules.shared_tokens_minimum,
    )
    if isinstance(pair, Text):
        return _without_pair(mine, identity, anchored, pair, setting)
    halves = halves_of(pair, seed_for(text, "halves"))
    return _with_pair(
        pair, identity, anchored, replace(settings, halves=halves), setting
    )


def _with_pair(
    pair: Pair,
    identity: Identity,
    anchored: ThroughAnchors,
    settings: Pass,
    setting: Setting,
) -> ComponentLineage:
    rules, searched, kind = setting.rules, setting.searched, pair.candidate.kind
    controls = run_controls(pair, settings, searched)
    weighed = weigh(pair, settings, searched, controls, with_agreement=True)
    layers = supported_layers(pair, weighed, rules, searched)
    verdict = statistical_verdict(kind, weighed, layers, rules)
    share = explained_share(pair, layers) if verdict in FOUND else None
    limit, reason = None, None
    if identity.in_place:
        verdict, share = LineageVerdict.IDENTICAL, 1.0
    elif verdict is LineageVerdict.NO_EVIDENCE and anchored.stands_out:
        verdict, reason = LineageVerdict.REFER, _anchored_reason(anchored)
    elif verdict is LineageVerdict.NO_EVIDENCE and identity.equal:
        verdict = LineageVerdict.REFER
    elif verdict is LineageVerdict.NO_EVIDENCE:
        reason = _too_little(pair, weighed, rules)
        if reason is None:
            limit = detection_limit(pair, settings, searched, controls)
        else:
            verdict = LineageVerdict.UNTESTABLE
    if verdict is LineageVerdict.REFER and not any(i is not None for i in layers):
        layers = anchored.layers or layers
    return ComponentLineage(
        name=kind.value,
        reference=setting.reference,
        verdict=verdict,
        relation=relation_of(verdict, layers, len(pair.reference.layers)),
        explained_share=share,
        layer_map=layers,
        detection_limit=limit,
        tests=(
            *(published(test, rules) for test in weighed),
            *(published_gap(test) for test in not_measured(pair, settings)),
            *anchored.tests,
            *identity_tests(identity),
        ),
        identical_tensors=len(identity.equal),
        tested_tensors=len(_tested_names(pair.candidate)),
        untested=_listed(pair.untested),
        reason=reason or reason_for(verdict),
    )


def _without_pair(
    weights: Weights,
    identity: Identity,
    anchored: ThroughAnchors,
    fact: Text,
    setting: Setting,
) -> ComponentLineage:
    """The component where only identity and the anchors are left to ask.

    The anchors alone send it to a person and never clear it: they see the
    MLPs and nothing else.
    """
    verdict, reason = LineageVerdict.UNTESTABLE, None
    if identity.in_place:
        verdict = LineageVerdict.IDENTICAL
    elif anchored.stands_out:
        verdict, reason = LineageVerdict.REFER, _anchored_reason(anchored)
    elif identity.equal:
        verdict = LineageVerdict.REFER
    else:
        seen = not_cleared_by_anchors(fact) if anchored.measured else fact
        reason = untestable_reason(seen)
    tested = _anchored_names(weights) if anchored.measured else ()
    untested = dict(weights.untested)
    if verdict is not LineageVerdict.IDENTICAL:
        names = set(weights.names.values()) - set(tested)
        untested.update(dict.fromkeys(names, fact.en))
    return ComponentLineage(
        name=weights.kind.value,
        reference=setting.reference,
        verdict=verdict,
        relation=relation_of(verdict, (), 0),
        explained_share=1.0 if verdict is LineageVerdict.IDENTICAL else None,
        layer_map=anchored.layers if verdict is LineageVerdict.REFER else (),
        detection_limit=None,
        tests=(*anchored.tests, *identity_tests(identity)),
        identical_tensors=len(identity.equal),
        tested_tensors=len(tested),
        untested=_listed(untested),
        reason=reason or reason_for(verdict),
    )


def _anchored_names(weights: Weights) -> tuple[str, ...]:
    return tuple(
        name for slot, name in sorted(weights.names.items()) if slot.role in MLP_ROLES
    )


def _anchored_reason(anchored: ThroughAnchors) -> Text:
    found = sum(layer is not None for layer in anchored.layers)
    return seen_through_anchors(found, len(anchored.layers))


def _too_little(
    pair: Pair, weighed: Sequence[Weighed], rules: LineageRules
) -> Text | None:
    """Why finding nothing would mean nothing here; None where it means something."""
    if pair.candidate.rivals:
        return untestable_reason(second_of_a_kind(pair.candidate.kind.value))
    sizes = pair.candidate.sizes
    tested = sum(sizes[name] for name in _tested_names(pair.candidate))
    share = tested / max(1, sum(sizes.values()))
    if share < rules.tested_minimum:
        return untestable_reason(
            Text(
                ko=f"매개변수의 {share:.0%}만 검사할 수 있었으며 "
                f"{rules.tested_minimum:.0%}가 필요함",
                en=f"only {share:.0%} of the component's parameters could be tested "
                f"and {rules.tested_minimum:.0%} are needed",
            )
        )
    if not any(test.controls.descendant_found for test in weighed):
        return untestable_reason(
            Text(
                ko="이 크기에서는 파생이 확실한 대조군도 발견되지 않음",
                en="no test finds even a known descendant of this size",
            )
        )
    return None


def _tested_names(weights: Weights) -> tuple[str, ...]:
    return tuple(
        name for slot, name in sorted(weights.names.items()) if slot.role in CLASS_OF
    )


def _listed(untested: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {reason}" for name, reason in sorted(untested.items()))


def _tokenizers(
    candidate: LineageSubject, reference: LineageSubject
) -> TokenizerComparison:
    """The vocabularies beside the text components, the embeddings' first."""
    found = []
    for subject in (candidate, reference):
        opened = (subject.components.get(kind) for kind in TEXT_KINDS)
        found.append(next((c.vocabulary for c in opened if c is not None), None))
    return compare_tokenizers(found[0], found[1])


TEXT_KINDS = (ComponentKind.EMBEDDINGS, ComponentKind.TEXT_DECODER)
"""Components that carry a vocabulary, the one asked first in front."""
