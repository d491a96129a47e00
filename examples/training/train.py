"""Trains the example models, or a part of one, on one CPU thread.

The commands::

    train.py decoder TEAM      a team's text decoder and its record
    train.py vision TEAM       its vision encoder and projector
    train.py all               every model, the reference first
    train.py segment --team T  the first steps again, compared with the record
    train.py vision --seed N --steps S --out DIR [--decoder DIR]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch
from decoder import (
    Step,
    held_out_loss,
    new_decoder,
    read_material,
    save_decoder,
    train_steps,
    write_loss,
)
from recipes import Recipe, Recipes, VisionRun, read_recipes
from record import write_data, write_json, write_manifest, write_recipe
from segment import (
    Recording,
    read_recording,
    relative_distance,
    run_segment,
    sample_weights,
    write_recording,
)
from vision import make_vision


def train_decoder(recipe: Recipe, recipes: Recipes) -> None:
    """Nothing; trains and writes a decoder, its tokenizer and its training record."""
    began = time.monotonic()
    training = recipe.path / "training"
    training.mkdir(parents=True, exist_ok=True)
    material = read_material(recipe, recipes.shape)
    model = new_decoder(recipe, recipes.shape)
    segment = recipe.segment
    before = sample_weights(model, segment) if segment else None
    steps: list[Step] = []
    for step in train_steps(model, material, recipe, recipes):
        steps.append(step)
        if segment and before is not None and step.number == segment.steps:
            losses = [done.loss for done in steps]
            write_recording(
                training,
                Recording(losses, before, sample_weights(model, segment)),
                segment,
            )
        if step.number % 100 == 0:
            print(
                f"{recipe.id} {step.number} {step.loss:.3f} {time.monotonic() - began:.0f}s",
                flush=True,
            )
    held_out = held_out_loss(model, material.tokenizer, recipes.shape.window)
    write_loss(training / "loss.jsonl", steps, held_out)
    save_decoder(model, material.tokenizer, recipe.path / "text_decoder")
    write_recipe(recipe, recipes)
    write_data(recipe, material)
    write_manifest(recipe)
    print(f"{recipe.id} held out: {held_out}", flush=True)


def train_vision(recipe: Recipe, recipes: Recipes) -> None:
    """Nothing; trains and writes a model's vision encoder and projector and their accuracies."""
    run = recipe.vision
    if run is None:
        raise SystemExit(f"{recipe.id} has no vision encoder")
    source = (
        recipes.models[run.copied_from].path / "vision_encoder"
        if run.copied_from
        else None
    )
    results = make_vision(
        recipe.path, recipe.path / "text_decoder", recipes.vision, run, source
    )
    write_json(
        recipe.path / "training" / "vision.json",
        {"held_out_accuracy": results, "images": 397},
    )
    write_recipe(recipe, recipes)
    print(f"{recipe.id} vision: {results}", flush=True)


def replay_segment(recipe: Recipe, recipes: Recipes) -> int:
    """0 when the first steps run again within the stated tolerance, 1 when they do not."""
    if recipe.segment is None:
        raise SystemExit(f"{recipe.id} recorded no segment")
    recorded = read_recording(recipe.path / "training")
    replayed = run_segment(recipe, recipes, recipe.segment)
    distance = relative_distance(replayed, recorded)
    gap = max(abs(a - b) for a, b in zip(replayed.losses, recorded.losses, strict=True))
    print(
        f"relative distance {distance:.3e} (tolerance {recipe.segment.tolerance:g}), largest loss gap {gap:.3e}"
    )
    return 0 if distance <= recipe.segment.tolerance else 1


def train_all(recipes: Recipes) -> None:
    """Nothing; trains every model, each from the file's order, so that the reference comes first."""
    for recipe in recipes.models.values():
        train_decoder(recipe, recipes)
        if recipe.vision:
            train_vision(recipe, recipes)


def fresh_vision(arguments: argparse.Namespace, recipes: Recipes) -> None:
    """Nothing; trains a new vision encoder from the given seed into the given folder."""
    run = VisionRun(arguments.seed, arguments.steps)
    print(
        make_vision(arguments.out, arguments.decoder, recipes.vision, run, None),
        flush=True,
    )


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
    segment = commands.add_parser("segment", help="run the first recorded steps again")
    segment.add_argument("--team", required=True)
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
        if arguments.command == "segment":
            return replay_segment(recipe, recipes)
        {"decoder": train_decoder, "vision": train_vision}[arguments.command](
            recipe, recipes
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
