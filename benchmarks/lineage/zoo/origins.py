"""Where each part of a model comes from, kept up to date while it is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Origins:
    """The ancestors of a model's parts; None where a part began from a seed.

    `layers[i]` is (ancestor, its layer) for layer i. Ancestors are the models that
    were trained from a seed, so that relations across several generations compose.
    """

    embeddings: str | None
    head: str | None
    layers: tuple[tuple[str, int] | None, ...]
    camouflage: tuple[str, ...] = ()
    merge_weights: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def fresh(cls, layers: int) -> Origins:
        """The origins of a model that began from a seed."""
        return cls(embeddings=None, head=None, layers=(None,) * layers)

    @classmethod
    def copied(cls, of: str, layers: int) -> Origins:
        """The origins of a copy of a model that began from a seed."""
        whole = tuple((of, layer) for layer in range(layers))
        return cls(embeddings=of, head=of, layers=whole)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Origins:
        """The origins as `stored` gave them."""
        return cls(
            embeddings=stored["embeddings"],
            head=stored["head"],
            layers=tuple(
                (layer[0], layer[1]) if layer else None for layer in stored["layers"]
            ),
            camouflage=tuple(stored["camouflage"]),
            merge_weights=tuple(stored["merge_weights"].items()),
            notes=tuple(stored["notes"]),
        )

    def stored(self) -> dict[str, Any]:
        """The origins as JSON values."""
        return {
            **dataclasses.asdict(self),
            "merge_weights": dict(self.merge_weights),
        }

    def rearranged(self, order: Sequence[int]) -> Origins:
        """The origins once layer i is what was layer order[i]."""
        return dataclasses.replace(self, layers=tuple(self.layers[i] for i in order))

    def hidden_by(self, name: str) -> Origins:
        """The origins with one more camouflage named."""
        return dataclasses.replace(self, camouflage=(*self.camouflage, name))

    def noted(self, note: str) -> Origins:
        """The origins with one more note."""
        return dataclasses.replace(self, notes=(*self.notes, note))

    def components(self) -> dict[str, dict[str, Any]]:
        """For each ancestor what derives from it: embeddings, head, the layer map."""
        names = {self.embeddings, self.head, *(one[0] for one in self.layers if one)}
        return {
            name: {
                "embeddings": self.embeddings == name,
                "head": self.head == name,
                "layer_map": [
                    one[1] if one and one[0] == name else None for one in self.layers
                ],
            }
            for name in sorted(n for n in names if n)
        }
