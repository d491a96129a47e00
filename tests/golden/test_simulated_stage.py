"""The simulated stage comes out as it did when a person last looked at it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from dokja.bundle.compare import differences
from dokja.evidence.canonical import canonical_bytes
from dokja.lineage.values import LineageVerdict
from dokja.programme.values import Tolerance
from tests.programme_simulator import SimulatedStage

GOLDEN = Path(__file__).with_name("simulated_stage.json")
ULPS = Tolerance(
    statistic_relative=Decimal("1e-9"), probability_absolute=Decimal("1e-9")
)
"""Another processor may round the last digits of a float otherwise."""


def test_the_outcome_is_the_golden_one(request: pytest.FixtureRequest) -> None:
    """`--update-goldens` rewrites it; a changed figure needs a "Numbers" line."""
    stage = SimulatedStage()
    stage.verdicts["t2"] = LineageVerdict.DERIVED
    outcome = json.loads(canonical_bytes(stage.run().outcome))
    if request.config.getoption("--update-goldens"):
        text = json.dumps(outcome, indent=1, ensure_ascii=False, sort_keys=True)
        GOLDEN.write_text(text + "\n", encoding="utf-8")
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert list(differences(golden, outcome, tolerance=ULPS)) == []
