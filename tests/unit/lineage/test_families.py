"""One model under the names and packings of several libraries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from dokja.lineage import ComponentLineage, LineageVerdict, kinds_of
from dokja.lineage.layout import Matrix, read_layout, take
from dokja.lineage.roles import Role, Slot
from dokja.submission.values import ComponentKind
from tests.unit.lineage.lineage_models import (
    ArrayCheckpoint,
    Tensors,
    compared,
    decoder,
    subject,
    trained_on,
    vocabulary,
)

Array = npt.NDArray[np.float32]
HEADS = 4
QKV = ("q_proj", "k_proj", "v_proj")
CONFIG = {"num_attention_heads": HEADS}


def _grouped(seed: int) -> Tensors:
    """A decoder with half as many key and value rows as query rows."""
    tensors = decoder(seed)
    return {
        name: tensor[:24] if "k_proj" in name or "v_proj" in name else tensor
        for name, tensor in tensors.items()
    }


def _as_phi3(tensors: Tensors) -> Tensors:
    """The same weights with query, key, value and gate, up stacked."""
    fused = {n: t for n, t in tensors.items() if not _is_fused(n)}
    for layer in range(2):
        at = f"model.layers.{layer}"
        qkv = [tensors[f"{at}.self_attn.{part}.weight"] for part in QKV]
        mlp = [tensors[f"{at}.mlp.{part}_proj.weight"] for part in ("gate", "up")]
        fused[f"{at}.self_attn.qkv_proj.weight"] = np.concatenate(qkv)
        fused[f"{at}.mlp.gate_up_proj.weight"] = np.concatenate(mlp)
    return fused


def _is_fused(name: str) -> bool:
    return any(f".{part}." in name for part in (*QKV, "gate_proj", "up_proj"))


def _gateless(seed: int) -> dict[str, Array]:
    """Matrices of a two-layer decoder without gates, by layer and plain name."""
    tensors, rng = decoder(seed), np.random.default_rng(seed + 100)
    named = {"in": tensors["model.embed_tokens.weight"]}
    for layer in range(2):
        at = f"model.layers.{layer}"
        for part in QKV:
            named[f"{layer} {part}"] = tensors[f"{at}.self_attn.{part}.weight"]
        named[f"{layer} out"] = tensors[f"{at}.self_attn.o_proj.weight"]
        named[f"{layer} up"] = tensors[f"{at}.mlp.up_proj.weight"]
        named[f"{layer} down"] = tensors[f"{at}.mlp.down_proj.weight"]
        bias = 0.02 * rng.normal(size=len(named[f"{layer} up"]))
        named[f"{layer} bias"] = bias.astype(np.float32)
    return named


def _as_phi2(named: dict[str, Array]) -> Tensors:
    found = {"model.embed_tokens.weight": named["in"]}
    for layer in range(2):
        at = f"model.layers.{layer}"
        for part in QKV:
            found[f"{at}.self_attn.{part}.weight"] = named[f"{layer} {part}"]
        found[f"{at}.self_attn.dense.weight"] = named[f"{layer} out"]
        found[f"{at}.mlp.fc1.weight"] = named[f"{layer} up"]
        found[f"{at}.mlp.fc1.bias"] = named[f"{layer} bias"]
        found[f"{at}.mlp.fc2.weight"] = named[f"{layer} down"]
    return found


def _as_gpt2(named: dict[str, Array]) -> Tensors:
    found = {"transformer.wte.weight": named["in"]}
    for layer in range(2):
        at = f"transformer.h.{layer}"
        qkv = np.concatenate([named[f"{layer} {part}"] for part in QKV])
        found[f"{at}.attn.c_attn.weight"] = np.ascontiguousarray(qkv.T)
        for key, part in (
            ("attn.c_proj", "out"),
            ("mlp.c_fc", "up"),
            ("mlp.c_proj", "down"),
        ):
            flipped = np.ascontiguousarray(named[f"{layer} {part}"].T)
            found[f"{at}.{key}.weight"] = flipped
        found[f"{at}.mlp.c_fc.bias"] = named[f"{layer} bias"]
    return found


def _as_neox(named: dict[str, Array]) -> Tensors:
    found = {"gpt_neox.embed_in.weight": named["in"]}
    for layer in range(2):
        at = f"gpt_neox.layers.{layer}"
        heads = [np.split(named[f"{layer} {part}"], HEADS) for part in QKV]
        rows = [block for head in zip(*heads, strict=True) for block in head]
        found[f"{at}.attention.query_key_value.weight"] = np.concatenate(rows)
        found[f"{at}.attention.dense.weight"] = named[f"{layer} out"]
        found[f"{at}.mlp.dense_h_to_4h.weight"] = named[f"{layer} up"]
        found[f"{at}.mlp.dense_h_to_4h.bias"] = named[f"{layer} bias"]
        found[f"{at}.mlp.dense_4h_to_h.weight"] = named[f"{layer} down"]
    return found


def _opened(tensors: Tensors) -> ArrayCheckpoint:
    return ArrayCheckpoint(tensors, vocabulary(), config=CONFIG)


def _decoder(candidate: Tensors, reference: Tensors) -> ComponentLineage:
    report = compared(
        subject("a", text_decoder=_opened(candidate)),
        subject("b", text_decoder=_opened(reference)),
    )
    return report.components[0]


def _matrices(tensors: Tensors) -> dict[Slot, Matrix]:
    kind = ComponentKind.TEXT_DECODER
    opened = _opened(tensors)
    slots = read_layout(kind, opened).slots()
    return {slot: take(opened, table, None, None) for slot, table in slots.items()}


def _same_matrices(left: Tensors, right: Tensors) -> bool:
    mine, theirs = _matrices(left), _matrices(right)
    return list(mine) == list(theirs) and all(
        np.array_equal(mine[slot], theirs[slot]) for slot in mine
    )


def test_stacked_and_separate_matrices_are_the_same_evidence() -> None:
    """Saving through another library must not change one figure."""
    reference = _grouped(1)
    tuned = trained_on(reference, 5)
    assert _same_matrices(_as_phi3(tuned), tuned)
    apart, stacked = _decoder(tuned, reference), _decoder(_as_phi3(tuned), reference)
    assert stacked.tests == apart.tests
    assert stacked.explained_share == apart.explained_share
    assert stacked.tested_tensors == apart.tested_tensors == 14
    assert stacked.verdict is apart.verdict is LineageVerdict.DERIVED


@pytest.mark.parametrize("spelling", [_as_gpt2, _as_neox])
def test_flipped_and_interleaved_matrices_are_the_same_evidence(
    spelling: Callable[[dict[str, Array]], Tensors],
) -> None:
    """A copy that changed its library is still compared with its source."""
    reference = _gateless(1)
    tuned = trained_on(reference, 5)
    assert _same_matrices(spelling(tuned), _as_phi2(tuned))
    plain = _decoder(_as_phi2(tuned), _as_phi2(reference))
    packed = _decoder(spelling(tuned), _as_phi2(reference))
    assert packed.tests == plain.tests
    assert packed.verdict is plain.verdict is LineageVerdict.DERIVED


def test_a_fused_copy_is_identical_and_a_respelled_one_derived() -> None:
    """Identity is one of stored bytes; the same numbers repacked are a copy too."""
    tensors = _grouped(1)
    assert _decoder(_as_phi3(tensors), _as_phi3(tensors)).verdict == "identical"
    found = _decoder(_as_phi3(tensors), tensors)
    assert found.verdict is LineageVerdict.DERIVED
    assert found.explained_share == pytest.approx(1.0)


def test_a_fused_matrix_that_cannot_be_divided_is_listed() -> None:
    """A wrong cut would compare queries with keys and find nothing."""
    kind, tensors = ComponentKind.TEXT_DECODER, _as_neox(_gateless(1))
    name = "gpt_neox.layers.0.attention.query_key_value.weight"
    configs: tuple[tuple[dict[str, object], str], ...] = (
        ({}, "does not say how many"),
        ({"num_attention_heads": True}, "does not say how many"),
        ({"num_attention_heads": -4}, "does not say how many"),
        ({"num_attention_heads": 5}, "do not divide into 15"),
    )
    for config, reason in configs:
        opened = ArrayCheckpoint(tensors, config=config)
        weights = read_layout(kind, opened)
        assert reason in weights.untested[name]
        assert Slot(Role.QUERY, 0) not in weights.slots()
    stacked = _as_phi3(_grouped(1))
    del stacked["model.layers.1.self_attn.o_proj.weight"]
    weights = read_layout(kind, _opened(stacked))
    left = weights.untested["model.layers.1.self_attn.qkv_proj.weight"]
    assert "does not say how it divides" in left


def test_a_head_stored_twice_counts_once() -> None:
    """Older files hold tied tables twice; that is no second piece of evidence."""
    once = decoder(1)
    twice = once | {"lm_head.weight": once["model.embed_tokens.weight"]}
    kind = ComponentKind.EMBEDDINGS
    weights = read_layout(kind, _opened(twice))
    assert [slot.role for slot in weights.slots()] == [Role.TOKENS_IN]
    assert "tied" in weights.untested["lm_head.weight"]
    report = compared(subject("a", embeddings=twice), subject("b", embeddings=once))
    assert report.verdict is LineageVerdict.IDENTICAL
    own_head = once | {"lm_head.weight": decoder(2)["model.embed_tokens.weight"]}
    weights = read_layout(kind, _opened(own_head))
    assert [s.role for s in weights.slots()] == [Role.TOKENS_IN, Role.TOKENS_OUT]


def test_names_that_two_families_share_go_to_the_one_with_more() -> None:
    """BERT and ViT name their MLPs alike; a text model has no vision encoder."""
    layer = "encoder.layer.0"
    shapes = {
        f"{layer}.intermediate.dense.weight": (8, 4),
        f"{layer}.output.dense.weight": (4, 8),
        f"{layer}.attention.self.query.weight": (4, 4),
        "embeddings.word_embeddings.weight": (9, 4),
    }
    assert set(kinds_of(shapes)) == {
        ComponentKind.TEXT_ENCODER,
        ComponentKind.EMBEDDINGS,
    }
    del shapes[f"{layer}.attention.self.query.weight"]
    del shapes["embeddings.word_embeddings.weight"]
    shapes[f"{layer}.attention.attention.query.weight"] = (4, 4)
    assert kinds_of(shapes) == (ComponentKind.VISION_ENCODER,)


def test_tensors_of_another_component_are_named_and_not_weighed() -> None:
    """A decoder beside an encoder in one file must stay testable and honest."""
    vision = "vision_model.encoder.layers.0.mlp.fc1.weight"
    patches = "vision_model.embeddings.patch_embedding.weight"
    both = decoder(1) | {
        vision: np.ones((64, 512), dtype=np.float32),
        patches: np.ones((64, 3, 2, 2), dtype=np.float32),
    }
    found = _decoder(both, decoder(2))
    assert f"{vision}: belongs to the vision_encoder of this checkpoint" in (
        found.untested
    )
    assert found.verdict is LineageVerdict.NO_EVIDENCE


def test_decoy_tensors_of_another_family_clear_nobody() -> None:
    """Unused tensors cost nothing; they must not hide those that are used."""
    reference = decoder(1)
    decoys = _as_gpt2(_gateless(3)) | {
        f"transformer.h.{layer}.mlp.c_fc.bias": np.ones(96, dtype=np.float32)
        for layer in range(9)
    }
    found = _decoder(trained_on(reference, 5) | decoys, reference)
    assert found.verdict is LineageVerdict.UNTESTABLE
    assert found.reason is not None
    assert "two families" in found.reason.en
    listed = "model.layers.0.mlp.up_proj.weight: a second text_decoder"
    assert any(line.startswith(listed) for line in found.untested)


def test_gains_that_are_stored_less_one_are_called_so() -> None:
    """Gemma adds one to its gains: theirs start at zero, and the report says it."""
    kind, tensors = ComponentKind.TEXT_DECODER, decoder(1)
    for model_type, start in (("gemma2", "zero"), ("llama", "one")):
        opened = ArrayCheckpoint(tensors, config={"model_type": model_type})
        weights = read_layout(kind, opened)
        assert f"start at {start}" in weights.untested["model.norm.weight"]
