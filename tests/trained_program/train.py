"""A small GPT in plain PyTorch, and the three tasks an auditor asks of it.

    python train.py init|train|loss FOLDER

It is a team's own program: it knows nothing of Dokja but the folder of a job, which
docs/guides/training.md describes. `config.json` beside it holds sizes and dropout.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

Tensors = dict[str, torch.Tensor]
BETAS, DECAY, CLIP = (0.9, 0.95), 0.1, 1.0


class Block(torch.nn.Module):
    """Attention and a feed-forward part, each added to what came in."""

    def __init__(self, hidden: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.norm_1 = torch.nn.LayerNorm(hidden)
        self.attend = torch.nn.Linear(hidden, 3 * hidden)
        self.merge = torch.nn.Linear(hidden, hidden)
        self.norm_2 = torch.nn.LayerNorm(hidden)
        self.widen = torch.nn.Linear(hidden, 4 * hidden)
        self.narrow = torch.nn.Linear(4 * hidden, hidden)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(batch, length, hidden) of the same."""
        batch, length, hidden = x.shape
        parts = self.attend(self.norm_1(x)).view(batch, length, 3, self.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(
            query, key, value, is_causal=True
        )
        joined = self.merge(seen.transpose(1, 2).reshape(batch, length, hidden))
        x = x + functional.dropout(joined, self.dropout, self.training)
        wide = self.narrow(functional.gelu(self.widen(self.norm_2(x))))
        return x + functional.dropout(wide, self.dropout, self.training)


class SmallModel(torch.nn.Module):
    """Next-token logits; the table of embeddings reads and writes."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        hidden = config["hidden"]
        self.embed = torch.nn.Embedding(config["vocabulary"], hidden)
        self.place = torch.nn.Embedding(config["context"], hidden)
        self.blocks = torch.nn.ModuleList(
            Block(hidden, config["heads"], config["dropout"])
            for _ in range(config["layers"])
        )
        self.norm = torch.nn.LayerNorm(hidden)
        self.is_coarse = config.get("dtype") == "bfloat16"

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(batch, length, vocabulary) logits."""
        x = self.embed(ids) + self.place.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        return functional.linear(self.norm(x), self.embed.weight)


def read_config(folder: Path) -> dict[str, Any]:
    """Sizes of the model and its dropout."""
    found: dict[str, Any] = json.loads((folder / "config.json").read_text())
    return found


def fresh(config: dict[str, Any], seed: str) -> SmallModel:
    """The model as its seed gives it: matrices from N(0, 0.02²), biases zero."""
    model = SmallModel(config)
    generator = torch.Generator().manual_seed(int(seed))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1:
                weight.normal_(0.0, 0.02, generator=generator)
            else:
                weight.fill_(float(".norm" in f".{name}" and name.endswith("weight")))
    torch.manual_seed(int(seed) + 1)
    return model


def optimizer_of(model: SmallModel) -> torch.optim.AdamW:
    """The optimizer, before any step."""
    return torch.optim.AdamW(
        model.parameters(), lr=0.0, betas=BETAS, weight_decay=DECAY
    )


def take_step(
    model: SmallModel,
    optimizer: torch.optim.Optimizer,
    ids: torch.Tensor,
    lr: float,
    parts: int = 1,
) -> torch.Tensor:
    """The loss of one step that was taken at this rate, the batch in so many parts."""
    model.train()
    for group in optimizer.param_groups:
        group["lr"] = lr
    optimizer.zero_grad()
    total = torch.zeros(())
    for part in ids.chunk(parts):
        loss = losses_of(model, part).mean() * (len(part) / len(ids))
        loss.backward()  # type: ignore[no-untyped-call]
        total += loss.detach()
    torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    optimizer.step()
    return total


def losses_of(model: SmallModel, ids: torch.Tensor) -> torch.Tensor:
    """(batch,) mean loss of each sequence."""
    with torch.autocast("cpu", torch.bfloat16, enabled=model.is_coarse):
        logits = model(ids[:, :-1])
    each = functional.cross_entropy(
        logits.float().transpose(1, 2), ids[:, 1:], reduction="none"
    )
    return each.mean(dim=1)


def state_of(model: SmallModel, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """The whole state, nested as a checkpoint of it is recorded."""
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict()["state"],
        "rng": {"torch": torch.get_rng_state()},
    }


def flat(state: dict[Any, Any], prefix: str = "") -> Tensors:
    """Every tensor of a nested state by its path."""
    found: Tensors = {}
    for key, value in state.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value.detach().clone()
    return found


def load(model: SmallModel, optimizer: torch.optim.Optimizer, state: Tensors) -> None:
    """Nothing; takes up a recorded state. Rates come with each step, not from here."""
    weights = {k[6:]: v for k, v in state.items() if k.startswith("model.")}
    model.load_state_dict(weights)
    moments: dict[int, Tensors] = {}
    for key, value in state.items():
        if key.startswith("optimizer."):
            _, number, name = key.split(".")
            moments.setdefault(int(number), {})[name] = value
    if moments:
        held = optimizer.state_dict()
        optimizer.load_state_dict({**held, "state": moments})
    if "rng.torch" in state:
        torch.set_rng_state(state["rng.torch"])


def train_again(
    config: dict[str, Any],
    job: dict[str, Any],
    start: Tensors,
    batches: Sequence[torch.Tensor],
) -> tuple[Tensors, list[float]]:
    """Where the job's steps lead from its start, and the loss of each step."""
    model = fresh(config, (job["init"] or {"seed": "0"})["seed"])
    optimizer = optimizer_of(model)
    load(model, optimizer, start)
    parts = int(job["configuration"]["micro_batches"])
    losses = [
        float(take_step(model, optimizer, ids, float.fromhex(step["lr"]), parts))
        for step, ids in zip(job["steps"], batches, strict=True)
    ]
    return flat(state_of(model, optimizer)), losses


@torch.no_grad()
def losses_again(
    config: dict[str, Any], start: Tensors, rows: Iterable[torch.Tensor]
) -> list[float]:
    """Mean loss of each row without dropout."""
    model = fresh(config, "0")
    load(model, optimizer_of(model), start)
    model.eval()
    ids = torch.stack(list(rows))
    return [
        float(loss) for part in torch.split(ids, 64) for loss in losses_of(model, part)
    ]


def rows_of(held: Tensors) -> list[torch.Tensor]:
    """Sequences of a file of batches, in order."""
    return list(torch.split(held["tokens"], held["lengths"].tolist()))


def main(task: str, folder: Path) -> None:
    """Nothing; does each job of the folder, and writes what came of it there."""
    config = read_config(Path(__file__).parent)
    orders = json.loads((folder / "jobs.json").read_text())
    for job in orders["jobs"]:
        place = folder / job["folder"]
        if task == "init":
            model = fresh(config, job["init"]["seed"])
            save_file(flat(dict(model.named_parameters())), place / "out.safetensors")
            continue
        start = load_file(place / "state.safetensors")
        held = load_file(place / "batches.safetensors")
        rows = rows_of(held)
        if task == "loss":
            losses = losses_again(config, start, rows)
        else:
            steps = [n for step in job["steps"] for n in [step["sequences"]]]
            ends = [sum(steps[: n + 1]) for n in range(len(steps))]
            batches = [
                torch.stack(rows[end - size : end])
                for end, size in zip(ends, steps, strict=True)
            ]
            out, losses = train_again(config, job, start, batches)
            save_file(out, place / "out.safetensors")
        text = json.dumps([loss.hex() for loss in losses])
        (place / "losses.json").write_text(text)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1], Path(sys.argv[2]))
