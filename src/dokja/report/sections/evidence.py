"""One comparison of a component with a reference, drawn and tabled."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
from dokja.lineage.values import (
    ComponentLineage,
    LineageRules,
    LineageTest,
    LineageVerdict,
)
from dokja.report.figures import (
    ControlsRow,
    controls_figure,
    layer_map_figure,
    meter_figure,
)
from dokja.report.numerals import (
    Shown,
    fixed,
    interval,
    p_value,
    percent,
    percent_interval,
)
from dokja.report.pieces import View, Word
from dokja.report.wording import RELATION, TENSOR_CLASS, VERDICT, component_kind

RAW_AGREEMENT = "raw_agreement"
ANCHORED_AGREEMENT = "anchored_agreement"
ANCHORED_HEADS = "anchored_heads"
ROW_PRODUCTS = "token_gram"
JOINT_CHANNELS = "T2"
IDENTITY = "T6"
"""Has neither null nor controls: drawn as the count of byte-equal tensors."""
EFFECT_PLACES = 3
LEAST_WHOLE_PERCENT = 0.01
"""Detection limits below this would round to 0%."""

NOT_MEASURED = Text(
    "따로 학습한 모델 사이의 분포가 측정되지 않음. 이 시험으로는 전문가 확인까지만 "
    "가능함",
    "Not measured between models trained apart: this test can only refer.",
)
REACHED = Text(
    "따로 학습한 모델 사이에서도 {highest}까지 나옴(모델 {models}개의 {pairs}쌍)",
    "Models trained apart reach up to {highest} ({pairs} pairs of {models} models).",
)
NOT_REACHED = Text(
    "따로 학습한 모델 {models}개의 {pairs}쌍 가운데 이 값에 이른 것은 0쌍(최고 "
    "{highest}). 오류율 상한 {bound}(단측 95%, 모델이 겹치지 않는 {disjoint}쌍 기준)",
    "0 of {pairs} pairs of {models} models trained apart reached this (highest "
    "{highest}). Error rate at most {bound} (one-sided 95 %, from {disjoint} pairs "
    "without a model in common).",
)

ADVERSE = frozenset(
    {
        LineageVerdict.IDENTICAL,
        LineageVerdict.DERIVED,
        LineageVerdict.PARTIAL,
        LineageVerdict.REFER,
    }
)


class TestRow(View, frozen=True, kw_only=True):
    """One test as the table gives it."""

    name: Text
    effect: Shown
    threshold: str
    statistic: Shown
    p: Shown
    by_controls: bool
    """Whether the test has no p-value and stands by its margin over controls."""
    negatives: str | None
    negatives_n: int
    positive: Shown
    null: Text
    survives: Text
    apart: Text | None
    """What models trained apart reach; None where the test has a p-value."""


class EvidenceView(View, frozen=True, kw_only=True):
    """A comparison with everything it rests on."""

    component: Text
    reference: Text
    verdict: Word
    relation: Text | None
    relation_reason: Text | None
    reason: Text
    figure: Markup | None
    """None where no test was needed, as for byte-equal tensors."""
    tests: tuple[TestRow, ...]
    layer_figure: Markup | None
    layers: tuple[str, ...]
    """The reference layer of each candidate layer, `–` where none was found."""
    explained: str | None
    explained_interval: str | None
    explained_meter: Markup | None
    detection: Shown
    identical: int
    tested: int
    untested: tuple[str, ...]


def verdict_word(verdict: LineageVerdict) -> Word:
    """The verdict's words and mark."""
    return Word(code=verdict.value, text=VERDICT[verdict])


def evidence_view(
    part: ComponentLineage,
    rules: LineageRules,
    *,
    key: str,
    subject: tuple[Text, Text],
) -> EvidenceView:
    """The comparison; `subject` names the candidate and the reference."""
    candidate, reference = subject
    share = explained_estimate(part)
    tests = tuple(test for test in part.tests if test.id != IDENTITY)
    return EvidenceView(
        component=component_kind(part.name),
        reference=reference,
        verdict=verdict_word(part.verdict),
        relation=RELATION[part.relation] if part.relation else None,
        relation_reason=part.relation_reason,
        reason=part.reason,
        figure=_figure(
            tests,
            rules,
            key=f"{key}-controls",
            names=(component_kind(part.name), reference),
        )
        if tests
        else None,
        tests=tuple(
            _test(test, rules, name)
            for test, name in zip(tests, names_of_tests(tests), strict=True)
        ),
        layer_figure=layer_map_figure(
            f"{key}-layers",
            part.layer_map,
            candidate=candidate,
            reference=reference,
            reference_layers=_reference_layers(part),
        )
        if part.layer_map
        else None,
        layers=tuple("–" if i is None else str(i) for i in part.layer_map),
        explained=None if share is None else percent(share.value),
        explained_interval=None if share is None else percent_interval(share),
        explained_meter=None if share is None else _meter(share, f"{key}-explained"),
        detection=detection_shown(part),
        identical=part.identical_tensors,
        tested=part.tested_tensors,
        untested=part.untested,
    )


def detection_shown(part: ComponentLineage) -> Shown:
    """Smallest planted share that would have been called derived."""
    limit = part.detection_limit
    if limit is None:
        return Shown(None)
    places = 0 if limit >= LEAST_WHOLE_PERCENT else 1
    return Shown(percent(limit, places=places))


