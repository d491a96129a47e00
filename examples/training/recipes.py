"""The recipes of the example models, read from recipes.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Shape:
    """The sizes all example decoders share."""

    vocabulary: int
    hidden_size: int
    intermediate_size: int
    heads: int
    positions: int
    window: int


@dataclass(frozen=True)
class Optimiser:
    """The optimiser settings all example decoders share."""

    name: str
    betas: tuple[float, float]
    weight_decay: float
    warmup: int
    clip: float


@dataclass(frozen=True)
class Vision:
    """The sizes and settings all example vision encoders share."""

    hidden_size: int
    intermediate_size: int
    layers: int
    heads: int
    image_size: int
    patch_size: int
    batch: int
    learning_rate: float
    weight_decay: float
    projector_steps: int
    data: str


@dataclass(frozen=True)
class VisionRun:
    """One vision encoder: its seed, its steps and the model it was copied from, if any."""

    seed: int
    steps: int
    copied_from: str = ""


@dataclass(frozen=True)
class Recipe:
    """How one example model is made."""

    id: str
    folder: str
    model: str
    name: dict[str, str]
    shape: Shape
    layers: int
    seed: int
    steps: int
    batch: int
    learning_rate: float
    mix: dict[str, float]
    warmup: int = 0
    """Steps of warm-up; 0 where they are the optimiser's."""
    parts: int = 1
    """In which each source is read, one after another."""
    checkpoint_every: int = 200
    """Steps between two checkpoints of the record."""
    even: bool = False
    """Whether each batch holds the sources in their shares, as nearly as it can."""
    tokens_per_source: int = 0
    """At most so many are learned from; 0 where all are."""
    materials_in_git: bool = False
    """Whether the repository carries everything that a replay needs."""
    individual_suites: tuple[str, ...] = ()
    vision: VisionRun | None = None

    def materials(self, run: str) -> Path:
        """Where the team keeps what an auditor of one run may ask for."""
        root = EXAMPLES if self.materials_in_git else EXAMPLES.parent / "out"
        return root / "materials" / self.id / run

    @property
    def path(self) -> Path:
        """The model's folder."""
        return EXAMPLES / self.folder

    @property
    def is_reference(self) -> bool:
        """True for the public reference model, which no team hands in."""
        return self.folder.startswith("references/")


@dataclass(frozen=True)
class Recipes:
    """All of recipes.toml."""

    optimiser: Optimiser
    vision: Vision
    models: dict[str, Recipe] = field(default_factory=dict)


def read_recipes() -> Recipes:
    """Everything in recipes.toml, typed."""
    raw = tomllib.loads(
        (Path(__file__).parent / "recipes.toml").read_text(encoding="utf-8")
    )
    shared = Shape(**raw["shape"])
    models = {
        name: _recipe(name, shared, dict(fields))
        for name, fields in raw["models"].items()
    }
    optimiser = dict(raw["optimiser"], betas=tuple(raw["optimiser"]["betas"]))
    return Recipes(Optimiser(**optimiser), Vision(**raw["vision"]), models)


def _recipe(name: str, shared: Shape, fields: dict) -> Recipe:
    fields["individual_suites"] = tuple(fields.get("individual_suites", ()))
    fields["shape"] = replace(shared, **fields.get("shape", {}))
    if "vision" in fields:
        fields["vision"] = VisionRun(**fields["vision"])
    return Recipe(id=name, **fields)
