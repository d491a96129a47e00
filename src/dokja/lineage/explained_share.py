"""How much of the candidate's weights the reference explains."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.lineage.pairing import Pair
from dokja.lineage.roles import CLASS_OF, Slot
from dokja.lineage.tensors import Matrix


def explained_share(pair: Pair, layer_map: Sequence[int | None]) -> float | None:
    """1 - |B - aA|^2 / |B - mean B|^2, weighted by parameters.

    B is a candidate tensor, A the reference's under the layer map, a the
    best scale. Tensors of a layer without a partner are explained by
    nothing; of token tables only the shared tokens count. None where there
    is nothing to explain.
    """
    explained, total = 0.0, 0.0
    for slot in sorted(pair.candidate.names):
        if slot.role not in CLASS_OF:
            continue
        matrix = pair.candidate.matrix(slot)
        total += matrix.size
        partner = _partner(pair, slot, layer_map)
        if partner is not None and partner.shape == matrix.shape:
            explained += matrix.size * _squared_correlation(matrix, partner)
    return explained / total if total else None


def _partner(pair: Pair, slot: Slot, layer_map: Sequence[int | None]) -> Matrix | None:
    layer: int | None = slot.layer
    if slot.layer >= 0 and layer_map:
        layer = layer_map[slot.layer]
    if layer is None or Slot(slot.role, layer) not in pair.reference.names:
        return None
    return pair.reference.matrix(Slot(slot.role, layer))


def _squared_correlation(left: Matrix, right: Matrix) -> float:
    a = left - left.mean(axis=0, keepdims=True)
    b = right - right.mean(axis=0, keepdims=True)
    scale = float((a * a).sum()) * float((b * b).sum())
    product = float((a * b).sum())
    return product * product / scale if scale > 0.0 and product > 0.0 else 0.0
