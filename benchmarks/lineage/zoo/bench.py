"""A model on its way through its recipe."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import torch
from architectures import new_model
from origins import Origins
from recipes import Recipe, Shape
from transformers import PreTrainedModel

# Camouflage is an identity on paper; in float32 it costs a few roundings a layer.
LOGIT_TOLERANCE = 3e-5

State = dict[str, torch.Tensor]


class Store(Protocol):
    """Finished models of the same set."""

    def load(self, name: str) -> tuple[PreTrainedModel, Origins, Shape]:
        """A finished model, where its parts come from, and its shape."""

    def vocabulary(self, shape: Shape) -> dict[str, int]:
        """The tokens of a shape's tokenizer with their numbers."""


class Bench:
    """A model, its shape and its origins while the changes of its recipe are made."""

    def __init__(
        self, store: Store, recipe: Recipe, probe: Callable[[PreTrainedModel], Any]
    ) -> None:
        self.store = store
        self.recipe = recipe
        self.probe = probe
        self.logit_change: float | None = None
        if recipe.parents:
            self.model, self.origins, self.shape = store.load(recipe.parents[0])
        else:
            self.model, self.shape = new_model(recipe.shape, recipe.seed), recipe.shape
            self.origins = Origins.fresh(recipe.shape.layers)

    @property
    def head_size(self) -> int:
        """The width of one attention head."""
        return int(
            self.shape.more.get("head_dim", self.shape.hidden // self.shape.heads)
        )

    def draws(self, name: str) -> torch.Generator:
        """The draws of one change: they depend on the recipe's seed and its name."""
        salt = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
        return torch.Generator().manual_seed(self.recipe.seed * 1_000_003 + salt)

    def state(self) -> State:
        """The tensors of the model, detached copies that may be changed."""
        return {k: v.detach().clone() for k, v in self.model.state_dict().items()}

    def put(self, state: Mapping[str, torch.Tensor]) -> None:
        """Nothing; the model takes these tensors, which must be all of its own."""
        self.model.load_state_dict(state, strict=True)

    def rebuild(self, state: Mapping[str, torch.Tensor], **changed: Any) -> None:
        """Nothing; a model of the changed shape takes the place of the present one."""
        self.shape = dataclasses.replace(self.shape, **changed)
        self.model = new_model(self.shape, self.recipe.seed)
        self.put(state)

    def hide(self, name: str, work: Callable[[Bench], None]) -> None:
        """Nothing; makes a change that must not be seen in any answer.

        Raises:
            AssertionError: An answer moved by more than the tolerance.
        """
        before = self.probe(self.model)
        work(self)
        moved = float((self.probe(self.model) - before).abs().max())
        assert moved <= LOGIT_TOLERANCE, (self.recipe.id, name, moved)
        self.logit_change = max(moved, self.logit_change or 0.0)
        self.origins = self.origins.hidden_by(name)
