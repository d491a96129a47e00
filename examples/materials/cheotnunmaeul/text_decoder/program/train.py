"""What an auditor has done again: first weights, some training steps, or losses.

Called as ``python train.py init|train|loss FOLDER``. The folder holds the jobs and takes the answers, as the
guide to training records describes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from steps import (
    initialise,
    losses,
    new_decoder,
    new_optimiser,
    state_of,
    take_step,
)
from torch import Tensor
from transformers import LlamaForCausalLM

AT_ONCE = 32

Config = dict[str, Any]


def first_weights(config: Config, job: Config) -> dict[str, Tensor]:
    """The weights that the seed gives, by their names."""
    model = new_decoder(config)
    initialise(model, int(job["init"]["seed"]))
    return {name: each.detach() for name, each in model.named_parameters()}


def trained(
    config: Config, job: Config, place: Path
) -> tuple[dict[str, Tensor], list[float]]:
    """Where the job's steps lead, and the loss of each."""
    model = new_decoder(config)
    optimiser = new_optimiser(model, config)
    take_up(load_file(place / "state.safetensors"), model, optimiser)
    model.train()
    rows, found, begun = sequences(place), [], 0
    for step in job["steps"]:
        read = rows[begun : begun + step["sequences"]]
        begun += step["sequences"]
        # A row that wrapped round its source was read in two pieces.
        batch = torch.cat(read).view(-1, config["window"] + 1)
        loss, _ = take_step(
            model,
            optimiser,
            batch,
            rate=float.fromhex(step["lr"]),
            clip=config["clip"],
            parts=job["configuration"]["micro_batches"],
        )
        found.append(float(loss))
    return flat(state_of(model, optimiser)), found


def take_up(
    state: dict[str, Tensor], model: LlamaForCausalLM, optimiser: torch.optim.AdamW
) -> None:
    """Nothing; model, optimiser and generator go on from the state."""
    weights = dict(model.named_parameters())
    moments: dict[int, dict[str, Tensor]] = {}
    with torch.no_grad():
        for name, value in state.items():
            part, _, rest = name.partition(".")
            if part == "model":
                weights[rest].copy_(value)
            elif part == "optimizer":
                number, _, kind = rest.partition(".")
                moments.setdefault(int(number), {})[kind] = value
            elif part == "rng":
                torch.set_rng_state(value)
    if moments:
        optimiser.load_state_dict({**optimiser.state_dict(), "state": moments})


@torch.no_grad()
def measured(config: Config, place: Path) -> list[float]:
    """The mean loss of each sequence."""
    model = new_decoder(config)
    take_up(load_file(place / "state.safetensors"), model, new_optimiser(model, config))
    model.eval()
    found: list[float] = []
    for part in torch.split(torch.stack(sequences(place)), AT_ONCE):
        each = losses(model, part, "none").view(len(part), -1)
        found += each.mean(dim=1).tolist()
    return found


def sequences(place: Path) -> list[Tensor]:
    """The rows of tokens that the auditor hands over."""
    held = load_file(place / "batches.safetensors")
    return list(torch.split(held["tokens"], held["lengths"].tolist()))


def flat(state: dict[Any, Any], prefix: str = "") -> dict[str, Tensor]:
    """Every tensor of a nested state by its path."""
    found: dict[str, Tensor] = {}
    for key, value in state.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= flat(value, f"{name}.")
        else:
            found[name] = value.detach().clone()
    return found


def main(task: str, folder: Path) -> None:
    """Nothing; does each job of the folder and leaves the answer there."""
    config = json.loads(
        (Path(__file__).parent / "config.json").read_text(encoding="utf-8")
    )
    for job in json.loads((folder / "jobs.json").read_text(encoding="utf-8"))["jobs"]:
        place = folder / job["folder"]
        if task == "init":
            save_file(first_weights(config, job), place / "out.safetensors")
            continue
        if task == "train":
            state, found = trained(config, job, place)
            save_file(state, place / "out.safetensors")
        else:
            found = measured(config, place)
        text = json.dumps([each.hex() for each in found])
        (place / "losses.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1], Path(sys.argv[2]))
