"""Lineage of every model family the tables name, as transformers saves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dokja.adapters.weights import find_subject
from dokja.lineage import (
    LineageReport,
    LineageVerdict,
    compare_lineage,
    kinds_of,
)
from dokja.lineage.layout import read_layout
from dokja.lineage.role_map import Piece, map_roles
from dokja.lineage.roles import MLP_ROLES, Slot
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind
from tests.unit.lineage.lineage_models import comparison

torch = pytest.importorskip("torch", reason="the extra [harness] is not installed")
transformers = pytest.importorskip("transformers")
teach = pytest.importorskip("tests.contract.taught_models").teach

VOCABULARY = 200
NOISE = 0.5
"""Noise on every tensor of a tuned copy, in deviations of the tensor."""
BODY = {"num_hidden_layers": 2, "num_attention_heads": 4}
SIZES = {"vocab_size": VOCABULARY, "hidden_size": 64, "intermediate_size": 128, **BODY}
GROUPED = {**SIZES, "num_key_value_heads": 2, "pad_token_id": 0}
PIXELS = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "image_size": 8,
    "patch_size": 2,
    **BODY,
}
WHISPER = {
    "vocab_size": VOCABULARY,
    "d_model": 64,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 128,
    "decoder_ffn_dim": 128,
    "num_mel_bins": 20,
    "max_source_positions": 60,
    "max_target_positions": 40,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
    "suppress_tokens": None,
    "begin_suppress_tokens": None,
}
MIXTURE = {**GROUPED, "num_experts_per_tok": 2}
LATENT = {
    **SIZES,
    "num_key_value_heads": 4,
    "moe_intermediate_size": 32,
    "n_routed_experts": 4,
    "n_group": 2,
    "topk_group": 1,
    "num_experts_per_tok": 2,
    "kv_lora_rank": 16,
    "q_lora_rank": 24,
    "qk_rope_head_dim": 8,
    "qk_nope_head_dim": 8,
    "v_head_dim": 16,
    "first_k_dense_replace": 1,
}


def _built(config: str, model: str, sizes: Mapping[str, Any]) -> Callable[[], Any]:
    return lambda: getattr(transformers, model)(
        getattr(transformers, config)(**dict(sizes))
    )


def _causal(family: str, sizes: Mapping[str, Any]) -> Callable[[], Any]:
    return _built(f"{family}Config", f"{family}ForCausalLM", sizes)


FAMILIES: Mapping[str, tuple[Callable[[], Any], Mapping[str, int]]] = {
    "llama": (_causal("Llama", GROUPED), {"text_decoder": 14, "embeddings": 2}),
    "mistral": (_causal("Mistral", GROUPED), {"text_decoder": 14, "embeddings": 2}),
    "qwen2": (_causal("Qwen2", GROUPED), {"text_decoder": 14, "embeddings": 2}),
    "qwen3": (
        _causal("Qwen3", {**GROUPED, "head_dim": 16}),
        {"text_decoder": 14, "embeddings": 2},
    ),
    "gemma": (
        _causal("Gemma", {**GROUPED, "head_dim": 16}),
        {"text_decoder": 14, "embeddings": 1},
    ),
    "gemma2": (
        _causal("Gemma2", {**GROUPED, "head_dim": 16}),
        {"text_decoder": 14, "embeddings": 1},
    ),
    "phi-2": (_causal("Phi", SIZES), {"text_decoder": 12, "embeddings": 2}),
    "phi-3": (_causal("Phi3", GROUPED), {"text_decoder": 14, "embeddings": 2}),
    "gpt-2": (
        _built(
            "GPT2Config",
            "GPT2LMHeadModel",
            {
                "vocab_size": VOCABULARY,
                "n_embd": 64,
                "n_layer": 2,
                "n_head": 4,
                "n_positions": 64,
            },
        ),
        {"text_decoder": 13, "embeddings": 1},
    ),
    "gpt-neox": (_causal("GPTNeoX", SIZES), {"text_decoder": 12, "embeddings": 2}),
    "bert": (
        _built(
            "BertConfig", "BertForMaskedLM", {**SIZES, "max_position_embeddings": 64}
        ),
        {"text_encoder": 13, "embeddings": 1},
    ),
    "vit": (_built("ViTConfig", "ViTModel", PIXELS), {"vision_encoder": 14}),
    "clip-vision": (
        _built("CLIPVisionConfig", "CLIPVisionModel", PIXELS),
        {"vision_encoder": 14},
    ),
    "whisper": (
        _built("WhisperConfig", "WhisperForConditionalGeneration", WHISPER),
        # The encoder's positions are sines and cosines, and are left out.
        {"text_decoder": 17, "embeddings": 1, "audio_encoder": 13},
    ),
}
"""Each family's smallest model and how many matrices of it are tested."""

SPARSE = {**MIXTURE, "num_experts": 4, "moe_intermediate_size": 32}
BY_LAYER_AND_PART = 2 * 3
"""Layers of a mixture, and the matrices of one expert."""

