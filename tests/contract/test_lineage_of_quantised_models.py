"""Lineage of models that were handed in as GGUF or in FP8."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from safetensors.numpy import load_file

from dokja.adapters.weights import find_subject
from dokja.cli.lineage import lineage
from dokja.evidence.canonical import canonical_bytes
from dokja.lineage import LineageReport, LineageVerdict, compare_lineage
from tests.gguf_fixture import HEADS, KEY_HEADS, converted, write_gguf
from tests.unit.lineage.lineage_models import comparison

torch = pytest.importorskip("torch", reason="the extra [harness] is not installed")
transformers = pytest.importorskip("transformers")
safetensors_torch = pytest.importorskip("safetensors.torch")

VOCABULARY = 300
TOKENS = [f"token-{row}" for row in range(VOCABULARY)]


def _decoder(seed: int) -> Any:
    """A small llama after a few steps of training on noise."""
    torch.manual_seed(seed)
    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=HEADS,
        num_key_value_heads=KEY_HEADS,
        tie_word_embeddings=True,
    )
    model = transformers.LlamaForCausalLM(config)
    torch.manual_seed(7)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
    for _ in range(6):
        tokens = torch.randint(0, VOCABULARY, (4, 16))
        optimiser.zero_grad()
        model(tokens, labels=tokens).loss.backward()
        optimiser.step()
    return model


def _save(root: Path, seed: int) -> Path:
    _decoder(seed).to(torch.float16).save_pretrained(root)
    vocabulary = {"model": {"vocab": {token: row for row, token in enumerate(TOKENS)}}}
    (root / "tokenizer.json").write_text(json.dumps(vocabulary))
    return root


def _as_gguf(source: Path, root: Path, kind: str) -> Path:
    saved = load_file(source / "model.safetensors").items()
    stored = dict(converted(name, t.astype(np.float32)) for name, t in saved)
    write_gguf(root / "model.gguf", stored, kind, tokens=TOKENS)
    return root


def _as_fp8(source: Path, root: Path) -> Path:
    """Each matrix in blocks of 32 x 32, with the scale that fills the type."""
    root.mkdir(parents=True)
    stored = {}
    saved = safetensors_torch.load_file(source / "model.safetensors").items()
    for name, table in saved:
        if table.ndim < 2 or "embed" in name:
            stored[name] = table
            continue
        rows, columns = table.shape
        blocks = table.float().reshape(rows // 32, 32, columns // 32, 32)
        scale = blocks.abs().amax(dim=(1, 3)) / 448
        codes = (blocks / scale[:, None, :, None]).reshape(rows, columns)
        stored[name] = codes.to(torch.float8_e4m3fn)
        stored[f"{name}_scale_inv"] = scale
    safetensors_torch.save_file(stored, root / "model.safetensors")
    (root / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    return root


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A reference and a re-seeded twin, each also quantised."""
    root = tmp_path_factory.mktemp("models")
    found = {}
    for name, seed in (("reference", 1), ("twin", 2)):
        found[name] = _save(root / name, seed)
        found[f"{name} FP8"] = _as_fp8(found[name], root / f"{name}-fp8")
        for kind in ("F32", "F16", "Q8_0", "Q4_0"):
            place = root / f"{name}-{kind}"
            found[f"{name} {kind}"] = _as_gguf(found[name], place, kind)
    return found


def _report(candidate: Path, reference: Path, block_bytes: int) -> LineageReport:
    return compare_lineage(
        find_subject(candidate, block_bytes=block_bytes),
        find_subject(reference, block_bytes=block_bytes),
        comparison(searched=1),
    )


def test_a_conversion_without_loss_is_identical(models: dict[str, Path]) -> None:
    """Another container is no other model."""
    report = _report(models["reference F16"], models["reference"], 1 << 20)
    assert len(report.components) == 2
    for found in report.components:
        assert found.verdict is LineageVerdict.IDENTICAL


@pytest.mark.parametrize("kind", ["F32", "Q8_0", "Q4_0", "FP8"])
def test_a_quantised_copy_is_derived(models: dict[str, Path], kind: str) -> None:
    """Rounding moves every weight and hides no descent."""
    report = _report(models[f"reference {kind}"], models["reference"], 1 << 20)
    decoder, embeddings = report.components
    assert decoder.verdict is LineageVerdict.DERIVED
    assert decoder.layer_map == (0, 1)
    assert decoder.explained_share is not None
    assert decoder.explained_share > 0.95
    assert not [line for line in decoder.untested if "no canonical role" in line]
    # The embeddings of the FP8 copy were left as they are, as published ones do.
    expected = LineageVerdict.IDENTICAL if kind == "FP8" else LineageVerdict.DERIVED
    assert embeddings.verdict is expected
    assert report.tokenizer.agreement == 1.0


@pytest.mark.parametrize("kind", ["F16", "Q8_0", "Q4_0", "FP8"])
def test_a_quantised_twin_from_another_seed_is_no_evidence(
    models: dict[str, Path], kind: str
) -> None:
    """The same rounding grid must not look like kinship."""
    report = _report(models[f"twin {kind}"], models["reference"], 1 << 20)
    both = _report(models[f"twin {kind}"], models[f"reference {kind}"], 1 << 20)
    for found in (*report.components, *both.components):
        assert found.verdict is LineageVerdict.NO_EVIDENCE


def test_the_block_size_changes_no_byte_of_a_report(models: dict[str, Path]) -> None:
    """Two machines with different memory must publish the same bundle."""
    pair = (models["reference Q4_0"], models["reference FP8"])
    assert canonical_bytes(_report(*pair, 331)) == canonical_bytes(
        _report(*pair, 1 << 20)
    )


@pytest.mark.parametrize(
    ("candidate", "code"), [("reference Q8_0", 3), ("twin Q8_0", 0)]
)
def test_the_command_takes_a_folder_with_one_gguf(
    models: dict[str, Path], candidate: str, code: int
) -> None:
    """Most quantised models come as one file and nothing else."""
    paths = [str(models[candidate]), str(models["reference"])]
    result = CliRunner().invoke(lineage, ["compare", *paths, "--json"])
    assert result.exit_code == code
    report = msgspec.json.decode(result.stdout_bytes, type=LineageReport)
    assert [c.name for c in report.components] == ["text_decoder", "embeddings"]
