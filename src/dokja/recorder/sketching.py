"""Takes sketches: weights at coordinates drawn by the newest tree head."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dokja.recorder.log_writer import Place
from dokja.recorder.tensors import Places, parameters_of
from dokja.training.values import AnyEvent, Sketch, SketchSet

SKETCH_STEPS = 100
_SETS = 3


class Sketcher:
    """Remembers which roots chose the last coordinates, not the weights there."""

    def __init__(self, model: Any, *, every: int = SKETCH_STEPS) -> None:
        self._tensors = list(parameters_of(model).values())
        self._sizes = [int(tensor.numel()) for tensor in self._tensors]
        self._every = every
        self._places: dict[str, Places] = {}

    def is_due(self, step: int) -> bool:
        """Whether a sketch is taken after this step."""
        return step % self._every == 0

    def forget(self) -> None:
        """Begin anew: the weights are other ones."""
        self._places = {}

    def take(self, step: int, root: str) -> Callable[[Place], AnyEvent]:
        """Sets the weights aside at the old and the new coordinates."""
        if root and root not in self._places:
            self._places[root] = Places(self._tensors, self._sizes, root)
            for old in list(self._places)[:-_SETS]:
                del self._places[old]
        picked = [(each, places.set_aside()) for each, places in self._places.items()]
        return lambda place: Sketch(
            step=step,
            sets=tuple(SketchSet(root=each, weights=read()) for each, read in picked),
            **place,
        )
