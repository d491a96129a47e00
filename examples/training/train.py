"""Trains the example models, or a part of one, on one CPU thread, and records how.

The commands::

    train.py decoder TEAM      a team's text decoder and its record
    train.py vision TEAM       its vision encoder and projector and their records
    train.py all               every model, the reference first
    train.py vision --seed N --steps S --out DIR [--decoder DIR]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch
from decoder import (
    Material,
    Step,
    Training,
    configuration,
    held_out_loss,
    read_material,
    save_decoder,
    write_loss,
)
from program.steps import state_of
from recipes import Recipe, Recipes, Vision, VisionRun, read_recipes
from record import (
    toml_tables,
    write_data,
    write_json,
    write_manifest,
    write_recipe,
)
from recording import Run, Seen, watched, witnessing
from shards import shard_of, write_shard
from vision import VisionPlan, make_vision

from dokja.evidence.canonical import digest_bytes
from dokja.recorder import Recorder

SCRIPTS = Path(__file__).parent
PROGRAM = SCRIPTS / "program"
DECODER = "text_decoder"
VISION_CHECKPOINTS = 150
"""Steps between two checkpoints of an encoder or a projector."""


def train_decoder(recipe: Recipe, recipes: Recipes) -> None:
    """Nothing; trains and writes a decoder, its tokenizer and its training record."""
    (recipe.path / "training").mkdir(parents=True, exist_ok=True)
    material = read_material(recipe)
    training = Training(material, recipe, recipes.optimiser)
    if recipe.is_reference:
        steps = [_done(recipe, taken) for taken in training.steps()]
    else:
        steps = record_decoder(recipe, recipes, material, training)
    model = training.model
    held_out = held_out_loss(model, material.tokenizer, recipe.shape.window)
    write_loss(recipe.path / "training" / "loss.jsonl", steps, held_out)
    save_decoder(model, material.tokenizer, recipe.path / "text_decoder")
    write_recipe(recipe, recipes)
    write_data(recipe, material)
    write_manifest(recipe)
    print(f"{recipe.id} held out: {held_out}", flush=True)


def record_decoder(
    recipe: Recipe, recipes: Recipes, material: Material, training: Training
) -> list[Step]:
    """The steps of a training that a witness saw grow."""
    program = lay_program(recipe, recipes)
    write_materials(recipe, material, training)
    run = Run(DECODER, recipe.steps, recipe.batch, recipe.checkpoint_every, program)
    model, optimiser, steps = training.model, training.optimiser, []
    with witnessing(recipe.id) as desk, watched(desk, recipe, run) as watch:
        announce(watch.record, recipe, material)
        watch.record.begin(
            model,
            optimiser,
            recipe="program/steps.py: initialise",
            seed=str(recipe.seed),
        )
        for taken in training.steps():
            steps.append(_done(recipe, taken))
            watch.step(taken)
            if watch.is_due(taken.number):
                last = watch.is_last(taken.number)
                state = state_of(model, optimiser, released=model if last else None)
                watch.record.checkpoint(taken.number, state)
    return steps


def announce(record: Recorder, recipe: Recipe, material: Material) -> None:
    """Nothing; records tokenizer and data before anything is trained."""
    tokenizer = material.tokenizer.backend_tokenizer.to_str().encode()
    record.tokenizer(digest_bytes(tokenizer), vocabulary=recipe.shape.vocabulary)
    data = recipe.materials(DECODER) / "data"
    shards = [shard_of(*each, data) for each in material.tokens.items()]
    for source, tokens in material.held_out.items():
        write_shard(f"{source}-held-out", tokens, data)
    record.data(
        shards,
        sampler="text.py: Rows, a source by its weight, then one of its lines",
        seed=str(recipe.seed),
    )


def write_materials(recipe: Recipe, material: Material, training: Training) -> None:
    """Nothing; writes materials.toml, which tells an auditor how the program is called."""
    count = sum(each.numel() for each in training.model.parameters())
    tables = {
        "program": {
            "command": ["python", "train.py"],
            "dtype": "float32",
            "dropout": 0.0,
        },
        "model": {
            "parameters": count,
            "active_parameters": count,
            "layers": recipe.layers,
            "hidden": recipe.shape.hidden_size,
            "context": recipe.shape.window,
            "vocabulary": recipe.shape.vocabulary,
        },
        "held_out": {"shards": [f"{source}-held-out" for source in material.held_out]},
    }
    place = recipe.materials(DECODER) / "materials.toml"
    place.write_text(toml_tables(tables).lstrip(), encoding="utf-8")


def lay_program(recipe: Recipe, recipes: Recipes) -> Path:
    """The folder of the team's program, with what it is told in config.json."""
    folder = recipe.materials(DECODER) / "program"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PROGRAM, folder, ignore=shutil.ignore_patterns("__pycache__"))
    write_json(folder / "config.json", configuration(recipe, recipes.optimiser))
    return folder


