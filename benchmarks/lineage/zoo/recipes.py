"""What the zoo is made of: the values a recipe consists of, and its digest."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Raise this when the code changes what a recipe means: everything is built anew.
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Shape:
    """An architecture at a size; `more` holds what only one family knows."""

    family: str = "llama"
    hidden: int = 192
    layers: int = 6
    intermediate: int = 512
    heads: int = 6
    kv_heads: int = 2
    vocabulary: int = 2048
    tokenizer: str = "plain"
    tied: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Training:
    """One stretch of training; `order` alone decides which rows come when."""

    steps: int
    order: int
    rate: float
    mix: str = "prose"
    rows: int = 8
    window: int = 128
    objective: str = "next"
    low_rank: int = 0
    teacher: str = ""
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A named change of the weights with its arguments."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One model of the zoo: where it starts and what is then done to it.

    `parents[0]` is the start, if there is any; without parents the model starts
    from `seed`. `borrowed` names models whose weights or answers a later step uses.
    """

    id: str
    relation: str
    shape: Shape
    seed: int
    steps: tuple[Training | Change, ...]
    parents: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()
    strength: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The models that must be built before this one."""
        return self.parents + self.borrowed


def change(name: str, **arguments: Any) -> Change:
    """A change with its arguments."""
    return Change(name=name, arguments=arguments)


def _said(value: Any) -> Any:
    # Only what a recipe says: a new field with a default must not rebuild the zoo.
    if isinstance(value, tuple):
        return [_said(one) for one in value]
    if not dataclasses.is_dataclass(value):
        return value
    return {
        one.name: _said(getattr(value, one.name))
        for one in dataclasses.fields(value)
        if getattr(value, one.name) != one.default
        and not (one.name in ("more", "arguments") and not getattr(value, one.name))
    }


def digests(recipes: list[Recipe]) -> dict[str, str]:
    """The digest of every recipe: over its values and the digests of what it needs."""
    known: dict[str, str] = {}
    for recipe in recipes:
        content = {
            "version": VERSION,
            "recipe": _said(recipe),
            "needs": [known[name] for name in recipe.needs],
        }
        text = json.dumps(content, sort_keys=True)
        known[recipe.id] = hashlib.sha256(text.encode()).hexdigest()
    return known