def explained_estimate(part: ComponentLineage) -> Estimate | None:
    """The explained share with its interval, None where there is none."""
    if part.explained_share is None:
        return None
    low, high = part.explained_interval or (None, None)
    return Estimate(
        value=part.explained_share, low=low, high=high, n=1, method="", source=""
    )


def _meter(share: Estimate, key: str) -> Markup:
    name = Text("설명 비율", "Explained share")
    return meter_figure(key, share, name=name, highest=1.0)


def _reference_layers(part: ComponentLineage) -> int:
    """How many layers the reference has, 0 where no test went by layers."""
    rows = (row for test in part.tests for row in test.layer_effects)
    return max((len(row) for row in rows), default=0)


def _figure(
    tests: Sequence[LineageTest],
    rules: LineageRules,
    *,
    key: str,
    names: tuple[Text, Text],
) -> Markup:
    component, reference = names
    rows = [
        controls_row(test, rules, name)
        for test, name in zip(tests, names_of_tests(tests), strict=True)
    ]
    title = Text(
        ko=f"{component.ko}, {reference.ko}", en=f"{component.en}, {reference.en}"
    )
    return controls_figure(key, rows, title=title)


def controls_row(test: LineageTest, rules: LineageRules, name: Text) -> ControlsRow:
    """One test as a figure takes it."""
    return ControlsRow(
        name=name,
        effect=test.effect,
        text=None if test.effect is None else fixed(test.effect, places=EFFECT_PLACES),
        threshold=threshold(test, rules),
        negatives=test.controls_negative,
        positive=test.control_positive,
    )


def names_of_tests(tests: Sequence[LineageTest]) -> tuple[Text, ...]:
    """Id and tensor class of each, numbered where several would read alike."""
    plain = [_test_name(test) for test in tests]
    return tuple(
        name
        if plain.count(name) == 1
        else Text(f"{name.ko} ({number})", f"{name.en} ({number})")
        for position, name in enumerate(plain)
        for number in [1 + plain[:position].count(name)]
    )


def _test_name(test: LineageTest) -> Text:
    words = TENSOR_CLASS[test.tensor_class]
    if test.id == RAW_AGREEMENT:
        return Text(f"원시 일치율 · {words.ko}", f"Raw agreement · {words.en}")
    if test.id == ANCHORED_AGREEMENT:
        return Text(f"기준 축 일치율 · {words.ko}", f"Anchored agreement · {words.en}")
    if test.id == ANCHORED_HEADS:
        return Text(f"기준 축 헤드 일치율 · {words.ko}", f"Anchored heads · {words.en}")
    if test.id == ROW_PRODUCTS:
        return Text(f"토큰 내적 유사도 · {words.ko}", f"Token products · {words.en}")
    return Text(f"{test.id} · {words.ko}", f"{test.id} · {words.en}")


def threshold(test: LineageTest, rules: LineageRules) -> float:
    """Least effect that counts in the test."""
    if test.id == RAW_AGREEMENT:
        return rules.agreement_derived
    if test.id == ANCHORED_AGREEMENT:
        return rules.anchored_refer
    if test.id == ANCHORED_HEADS:
        return rules.heads_refer
    if test.id == ROW_PRODUCTS:
        return rules.gram_refer
    if test.id == JOINT_CHANNELS:
        return max(rules.effect_minimum, rules.basis_minimum)
    return rules.effect_minimum


def _test(test: LineageTest, rules: LineageRules, name: Text) -> TestRow:
    negatives = test.controls_negative
    return TestRow(
        name=name,
        effect=_shown(test.effect, test.reason),
        threshold=f"≥ {threshold(test, rules):g}",
        statistic=_shown(test.statistic, test.reason, places=1),
        p=Shown(
            None
            if test.p_value is None
            else p_value(test.p_value, floor=rules.p_floor),
            test.reason,
        ),
        by_controls=test.effect is not None and test.p_value is None,
        negatives=interval(min(negatives), max(negatives), places=EFFECT_PLACES)
        if negatives
        else None,
        negatives_n=len(negatives),
        positive=_shown(test.control_positive, None),
        null=test.null,
        survives=test.survives,
        apart=models_apart(test),
    )


def models_apart(test: LineageTest) -> Text | None:
    """An agreement beside what models trained apart reach, with its error bound.

    None for a test with a p-value and for one that shows no effect.
    """
    if test.id == IDENTITY or test.effect is None or test.p_value is not None:
        return None
    null = test.measured_null
    if null is None:
        return NOT_MEASURED
    words = REACHED if null.bound is None else NOT_REACHED
    figures = {
        "pairs": f"{null.pairs:,}",
        "models": f"{null.models:,}",
        "disjoint": f"{null.disjoint_pairs:,}",
        "highest": fixed(null.highest, places=EFFECT_PLACES),
        "bound": "" if null.bound is None else percent(null.bound),
    }
    return Text(words.ko.format(**figures), words.en.format(**figures))


def _shown(
    value: float | None, reason: Text | None, *, places: int = EFFECT_PLACES
) -> Shown:
    return Shown(None if value is None else fixed(value, places=places), reason)