MIXTURES: Mapping[str, tuple[Callable[[], Any], int, int]] = {
    "mixtral": (
        _causal("Mixtral", {**MIXTURE, "num_local_experts": 4}),
        4 * BY_LAYER_AND_PART,
        0,
    ),
    "qwen2-moe": (
        _causal("Qwen2Moe", {**SPARSE, "shared_expert_intermediate_size": 64}),
        4 * BY_LAYER_AND_PART,
        BY_LAYER_AND_PART,
    ),
    "qwen3-moe": (
        _causal("Qwen3Moe", {**SPARSE, "head_dim": 16}),
        4 * BY_LAYER_AND_PART,
        0,
    ),
    # Their first layer has a dense MLP.
    "deepseek-v2": (
        _causal("DeepseekV2", {**LATENT, "n_shared_experts": 2}),
        4 * 3,
        3,
    ),
    "deepseek-v3": (_causal("DeepseekV3", LATENT), 4 * 3, 3),
    "llama-4": (
        _built(
            "Llama4TextConfig",
            "Llama4ForCausalLM",
            {
                **MIXTURE,
                "num_local_experts": 4,
                "head_dim": 16,
                "intermediate_size_mlp": 96,
                "interleave_moe_layer_step": 2,
            },
        ),
        4 * 3,
        3,
    ),
    "gpt-oss": (
        _causal("GptOss", {**MIXTURE, "num_local_experts": 4, "head_dim": 16}),
        4 * BY_LAYER_AND_PART,
        0,
    ),
    "granite-moe": (
        _causal("GraniteMoe", {**MIXTURE, "num_local_experts": 4}),
        4 * BY_LAYER_AND_PART,
        0,
    ),
}
"""Mixtures, and how many matrices of routed and of shared experts they have."""


def _model(build: Callable[[], Any], seed: int, noise: int | None) -> Any:
    """A model of a seed, moved as training moves it, noise added on demand."""
    torch.manual_seed(seed)
    model = teach(build(), seed)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() == 1:
                weights.add_(0.02 * torch.randn(weights.shape))
        torch.manual_seed(noise or 0)
        for weights in model.parameters() if noise else ():
            spread = float(weights.std()) if weights.numel() > 1 else 0.0
            weights.add_(NOISE * spread * torch.randn(weights.shape))
    return model


def _saved(root: Path, model: Any) -> Path:
    model.save_pretrained(root)
    tokens = {f"token-{row}": row for row in range(VOCABULARY)}
    text = json.dumps({"model": {"vocab": tokens}})
    (root / "tokenizer.json").write_text(text)
    return root


def _report(candidate: Path, reference: Path) -> LineageReport:
    return compare_lineage(
        find_subject(candidate, block_bytes=1 << 20),
        find_subject(reference, block_bytes=1 << 20),
        comparison(searched=3),
    )


@dataclass(frozen=True)
class Judged:
    """A family's name, its files, and the reports of a copy and of a twin."""

    name: str
    reference: Path
    tuned: LineageReport
    twin: LineageReport


