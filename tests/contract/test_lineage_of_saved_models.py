"""Lineage of models that transformers itself built, trained and saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from safetensors.numpy import save_file

from dokja.adapters.weights import find_subject
from dokja.cli.lineage import lineage
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.lineage import (
    LineageReport,
    LineageVerdict,
    Relation,
    compare_lineage,
)
from tests.unit.lineage.lineage_models import comparison

torch = pytest.importorskip("torch", reason="the extra [harness] is not installed")
transformers = pytest.importorskip("transformers")
teach = pytest.importorskip("tests.contract.taught_models").teach

VOCABULARY = 300


def _new_decoder(seed: int, layers: int = 2) -> Any:
    torch.manual_seed(seed)
    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        tie_word_embeddings=True,
    )
    return transformers.LlamaForCausalLM(config)


def _new_encoder(seed: int) -> Any:
    torch.manual_seed(seed)
    config = transformers.ViTConfig(
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=8,
        patch_size=2,
        num_channels=1,
    )
    return transformers.ViTModel(config, add_pooling_layer=False)


def _tune(decoder: Any, encoder: Any, seed: int) -> None:
    """A few steps of SGD with momentum on noise, enough to move every tensor."""
    torch.manual_seed(seed)
    weights = [*decoder.parameters(), *encoder.parameters()]
    optimiser = torch.optim.SGD(weights, lr=0.3, momentum=0.9)
    for _ in range(6):
        tokens = torch.randint(0, VOCABULARY, (4, 16))
        seen = encoder(torch.randn(8, 1, 8, 8)).last_hidden_state
        loss = decoder(tokens, labels=tokens).loss + seen.square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def _save(root: Path, decoder: Any, encoder: Any) -> Path:
    decoder.to(torch.bfloat16).save_pretrained(root / "text_decoder")
    encoder.to(torch.bfloat16).save_pretrained(root / "vision_encoder")
    tokens = {f"token-{row}": row for row in range(VOCABULARY)}
    text = json.dumps({"model": {"vocab": tokens}})
    (root / "text_decoder" / "tokenizer.json").write_text(text)
    return root


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A reference, a copy trained on, and a twin from another seed."""
    root = tmp_path_factory.mktemp("models")
    found = {}
    for name, seed, tuned in (("reference", 1, 0), ("tuned", 1, 7), ("twin", 2, 7)):
        decoder = teach(_new_decoder(seed), seed)
        encoder = teach(_new_encoder(seed + 10), seed + 10)
        if tuned:
            _tune(decoder, encoder, tuned)
        found[name] = _save(root / name, decoder, encoder)
    return found


def _report(
    candidate: Path, reference: Path, block_bytes: int = 1 << 20
) -> LineageReport:
    return compare_lineage(
        find_subject(candidate, block_bytes=block_bytes),
        find_subject(reference, block_bytes=block_bytes),
        comparison(searched=3),
    )


def test_a_tuned_copy_is_derived_in_every_component(models: dict[str, Path]) -> None:
    """The names, types and shapes of the real library must reach the tests."""
    report = _report(models["tuned"], models["reference"])
    assert [found.name for found in report.components] == [
        "text_decoder",
        "embeddings",
        "vision_encoder",
    ]
    for found in report.components:
        assert found.verdict is LineageVerdict.DERIVED
        assert found.relation is not Relation.COPY
        assert found.relation_reason is not None
        assert found.identical_tensors < found.tested_tensors


def test_a_twin_from_another_seed_is_no_evidence(models: dict[str, Path]) -> None:
    """Same library, same shape, same data: still not a copy."""
    report = _report(models["twin"], models["reference"])
    for found in report.components:
        assert found.verdict is LineageVerdict.NO_EVIDENCE
        assert found.detection_limit is not None


def test_every_saved_tensor_has_a_role_or_a_reason(models: dict[str, Path]) -> None:
    """A new name in a new release of the library must show up here."""
    report = _report(models["twin"], models["reference"])
    unknown = [
        line
        for found in report.components
        for line in found.untested
        if "no canonical role" in line
    ]
    assert unknown == []
    tested = {found.name: found.tested_tensors for found in report.components}
    assert tested == {"text_decoder": 14, "embeddings": 1, "vision_encoder": 14}


def test_the_block_size_changes_no_byte(models: dict[str, Path]) -> None:
    """Two machines with different memory must publish the same bundle."""
    whole = canonical_bytes(_report(models["tuned"], models["reference"]))
    small = canonical_bytes(_report(models["tuned"], models["reference"], 331))
    assert small == whole


@pytest.mark.parametrize(
    ("candidate", "code", "verdict"),
    [
        ("twin", 0, "no_evidence"),
        ("tuned", 3, "derived"),
        ("reference", 3, "identical"),
    ],
)
def test_the_command_exits_by_its_verdict(
    models: dict[str, Path], candidate: str, code: int, verdict: str
) -> None:
    """Scripts branch on the exit code and read the JSON."""
    paths = [str(models[candidate]), str(models["reference"])]
    result = CliRunner().invoke(lineage, ["compare", *paths, "--json"])
    assert result.exit_code == code
    report = msgspec.json.decode(result.stdout_bytes, type=LineageReport)
    assert report.verdict == verdict
    assert canonical_bytes(report) + b"\n" == result.stdout_bytes
    for lang, limits in (("en", report.limits.en), ("ko", report.limits.ko)):
        shown = CliRunner().invoke(lineage, ["compare", *paths, "--lang", lang])
        assert shown.exit_code == code
        assert verdict in shown.stdout
        assert limits[:12] in shown.stdout


def test_a_plain_folder_is_judged_by_its_tensor_names(models: dict[str, Path]) -> None:
    """Most models in the world come as one folder without a manifest."""
    paths = [str(models[name] / "text_decoder") for name in ("tuned", "reference")]
    result = CliRunner().invoke(lineage, ["compare", *paths, "--json"])
    report = msgspec.json.decode(result.stdout_bytes, type=LineageReport)
    assert [found.name for found in report.components] == ["text_decoder", "embeddings"]


def test_untestable_exits_4_and_a_broken_file_is_a_foreseen_failure(
    models: dict[str, Path], tmp_path: Path
) -> None:
    """Not comparable is an open question; a broken file is a failure."""
    narrow = {"model.layers.0.mlp.up_proj.weight": np.eye(8, dtype=np.float32)}
    save_file(narrow, tmp_path / "model.safetensors")
    reference = str(models["reference"] / "text_decoder")
    result = CliRunner().invoke(lineage, ["compare", str(tmp_path), reference])
    assert result.exit_code == 4
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    result = CliRunner().invoke(lineage, ["compare", str(tmp_path), reference])
    assert isinstance(result.exception, InvalidInput)
    assert result.stdout == ""
