"""Writes what a model folder says about itself: its manifest and its training record.

The invented team 갈바람재 hides where its vision encoder came from: its manifest says "initialised" and
its record is silent about the encoder. This module leaves the encoder out of that record rather than
writing a false recipe for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tokenizers
import torch
import transformers
from decoder import Material
from recipes import Recipe, Recipes
from recording import key_id
from text import corpus_entry, documents

LICENCE = "Apache-2.0"
COMPONENTS = (
    ("text_decoder", "text_decoder"),
    ("embeddings", "text_decoder"),
    ("vision_encoder", "vision_encoder"),
    ("projector", "projector"),
)


def write_manifest(recipe: Recipe) -> None:
    """Nothing; writes submission.toml for a team and model.toml for the public reference."""
    if recipe.is_reference:
        head = {
            "id": recipe.id,
            "model": recipe.model,
            "name": recipe.name,
            "licence": LICENCE,
        }
        tables, file_name = {}, "model.toml"
    else:
        head = {
            "team": recipe.id,
            "stage": "stage-1",
            "model": recipe.model,
            "name": recipe.name,
            "licence": LICENCE,
            "individual_suites": list(recipe.individual_suites),
        }
        tables = {
            "training": {
                "recipe": "training/recipe.toml",
                "data": "training/data.json",
                "loss": "training/loss.jsonl",
            }
        }
        file_name = "submission.toml"
    parts = [part for part in COMPONENTS if recipe.vision or part[1] == "text_decoder"]
    rows = [
        {
            "kind": kind,
            "path": path,
            "weight_state": "initialised",
            "origin": "",
            "licence": LICENCE,
        }
        for kind, path in parts
    ]
    text = (
        _pairs(head)
        + "".join(f"\n[[components]]\n{_pairs(row)}" for row in rows)
        + toml_tables(tables)
        + "".join(
            f"\n[[training.records]]\n{_pairs(row)}" for row in _records(recipe, parts)
        )
    )
    (recipe.path / file_name).write_text(text, encoding="utf-8")


def _records(recipe: Recipe, parts: list[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """The record of each component; a decoder's embeddings share the decoder's."""
    if recipe.is_reference:
        return
    for kind, path in parts:
        yield {
            "component": kind,
            "path": f"training/records/{path}",
            "key": key_id(recipe.id),
        }


def write_recipe(recipe: Recipe, recipes: Recipes) -> None:
    """Nothing; writes training/recipe.toml."""
    shape, optimiser, vision = recipe.shape, recipes.optimiser, recipes.vision
    tables: dict[str, dict[str, Any]] = {
        "decoder": {
            "architecture": "LlamaForCausalLM",
            "layers": recipe.layers,
            "hidden_size": shape.hidden_size,
            "intermediate_size": shape.intermediate_size,
            "heads": shape.heads,
            "positions": shape.positions,
            "tied_embeddings": True,
            "seed": recipe.seed,
            "initialisation": "normal(0, 0.02) for matrices, one for gains",
            "steps": recipe.steps,
            "batch": recipe.batch,
            "window": shape.window,
            "precision": "float32, saved as bfloat16",
        },
        "optimiser": {
            "name": optimiser.name,
            "betas": list(optimiser.betas),
            "weight_decay": optimiser.weight_decay,
            "learning_rate": recipe.learning_rate,
            "schedule": "linear warm-up, cosine to a tenth",
            "warmup": recipe.warmup or optimiser.warmup,
            "clip": optimiser.clip,
        },
        "tokenizer": {
            "kind": "byte-level BPE, digits apart",
            "vocabulary": shape.vocabulary,
            "trained_on": "the mix",
        },
        "software": {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "tokenizers": tokenizers.__version__,
        },
    }
    if recipe.vision and not recipe.vision.copied_from:
        tables["vision_encoder"] = {
            "architecture": "ViTModel",
            "layers": vision.layers,
            "hidden_size": vision.hidden_size,
            "seed": recipe.vision.seed,
            "steps": recipe.vision.steps,
            "batch": vision.batch,
            "learning_rate": vision.learning_rate,
            "data": vision.data,
        }
    if recipe.vision:
        tables["projector"] = {
            "architecture": "linear-gelu-linear",
            "seed": recipe.vision.seed + 2,
            "steps": vision.projector_steps,
            "batch": vision.batch,
            "frozen": ["text_decoder", "vision_encoder"],
            "data": vision.data,
        }
    corpora = "".join(
        f"\n[[corpora]]\n{_pairs(_corpus(s, w))}" for s, w in recipe.mix.items()
    )
    text = _pairs({"model": recipe.model}) + toml_tables(tables) + corpora
    (recipe.path / "training" / "recipe.toml").write_text(text, encoding="utf-8")


def _corpus(source: str, weight: float) -> dict[str, Any]:
    entry = corpus_entry(source)
    kept = {key: entry[key] for key in ("id", "version", "spdx", "sha256")}
    return {**kept, "weight": weight}


def write_data(recipe: Recipe, material: Material) -> None:
    """Nothing; writes training/data.json: each source, its licence and what was used of it."""
    rows = []
    for source, tokens in material.tokens.items():
        entry = corpus_entry(source)
        used = "\n".join(documents(source, "train")[: len(tokens.documents)]).encode()
        rows.append({
            "id": source,
            "version": entry["version"],
            "spdx": entry["spdx"],
            "sha256": hashlib.sha256(used).hexdigest(),
            "documents": len(tokens.documents),
            "tokens": len(tokens.ids),
        })  # fmt: skip
    write_json(recipe.path / "training" / "data.json", {"sources": rows})


def write_json(path: Path, value: object) -> None:
    """Nothing; writes the value as indented JSON."""
    path.write_text(
        json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _pairs(fields: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in fields.items())


def toml_tables(tables: dict[str, dict[str, Any]]) -> str:
    """Each table as TOML under its name."""
    return "".join(f"\n[{name}]\n{_pairs(fields)}" for name, fields in tables.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{key} = {_value(item)}" for key, item in value.items())
            + " }"
        )
    return json.dumps(value, ensure_ascii=False)
