"""Records the first steps of a training and runs them again to compare."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from decoder import Material, new_decoder, read_material, train_steps
from recipes import Recipe, Recipes, Segment
from safetensors.torch import load_file, save_file
from torch import Tensor


def sample_weights(model: torch.nn.Module, segment: Segment) -> Tensor:
    """The weights at the sample's places, drawn over all tensors in the order of their names."""
    flat = torch.cat(
        [w.detach().flatten() for _, w in sorted(model.named_parameters())]
    )
    rng = np.random.Generator(np.random.Philox(segment.sample_seed))
    places = np.sort(rng.choice(len(flat), size=segment.sample, replace=False))
    return flat[torch.from_numpy(places)].clone()


@dataclass(frozen=True)
class Recording:
    """What is kept of a segment: its losses and the sampled weights on both sides."""

    losses: list[float]
    before: Tensor
    after: Tensor


def write_recording(folder: Path, recording: Recording, segment: Segment) -> None:
    """Nothing; writes segment.json and segment.safetensors."""
    fields = {
        "steps": segment.steps,
        "sample": segment.sample,
        "sample_seed": segment.sample_seed,
        "tolerance": segment.tolerance,
        "precision": "float32",
        "threads": 1,
        "torch": torch.__version__,
        "losses": recording.losses,
    }
    (folder / "segment.json").write_text(
        json.dumps(fields, indent=2) + "\n", encoding="utf-8"
    )
    tensors = {"before": recording.before, "after": recording.after}
    save_file(tensors, folder / "segment.safetensors")


def read_recording(folder: Path) -> Recording:
    """The recording of a training folder."""
    fields = json.loads((folder / "segment.json").read_text(encoding="utf-8"))
    tensors = load_file(folder / "segment.safetensors")
    return Recording(fields["losses"], tensors["before"], tensors["after"])


def run_segment(
    recipe: Recipe, recipes: Recipes, segment: Segment, material: Material | None = None
) -> Recording:
    """The first steps of a training, run from its seed."""
    material = material or read_material(recipe, recipes.shape)
    model = new_decoder(recipe, recipes.shape)
    before, losses = sample_weights(model, segment), []
    for step in train_steps(model, material, recipe, recipes):
        losses.append(step.loss)
        if step.number == segment.steps:
            break
    return Recording(losses, before, sample_weights(model, segment))


def relative_distance(replayed: Recording, recorded: Recording) -> float:
    """‖W_replay − W_rec‖ / ‖W_rec − W_init‖: the gap as a share of the way the training went."""
    travelled = torch.linalg.vector_norm(recorded.after - recorded.before)
    return float(torch.linalg.vector_norm(replayed.after - recorded.after) / travelled)
