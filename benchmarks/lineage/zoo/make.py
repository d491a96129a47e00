"""One model from its recipe: start, changes, training, losses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from architectures import load_model
from bench import Bench
from changes import CHANGES
from corpus import Material, material
from origins import Origins
from recipes import Recipe, Shape, Training
from training import Stretch, held_out_loss, train
from transformers import PreTrainedModel
from truth import read_origins, read_shape

# A trained model must be at least this far below what single tokens pay, in nats.
LEARNED = 0.3
PROBED = 8 * 128


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished model with what is known about it."""

    model: PreTrainedModel
    material: Material
    shape: Shape
    origins: Origins
    stretches: list[Stretch]
    held_out_loss: float
    unigram_entropy: float
    logit_change: float | None


class Workshop:
    """Makes the models of one set; `place` holds what they start from."""

    def __init__(self, cache: Path, place: Path) -> None:
        self._cache = cache
        self.place = place

    def make(self, recipe: Recipe) -> Made:
        """The finished model of a recipe.

        Raises:
            AssertionError: The model breaks one of the zoo's own promises.
        """
        shape = recipe.shape
        words = material(self._cache, shape.tokenizer, shape.vocabulary)
        ids = torch.from_numpy(words.held_out[:PROBED]).view(8, -1)
        bench = Bench(self, recipe, lambda model: _answers(model, ids))
        stretches = []
        for step in recipe.steps:
            if isinstance(step, Training):
                teacher = self.load(step.teacher)[0] if step.teacher else None
                stretches.append(train(bench.model, words, step, teacher))
            else:
                CHANGES[step.name](bench, **step.arguments)
        loss = held_out_loss(bench.model, words, masked=shape.family == "bert")
        entropy = words.unigram_entropy("prose")
        if stretches and stretches[-1].mix == "prose":
            assert loss < entropy - LEARNED, (recipe.id, loss, entropy)
        return Made(
            model=bench.model,
            material=words,
            shape=bench.shape,
            origins=bench.origins,
            stretches=stretches,
            held_out_loss=loss,
            unigram_entropy=round(entropy, 4),
            logit_change=bench.logit_change,
        )

    def load(self, name: str) -> tuple[PreTrainedModel, Origins, Shape]:
        """A finished model of the set, where its parts come from, and its shape."""
        origins, shape = read_origins(self.place, name), read_shape(self.place, name)
        if not origins.components():  # it began from a seed: it is an ancestor itself
            origins = Origins.copied(name, len(origins.layers))
        return load_model(self.place / name), origins, shape


@torch.no_grad()
def _answers(model: PreTrainedModel, ids: torch.Tensor) -> torch.Tensor:
    model.eval()
    logits: torch.Tensor = model(ids).logits
    return logits
