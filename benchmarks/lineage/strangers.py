"""Pairs of a zoo's set whose models were trained apart, and their order of work."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from dokja.evidence.seeds import permutation, seed_for

Names = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a set's truth.json says of the models that are finished."""

    name: str
    place: Path
    planned: int
    models: dict[str, dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether every planned model is finished."""
        return len(self.models) >= self.planned

    def share_order(self, pair: Names) -> bool:
        """Whether both saw their data in one order."""
        mine, theirs = (set(self.models[name]["data_orders"]) for name in pair)
        return bool(mine & theirs)


def read_truth(place: Path) -> Truth:
    """The finished models of the set at `place`; none where it is not begun."""
    path = place / "truth.json"
    if not path.exists():
        return Truth(name=place.name, place=place, planned=1 << 30, models={})
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Truth(
        name=stored["set"],
        place=place,
        planned=stored["planned"],
        models=stored["models"],
    )


def strangers(truth: Truth) -> Iterator[Names]:
    """Every pair of models trained from seeds of their own, once.

    What started from another model's weights, learned from its answers or began
    from the same draw of the weights is no stranger.
    """
    apart = [
        name
        for name, model in truth.models.items()
        if model["relation"] == "base" and model["from_seed"] and not model["derives"]
    ]
    for reference, candidate in combinations(sorted(apart), 2):
        if truth.models[reference]["seed"] != truth.models[candidate]["seed"]:
            yield candidate, reference


def in_order(truth: Truth) -> list[Names]:
    """Disjoint pairs first, then those with one data order, then as drawn.

    So that a run that ends early has asked every model, and the pairs in which
    most is alike.
    """
    pairs = list(strangers(truth))
    drawn = [pairs[at] for at in permutation(seed_for(truth.name, "pairs"), len(pairs))]
    first = set(_disjoint(drawn))
    return sorted(
        drawn, key=lambda pair: (pair not in first, not truth.share_order(pair))
    )


def _disjoint(pairs: Sequence[Names]) -> Iterator[Names]:
    taken: set[str] = set()
    for pair in pairs:
        if taken.isdisjoint(pair):
            taken.update(pair)
            yield pair