@pytest.fixture(scope="module", params=sorted(FAMILIES))
def family(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Judged:
    """A family's reference, against it a noisy copy and a twin of another seed."""
    build, root = FAMILIES[request.param][0], tmp_path_factory.mktemp("family")
    made = (("reference", 1, None), ("tuned", 1, 7), ("twin", 2, None))
    saved = [_saved(root / name, _model(build, s, noise)) for name, s, noise in made]
    return Judged(
        name=request.param,
        reference=saved[0],
        tuned=_report(saved[1], saved[0]),
        twin=_report(saved[2], saved[0]),
    )


def test_a_tuned_copy_is_derived(family: Judged) -> None:
    """Whatever a library calls its tensors, a copy has to be found."""
    tested = {found.name: found.tested_tensors for found in family.tuned.components}
    assert tested == FAMILIES[family.name][1]
    for found in family.tuned.components:
        assert found.verdict is LineageVerdict.DERIVED, found.name
        assert found.layer_map == (() if found.name == "embeddings" else (0, 1))


def test_a_twin_of_another_seed_is_no_evidence(family: Judged) -> None:
    """A shared architecture, and tables that it fixes, accuse nobody."""
    for found in family.twin.components:
        assert found.verdict is LineageVerdict.NO_EVIDENCE, found.name
        assert found.detection_limit is not None


def test_every_saved_tensor_is_tested_or_listed(family: Judged) -> None:
    """A new name in a new release of the library must show up here."""
    subject = find_subject(family.reference, block_bytes=1 << 20)
    listed = [line for found in family.twin.components for line in found.untested]
    assert [line for line in listed if "no canonical role" in line] == []
    tested: set[str] = set()
    for kind, checkpoint in subject.components.items():
        tables = read_layout(kind, checkpoint).tables()
        tested |= {piece.name for table in tables for piece in table.pieces}
    left = {line.split(": ")[0] for line in listed}
    saved = {name for c in subject.components.values() for name in c.shapes()}
    assert saved - tested - left == set()


@dataclass(frozen=True)
class Mixture:
    """A mixture's name, its smallest model and the files transformers saved."""

    name: str
    model: Any
    saved: Path

    @property
    def decoder(self) -> Checkpoint:
        """The saved decoder, opened."""
        subject = find_subject(self.saved, block_bytes=1 << 20)
        return subject.components[ComponentKind.TEXT_DECODER]


@pytest.fixture(scope="module", params=sorted(MIXTURES))
def mixture(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mixture:
    """Each family of mixtures, built and saved once."""
    model = _model(MIXTURES[request.param][0], 1, None)
    saved = _saved(tmp_path_factory.mktemp("mixture"), model)
    return Mixture(name=request.param, model=model, saved=saved)


def test_every_tensor_of_a_mixture_is_mapped_or_listed(mixture: Mixture) -> None:
    """An expert or a latent head left out in silence would be a hiding place."""
    shapes, config = mixture.decoder.shapes(), mixture.decoder.config
    roles = [map_roles(kind, shapes, config) for kind in kinds_of(shapes)]
    experts = roles[0].experts
    routed = sum(slot.expert >= 0 for slot in experts)
    assert (routed, len(experts) - routed) == MIXTURES[mixture.name][1:]
    known: set[str] = set()
    for found in roles:
        assert not found.rivals
        assert "no canonical role for this name" not in found.untested.values()
        pieces = (*found.slots.values(), *found.experts.values())
        known |= {piece.name for piece in pieces}
        known |= {*found.untested, *found.elsewhere}
    assert set(shapes) == known


def test_the_experts_found_are_those_that_run(mixture: Mixture) -> None:
    """A wrong cut of a stack has the right shape and somebody else's numbers."""
    checkpoint = mixture.decoder
    found = map_roles(
        ComponentKind.TEXT_DECODER, checkpoint.shapes(), checkpoint.config
    ).experts
    layer, number = max(slot.layer for slot in found), 2
    gate, up, down = (
        _taken(checkpoint, found[Slot(role, layer, number)]) for role in MLP_ROLES
    )
    stream = torch.randn(5, 64)
    gated, risen = stream.numpy() @ gate.T, stream.numpy() @ up.T
    wanted = _run(mixture.model.model.layers[layer], stream, number)
    if mixture.name == "gpt-oss":
        inside = gated / (1.0 + np.exp(-1.702 * gated)) * (risen + 1.0)
    else:
        inside = gated / (1.0 + np.exp(-gated)) * risen
    np.testing.assert_allclose(inside @ down, wanted, rtol=1e-3, atol=1e-6)


def _taken(checkpoint: Checkpoint, piece: Piece) -> Any:
    """What a piece means, channels as columns."""
    shape = checkpoint.shapes()[piece.name]
    if piece.index is None:
        rows = checkpoint.rows(piece.name, 0, shape[0])
    else:
        rows = checkpoint.rows(piece.name, piece.index, piece.index + 1)
        rows = rows.reshape(shape[1:])
    rows = rows.T if piece.flipped else rows
    groups = rows.reshape(piece.groups, -1, rows.shape[1])
    taken = groups[:, piece.start : piece.stop].reshape(-1, rows.shape[1])
    return taken if taken.shape[1] == 64 else taken.T


def _run(layer: Any, stream: Any, number: int) -> Any:
    """What one expert of a layer, run by transformers, makes of a stream."""
    ran = next(m for m in layer.modules() if type(m).__name__.endswith("Experts"))
    with torch.no_grad():
        if type(ran).__name__.startswith("Llama4"):
            return ran(stream.repeat(4, 1)).reshape(4, 5, 64)[number].numpy()
        picked = torch.full((5, 1), number)
        return ran(stream, picked, torch.ones(5, 1)).numpy()


@pytest.mark.parametrize("name", ["mixtral", "qwen2-moe", "deepseek-v3", "gpt-oss"])
def test_a_copied_mixture_is_found_and_a_twin_accused_of_nothing(
    name: str, tmp_path: Path
) -> None:
    """Mixtures share an architecture as any family does, and copies share more."""
    build = MIXTURES[name][0]
    made = (("reference", 1, None), ("tuned", 1, 7), ("twin", 2, None))
    saved = [_saved(tmp_path / n, _model(build, s, noise)) for n, s, noise in made]
    found = {c.name: c.verdict for c in _report(saved[1], saved[0]).components}
    assert found["text_decoder"] in (LineageVerdict.DERIVED, LineageVerdict.REFER)
    assert found["embeddings"] is LineageVerdict.DERIVED
    for one in _report(saved[2], saved[0]).components:
        assert one.verdict in (LineageVerdict.NO_EVIDENCE, LineageVerdict.UNTESTABLE)
