"""An agreement held against models that were trained apart.

An agreement has no p-value: its null is what pairs of such models reach. Nothing
among n pairs does not make the rate 0, and pairs that share a model are no
independent trials. Where no pair at all reaches a level, none of k disjoint ones
does, which has probability (1 - rate)^k whatever else the pairs have in common
(after Hoeffding 1963, Journal of the American Statistical Association 58, section
5). That bound assumes nothing on how pairs depend on each other, and is nearly
exact where one odd model agrees with every other.
"""

from __future__ import annotations

from collections.abc import Iterable

from dokja.lineage.measuring import Measured
from dokja.lineage.values import LineageRules, MeasuredNull, NullBound

CONFIDENCE = 0.95


def upper_bound(trials: int) -> float:
    """The largest rate under which no success in `trials` is no surprise at 5 %."""
    return 1.0 if trials < 1 else float(1.0 - (1.0 - CONFIDENCE) ** (1.0 / trials))


def bound_of(nulls: Iterable[MeasuredNull], effect: float) -> NullBound | None:
    """An effect against the measured nulls of its test; None where there are none."""
    known = tuple(nulls)
    if not known:
        return None
    highest = max(null.highest for null in known)
    trials = sum(null.disjoint_pairs for null in known)
    return NullBound(
        models=sum(null.models for null in known),
        pairs=sum(null.pairs for null in known),
        disjoint_pairs=trials,
        highest=highest,
        bound=upper_bound(trials) if effect > highest else None,
    )


def against_models_apart(
    component: str, measured: Measured, rules: LineageRules
) -> NullBound | None:
    """The agreement against what was measured of its kind of component.

    None for a test with a p-value, which needs no such null.
    """
    if measured.p_value is not None:
        return None
    return bound_of(
        (
            null
            for null in rules.measured_nulls
            if null.component == component
            and null.test == measured.id
            and null.tensor_class is measured.tensor_class
        ),
        measured.effect,
    )
