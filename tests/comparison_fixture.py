"""Made-up comparisons of models that do not exist, for tests of the page."""

from __future__ import annotations

import msgspec
import numpy as np

from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text
from dokja.lineage import shipped_rules
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageTest,
    LineageVerdict,
    NullBound,
    Relation,
    TensorClass,
    TokenizerComparison,
    worst,
)
from dokja.report import Reproduction

LIMITS = Text(
    "가중치의 출발점이 같은지만 검사한다.",
    "The tests ask whether weights have a common start, and nothing else.",
)
REPRODUCTION = Reproduction(
    command="dokja lineage compare 'made up' reference --html page.html",
    versions=(("dokja", "0.0.0"), ("numpy", "0.0.0")),
)
Layers = tuple[int | None, ...]


def layer_effects(
    layers: Layers, columns: int, *, strength: float, seed: int = 7
) -> tuple[tuple[float, ...], ...]:
    """Noise of 0.008, and an effect wherever the map names a layer."""
    draws = np.random.default_rng(seed)
    effects = draws.normal(0.0, 0.008, (len(layers), columns))
    for row, column in enumerate(layers):
        if column is not None:
            effects[row, column] = strength - 0.2 * draws.random()
            for near, share in ((1, 0.16), (2, 0.07)):
                for other in (column - near, column + near):
                    if 0 <= other < columns:
                        effects[row, other] += share * draws.random()
    return tuple(tuple(float(e) for e in row) for row in effects.round(6))


def made_up_test(
    test: str,
    kind: TensorClass,
    *,
    effect: float | None,
    p_value: float | None = None,
    effects: tuple[tuple[float, ...], ...] = (),
) -> LineageTest:
    """One test with nine strangers and one descendant."""
    return LineageTest(
        id=test,
        tensor_class=kind,
        statistic=None if effect is None else 61.5 * effect,
        effect=effect,
        p_value=p_value,
        null=Text("은닉 유닛의 모든 순서", "every order of the hidden units"),
        survives=Text("추가 학습에는 견딤", "further training"),
        controls_negative=()
        if test == "T6"
        else tuple(0.002 * k - 0.004 for k in range(9)),
        control_positive=None if effect is None or test == "T6" else 0.71,
        reason=Text("행이 하나뿐임", "One row only.") if effect is None else None,
        layer_effects=effects,
    )


def _tests(
    layers: Layers, columns: int, strength: float, p_value: float
) -> tuple[LineageTest, ...]:
    def by_layers(seed: int, share: float) -> tuple[tuple[float, ...], ...]:
        return layer_effects(layers, columns, strength=share * strength, seed=seed)

    mlp, attention = TensorClass.MLP, TensorClass.ATTENTION
    return (
        made_up_test(
            "T1", mlp, effect=strength, p_value=p_value, effects=by_layers(1, 1.0)
        ),
        made_up_test(
            "T2",
            attention,
            effect=0.9 * strength,
            p_value=p_value,
            effects=by_layers(2, 0.9),
        ),
        made_up_test("raw_agreement", mlp, effect=strength, effects=by_layers(3, 1.02)),
        made_up_test(
            "anchored_agreement",
            mlp,
            effect=0.8 * strength,
            effects=by_layers(4, 0.8),
        ),
        made_up_test("T6", mlp, effect=0.0),
    )