def _done(recipe: Recipe, taken: Seen) -> Step:
    if taken.number % 100 == 0:
        print(
            f"{recipe.id} {taken.number} {float(taken.loss):.3f} {time.process_time():.0f}s",
            flush=True,
        )
    seen = taken.number * recipe.batch * recipe.shape.window
    return Step(taken.number, float(taken.loss), seen)


def train_vision(recipe: Recipe, recipes: Recipes) -> None:
    """Nothing; trains and writes a model's vision encoder and projector, their accuracies and records."""
    run = recipe.vision
    if run is None:
        raise SystemExit(f"{recipe.id} has no vision encoder")
    source = None
    if run.copied_from:
        source = recipes.models[run.copied_from].path / "vision_encoder"
    plan = VisionPlan(recipe.path, recipe.path / "text_decoder", source)
    if recipe.is_reference:
        results = make_vision(plan, recipes.vision, run)
    else:
        with witnessing(recipe.id) as desk:
            runs = _vision_runs(recipes.vision, run)
            plan = replace(plan, watched=lambda name: watched(desk, recipe, runs[name]))
            results = make_vision(plan, recipes.vision, run)
    write_json(
        recipe.path / "training" / "vision.json",
        {"held_out_accuracy": results, "images": 397},
    )
    write_recipe(recipe, recipes)
    print(f"{recipe.id} vision: {results}", flush=True)


def _vision_runs(shape: Vision, run: VisionRun) -> dict[str, Run]:
    """What is recorded of an encoder and of its projector; the code is these scripts."""
    steps = {"vision_encoder": run.steps, "projector": shape.projector_steps}
    return {
        name: Run(name, count, shape.batch, VISION_CHECKPOINTS, SCRIPTS)
        for name, count in steps.items()
    }


def train_all(recipes: Recipes) -> None:
    """Nothing; trains every model, each from the file's order, so that the reference comes first."""
    for recipe in recipes.models.values():
        train_decoder(recipe, recipes)
        if recipe.vision:
            train_vision(recipe, recipes)


def fresh_vision(arguments: argparse.Namespace, recipes: Recipes) -> None:
    """Nothing; trains a new vision encoder from the given seed into the given folder."""
    run = VisionRun(arguments.seed, arguments.steps)
    plan = VisionPlan(arguments.out, arguments.decoder)
    print(make_vision(plan, recipes.vision, run), flush=True)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("all", help="train every model")
    decoder = commands.add_parser("decoder", help="train a model's text decoder")
    decoder.add_argument("team")
    vision = commands.add_parser(
        "vision", help="train a model's vision encoder, or a fresh one"
    )
    vision.add_argument("team", nargs="?")
    vision.add_argument("--seed", type=int)
    vision.add_argument("--steps", type=int, default=200)
    vision.add_argument("--out", type=Path)
    vision.add_argument("--decoder", type=Path, help="decoder to train a projector for")
    arguments = parser.parse_args()
    if (
        arguments.command == "vision"
        and not arguments.team
        and (arguments.seed is None or arguments.out is None)
    ):
        parser.error("vision needs a team, or --seed and --out")
    return arguments


def main() -> int:
    """The exit status of the command."""
    arguments = parse()
    torch.set_num_threads(1)
    recipes = read_recipes()
    if arguments.command == "all":
        train_all(recipes)
    elif arguments.command == "vision" and not arguments.team:
        fresh_vision(arguments, recipes)
    else:
        recipe = recipes.models[arguments.team]
        {"decoder": train_decoder, "vision": train_vision}[arguments.command](
            recipe, recipes
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
