"""What a comparison says of descendants, strangers and what lies between."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.errors import InvalidInput
from dokja.lineage import ComponentLineage, LineageVerdict, Relation, shipped_rules
from tests.unit.lineage.lineage_models import (
    TOKENS,
    ArrayCheckpoint,
    Tensors,
    compared,
    decoder,
    encoder,
    hidden_reordered,
    projector,
    reordered,
    subject,
    trained_on,
    vocabulary,
    with_layers,
)


def _decoder(candidate: Tensors, reference: Tensors) -> ComponentLineage:
    report = compared(
        subject("a", text_decoder=candidate), subject("b", text_decoder=reference)
    )
    return report.components[0]


def _encoder(candidate: Tensors, reference: Tensors) -> ComponentLineage:
    report = compared(
        subject("a", vision_encoder=candidate), subject("b", vision_encoder=reference)
    )
    return report.components[0]


@pytest.mark.parametrize("change", [0.1, 1.0, 2.0])
def test_a_copy_that_was_trained_on_is_derived(change: float) -> None:
    """The case the gate exists for: copied weights, no byte left equal."""
    for make, judge in ((decoder, _decoder), (encoder, _encoder)):
        found = judge(trained_on(make(1), 9, change), make(1))
        assert found.verdict is LineageVerdict.DERIVED
        assert found.relation is (
            Relation.FINE_TUNED if change < 0.14 else Relation.CONTINUED_PRETRAINING
        )
        assert found.layer_map == (0, 1)
        assert found.identical_tensors == 0
        share = found.explained_share
        assert share == pytest.approx(1.0 / (1.0 + change**2), abs=0.06)


@pytest.mark.parametrize("seed", range(6))
def test_another_seed_is_no_evidence_with_a_detection_limit(seed: int) -> None:
    """An honest team must be cleared, and told how closely one looked."""
    for make, judge in ((decoder, _decoder), (encoder, _encoder)):
        found = judge(make(100 + seed), make(200 + seed))
        assert found.verdict is LineageVerdict.NO_EVIDENCE
        assert found.relation is None
        assert found.explained_share is None
        assert set(found.layer_map) == {None}
        assert found.detection_limit is not None
        assert found.detection_limit <= 0.1


def test_equal_bytes_are_identical_and_a_copy() -> None:
    """A frozen foreign component is named for what it is."""
    found = _encoder(encoder(1), encoder(1))
    assert found.verdict is LineageVerdict.IDENTICAL
    assert found.relation is Relation.COPY
    assert found.identical_tensors == found.tested_tensors > 0


def test_a_few_equal_tensors_in_a_strange_model_are_never_cleared() -> None:
    """A copied part too small for the statistics is still a copied part."""
    candidate, name = decoder(2), "model.layers.1.self_attn.v_proj.weight"
    candidate[name] = decoder(1)[name]
    assert _decoder(candidate, decoder(1)).verdict is LineageVerdict.REFER


def test_some_copied_layers_are_partial_with_their_map() -> None:
    """Half a transplant is shown layer by layer, not averaged away."""
    reference, candidate = decoder(1, layers=4), decoder(2, layers=4)
    copied = trained_on(with_layers(reference, (2, 3)), 9)
    candidate |= {n: t for n, t in copied.items() if ".layers." in n}
    found = _decoder(candidate, reference)
    assert found.verdict is LineageVerdict.PARTIAL
    assert found.layer_map == (2, 3, None, None)


@pytest.mark.parametrize(
    ("order", "relation"),
    [
        ((0, 1, 2, 1, 2, 3), Relation.DEPTH_UPSCALED),
        ((0, 2, 3), Relation.LAYERS_DROPPED),
        ((3, 2, 1, 0), Relation.UNKNOWN),
    ],
)
def test_moved_layers_are_mapped(order: tuple[int, ...], relation: Relation) -> None:
    """Changing the depth does not make a model one's own."""
    reference = decoder(1, layers=4)
    found = _decoder(trained_on(with_layers(reference, order), 9), reference)
    assert found.verdict is LineageVerdict.DERIVED
    assert found.layer_map == order
    assert found.relation is relation


