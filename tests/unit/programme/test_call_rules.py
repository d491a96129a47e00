"""Rules of calls are refused where a call under them could end without an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from dokja.evidence.values import Text
from dokja.programme import check_rulebook
from dokja.programme.call_rules import (
    CallRules,
    CostShareRule,
    FirmSize,
    ObligationKind,
    ObligationRule,
    TrackItem,
    TrackRule,
)
from tests.rulebooks import example_rulebook

MODEL = TrackRule(item=TrackItem.EXISTING_MODEL, least=1)
LATE = ObligationRule(
    id="r", kind=ObligationKind.REPORTING, name=Text("보고", "report"), due_days=-1
)


def _share(start: str, share: str) -> CostShareRule:
    return CostShareRule(
        size=FirmSize.LARGE, open_from=Decimal(start), share=Decimal(share)
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"track": (MODEL, MODEL)}, "existing_model has 2 rules"),
        ({"least_kinds": 5}, "5 kinds of earlier work are asked for"),
        ({"least_sheets": 0}, "least_sheets is 0"),
        ({"least_open_share": Decimal(2)}, "no share"),
        ({"cost_shares": (_share("0.5", "0.3"),)}, "no cost share from 0 on"),
        ({"cost_shares": (_share("0", "1.3"),)}, "cost share of large: 1.3"),
        ({"cost_shares": (_share("0", "0.3"),) * 2}, "has 2 cost shares"),
        ({"obligations": (LATE,)}, "1 days before signing"),
        ({"obligations": (LATE, LATE)}, "stands 2 times"),
    ],
)
def test_a_gap_in_the_rules_is_named(change: dict[str, Any], said: str) -> None:
    """With the clauses that govern calls."""
    rulebook = example_rulebook()
    assert check_rulebook(rulebook) == ()
    assert isinstance(rulebook.call_rules, CallRules)
    rules = msgspec.structs.replace(rulebook.call_rules, **change)
    found = check_rulebook(msgspec.structs.replace(rulebook, call_rules=rules))
    assert any(said in problem for problem in found)
    assert all(problem.startswith("clause 5.1, 5.2, 5.3") for problem in found)
