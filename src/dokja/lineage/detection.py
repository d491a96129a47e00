"""How small a share of the reference the same pass would have found."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.lineage.controls import Pass, planted
from dokja.lineage.pairing import Pair
from dokja.lineage.values import LineageVerdict
from dokja.lineage.verdict import statistical_verdict, supported_layers
from dokja.lineage.weighing import ControlResult, weigh


def detection_limit(
    pair: Pair, settings: Pass, searched: int, controls: Sequence[ControlResult]
) -> float | None:
    """Least planted share from which every larger one is called derived.

    The reference is mixed into the candidate's own tensors and the same
    tests, corrections and controls are applied. None where no share that the
    rules list is found, or where shapes leave nothing to plant into.
    """
    rules, limit = settings.rules, None
    for share in sorted(rules.detection_shares, reverse=True):
        plant = planted(pair, share)
        if plant is None:
            return None
        weighed = weigh(plant, settings, searched, controls, with_agreement=False)
        layers = supported_layers(plant, weighed, rules, searched)
        verdict = statistical_verdict(pair.candidate.kind, weighed, layers, rules)
        if verdict is not LineageVerdict.DERIVED:
            return limit
        limit = share
    return limit
