"""What is known about every finished model, and the set's truth.json."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from origins import Origins
from recipes import Recipe, Shape

if TYPE_CHECKING:
    from make import Made

RECORDS = ".records"


def is_built(place: Path, name: str, digest: str) -> bool:
    """Whether a finished model is there and came from the recipe with this digest."""
    record = place / RECORDS / f"{name}.json"
    if not record.exists() or not (place / name).is_dir():
        return False
    return bool(json.loads(record.read_text())["recipe_digest"] == digest)


def read_origins(place: Path, name: str) -> Origins:
    """The origins of a finished model's parts."""
    record = json.loads((place / RECORDS / f"{name}.json").read_text())
    return Origins.read(record["origins"])


def read_shape(place: Path, name: str) -> Shape:
    """The shape of a finished model, which may differ from its parent's."""
    record = json.loads((place / RECORDS / f"{name}.json").read_text())
    return Shape(**record["shape"])


def keep(place: Path, recipe: Recipe, digest: str, made: Made, seconds: float) -> None:
    """Nothing; writes the model in BF16 and its record, each at once as a whole."""
    passing = place / f".making-{recipe.id}-{os.getpid()}"
    shutil.rmtree(passing, ignore_errors=True)
    parameters = sum(weight.numel() for weight in made.model.parameters())
    made.model.to(torch.bfloat16).save_pretrained(passing)
    made.subject.keep(passing)
    final = place / recipe.id
    shutil.rmtree(final, ignore_errors=True)
    passing.rename(final)
    record = {
        "recipe_digest": digest,
        "shape": asdict(made.shape),
        "origins": made.origins.stored(),
        "parameters": parameters,
        "held_out_loss": made.held_out_loss,
        "plain_loss": made.plain_loss,
        "logit_change": made.logit_change,
        "training": [asdict(stretch) for stretch in made.stretches],
        "seconds": round(seconds, 1),
    }
    (place / RECORDS).mkdir(exist_ok=True)
    _write(place / RECORDS / f"{recipe.id}.json", record)


def write_truth(place: Path, recipes: list[Recipe], known: dict[str, str]) -> None:
    """Nothing; writes truth.json over the models that are finished."""
    records = {
        recipe.id: json.loads((place / RECORDS / f"{recipe.id}.json").read_text())
        for recipe in recipes
        if is_built(place, recipe.id, known[recipe.id])
    }
    models = {
        recipe.id: _entry(recipe, records) for recipe in recipes if recipe.id in records
    }
    _write(
        place / "truth.json",
        {"set": place.name, "planned": len(recipes), "models": models},
    )


def _entry(recipe: Recipe, records: dict[str, Any]) -> dict[str, Any]:
    record = records[recipe.id]
    origins = Origins.read(record["origins"])
    trained = record["training"]
    inherited = [records[p]["training"] for p in recipe.parents if p in records]
    orders = [getattr(step, "order", None) for step in recipe.steps]
    return {
        "relation": recipe.relation,
        "strength": recipe.strength,
        "parents": list(recipe.needs),
        "starts_from": list(recipe.parents),
        "ancestors": sorted(origins.components()) or [recipe.id],
        "from_seed": not origins.components(),
        "derives": origins.components(),
        "layers": record["origins"]["layers"],
        "merge_weights": dict(origins.merge_weights),
        "camouflage": list(origins.camouflage),
        "notes": list(origins.notes),
        "behaviour_of": [
            step.teacher for step in recipe.steps if getattr(step, "teacher", "")
        ],
        "seed": recipe.seed,
        "data_orders": [order for order in orders if order is not None],
        "shape": record["shape"],
        "parameters": record["parameters"],
        "held_out_loss": record["held_out_loss"],
        "plain_loss": record["plain_loss"],
        "logit_change": record["logit_change"],
        "tokens": sum(s["tokens"] for s in trained),
        "epochs": round(sum(s["epochs"] for s in trained), 3),
        "tokens_of_parents": sum(s["tokens"] for p in inherited for s in p),
        "training": trained,
        "seconds": record["seconds"],
        "recipe_digest": record["recipe_digest"],
    }


def _write(path: Path, content: Any) -> None:
    passing = path.with_name(f".{path.name}-{os.getpid()}")
    passing.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    passing.replace(path)
