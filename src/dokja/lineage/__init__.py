"""Lineage: do these weights descend from those, component by component?

Exact permutation tests of hidden units (T1) and residual channels (T2), byte
identity (T6) and the agreement of nearest partners, as stored and through
anchor tokens, each beside controls measured in the same pass. `no_evidence` is
never read as `independent`.
"""

from dokja.lineage.compare import Comparison, compare_lineage
from dokja.lineage.ports import LineageSubject
from dokja.lineage.role_map import kinds_of
from dokja.lineage.rules import shipped_rules
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageRules,
    LineageTest,
    LineageVerdict,
    Relation,
    TensorClass,
    TokenizerComparison,
    worst,
)

__all__ = [
    "Comparison",
    "ComponentLineage",
    "LineageReport",
    "LineageRules",
    "LineageSubject",
    "LineageTest",
    "LineageVerdict",
    "Relation",
    "TensorClass",
    "TokenizerComparison",
    "compare_lineage",
    "kinds_of",
    "shipped_rules",
    "worst",
]
