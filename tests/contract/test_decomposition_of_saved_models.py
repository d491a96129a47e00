"""`dokja lineage decompose` on models saved in folders, as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from safetensors.numpy import save_file

from dokja.cli.lineage import lineage
from dokja.errors import InvalidInput
from tests.unit.lineage.lineage_models import Tensors, decoder, vocabulary

CONFIG = {
    "model_type": "llama",
    "hidden_size": 48,
    "intermediate_size": 96,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "num_hidden_layers": 2,
    "tie_word_embeddings": True,
}


def _save(root: Path, tensors: Tensors) -> str:
    root.mkdir()
    save_file(tensors, root / "model.safetensors")
    (root / "config.json").write_text(json.dumps(CONFIG))
    text = json.dumps({"model": {"vocab": vocabulary()}})
    (root / "tokenizer.json").write_text(text)
    return str(root)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Three models from other seeds, a mixture of two of them, a shorter one."""
    root = tmp_path_factory.mktemp("models")
    made = {name: decoder(seed) for name, seed in (("a", 1), ("b", 2), ("other", 3))}
    made["merge"] = {
        name: np.float32(0.65) * tensor + np.float32(0.35) * made["b"][name]
        for name, tensor in made["a"].items()
    }
    made["narrow"] = decoder(4, width=32, hidden=64)
    return {name: _save(root / name, tensors) for name, tensors in made.items()}


def _run(models: Mapping[str, str], *arguments: str) -> Result:
    words = [models.get(word, word) for word in arguments]
    return CliRunner().invoke(lineage, ["decompose", *words])


def _json(models: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(models, *arguments, "--json").stdout)
    return found


def test_a_merge_is_named_with_parents_and_weights(models: Mapping[str, str]) -> None:
    """From files to weights, through the reader that everything else uses."""
    ran = _run(models, "merge", "b", "other", "a", "--json")
    report = json.loads(ran.stdout)
    assert ran.exit_code == 3
    assert report["parents"] == ["a", "b", "other"]
    assert report["verdict"] == "merged"
    for component in report["components"]:
        found = [one["weight"] for one in component["whole"]["weights"]]
        assert found == pytest.approx([0.65, 0.35, 0.0], abs=1e-3)
        assert [one["used"] for one in component["whole"]["weights"]] == [
            True,
            True,
            False,
        ]


@pytest.mark.parametrize(
    ("candidate", "code"), [("merge", 3), ("other", 0), ("a-copy", 3)]
)
def test_exit_codes_follow_the_verdict(
    models: Mapping[str, str], tmp_path: Path, candidate: str, code: int
) -> None:
    """A script must not read a copy of one parent as a clean bill."""
    known = dict(models) | {"a-copy": _save(tmp_path / "a-copy", decoder(1))}
    assert _run(known, candidate, "a", "b").exit_code == code


def test_what_cannot_be_told_ends_with_4(
    models: Mapping[str, str], tmp_path: Path
) -> None:
    """Parents that are one model leave the question open."""
    known = dict(models) | {"twin": _save(tmp_path / "twin", decoder(1))}
    assert _run(known, "merge", "a", "twin").exit_code == 4


def test_an_ancestor_makes_differences_of_what_is_fitted(
    models: Mapping[str, str], tmp_path: Path
) -> None:
    """Scaled task vectors are the commonest merge whose weights sum to no one."""
    origin, first, second = decoder(5), decoder(6), decoder(7)
    tuned = {
        name: {key: origin[key] + np.float32(0.1) * model[key] for key in origin}
        for name, model in (("first", first), ("second", second))
    }
    merged = {
        key: origin[key]
        + np.float32(0.9) * (tuned["first"][key] - origin[key])
        + np.float32(0.4) * (tuned["second"][key] - origin[key])
        for key in origin
    }
    made = {"origin": origin, "merged": merged, **tuned}
    places = {name: _save(tmp_path / name, model) for name, model in made.items()}
    report = _json(places, "merged", "first", "second", "--ancestor", "origin")
    assert report["ancestor"] == "origin"
    for component in report["components"]:
        found = [one["weight"] for one in component["whole"]["weights"]]
        assert found == pytest.approx([0.9, 0.4], abs=1e-3)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("merged, weighted", "made of", "a + b", "Controls", "never of")),
        ("ko", ("병합됨", "가중 평균", "구성", "대조", "독자성을 뜻하지")),
    ],
)
def test_the_text_is_whole_in_both_languages(
    models: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    words: tuple[str, ...],
) -> None:
    """An office reads Korean, an outside auditor English."""
    monkeypatch.setenv("COLUMNS", "250")
    ran = _run(models, "merge", "a", "b", "--lang", lang)
    assert [word for word in words if word not in ran.stdout] == []
    assert "0.650*" in ran.stdout


@pytest.mark.parametrize(
    ("parents", "fact"),
    [
        (("a",), "at least two parents"),
        (("a", "narrow"), "narrow has no tensor of the same role and shape"),
        (("a", "a"), "two parents are called a"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    models: Mapping[str, str], parents: tuple[str, ...], fact: str
) -> None:
    """The fact and the remedy, and no traceback."""
    error = _run(models, "merge", *parents).exception
    assert isinstance(error, InvalidInput)
    assert fact in str(error)
    assert error.remedy


def test_a_weight_that_is_no_number_is_refused(
    models: Mapping[str, str], tmp_path: Path
) -> None:
    """A run that diverged hands in NaN, and no weight follows from it."""
    broken = decoder(8)
    broken["model.layers.1.mlp.up_proj.weight"][:] = np.nan
    known = dict(models) | {"broken": _save(tmp_path / "broken", broken)}
    error = _run(known, "broken", "a", "b").exception
    assert isinstance(error, InvalidInput)
    assert "NaN" in str(error)
