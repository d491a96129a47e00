"""How a derived component came from the reference, as far as weights tell."""

from __future__ import annotations

from dokja.lineage.values import LineageVerdict, Relation
from dokja.lineage.verdict import LayerMap


def relation_of(
    verdict: LineageVerdict, layers: LayerMap, reference_depth: int
) -> Relation | None:
    """What the weights alone tell of how the component came about."""
    if verdict is LineageVerdict.IDENTICAL:
        return Relation.COPY
    if verdict not in (LineageVerdict.DERIVED, LineageVerdict.PARTIAL):
        return None
    found = [layer for layer in layers if layer is not None]
    if verdict is LineageVerdict.DERIVED and found:
        if len(found) > reference_depth and len(set(found)) < len(found):
            return Relation.DEPTH_UPSCALED
        if len(found) < reference_depth and found == sorted(set(found)):
            return Relation.LAYERS_DROPPED
    return Relation.UNKNOWN
