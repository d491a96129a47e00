"""Planted mixtures are found again; what is no mixture is not called one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.ports import InOrder
from dokja.lineage import LineageSubject
from dokja.lineage.decomposition import (
    ComponentDecomposition,
    Decomposition,
    DecompositionReport,
    DecompositionRules,
    DecompositionVerdict,
    MixtureForm,
    decompose,
    shipped_decomposition_rules,
)
from dokja.lineage.decomposition.fit import fit
from dokja.lineage.decomposition.sums import sums_of
from tests.unit.lineage.lineage_models import (
    ArrayCheckpoint,
    Tensors,
    decoder,
    encoder,
    projector,
    subject,
    trained_on,
    vocabulary,
    with_layers,
)

RULES = shipped_decomposition_rules()
SETTING = Decomposition(rules=RULES, compute=InOrder(), on_step=lambda *_: None)
FAR = {name: decoder(seed, layers=4) for name, seed in (("a", 1), ("b", 2), ("c", 3))}
"""Models of one shape that have nothing in common."""
ORIGIN = decoder(9, layers=4)
NEAR = {name: trained_on(ORIGIN, seed, 0.2) for name, seed in (("p", 11), ("q", 12))}
"""Two models trained apart from one origin."""


def _mixed(weights: Sequence[float], models: Sequence[Tensors]) -> Tensors:
    """The weighted sum of every tensor."""
    return {
        name: np.sum(
            [w * m[name] for w, m in zip(weights, models, strict=True)], axis=0
        ).astype(np.float32)
        for name in models[0]
    }


def _found(
    candidate: Tensors,
    parents: Mapping[str, Tensors],
    *,
    ancestor: Tensors | None = None,
    rules: DecompositionRules = RULES,
    block_rows: int = 7,
) -> DecompositionReport:
    def model(name: str, tensors: Tensors) -> LineageSubject:
        opened = ArrayCheckpoint(tensors, vocabulary(), block_rows)
        return subject(name, text_decoder=opened)

    return decompose(
        model("candidate", candidate),
        [model(name, tensors) for name, tensors in parents.items()],
        ancestor=None if ancestor is None else model("ancestor", ancestor),
        setting=dataclasses.replace(SETTING, rules=rules),
    )


def _only(report: DecompositionReport) -> ComponentDecomposition:
    (component,) = report.components
    return component


def _weights(component: ComponentDecomposition) -> dict[str, float]:
    """The weights over all layers; 0 where none can be told."""
    assert component.whole is not None
    return {one.parent: one.weight or 0.0 for one in component.whole.weights}


@settings(max_examples=25, deadline=None)
@given(
    weights=st.lists(st.floats(0.05, 1.5), min_size=2, max_size=4),
    noise=st.floats(0.0, 0.3),
    apart=st.floats(0.05, 1.0),
    seed=st.integers(0, 2**32 - 1),
)
def test_planted_weights_are_found_whatever_they_are(
    weights: list[float], noise: float, apart: float, seed: int
) -> None:
    """The claim of the method, on tables of any kinship, noise and weights."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(96, 48))
    parents = [shared + apart * rng.normal(size=(96, 48)) for _ in weights]
    parts = [w * p for w, p in zip(weights, parents, strict=True)]
    rest = noise * apart * rng.normal(size=(96, 48))
    candidate = np.sum([*parts, rest], axis=0)
    orders = [rng.permutation(96) for _ in range(3)]
    sums = sums_of(candidate, parents, None, orders, RULES.blocks)
    assert sums is not None
    found = fit(sums, RULES)
    assert found is not None
    away = np.abs(found.weights - weights)
    assert (away <= 2.0 * found.half_widths + 1e-9).all()
    assert (found.half_widths <= 0.2 * noise + 1e-6).all()
    assert found.planted_error <= 0.1 * noise + 1e-6