def test_reordered_hidden_units_kill_t1_and_not_the_agreement() -> None:
    """The agreement stands for the MLPs, channels that correspond for attention."""
    candidate = hidden_reordered(trained_on(decoder(1), 9), 5)
    found = _decoder(candidate, decoder(1))
    by_id = {test.id: test for test in found.tests if test.tensor_class == "mlp"}
    assert by_id["T1"].p_value is not None
    assert by_id["T1"].p_value > 1e-3
    assert (by_id["raw_agreement"].effect or 0.0) > 0.9
    assert found.verdict is LineageVerdict.DERIVED
    assert found.layer_map == (0, 1)
    assert found.explained_share == pytest.approx(0.8, abs=0.02)


def test_reordered_channels_go_to_a_person_where_heads_are_unknown() -> None:
    """The MLPs alone are one class; the share is that of what was seen."""
    order = np.random.default_rng(3).permutation(48)
    candidate = reordered(trained_on(decoder(1), 9), order, 48)
    report = compared(
        subject("a", text_decoder=candidate), subject("b", text_decoder=decoder(1))
    )
    assert report.verdict is LineageVerdict.REFER
    assert 0.3 < (report.components[0].explained_share or 0.0) < 0.8
    assert "reordered" in report.limits.en


def test_a_reordered_encoder_goes_to_a_person() -> None:
    """Its hidden units kept their order, whatever became of the channels."""
    order = np.random.default_rng(3).permutation(48)
    report = compared(
        subject("a", vision_encoder=reordered(encoder(1), order, 48)),
        subject("b", vision_encoder=trained_on(encoder(1), 9)),
    )
    assert report.verdict is LineageVerdict.REFER
    assert report.components[0].layer_map == (0, 1)


def test_alike_norm_gains_never_accuse() -> None:
    """Gains start at one everywhere: their cosine is 0.99 between any two models."""
    candidate, reference = decoder(1), decoder(2)
    gains = "model.layers.0.input_layernorm.weight"
    for name, tensor in reference.items():
        if "norm" in name:
            candidate[name] = tensor
    left, right = candidate[gains], reference[gains]
    assert left @ right / np.linalg.norm(left) / np.linalg.norm(right) > 0.99
    found = _decoder(candidate, reference)
    assert found.verdict is LineageVerdict.NO_EVIDENCE
    assert found.identical_tensors == 0
    assert any(gains in line and "start at one" in line for line in found.untested)


def test_shared_zeros_constants_and_fixed_tables_never_accuse() -> None:
    """Everything that two libraries fill alike is left out, by name."""
    candidate, reference = encoder(1), encoder(2)
    angles = np.arange(17)[:, None] / 10000 ** (np.arange(24) / 24)
    table = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    zero = "encoder.layer.0.attention.output.dense.weight"
    for side in (candidate, reference):
        side["embeddings.position_embeddings"] = table[None].astype(np.float32)
        side[zero] = np.zeros_like(side[zero])
    found = _encoder(candidate, reference)
    assert found.verdict is LineageVerdict.NO_EVIDENCE
    assert found.identical_tensors == 0
    named = {line.split(": ")[0] for line in found.untested}
    assert {"embeddings.position_embeddings", "embeddings.cls_token", zero} <= named


@pytest.mark.parametrize(
    ("fixed", "verdict"),
    [(True, LineageVerdict.NO_EVIDENCE), (False, LineageVerdict.REFER)],
    ids=["sines", "learned"],
)
def test_channels_that_correspond_are_no_trace_where_positions_are_sines(
    *,
    fixed: bool,
    verdict: LineageVerdict,
) -> None:
    """Two audio encoders trained apart on Whisper's positions reach .42 in T3."""
    angles = np.arange(17)[:, None] / 10000 ** (np.arange(24) / 24)
    sines = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    basis = np.random.default_rng(5).normal(size=(48, 48)).astype(np.float32)
    sides = (encoder(1), encoder(2))
    for side in sides:
        if fixed:
            side["embeddings.position_embeddings"] = sines[None].astype(np.float32)
        for read in ("intermediate.dense", "query", "key", "value"):
            for at in [n for n in side if n.endswith(f"{read}.weight")]:
                side[at] = side[at] @ basis
    found = _encoder(*sides)
    seen = [t.p_value for t in found.tests if t.id == "T3" and t.p_value is not None]
    assert min(seen) < shipped_rules().derived_p
    assert found.verdict is verdict


