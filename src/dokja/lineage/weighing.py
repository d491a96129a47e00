"""Test results with their corrections and controls."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from dokja.evidence.values import Text
from dokja.lineage.anchored_agreement import (
    ANCHORED_AGREEMENT,
    anchored_agreement,
    anchored_views,
    asked_units,
    disturbed,
    exchanged,
)
from dokja.lineage.anchors import AnchoredModel
from dokja.lineage.controls import (
    Pass,
    known_descendant,
    known_strangers,
    measure,
    measure_agreement,
)
from dokja.lineage.measuring import Measured, NotMeasured
from dokja.lineage.pairing import Pair
from dokja.lineage.values import LineageRules, LineageTest
from dokja.statistics.holm import holm

BLIND = Text(
    ko="이 크기에서는 파생이 확실한 대조군도 발견되지 않음",
    en="A known descendant of this size is not found either.",
)


@dataclass(frozen=True, kw_only=True)
class ControlResult:
    """One test on the known strangers and on the known descendant."""

    strangers: tuple[float, ...]
    """Effects."""
    descendant: float
    descendant_found: bool
    """Whether the test sees a known descendant; if not it is blind here."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One test with its corrected p-value and its controls."""

    measured: Measured
    p_value: float | None
    controls: ControlResult

    def clears_controls(self, margin: float) -> bool:
        """Whether the effect exceeds every stranger by `margin` deviations."""
        effects = self.controls.strangers
        if len(effects) < 2:
            return False
        return self.measured.effect > max(effects) + margin * statistics.stdev(effects)

    def carries(self, rules: LineageRules) -> bool:
        """Whether it is significant, large enough and above the controls."""
        return (
            self.p_value is not None
            and self.controls.descendant_found
            and self.p_value <= rules.derived_p
            and self.measured.effect >= rules.effect_minimum
            and self.clears_controls(rules.control_margin)
        )

    def needs_a_person(self, rules: LineageRules) -> bool:
        """Whether it is too unusual to be passed over."""
        if self.p_value is not None:
            return self.p_value <= rules.refer_p
        least = rules.agreement_derived
        if self.measured.id == ANCHORED_AGREEMENT:
            least = rules.anchored_refer
        return self.measured.effect >= least and self.clears_controls(
            rules.control_margin
        )


def corrected(
    tests: Sequence[Measured], rules: LineageRules, searched: int
) -> tuple[float, ...]:
    """p-values after Holm over the tests and Bonferroni over the searched."""
    raw = [test.p_value if test.p_value is not None else 1.0 for test in tests]
    return tuple(min(1.0, max(rules.p_floor, searched * value)) for value in holm(raw))


def run_controls(
    pair: Pair, settings: Pass, searched: int
) -> tuple[ControlResult, ...]:
    """The controls of every test of the pass: of `measure`, then of agreement."""
    rules = settings.rules
    descendant = known_descendant(pair, settings)
    found = _measured(measure(descendant, settings))
    p_values = corrected(found, rules, searched)
    agreeing = measure_agreement(descendant, settings)
    negatives = [
        [
            *(test.effect for test in _measured(measure(stranger, settings))),
            *(test.effect for test in measure_agreement(stranger, settings)),
        ]
        for stranger in known_strangers(pair, settings)
    ]
    seen = [p <= rules.derived_p for p in p_values]
    seen += [test.effect >= rules.agreement_derived for test in agreeing]
    return tuple(
        ControlResult(strangers=effects, descendant=test.effect, descendant_found=sees)
        # The candidate may lack the views that the reference has.
        for test, sees, effects in zip(
            (*found, *agreeing), seen, zip(*negatives, strict=True), strict=False
        )
    )


def weigh(
    pair: Pair,
    settings: Pass,
    searched: int,
    controls: Sequence[ControlResult],
    *,
    with_agreement: bool,
) -> tuple[Weighed, ...]:
    """Every test of the pair with its corrected p-value and given controls."""
    tests = _measured(measure(pair, settings))
    p_values: list[float | None] = [*corrected(tests, settings.rules, searched)]
    if with_agreement:
        agreeing = measure_agreement(pair, settings)
        tests, p_values = (*tests, *agreeing), [*p_values, *(None for _ in agreeing)]
    return tuple(
        Weighed(measured=test, p_value=p_value, controls=control)
        for test, p_value, control in zip(tests, p_values, controls, strict=False)
    )


def weigh_anchored(
    candidate: AnchoredModel, reference: AnchoredModel, settings: Pass
) -> Weighed:
    """The anchored agreement of two decoders with controls of the same pass."""
    rules, text = settings.rules, settings.seed_text
    mine, theirs = anchored_views(candidate), anchored_views(reference)
    descendant = disturbed(
        reference,
        noise=rules.control_noise,
        width=candidate.inputs.shape[1],
        seed_text=text,
    )
    asked = asked_units(theirs, rules.sample_units, text)
    found = anchored_agreement(anchored_views(descendant), asked, rules)
    return Weighed(
        measured=anchored_agreement(mine, asked, rules),
        p_value=None,
        controls=ControlResult(
            strangers=tuple(
                anchored_agreement(mine, stranger, rules).effect
                for stranger in exchanged(asked, rules.control_draws, text)
            ),
            descendant=found.effect,
            descendant_found=found.effect >= rules.anchored_refer,
        ),
    )


def not_measured(pair: Pair, settings: Pass) -> tuple[NotMeasured, ...]:
    """Tests that the pair's shapes rule out."""
    return tuple(
        test for test in measure(pair, settings) if isinstance(test, NotMeasured)
    )


def published(weighed: Weighed, rules: LineageRules) -> LineageTest:
    """The test as the report carries it; no statistic where it is blind.

    A test that misses the known descendant and yet stands out is shown: it
    sends the component to a person.
    """
    measured, seen = weighed.measured, weighed.controls.descendant_found
    blind = not seen and not weighed.needs_a_person(rules)
    return LineageTest(
        id=measured.id,
        tensor_class=measured.tensor_class,
        statistic=None if blind else measured.statistic,
        effect=None if blind else measured.effect,
        p_value=None if blind else weighed.p_value,
        null=measured.null,
        survives=measured.survives,
        controls_negative=weighed.controls.strangers,
        control_positive=weighed.controls.descendant,
        reason=BLIND if blind else None,
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


def _measured(
    tests: Sequence[Measured | NotMeasured],
) -> tuple[Measured, ...]:
    return tuple(test for test in tests if isinstance(test, Measured))
