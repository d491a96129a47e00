"""How small a share of the reference the same pass would have found."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.lineage.measuring import Controlled
from dokja.lineage.values import LineageRules, LineageVerdict
from dokja.lineage.verdict import statistical_verdict, supported_layers
from dokja.lineage.weighing import Weighed, planted
from dokja.submission.values import ComponentKind


def detection_limit(
    kind: ComponentKind,
    tests: Sequence[Controlled],
    weighed: Sequence[Weighed],
    rules: LineageRules,
    searched: int,
) -> float | None:
    """Least planted share from which every larger one is called derived.

    The reference was mixed into the candidate's own tables and the same
    tests, corrections and controls are applied. None where no share that the
    rules list is found, or where shapes leave nothing to plant into.
    """
    limit = None
    for share in sorted(rules.detection_shares, reverse=True):
        plants = planted(tests, weighed, share, rules, searched)
        layers = supported_layers(kind, plants, rules, searched)
        verdict = statistical_verdict(kind, plants, layers, rules)
        if verdict is not LineageVerdict.DERIVED:
            return limit
        limit = share
    return limit