def test_a_layer_given_up_does_not_hide_the_others() -> None:
    """Zeroing one layer must not switch the tests off for the rest."""
    candidate = trained_on(decoder(1, layers=3), 9)
    for name in candidate:
        if ".layers.2." in name:
            candidate[name] = np.zeros_like(candidate[name])
    found = _decoder(candidate, decoder(1, layers=3))
    assert found.verdict in (LineageVerdict.PARTIAL, LineageVerdict.DERIVED)
    assert found.layer_map[:2] == (0, 1)


def test_every_tensor_is_tested_or_listed() -> None:
    """Nothing is dropped in silence: an unknown name is a fact of the report."""
    candidate, unknown = decoder(1), "model.layers.0.mlp.dial.weight"
    candidate[unknown] = candidate["model.norm.weight"]
    found = _decoder(candidate, decoder(2))
    own = [n for n in candidate if "embed_tokens" not in n]
    assert found.tested_tensors + len(found.untested) == len(own)
    assert f"{unknown}: no canonical role for this name" in found.untested


def test_mostly_unknown_names_are_untestable() -> None:
    """Finding nothing in a tenth of a model would not clear it."""
    experts = np.random.default_rng(1).normal(size=(2000, 48)).astype(np.float32)
    candidate = decoder(1) | {"model.layers.0.mlp.experts.weight": experts}
    found = _decoder(candidate, decoder(2))
    assert found.verdict is LineageVerdict.UNTESTABLE
    assert "%" in found.reason.en


def test_other_widths_are_untestable_with_the_fact() -> None:
    """What cannot be compared is not cleared, and the reader learns why."""
    found = _decoder(decoder(1, width=32), decoder(1, width=48))
    assert found.verdict is LineageVerdict.UNTESTABLE
    assert "32" in found.reason.en
    assert "48" in found.reason.en


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_not_a_number_is_refused(value: float) -> None:
    """A statistic over NaN would be NaN, and NaN compares as innocent."""
    candidate = decoder(1)
    candidate["model.layers.0.mlp.up_proj.weight"][3, 3] = value
    with pytest.raises(InvalidInput, match="NaN or infinite"):
        _decoder(candidate, decoder(2))


def test_a_copy_cannot_hide_behind_a_number_that_overflows() -> None:
    """Scaled up here and down behind it, one unit leaves every answer as it was."""
    reference = decoder(1)
    candidate = dict(reference)
    for role, by in (("up_proj", 1e20), ("down_proj", 1e-20)):
        name = f"model.layers.0.mlp.{role}.weight"
        table = candidate[name].copy()
        unit = table[3] if role == "up_proj" else table[:, 3]
        unit *= np.float32(by)
        candidate[name] = table
    with pytest.raises(InvalidInput, match="products of which are not numbers"):
        _decoder(candidate, reference)


def test_embeddings_are_matched_by_string_and_need_both_halves() -> None:
    """Row numbers mean nothing across tokenizers; token strings do."""
    name = "model.embed_tokens.weight"
    reference, other = decoder(1), vocabulary(seed=4)
    candidate = trained_on(reference, 9)
    by_row = sorted(other, key=other.__getitem__)
    candidate[name] = candidate[name][[vocabulary()[token] for token in by_row]]
    report = compared(
        subject("a", embeddings=ArrayCheckpoint(candidate, other)),
        subject("b", embeddings=ArrayCheckpoint(reference, vocabulary())),
    )
    found = report.components[0]
    assert found.verdict is LineageVerdict.DERIVED
    assert [test.id for test in found.tests] == ["T2", "T2", "token_gram", "T6"]
    assert report.tokenizer.agreement == 1.0


