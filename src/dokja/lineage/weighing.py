"""Test results with their corrections, and what they amount to."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from dokja.evidence.values import Text
from dokja.lineage.exact_tests import T2, T3
from dokja.lineage.gathering import (
    ANCHORED_AGREEMENT,
    ANCHORED_HEADS,
    RAW_AGREEMENT,
)
from dokja.lineage.measuring import ROW_PRODUCTS, Controlled, Measured, NotMeasured
from dokja.lineage.models_apart import against_models_apart
from dokja.lineage.values import LineageRules, LineageTest, NullBound, TensorClass
from dokja.statistics.holm import holm

NEVER_CARRY = (T3, ROW_PRODUCTS)
"""Tests that may send a component to experts and stand for no tensor class."""
BLIND = Text(
    ko="이 크기에서는 파생이 확실한 대조군도 발견되지 않음",
    en="A known descendant of this size is not found either.",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Weighed:
    """One test with its corrected p-value and its controls."""

    measured: Measured
    p_value: float | None
    strangers: tuple[float, ...]
    descendant: float
    descendant_found: bool
    """Whether the test sees a known descendant; if not it is blind here."""
    basis_explains: bool
    """Whether a residual basis in common is enough to explain the match."""
    apart: NullBound | None
    """What models trained apart reach in it; None for a test with a p-value."""

    def clears_controls(self, margin: float) -> bool:
        """Whether the effect exceeds every stranger by `margin` deviations."""
        if len(self.strangers) < 2:
            return False
        limit = max(self.strangers) + margin * statistics.stdev(self.strangers)
        return self.measured.effect > limit

    def clears_models_apart(self, margin: float) -> bool:
        """Whether no agreement of models trained apart comes within `margin`."""
        apart = self.apart
        return apart is not None and self.measured.effect >= apart.highest + margin

    def carries(self, rules: LineageRules) -> bool:
        """Whether it can stand for its tensor class in `derived`.

        A test with a p-value by that and its effect; an agreement by an effect
        that no measured pair of models trained apart comes near, and never where
        none was measured. T3 never: both of its
        classes see one residual basis, which decoders trained on the same
        embeddings have in common. Products of token rows never: strangers share
        the more of them the longer they train (docs/negative-results.md).
        """
        seen = self.descendant_found and self.clears_controls(rules.control_margin)
        if not seen or self.measured.id in NEVER_CARRY:
            return False
        if self.p_value is None:
            significant = self.clears_models_apart(rules.null_margin)
        else:
            significant = self.p_value <= rules.derived_p
        least = derived_from(self.measured.id, rules)
        return significant and self.measured.effect >= least

    def needs_a_person(self, rules: LineageRules) -> bool:
        """Whether it is too unusual to be passed over."""
        if self.p_value is not None:
            return self.p_value <= rules.refer_p and not self.basis_explains
        return self.measured.effect >= refer_from(
            self.measured.id, rules
        ) and self.clears_controls(rules.control_margin)


def weigh(
    tests: Sequence[Controlled],
    rules: LineageRules,
    searched: int,
    *,
    component: str,
    shared_basis: bool,
) -> tuple[Weighed, ...]:
    """Every test with its p-value after Holm and the family's correction.

    Agreements stand beside the nulls measured of this kind of `component`.
    `shared_basis` says that the two have tables outside the layers in common.
    """
    found = _corrected([test.measured.p_value for test in tests], rules, searched)
    seen = _corrected([test.descendant_p for test in tests], rules, searched)
    return tuple(
        Weighed(
            measured=test.measured,
            p_value=p_value,
            strangers=test.strangers,
            descendant=test.descendant,
            descendant_found=test.descendant >= refer_from(test.measured.id, rules)
            if descendant is None
            else descendant <= rules.derived_p,
            basis_explains=shared_basis and _rests_on_basis(test.measured, rules),
            apart=against_models_apart(component, test.measured, rules),
        )
        for test, p_value, descendant in zip(tests, found, seen, strict=True)
    )


def planted(
    tests: Sequence[Controlled],
    weighed: Sequence[Weighed],
    share: float,
    rules: LineageRules,
    searched: int,
) -> tuple[Weighed, ...]:
    """The tests as they would have come out with a share of the reference.

    Only tests that were made of the mixture; the others count as silent.
    """
    pairs = [
        (test.planted[share], known)
        for test, known in zip(tests, weighed, strict=True)
        if share in test.planted
    ]
    silent = sum(test.measured.p_value is not None for test in tests) - len(pairs)
    p_values = _corrected(
        [*(one.p_value for one, _ in pairs), *[1.0] * silent], rules, searched
    )
    return tuple(
        Weighed(
            measured=measured,
            p_value=p_value,
            strangers=known.strangers,
            descendant=known.descendant,
            descendant_found=known.descendant_found,
            basis_explains=known.basis_explains,
            apart=known.apart,
        )
        for (measured, known), p_value in zip(pairs, p_values, strict=False)
    )


def published(weighed: Weighed, rules: LineageRules) -> LineageTest:
    """The test as the report carries it; no statistic where it is blind.

    A test that misses the known descendant and yet stands out is shown: it
    sends the component to a person.
    """
    measured = weighed.measured
    blind = not weighed.descendant_found and not weighed.needs_a_person(rules)
    pairs = measured.pairs
    return LineageTest(
        id=measured.id,
        tensor_class=measured.tensor_class,
        statistic=None if blind else measured.statistic,
        effect=None if blind else measured.effect,
        p_value=None if blind else weighed.p_value,
        null=measured.null,
        survives=measured.survives,
        controls_negative=weighed.strangers,
        control_positive=weighed.descendant,
        reason=BLIND if blind else None,
        layer_effects=()
        if blind or pairs is None
        else tuple(tuple(map(float, row)) for row in pairs.effect.round(4)),
        measured_null=None if blind else weighed.apart,
    )


def published_gap(test: NotMeasured) -> LineageTest:
    """A test that could not be made, with its reason."""
    return LineageTest(
        id=test.id,
        tensor_class=test.tensor_class,
        statistic=None,
        effect=None,
        p_value=None,
        null=test.null,
        survives=test.survives,
        controls_negative=(),
        control_positive=None,
        reason=test.reason,
    )


def _corrected(
    raw: Sequence[float | None], rules: LineageRules, searched: int
) -> list[float | None]:
    """Holm over the tests that have a p-value, Bonferroni over the searched."""
    given = [value for value in raw if value is not None]
    adjusted = iter(holm(given))
    return [
        None
        if value is None
        else min(1.0, max(rules.p_floor, searched * next(adjusted)))
        for value in raw
    ]


def refer_from(id_: str, rules: LineageRules) -> float:
    """The least effect at which an agreement sends a component to a person."""
    return {
        ANCHORED_AGREEMENT: rules.anchored_refer,
        ANCHORED_HEADS: rules.heads_refer,
        ROW_PRODUCTS: rules.gram_refer,
    }.get(id_, rules.agreement_derived)


def derived_from(id_: str, rules: LineageRules) -> float:
    """The least effect at which the test counts towards `derived`."""
    return {
        T2: max(rules.effect_minimum, rules.basis_minimum),
        RAW_AGREEMENT: rules.raw_derived,
        ANCHORED_AGREEMENT: rules.anchored_derived,
        ANCHORED_HEADS: rules.heads_derived,
    }.get(id_, rules.effect_minimum)


def layer_from(test: Weighed, rules: LineageRules) -> float:
    """The least effect at which one layer has a partner, where the test carries."""
    id_ = test.measured.id
    agreement = test.p_value is None
    return refer_from(id_, rules) if agreement else derived_from(id_, rules)


def _rests_on_basis(measured: Measured, rules: LineageRules) -> bool:
    """Whether channels that correspond are all the test has seen.

    What tables outside the layers themselves have in common is not explained
    by itself.
    """
    if measured.tensor_class is TensorClass.BOUNDARY:
        return False
    return measured.id == T3 or (
        measured.id == T2 and measured.effect < derived_from(T2, rules)
    )
