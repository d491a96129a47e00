"""Which licence may go out under which, and what nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.licence import Compatibility, Handling, judge
from dokja.licence.compatibility import ORDER
from dokja.licence.values import Grant
from tests.licence_fixture import TABLES, read

MATRIX = sorted({name for name, _ in TABLES.cells})
READ = sorted(name for name, row in TABLES.terms.items() if row.is_read)
NAMES = st.sampled_from(sorted({*MATRIX, *TABLES.terms, "LicenseRef-our-own"}))
HANDLING = st.sampled_from(Handling)


def verdict(outbound: str, inbound: str, handling: Handling) -> Compatibility:
    """The verdict with the shipped tables."""
    return judge(read(outbound), read(inbound), handling, TABLES).verdict


CASES = {
    ("Apache-2.0", "MIT"): "compatible",
    ("GPL-2.0-only", "Apache-2.0"): "incompatible",
    ("Apache-2.0", "GPL-3.0-only"): "incompatible",
    ("Apache-2.0", "Llama 3.1"): "conditional",
    ("Llama 3.1", "Llama 3.1"): "compatible",
    ("Apache-2.0", "gemma"): "incompatible",
    ("Apache-2.0", "bigscience-openrail-m"): "incompatible",
    ("CC-BY-4.0", "gemma"): "incompatible",
    ("Apache-2.0", "qwen-research"): "incompatible",
    ("qwen-research", "CC-BY-NC-4.0"): "conditional",
    ("MIT", "exaone-1.1-nc"): "incompatible",
    ("Apache-2.0", "KOGL-1"): "conditional",
    ("Apache-2.0", "KOGL-2"): "incompatible",
    ("Apache-2.0", "KOGL-3"): "incompatible",
    ("KOGL-3", "KOGL-3"): "incompatible",
    ("GPL-3.0-only", "CC-BY-SA-4.0"): "conditional",
    ("Apache-2.0", "CC-BY-SA-4.0"): "incompatible",
    ("gemma", "CC0-1.0"): "compatible",
    ("Apache-2.0", "jamba"): "unknown",
    ("jamba", "jamba"): "unknown",
    ("LicenseRef-our-own", "MIT"): "unknown",
    ("LicenseRef-our-own", "LicenseRef-our-own"): "unknown",
    ("Apache-2.0", ""): "unknown",
    ("Apache-2.0", "GPL-3.0-only OR MIT"): "compatible",
    ("Apache-2.0", "GPL-3.0-only AND MIT"): "incompatible",
    ("Apache-2.0 OR GPL-3.0-only", "GPL-3.0-only"): "incompatible",
    ("MIT OR GPL-2.0-only", "MIT OR GPL-2.0-only"): "compatible",
}


@pytest.mark.parametrize("pair", CASES, ids=lambda pair: f"{pair[1]} into {pair[0]}")
def test_changed_works(pair: tuple[str, str]) -> None:
    """Each with the reason in both languages."""
    found = judge(read(pair[0]), read(pair[1]), Handling.CHANGED, TABLES)
    assert found.verdict == CASES[pair], found.reason.en
    assert found.reason.ko
    assert found.reason.en


def test_a_frozen_part_keeps_a_licence_against_changes() -> None:
    """KOGL types 3 and CC-BY-SA bind what was changed, not what lies beside."""
    assert verdict("KOGL-3", "KOGL-3", Handling.UNCHANGED) == "compatible"
    assert verdict("Apache-2.0", "KOGL-3", Handling.UNCHANGED) == "conditional"
    assert verdict("Apache-2.0", "CC-BY-SA-4.0", Handling.UNCHANGED) == "conditional"


@given(st.sampled_from([*MATRIX, *READ]), HANDLING)
def test_a_licence_goes_with_itself(name: str, handling: Handling) -> None:
    """Unless it forbids handing on what was changed."""
    row = TABLES.terms.get(name)
    forbids = row is not None and row.derivatives is Grant.FORBIDDEN
    if forbids and handling is Handling.CHANGED:
        assert verdict(name, name, handling) is Compatibility.INCOMPATIBLE
    else:
        assert verdict(name, name, handling) is Compatibility.COMPATIBLE


@given(NAMES, NAMES, NAMES, HANDLING)
def test_order_of_an_expression_means_nothing(
    one: str, two: str, out: str, handling: Handling
) -> None:
    """AND and OR are symmetric on both sides."""
    for word in ("AND", "OR"):
        left, right = f"({one}) {word} ({two})", f"({two}) {word} ({one})"
        assert verdict(out, left, handling) is verdict(out, right, handling)
        assert verdict(left, out, handling) is verdict(right, out, handling)


@given(NAMES, NAMES, NAMES, HANDLING)
def test_more_duties_never_help_and_more_choice_never_harms(
    one: str, two: str, out: str, handling: Handling
) -> None:
    """What is received under two licences at once is as bad as the worse."""
    alone = ORDER[verdict(out, one, handling)]
    assert ORDER[verdict(out, f"({one}) AND ({two})", handling)] >= alone
    assert ORDER[verdict(out, f"({one}) OR ({two})", handling)] <= alone


@given(NAMES, HANDLING)
def test_what_nobody_read_is_never_compatible(name: str, handling: Handling) -> None:
    """Unknown stays unknown on either side of a pair."""
    for other in ("LicenseRef-our-own", "LicenseRef-Jamba-Open-Model"):
        assert verdict(name, other, handling) is Compatibility.UNKNOWN
        assert verdict(other, name, handling) in (
            Compatibility.UNKNOWN,
            Compatibility.INCOMPATIBLE,
        )
