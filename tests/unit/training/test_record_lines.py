"""A line of the log has one form, and no other is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.training.commitments import list_bytes
from dokja.training.lines import LINE_BYTES, NOTHING_BEFORE, line_of, read_line
from dokja.training.values import (
    Gap,
    GapReason,
    Sketch,
    SketchSet,
    Start,
    Step,
    TensorDigest,
)

_PLACE: dict[str, Any] = {
    "seq": 0,
    "prev": NOTHING_BEFORE,
    "at": "2026-11-23T01:02:03.123Z",
    "mono_us": 7,
}
_STEP = Step(step=1, tokens=8, loss=(2.5).hex(), lr=(1e-3).hex(), **_PLACE)


@given(st.text(min_size=1, max_size=200), st.text(max_size=2000))
def test_a_line_is_the_canonical_json_of_its_event(name: str, detail: str) -> None:
    """Any JSON tool that knows RFC 8785 comes to the same bytes and digests."""
    for event in (
        Start(format="f", team=name, run=name, **_PLACE),
        Gap(reason=GapReason.RESTART, missed=0, detail=detail, **_PLACE),
    ):
        try:
            canonical = canonical_bytes(event)
        except InvalidInput:
            continue  # A lone surrogate is no text.
        assert line_of(event) == canonical
        assert read_line(canonical) == event


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-320, float("nan"), float("-inf")])
def test_every_double_has_a_text_that_is_taken(value: float) -> None:
    """A loss that overflowed is part of the truth about a run."""
    event = Step(step=1, tokens=8, loss=value.hex(), lr=(1e-3).hex(), **_PLACE)
    assert read_line(line_of(event)) == event


@pytest.mark.parametrize(
    "change",
    [
        {"step": -1},
        {"step": 2**53},
        {"loss": 2.5},
        {"loss": "2.5"},
        {"loss": "0x1.4p+1\n"},
        {"loss": "0x1.4p+1024"},
        {"loss": "0x1.4p+٣"},
        {"prev": "0" * 63},
        {"prev": "0" * 64 + "\n"},
        {"at": "2026-13-23T01:02:03.123Z"},
        {"at": "2026-11-23T01:02:03.123+09:00"},
        {"ev": "unheard of"},
        {"unknown": 1},
        {"batch": "sha256:" + "G" * 64},
    ],
)
def test_a_field_outside_its_bounds_is_refused(change: dict[str, object]) -> None:
    """Whoever writes the line chooses every byte of it."""
    fields = json.loads(line_of(_STEP)) | change
    with pytest.raises(InvalidInput):
        read_line(canonical_bytes(fields))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        line_of(_STEP) + b" ",
        line_of(_STEP).replace(b'"seq":0', b'"seq":0,"seq":0'),
        line_of(_STEP).replace(b'"seq":0', b'"seq": 0'),
        b'{"a":' * 5000,
        b'"' + b"a" * LINE_BYTES + b'"',
    ],
)
def test_another_form_of_a_line_is_refused(line: bytes) -> None:
    """Two forms of one event would have two hashes."""
    with pytest.raises(InvalidInput):
        read_line(line)


@pytest.mark.parametrize(
    "weights",
    [
        ("0x1.0p+0", "2.5"),
        ("0x1.0p+0,0x1.0p+0",),
        ("",),
        ("0x1.0p+1024",),
        ("0x1.0p+٣",),
        ("0x1.0p+0\n",),
        ("-nan",),
    ],
)
def test_a_sketch_holds_nothing_but_doubles(weights: tuple[str, ...]) -> None:
    """Each is read as one later, and there is no asking again."""
    sets = [{"root": "0" * 64, "weights": list(weights)}]
    fields = _PLACE | {"ev": "sketch", "step": 1, "sets": sets}
    with pytest.raises(InvalidInput):
        read_line(canonical_bytes(fields))


@given(st.floats(), st.floats())
def test_every_double_may_stand_in_a_sketch(one: float, other: float) -> None:
    """Those that training never meets, too."""
    sets = (SketchSet(root="0" * 64, weights=(one.hex(), other.hex())),)
    event = Sketch(step=1, sets=sets, **_PLACE)
    assert read_line(line_of(event)) == event


@given(st.text(min_size=1, max_size=200), st.integers(0, 2**53 - 1))
def test_a_list_is_canonical_json(name: str, size: int) -> None:
    """Its root and its name can be made again by any tool that knows RFC 8785."""
    digest = "sha256:" + "0" * 64
    entry = TensorDigest(name=name, dtype="float32", shape=(size, 2), digest=digest)
    try:
        canonical = canonical_bytes([entry])
    except InvalidInput:
        return  # A lone surrogate is no text.
    assert list_bytes([entry]) == canonical
