"""Equal values have equal bytes, everywhere and for ever."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from dokja.errors import InvalidInput
from dokja.evidence.canonical import (
    act_digest,
    canonical_bytes,
    digest_bytes,
    digest_of,
    read_as,
)
from dokja.evidence.values import Act, Estimate

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_the_example_of_the_standard_has_the_standard_s_bytes() -> None:
    """Source: RFC 8785, section 3.2.2 and its result in 3.2.3."""
    value = json.loads(
        r"""{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3,
                    0.000000000000000000000000001],
        "string": "€$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
        }"""
    )
    assert (
        canonical_bytes(value)
        == (
            r'{"literals":[null,true,false],"numbers":[333333333.3333333,'
            r'1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
        ).encode()
    )


def test_keys_are_sorted_by_utf_16_units() -> None:
    """An emoji sorts before a Hebrew ligature there, and after it in UTF-8."""
    letters = {"\ufb33": 1, "\U0001f602": 2, "1": 3, "\r": 4}
    assert canonical_bytes(letters) == (
        '{"\\r":4,"1":3,"\U0001f602":2,"\ufb33":1}'.encode()
    )


def test_the_order_in_which_a_value_was_built_leaves_no_trace() -> None:
    """Dicts and sets remember how they were filled, the latter by the process."""
    assert canonical_bytes({"b": {"z", "y", "x"}, "a": 1}) == canonical_bytes(
        {"a": 1, "b": ["x", "y", "z"]}
    )


def test_a_struct_has_the_bytes_of_its_fields() -> None:
    """The bundle holds plain JSON; a reader without Dokja digests the same."""
    estimate = Estimate(value=0.5, low=None, high=None, n=1, method="m", source="s")
    assert canonical_bytes(estimate) == canonical_bytes(
        {"value": 0.5, "low": None, "high": None, "n": 1, "method": "m", "source": "s"}
    )


def test_a_negative_zero_is_a_zero() -> None:
    """0.0 == -0.0 in every comparison, so their digests are equal too."""
    assert canonical_bytes({"a": [-0.0, {"b": -0.0}]}) == b'{"a":[0,{"b":0}]}'


def test_a_decimal_keeps_every_digit() -> None:
    """A published total of 78.10 is not 78.1, and never 78.09999999999999."""
    assert canonical_bytes([Decimal("78.10"), Decimal("0.1") * 3]) == b'["78.10","0.3"]'


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**60, 10**400, "\ud800", {"\ud800": 1}],
    ids=["nan", "infinity", "no double", "huge", "half a letter", "key"],
)
def test_a_value_without_canonical_form_is_refused(value: Any) -> None:
    """Whatever a reader could not read back equal must not get a digest."""
    with pytest.raises(InvalidInput, match="no canonical JSON form"):
        canonical_bytes({"deep": [value]})


@pytest.mark.parametrize("value", [2.0**53, 1e17, -1e20, 2.0**60, 1e21, 5e-324])
def test_a_large_double_survives_reading(value: float) -> None:
    """Up to 1e21 they are printed without a point and read as integers."""
    data = canonical_bytes(value)
    assert canonical_bytes(json.loads(data)) == data
    assert canonical_bytes(msgspec.json.decode(data)) == data


@given(_JSON)
def test_what_is_read_from_canonical_bytes_has_the_same_bytes(value: Any) -> None:
    """An act is re-digested after every reading."""
    data = canonical_bytes(value)
    assert canonical_bytes(msgspec.json.decode(data)) == data


@given(_JSON)
def test_the_bytes_are_those_of_the_reference_implementation(value: Any) -> None:
    """Keys beyond U+FFFF and numbers of every size among them."""
    assert canonical_bytes(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("power", range(-9, 24))
def test_doubles_are_printed_alike_around_every_power_of_ten(power: int) -> None:
    """There an exponent begins, or a point goes away."""
    for value in (10.0**power, 1.5 * 10.0**power, -(10.0**power)):
        beside = (math.nextafter(value, 0.0), value, math.nextafter(value, 2 * value))
        assert canonical_bytes(list(beside)) == rfc8785.dumps(list(beside))


def test_a_digest_names_its_algorithm() -> None:
    """A later algorithm must be tellable from this one."""
    assert digest_bytes(b"") == (
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert digest_of({"b": 1, "a": 2}) == digest_bytes(b'{"a":2,"b":1}')


def test_the_time_of_an_act_is_part_of_its_digest() -> None:
    """An act cited by digest cannot be moved before a deadline."""
    early, late = (
        Act(programme="p", stage="s", kind="k", subject="x", at=at, body={})
        for at in ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    )
    assert act_digest(early) != act_digest(late)


def test_unread_keys_are_refused_with_their_place() -> None:
    """A misspelt key that is ignored is a rule that does not hold."""
    estimate = {"value": 1.0, "low": None, "high": None, "n": 1, "method": "m"}
    with pytest.raises(InvalidInput, match=r"scores\.json: .*sauce"):
        read_as({**estimate, "source": "s", "sauce": 1}, Estimate, where="scores.json")
