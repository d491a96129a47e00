"""One model from its recipe: start, changes, training, losses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from architectures import load_model
from bench import Bench
from changes import CHANGES
from corpus import material
from origins import Origins
from recipes import Recipe, Shape, Training
from subjects import Imitation, NextToken, Subject, subject_of
from training import Stretch, train
from transformers import PreTrainedModel
from truth import read_origins, read_shape

# Held-out loss is asserted after these; others move it on purpose.
MAIN = ("prose", "pictures", "sounds")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished model with what is known about it."""

    model: PreTrainedModel
    subject: Subject
    shape: Shape
    origins: Origins
    stretches: list[Stretch]
    held_out_loss: float
    plain_loss: float
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
        subject = subject_of(recipe.shape, self._cache)
        bench = Bench(self, recipe, subject.answers)
        stretches = []
        for step in recipe.steps:
            if not isinstance(step, Training):
                CHANGES[step.name](bench, **step.arguments)
            elif not step.teacher:
                stretches.append(train(bench.model, subject, step))
            else:
                assert isinstance(subject, NextToken)
                lesson = Imitation(subject, self.load(step.teacher)[0])
                stretches.append(train(bench.model, lesson, step))
        loss = subject.held_out_loss(bench.model)
        if stretches and stretches[-1].mix in MAIN:
            assert subject.is_learned(loss), (recipe.id, loss)
        return Made(
            model=bench.model,
            subject=subject,
            shape=bench.shape,
            origins=bench.origins,
            stretches=stretches,
            held_out_loss=loss,
            plain_loss=round(subject.plain_loss(_mix(recipe)), 4),
            logit_change=bench.logit_change,
        )

    def load(self, name: str) -> tuple[PreTrainedModel, Origins, Shape]:
        """A finished model of the set, where its parts come from, and its shape."""
        origins, shape = read_origins(self.place, name), read_shape(self.place, name)
        if not origins.components():  # it began from a seed: it is an ancestor itself
            origins = Origins.copied(name, len(origins.layers))
        return load_model(self.place / name), origins, shape

    def vocabulary(self, shape: Shape) -> dict[str, int]:
        """The tokens of a shape's tokenizer with their numbers."""
        words = material(self._cache, shape.tokenizer, shape.vocabulary)
        return dict(words.tokenizer.get_vocab())


def _mix(recipe: Recipe) -> str:
    return {"vit": "pictures", "whisper": "sounds"}.get(recipe.shape.family, "prose")