def test_too_few_shared_tokens_are_untestable() -> None:
    """A handful of rows cannot carry a verdict in two halves."""
    few = {f"token-{i}" if i < 20 else f"own-{i}": i for i in range(TOKENS)}
    report = compared(
        subject("a", embeddings=ArrayCheckpoint(decoder(1), few)),
        subject("b", embeddings=ArrayCheckpoint(decoder(1), vocabulary())),
    )
    assert report.components[0].verdict is LineageVerdict.IDENTICAL
    report = compared(
        subject("a", embeddings=ArrayCheckpoint(trained_on(decoder(1), 2), few)),
        subject("b", embeddings=ArrayCheckpoint(decoder(1), vocabulary())),
    )
    assert report.components[0].verdict is LineageVerdict.UNTESTABLE
    assert "20 token strings" in report.components[0].reason.en


def test_copied_embeddings_do_not_spill_over_to_the_decoder() -> None:
    """Each component answers for itself."""
    candidate, name = decoder(2), "model.embed_tokens.weight"
    candidate[name] = trained_on(decoder(1), 9)[name]
    report = compared(
        subject("a", text_decoder=candidate, embeddings=candidate),
        subject("b", text_decoder=decoder(1), embeddings=decoder(1)),
    )
    verdicts = {found.name: found.verdict for found in report.components}
    assert verdicts == {
        "text_decoder": LineageVerdict.NO_EVIDENCE,
        "embeddings": LineageVerdict.DERIVED,
    }
    assert report.verdict is LineageVerdict.DERIVED


def test_a_projector_needs_both_halves_of_its_units() -> None:
    """One tensor class: the two halves stand for two classes."""

    def judged(candidate: Tensors) -> ComponentLineage:
        return compared(
            subject("a", projector=candidate), subject("b", projector=projector(1))
        ).components[0]

    derived = judged(trained_on(projector(1), 9))
    assert derived.verdict is LineageVerdict.DERIVED
    assert [test.id for test in derived.tests] == ["T1", "T1", "T6"]
    assert judged(projector(2)).verdict is LineageVerdict.NO_EVIDENCE


def test_a_component_only_one_side_has_is_named() -> None:
    """A missing counterpart is a limit of the report and not a verdict."""
    report = compared(
        subject("a", text_decoder=decoder(1), vision_encoder=encoder(1)),
        subject("b", text_decoder=decoder(2)),
    )
    assert [found.name for found in report.components] == ["text_decoder"]
    assert "vision_encoder" in report.limits.en
    assert "vision_encoder" in report.limits.ko


def test_nothing_in_common_is_untestable() -> None:
    """No comparison at all must not read as a clean bill."""
    report = compared(
        subject("a", vision_encoder=encoder(1)), subject("b", text_decoder=decoder(2))
    )
    assert report.verdict is LineageVerdict.UNTESTABLE


def test_audio_is_untestable_in_this_version() -> None:
    """A component without canonical roles is listed whole, not skipped."""
    report = compared(
        subject("a", audio_encoder=encoder(1)), subject("b", audio_encoder=encoder(1))
    )
    found = report.components[0]
    assert found.verdict is LineageVerdict.UNTESTABLE
    assert len(found.untested) == len(encoder(1))


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("embeddings.position_embeddings", ()),
        ("embeddings.position_embeddings", (0, 17, 0)),
        ("embeddings.position_embeddings", (48,)),
        ("encoder.layer.0.intermediate.dense.bias", (5, 5)),
        ("encoder.layer.0.intermediate.dense.weight", (3, 48)),
        ("encoder.layer.1.output.dense.weight", (48, 3)),
        ("encoder.layer.1.output.dense.weight", (7, 96)),
        ("encoder.layer.1.attention.output.dense.weight", (48, 2, 2, 12)),
        ("encoder.layer.9999.attention.output.dense.weight", (48, 48)),
        ("encoder.layer.99999999999.output.dense.weight", (48, 96)),
    ],
)
def test_an_odd_shape_or_number_is_a_verdict_and_never_a_crash(
    name: str, shape: tuple[int, ...]
) -> None:
    """Shapes come from the team: none may stop the programme."""
    candidate = trained_on(encoder(1), 9)
    odd = np.random.default_rng(1).normal(size=shape)
    candidate[name] = np.asarray(odd, dtype=np.float32)
    for found in (_encoder(candidate, encoder(1)), _encoder(encoder(1), candidate)):
        assert found.verdict is not LineageVerdict.NO_EVIDENCE