@pytest.mark.parametrize("share", [0.9, 0.65, 0.5, 0.2])
@pytest.mark.parametrize("models", [FAR, NEAR], ids=["far", "near"])
def test_a_weighted_mean_is_named_with_its_weights(
    models: Mapping[str, Tensors], share: float
) -> None:
    """What a user asks, for parents of one family and of none."""
    first, second = list(models)[:2]
    candidate = _mixed([share, 1.0 - share], [models[first], models[second]])
    component = _only(_found(candidate, models))
    assert component.verdict is DecompositionVerdict.MERGED
    assert component.form is MixtureForm.WEIGHTED
    assert component.layer_parents == ((first, second),) * 4
    expected = dict.fromkeys(models, 0.0) | {first: share, second: 1.0 - share}
    assert _weights(component) == pytest.approx(expected, abs=1e-4)
    for part in (*component.layers, *component.classes):
        for one in part.weights:
            assert one.weight == pytest.approx(expected[one.parent], abs=1e-3)


def test_weights_may_change_from_layer_to_layer() -> None:
    """A gradient merge has no single pair of weights, and each layer shows its own."""
    candidate = dict(FAR["a"])
    shares = (0.1, 0.4, 0.6, 0.9)
    for layer, share in enumerate(shares):
        mixed = _mixed([share, 1.0 - share], [FAR["a"], FAR["b"]])
        at = f"model.layers.{layer}."
        candidate |= {n: t for n, t in mixed.items() if n.startswith(at)}
    component = _only(_found(candidate, FAR))
    assert component.form is MixtureForm.WEIGHTED
    found = [part.weights[0].weight for part in component.layers]
    assert found == pytest.approx(shares, abs=1e-4)


def test_task_arithmetic_is_found_from_the_ancestor() -> None:
    """Scaled differences do not sum to one, and a subtracted one is negative."""
    for scales in ((0.8, 0.6), (1.0, -0.5)):
        candidate = _mixed([1.0 - sum(scales), *scales], [ORIGIN, NEAR["p"], NEAR["q"]])
        component = _only(_found(candidate, NEAR, ancestor=ORIGIN))
        assert component.verdict is DecompositionVerdict.MERGED
        assert _weights(component) == pytest.approx(
            dict(zip("pq", scales, strict=True)), abs=1e-4
        )


def test_stacked_layers_are_traced_to_parent_and_layer() -> None:
    """A model deeper than its parents is the peers' blind spot."""
    lower = with_layers(FAR["a"], (0, 1, 2))
    upper = with_layers(FAR["b"], (0, 0, 0, 1, 2, 3))
    stacked = upper | {n: t for n, t in lower.items() if n != "model.norm.weight"}
    component = _only(_found(stacked, FAR))
    assert component.verdict is DecompositionVerdict.MERGED
    assert component.form is MixtureForm.BY_LAYER
    sources = [
        (one.parent, one.layer)
        for part, made_of in zip(component.layers, component.layer_parents, strict=True)
        for one in part.weights
        if one.parent in made_of
    ]
    assert sources == [("a", 0), ("a", 1), ("a", 2), ("b", 1), ("b", 2), ("b", 3)]


@pytest.mark.parametrize("seed", range(5))
def test_an_independent_model_gets_no_parent(seed: int) -> None:
    """Nobody may be named a parent by chance."""
    component = _only(_found(decoder(100 + seed, layers=4), FAR))
    assert component.verdict is DecompositionVerdict.NO_PARENT
    assert set(component.layer_parents) == {()}
    assert component.whole is not None
    assert not any(one.used for one in component.whole.weights)
    assert not any(one.used for part in component.layers for one in part.weights)


def test_a_child_of_one_parent_is_not_a_mixture() -> None:
    """Training on from one parent, and a copy of it, are the common cases."""
    for candidate in (trained_on(FAR["a"], 5, 0.3), dict(FAR["a"])):
        component = _only(_found(candidate, FAR))
        assert component.verdict is DecompositionVerdict.ONE_PARENT
        assert set(component.layer_parents) == {("a",)}
    assert "equal in bytes" in component.reason.en


