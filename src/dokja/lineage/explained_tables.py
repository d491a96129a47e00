"""What every table of a candidate shares with its partner under the layer map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dokja.lineage.exact_tests import UNIT_GRAM, VALUE_GRAM
from dokja.lineage.explained_share import Part, best_of, share_of, sums_by_block
from dokja.lineage.flat_tables import Tables
from dokja.lineage.heads import HeadViews
from dokja.lineage.layer_pairs import LayerColumn
from dokja.lineage.layer_sample import ANCHORED, RAW, LayerSample
from dokja.lineage.layout import Layout
from dokja.lineage.roles import CLASS_OF, Role, Slot
from dokja.lineage.values import TensorClass
from dokja.lineage.verdict import LayerMap
from dokja.lineage.views import scaled_rows

OTHER_VIEWS = {
    TensorClass.MLP: ((RAW, ANCHORED), UNIT_GRAM.key),
    TensorClass.ATTENTION: ((), VALUE_GRAM.key),
}
"""Agreements and the exact test that see a class of tables in another basis."""


def explained_parts(
    layout: Layout,
    flat: tuple[Tables, Tables],
    samples: Sequence[LayerSample],
    columns: Sequence[LayerColumn],
    layers: LayerMap,
) -> list[Part]:
    """Every parameter that can carry evidence, with what it shares.

    Tables are compared as stored; those of a layer through matched units,
    anchors or products where only these show the copy.
    """
    found: list[Part] = []
    layered: dict[tuple[int, TensorClass], dict[Role, int]] = {}
    for slot, table in layout.slots().items():
        if slot.role not in CLASS_OF:
            continue
        size = math.prod(table.shape)
        if slot.role in flat[0]:
            sums = sums_by_block(flat[0][slot.role], flat[1][slot.role])
            found.append(Part(sums=sums, size=size))
        elif _partner(slot, layers) is None:
            found.append(Part(sums=None, size=size))
        else:
            place = slot.layer, CLASS_OF[slot.role]
            layered.setdefault(place, {})[slot.role] = size
    for (row, tensor_class), sizes in layered.items():
        column = columns[layers[row] or 0]
        direct = _direct(column, row, sizes)
        found += best_of(direct, _other_views(tensor_class, samples[row], column, row))
    return found


def other_parts(
    layout: Layout,
    samples: Sequence[LayerSample],
    columns: Sequence[LayerColumn],
    layers: LayerMap,
) -> list[Part]:
    """Every layered parameter, as stored or by the view that explains more.

    The views of another basis ignore the order of units or heads, the residual basis or
    scales, so a copy that hid behind them shows as whole; what was changed
    besides they rate low or high.
    """
    layered: dict[tuple[int, TensorClass], dict[Role, int]] = {}
    for slot, table in layout.slots().items():
        if slot.role in CLASS_OF and _partner(slot, layers) is not None:
            place = slot.layer, CLASS_OF[slot.role]
            layered.setdefault(place, {})[slot.role] = math.prod(table.shape)
    found: list[Part] = []
    for (row, tensor_class), sizes in layered.items():
        column = columns[layers[row] or 0]
        direct = _direct(column, row, sizes)
        views = _other_views(tensor_class, samples[row], column, row)
        best = max(views, key=lambda part: share_of([part]), default=None)
        if best is None or share_of([best]) <= share_of(direct):
            found += direct
        else:
            found.append(replace(best, size=sum(sizes.values())))
    return found


def _direct(column: LayerColumn, row: int, sizes: dict[Role, int]) -> list[Part]:
    """The tables of one layer and class as stored."""
    return [
        Part(sums=column.explained[role][row], size=size)
        if role in column.explained
        else Part(sums=None, size=size)
        for role, size in sizes.items()
    ]


def other_flat_parts(flat: tuple[Tables, Tables]) -> list[Part]:
    """The tables outside the layers, with the scale of each channel set aside."""
    found = []
    for role in sorted(flat[0].keys() & flat[1].keys()):
        sides = [
            scaled_rows((table - table.mean(axis=0, keepdims=True)).T).T
            for table in (flat[0][role], flat[1][role])
        ]
        sums = sums_by_block(sides[0], sides[1])
        found.append(Part(sums=sums, size=flat[0][role].size))
    return found


def _partner(slot: Slot, layers: LayerMap) -> int | None:
    return layers[slot.layer] if 0 <= slot.layer < len(layers) else None


def _other_views(
    tensor_class: TensorClass, sample: LayerSample, column: LayerColumn, row: int
) -> list[Part]:
    agreements, exact = OTHER_VIEWS.get(tensor_class, ((), ""))
    seen = column.agreement
    found = [seen[key].parts[row] for key in agreements if key in seen]
    if exact in column.exact:
        found.append(column.exact[exact].parts[row])
    if tensor_class is TensorClass.ATTENTION and sample.heads and column.heads:
        found.append(_heads(sample.heads, column.heads))
    return found


def _heads(mine: HeadViews, theirs: HeadViews) -> Part:
    """What query heads share with those of the partner that are nearest."""
    products = mine.written @ theirs.written.T + mine.asked @ theirs.asked.T
    nearest = np.argmax(products, axis=1)
    return Part(
        sums=sums_by_block(
            np.concatenate([mine.written, mine.asked]),
            np.concatenate([theirs.written[nearest], theirs.asked[nearest]]),
        ),
        products=True,
    )
