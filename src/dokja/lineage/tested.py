"""Which tensors of a candidate entered a test, and which did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dokja.lineage.layer_sample import LayerSample
from dokja.lineage.layout import Layout
from dokja.lineage.roles import CLASS_OF


def silent_names(layout: Layout, samples: Sequence[LayerSample]) -> dict[str, str]:
    """Names of tables that cannot tell two models apart, with the reason."""
    return {
        piece.label: reason
        for number, sample in enumerate(samples)
        for role, reason in sample.silent.items()
        for piece in layout.layers[number][role].pieces
    }


def tested_names(layout: Layout, untested: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the tensors that carry evidence and were not left out."""
    return tuple(
        piece.label
        for slot, table in layout.slots().items()
        for piece in table.pieces
        if slot.role in CLASS_OF and piece.label not in untested
    )


def listed(untested: Mapping[str, str]) -> tuple[str, ...]:
    """The names left out, each with the reason, in order."""
    return tuple(f"{name}: {reason}" for name, reason in sorted(untested.items()))