@pytest.mark.parametrize("change", [0.0, 0.1, 0.2, 0.4])
def test_a_sibling_or_the_origin_of_the_parents_is_not_their_mixture(
    change: float,
) -> None:
    """Both parents resemble it, so a fit alone would call it half and half."""
    sibling = trained_on(ORIGIN, 13, change)
    component = _only(_found(sibling, NEAR))
    assert component.verdict is DecompositionVerdict.UNDETERMINED
    assert min(_weights(component).values()) > 0.1
    known = _only(_found(sibling, NEAR, ancestor=ORIGIN))
    assert known.verdict is DecompositionVerdict.NO_PARENT


def test_the_origin_of_several_parents_is_not_their_mixture() -> None:
    """The more siblings, the nearer their mean comes to what they came from."""
    parents = {f"m{seed}": trained_on(ORIGIN, seed, 0.2) for seed in range(11, 16)}
    component = _only(_found(ORIGIN, parents))
    assert component.verdict is DecompositionVerdict.UNDETERMINED
    assert component.whole is not None
    assert component.whole.gain is not None
    assert component.whole.gain > RULES.gain_minimum


def test_a_trace_of_a_parent_is_left_to_people() -> None:
    """A weight may be certain and yet say little about the model."""
    component = _only(_found(trained_on(FAR["a"], 5, 2.0), FAR))
    assert component.verdict is DecompositionVerdict.UNDETERMINED
    assert component.whole is not None
    assert [one.used for one in component.whole.weights] == [True, False, False]


def test_a_drift_shared_with_a_longer_run_is_not_a_share_of_it() -> None:
    """Two runs from one model drift alike at first: not everything is a merge."""
    drift = trained_on(ORIGIN, 21, 0.4)
    longer = trained_on(_mixed([-3.0, 4.0], [ORIGIN, drift]), 22, 0.2)
    short = trained_on(_mixed([0.8, 0.2], [ORIGIN, drift]), 23, 0.1)
    component = _only(_found(short, {"longer": longer, "origin": ORIGIN}))
    assert component.verdict is not DecompositionVerdict.MERGED


def test_the_order_of_the_parents_does_not_matter() -> None:
    """A verdict that depends on who is named first judges the typist."""
    candidate = _mixed([0.5, 0.3, 0.2], list(FAR.values()))
    turned = dict(reversed(FAR.items()))
    reports = [canonical_bytes(_found(candidate, one)) for one in (FAR, turned)]
    assert reports[0] == reports[1]


def test_block_size_does_not_matter() -> None:
    """Where a reader cuts a tensor is no property of the model."""
    candidate = _mixed([0.7, 0.3], [FAR["a"], FAR["b"]])
    reports = [_found(candidate, FAR, block_rows=rows) for rows in (1, 7, 1000)]
    assert len({canonical_bytes(report) for report in reports}) == 1


def test_draws_and_jackknife_blocks_move_weights_within_their_intervals() -> None:
    """A few drawn values answer as the whole table does, only less sharply."""
    candidate = trained_on(_mixed([0.7, 0.3], [FAR["a"], FAR["b"]]), 31, 0.2)
    whole = _weights(_only(_found(candidate, FAR)))
    for units, channels, blocks in ((40, 30, 20), (96, 48, 8), (48, 48, 12)):
        rules = replace(
            RULES, sample_units=units, sample_channels=channels, blocks=blocks
        )
        component = _only(_found(candidate, FAR, rules=rules))
        assert component.form is MixtureForm.WEIGHTED
        assert component.whole is not None
        for one in component.whole.weights:
            assert one.low is not None
            assert one.high is not None
            slack = 0.5 * (one.high - one.low)
            assert one.low - slack <= whole[one.parent] <= one.high + slack


