"""Every change a recipe may name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import camouflage
import derive
import symmetry

CHANGES: dict[str, Callable[..., Any]] = {
    work.__name__: work
    for work in (
        camouflage.mix_value_heads,
        camouflage.rescale,
        camouflage.rotate_residual,
        camouflage.turn_query_pairs,
        derive.arrange_layers,
        derive.group_keys,
        derive.merge,
        derive.prune_hidden,
        derive.prune_neurons,
        derive.quantise,
        derive.renew_embeddings,
        derive.retokenise,
        derive.sparsify,
        derive.take_embeddings,
        derive.take_layers,
        derive.upcycle,
        symmetry.permute_experts,
        symmetry.permute_heads,
        symmetry.permute_neurons,
        symmetry.permute_residual,
    )
}
