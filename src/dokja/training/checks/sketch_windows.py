"""Stretches of a run between two sketches of the same coordinates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dokja.evidence.values import Text
from dokja.training.checks.case import Case
from dokja.training.reach import Rates
from dokja.training.sketch import Array, coordinates
from dokja.training.values import (
    Gap,
    Resume,
    Rollback,
    Sketch,
    Step,
    TensorDigest,
)

_UNITS = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10}
_COARSE = 2.0**-7
"""Relative rounding of a stored weight, once a step at the most; of bfloat16, and of
what is not known here, the second."""

Tensors = tuple[TensorDigest, ...]
Seen = tuple[Sketch, dict[str, Array]]
"""A sketch with its weights by the root that chose where they stand."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """The same coordinates before and after a stretch of steps."""

    first: Sketch
    last: Sketch
    root: str
    start: Array
    end: Array
    units: Array
    """(n,) relative rounding of each of the weights."""
    rates: Rates


class Coordinates:
    """Where each root looks, worked out once."""

    def __init__(self, tensors: Tensors) -> None:
        self._sizes = [math.prod(tensor.shape) for tensor in tensors]
        self._units = np.array([unit_of(tensor.dtype) for tensor in tensors])
        self._known: dict[str, Array] = {}

    @cached_property
    def count(self) -> int:
        """Weights in a set of a sketch."""
        return len(coordinates("", self._sizes)[0])

    def units(self, root: str) -> Array:
        """(n,) relative rounding of the weights at the root's coordinates."""
        if root not in self._known:
            self._known[root] = self._units[coordinates(root, self._sizes)[0]]
        return self._known[root]


def unit_of(dtype: str) -> float:
    """By how much of itself a stored weight is rounded once it is written."""
    return _UNITS.get(dtype, _COARSE)


def windows(case: Case, tensors: Tensors) -> list[Window]:
    """Neighbouring sketches with the steps between them, ordered by coordinates."""
    found: list[Window] = []
    places = Coordinates(tensors)
    before: Seen | None = None
    lr: list[float] = []
    taken = 0
    for event in case.reading.of(Step, Sketch, Resume, Rollback, Gap):
        if isinstance(event, Step):
            if not event.skipped:
                lr.append(float.fromhex(event.lr))
                taken += 1
        elif isinstance(event, Sketch):
            weights = _weights(event)
            if before is not None:
                rates = Rates(np.asarray(lr, dtype=np.float64), taken - len(lr))
                found += _shared(before, (event, weights), rates, places)
            before, lr = (event, weights), []
        else:
            before = None
    return sorted(found, key=lambda w: (w.root, w.first.seq))


def chosen_otherwise(case: Case, tensors: Tensors) -> Text | None:
    """What speaks against the coordinates having been drawn by heads, if anything."""
    if not tensors:
        return Text(
            ko="처음 가중치의 텐서 목록이 없어 스케치 좌표를 알 수 없습니다.",
            en="The list of first weights is missing, so coordinates are not known.",
        )
    known = {s.head.root.hex(): s.head.size for s in case.reading.heads}
    drawn = Coordinates(tensors).count
    for event in case.reading.of(Sketch):
        roots = [each.root for each in event.sets]
        for each in event.sets:
            size = known.get(each.root)
            drawn_late = size is None or size > event.seq
            twice = roots.count(each.root) > 1
            if drawn_late or twice or len(each.weights) != drawn:
                return Text(
                    ko=f"사건 {event.seq}의 스케치 좌표가 앞선 헤드에서 나온 것이 "
                    f"아닙니다.",
                    en=f"The coordinates of the sketch in event {event.seq} were not "
                    "drawn by an earlier tree head.",
                )
    return None


def _shared(
    first: Seen, last: Seen, rates: Rates, places: Coordinates
) -> Iterator[Window]:
    for root, start in first[1].items():
        end = last[1].get(root)
        if end is not None and len(end) == len(start) > 0:
            yield Window(
                first=first[0],
                last=last[0],
                root=root,
                start=start,
                end=end,
                units=places.units(root),
                rates=rates,
            )


def _weights(event: Sketch) -> dict[str, Array]:
    """The weights of each set, by the root that chose where they stand."""
    return {
        each.root: np.array([*map(float.fromhex, each.weights)]) for each in event.sets
    }