def test_both_controls_do_what_they_are_for() -> None:
    """A control that cannot move says nothing about the measurement."""
    sharp = _only(_found(_mixed([0.7, 0.3], [FAR["a"], FAR["b"]]), FAR)).whole
    noisy = _only(_found(decoder(50, layers=4), FAR)).whole
    assert sharp is not None
    assert noisy is not None
    for part, most in ((sharp, 1e-4), (noisy, 0.05)):
        assert part.control_weight is not None
        assert part.planted_error is not None
        assert 0.0 < part.control_weight < most
        assert 0.0 < part.planted_error < most
    assert (noisy.control_weight or 0.0) > 100.0 * (sharp.control_weight or 0.0)


def test_parents_that_are_one_model_cannot_be_told_apart() -> None:
    """Shares of equal parents are anybody's guess, so none is made."""
    component = _only(_found(trained_on(ORIGIN, 3), {"p": ORIGIN, "q": ORIGIN}))
    assert component.verdict is DecompositionVerdict.UNDETERMINED
    assert component.whole is None


def test_vocabularies_that_number_tokens_differently_are_left_out() -> None:
    """Row 5 of two tables is not the same token."""
    other = ArrayCheckpoint(FAR["b"], vocabulary(4))
    report = decompose(
        subject("candidate", embeddings=FAR["c"], text_decoder=FAR["c"]),
        [
            subject("a", embeddings=FAR["a"], text_decoder=FAR["a"]),
            subject("b", embeddings=other, text_decoder=other),
        ],
        ancestor=None,
        setting=SETTING,
    )
    found = {component.name: component for component in report.components}
    assert found["embeddings"].verdict is DecompositionVerdict.UNDETERMINED
    assert "the vocabularies differ" in " ".join(found["embeddings"].untested)
    assert found["text_decoder"].verdict is DecompositionVerdict.NO_PARENT


def test_encoders_and_projectors_are_fitted_too() -> None:
    """A merge of multimodal models mixes every part, or only some."""
    parts = [
        {"vision_encoder": encoder(seed), "projector": projector(seed)}
        for seed in (1, 2)
    ]
    candidate = {
        "vision_encoder": _mixed([0.4, 0.6], [one["vision_encoder"] for one in parts]),
        "projector": parts[1]["projector"],
    }
    report = decompose(
        subject("candidate", **candidate),
        [subject(name, **one) for name, one in zip("ab", parts, strict=True)],
        ancestor=None,
        setting=SETTING,
    )
    verdicts = {component.name: component.verdict for component in report.components}
    assert verdicts == {
        "vision_encoder": DecompositionVerdict.MERGED,
        "projector": DecompositionVerdict.ONE_PARENT,
    }
    assert report.verdict is DecompositionVerdict.MERGED


@pytest.mark.parametrize(
    ("parents", "fact", "remedy"),
    [
        ({"a": FAR["a"]}, "at least two", "lineage compare"),
        ({f"m{n}": FAR["a"] for n in range(9)}, "9 parents", "at most 8"),
        ({"a": FAR["a"], "z": decoder(4, width=64, hidden=80)}, "z has no", "leave"),
    ],
    ids=["one", "many", "shape"],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(
    parents: Mapping[str, Tensors], fact: str, remedy: str
) -> None:
    """Each of these mistakes is easily made on a command line."""
    with pytest.raises(InvalidInput, match=fact) as refused:
        _found(FAR["c"], parents)
    assert remedy in (refused.value.remedy or "")


def test_models_without_a_component_in_common_are_refused() -> None:
    """A vision encoder has no parents among text decoders."""
    with pytest.raises(InvalidInput, match="no component in common"):
        decompose(
            subject("candidate", vision_encoder=encoder(1)),
            [subject(name, text_decoder=FAR[name]) for name in "ab"],
            ancestor=None,
            setting=SETTING,
        )


def test_two_parents_of_one_name_are_refused() -> None:
    """A weight under a name that two models share belongs to nobody."""
    with pytest.raises(InvalidInput, match="two parents are called a"):
        decompose(
            subject("candidate", text_decoder=FAR["c"]),
            [subject("a", text_decoder=FAR[name]) for name in "ab"],
            ancestor=None,
            setting=SETTING,
        )
