"""Decomposition: which named parents a model mixes, and with what weights.

Each layer's tables are fitted by those of the parents, beside two controls made
in the same pass: parents whose rows are shuffled, which must get no weight, and
a mixture planted at known weights, which must be found again.
"""

from dokja.lineage.decomposition.decompose import Decomposition, decompose
from dokja.lineage.decomposition.rules import shipped_decomposition_rules
from dokja.lineage.decomposition.values import (
    ComponentDecomposition,
    DecompositionReport,
    DecompositionRules,
    DecompositionVerdict,
    MixtureForm,
    ParentWeight,
    PartFit,
)

__all__ = [
    "ComponentDecomposition",
    "Decomposition",
    "DecompositionReport",
    "DecompositionRules",
    "DecompositionVerdict",
    "MixtureForm",
    "ParentWeight",
    "PartFit",
    "decompose",
    "shipped_decomposition_rules",
]
