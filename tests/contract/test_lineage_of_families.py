"""Lineage of every model family the tables name, as transformers saves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dokja.adapters.weights import find_subject
from dokja.lineage import (
    LineageReport,
    LineageVerdict,
    compare_lineage,
    shipped_rules,
)
from dokja.lineage.tensors import read_weights

torch = pytest.importorskip("torch", reason="the extra [harness] is not installed")
transformers = pytest.importorskip("transformers")

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
        {"text_decoder": 13, "embeddings": 1, "audio_encoder": 13},
    ),
}
"""Each family's smallest model and how many matrices of it are tested."""

UNREAD: Mapping[str, tuple[Callable[[], Any], Mapping[str, int], LineageVerdict]] = {
    "mixtral": (
        _causal("Mixtral", {**MIXTURE, "num_local_experts": 4}),
        {"experts": 24, "gate": 2},
        LineageVerdict.REFER,
    ),
    "qwen-moe": (
        _causal(
            "Qwen2Moe",
            {
                **MIXTURE,
                "num_experts": 4,
                "moe_intermediate_size": 32,
                "shared_expert_intermediate_size": 64,
            },
        ),
        {"experts": 24, "shared_expert": 6, "gate": 2, "shared_expert_gate": 2},
        LineageVerdict.REFER,
    ),
    "deepseek": (
        _causal("DeepseekV3", LATENT),
        {
            "experts": 12,
            "shared_experts": 3,
            # The gate and its correction.
            "gate": 2,
            "q_a_proj": 2,
            "q_b_proj": 2,
            "kv_a_proj_with_mqa": 2,
            "kv_b_proj": 2,
        },
        # Its first layer has no mixture: its MLP and the outputs of attention
        # are two classes.
        LineageVerdict.DERIVED,
    ),
}
"""Families of which a part is read: what is left out, and a copy's verdict."""


def _model(build: Callable[[], Any], seed: int, noise: int | None) -> Any:
    """A model of a seed whose vectors are not all alike, noise added on demand."""
    torch.manual_seed(seed)
    model = build()
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
        rules=shipped_rules(),
        seed_text="families",
        searched=3,
        on_tensor=lambda _: None,
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
        weights = read_weights(kind, checkpoint, lambda _: None)
        tested |= set(weights.stored.values())
    left = {line.split(": ")[0] for line in listed}
    saved = {name for c in subject.components.values() for name in c.shapes()}
    assert saved - tested - left == set()


@pytest.mark.parametrize("name", sorted(UNREAD))
def test_what_cannot_be_read_is_named_with_its_reason(
    name: str, tmp_path: Path
) -> None:
    """An expert or a latent head left out in silence would be a hiding place."""
    build, left_out, verdict = UNREAD[name]
    reference = _saved(tmp_path / "reference", _model(build, 1, None))
    tuned = _saved(tmp_path / "tuned", _model(build, 1, 7))
    report = _report(tuned, reference)
    decoder = {found.name: found for found in report.components}["text_decoder"]
    lines = [line for line in decoder.untested if "this version does not" in line]
    assert {
        part: sum(f".{part}." in line for line in lines) for part in left_out
    } == left_out
    assert [line for line in decoder.untested if "no canonical role" in line] == []
    assert decoder.verdict is verdict
    twin = _report(_saved(tmp_path / "twin", _model(build, 2, None)), reference)
    verdicts = {found.name: found.verdict for found in twin.components}
    assert verdicts == {
        "text_decoder": LineageVerdict.UNTESTABLE,
        "embeddings": LineageVerdict.NO_EVIDENCE,
    }