def part(
    name: str,
    verdict: LineageVerdict,
    *,
    layers: Layers = (),
    columns: int = 0,
    strength: float = 0.01,
) -> ComponentLineage:
    """One component; what its verdict does not have is None."""
    found = verdict in (LineageVerdict.DERIVED, LineageVerdict.PARTIAL)
    p_value = 1e-15 if found else 2e-5 if verdict is LineageVerdict.REFER else 0.6
    tests = _tests(layers, columns, strength, p_value)
    if verdict is LineageVerdict.UNTESTABLE:
        tests = (made_up_test("T1", TensorClass.MLP, effect=None),)
    if verdict is LineageVerdict.IDENTICAL:
        tests = (made_up_test("T6", TensorClass.MLP, effect=1.0),)
    tested = 7 * max(len(layers), 1)
    return ComponentLineage(
        name=name,
        reference="made-up-reference",
        verdict=verdict,
        relation=Relation.DEPTH_UPSCALED if found else None,
        explained_share=0.63 if found else None,
        layer_map=layers,
        detection_limit=0.005 if verdict is LineageVerdict.NO_EVIDENCE else None,
        tests=tests,
        identical_tensors=tested if verdict is LineageVerdict.IDENTICAL else 0,
        tested_tensors=tested,
        untested=(
            *(
                f"layers.{i}.input_layernorm.weight: norm gains start at one in "
                "every model and stay alike"
                for i in range(len(layers))
            ),
            "cls.head.weight: a reason this page has never seen",
        ),
        reason=Text(f"판정 근거 {name}", f"Ground of the verdict on {name}."),
        explained_interval=(0.58, 0.67) if found else None,
        relation_reason=Text(
            "참조 층이 겹쳐 쓰였음", "Reference layers are used more than once."
        )
        if found
        else None,
    )


def comparison(*parts: ComponentLineage) -> LineageReport:
    """A report under the shipped rules."""
    return LineageReport(
        candidate="made-up-candidate",
        reference="made-up-reference",
        rules_digest=digest_of(shipped_rules()),
        verdict=worst(tuple(p.verdict for p in parts)),
        components=parts,
        tokenizer=TokenizerComparison(agreement=0.31, controls=(0.28, 0.33)),
        limits=LIMITS,
    )


def every_verdict() -> LineageReport:
    """Six components, one verdict each, with maps of several sizes."""
    upscaled: Layers = (*range(24), *range(8, 32))
    return comparison(
        part(
            "text_decoder",
            LineageVerdict.DERIVED,
            layers=upscaled,
            columns=32,
            strength=0.92,
        ),
        part(
            "vision_encoder",
            LineageVerdict.PARTIAL,
            layers=(0, 1, 2, None, None, None, 6, 7, None, None, 10, 11),
            columns=12,
            strength=0.8,
        ),
        part("audio_encoder", LineageVerdict.IDENTICAL),
        part(
            "text_encoder",
            LineageVerdict.NO_EVIDENCE,
            layers=(None,) * 4,
            columns=6,
        ),
        part("embeddings", LineageVerdict.REFER, strength=0.12),
        part("projector", LineageVerdict.UNTESTABLE),
    )


UNREACHED = Text(
    "따로 학습한 모델 64개의 2,016쌍 가운데 이 값에 이른 것은 0쌍(최고 0.042). 오류율 "
    "상한 8.9%(단측 95%, 모델이 겹치지 않는 32쌍 기준)",
    "0 of 2,016 pairs of 64 models trained apart reached this (highest 0.042). Error "
    "rate at most 8.9% (one-sided 95 %, from 32 pairs without a model in common).",
)
REACHED = Text(
    "따로 학습한 모델 사이에서도 0.562까지 나옴(모델 64개의 2,016쌍)",
    "Models trained apart reach up to 0.562 (2,016 pairs of 64 models).",
)


def beside_nulls() -> LineageReport:
    """A decoder with one agreement of each kind: unreached, reached, not measured."""
    low, high = (
        NullBound(models=64, pairs=2016, disjoint_pairs=32, highest=most, bound=bound)
        for most, bound in ((0.042, 0.0894), (0.5625, None))
    )
    nulls = {
        "raw_agreement": low,
        "anchored_agreement": high,
        "anchored_heads": None,
        "T1": None,
    }
    tests = tuple(
        msgspec.structs.replace(
            made_up_test(
                id_, TensorClass.MLP, effect=0.5, p_value=0.2 if id_ == "T1" else None
            ),
            measured_null=null,
        )
        for id_, null in nulls.items()
    )
    decoder = part("text_decoder", LineageVerdict.REFER)
    return comparison(msgspec.structs.replace(decoder, tests=tests))


def large() -> LineageReport:
    """One decoder of 96 layers against one of 96."""
    return comparison(
        part(
            "text_decoder",
            LineageVerdict.DERIVED,
            layers=tuple(range(96)),
            columns=96,
            strength=0.9,
        )
    )
