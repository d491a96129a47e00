"""Tests of the layers that could not be made, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.exact_tests import (
    EXACT_TESTS,
    HIDDEN_UNITS,
    UNIT_GRAM,
    VALUE_GRAM,
    ExactTest,
)
from dokja.lineage.gathering import (
    ANCHORED_AGREEMENT,
    ANCHORED_SURVIVES,
    anchored_null,
)
from dokja.lineage.layer_reader import Plan
from dokja.lineage.measuring import Controlled, NotMeasured
from dokja.lineage.values import TensorClass


def not_made(
    tests: Sequence[Controlled], plan: Plan, anchors: object
) -> tuple[NotMeasured, ...]:
    """What is missing from `tests`; `anchors` are a fact where there are none."""
    made = {(test.measured.id, test.measured.tensor_class) for test in tests}
    classes = {TensorClass.MLP: plan.mlp, TensorClass.ATTENTION: plan.streams}
    found = [
        NotMeasured(
            id=test.id,
            tensor_class=test.tensor_class,
            null=test.null,
            survives=test.survives,
            reason=_why(test, plan),
        )
        for test in EXACT_TESTS
        if (test.id, test.tensor_class) not in made
        and classes[test.tensor_class]
        and (plan.rules.gram_tests or test.key in (HIDDEN_UNITS.key,))
    ]
    anchored = any(id_ == ANCHORED_AGREEMENT for id_, _ in made)
    if plan.rules.anchor_tokens and not anchored:
        fact = anchors if isinstance(anchors, Text) else wording.NO_VIEWS
        found.append(
            NotMeasured(
                id=ANCHORED_AGREEMENT,
                tensor_class=TensorClass.MLP,
                null=anchored_null(plan.rules),
                survives=ANCHORED_SURVIVES,
                reason=wording.sentence(fact),
            )
        )
    return tuple(found)


def _why(test: ExactTest, plan: Plan) -> Text:
    if test in (HIDDEN_UNITS, UNIT_GRAM):
        return wording.UNITS_DIFFER
    if test is VALUE_GRAM:
        return wording.HEADS_DIFFER
    return wording.CHANNELS_DIFFER if plan.channels is None else wording.ROWS_DIFFER
