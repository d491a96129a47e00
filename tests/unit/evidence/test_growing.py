"""Digests of values that gain fields follow the value, wherever it has been."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from dokja.evidence.canonical import canonical_bytes, read_as
from dokja.evidence.values import Growing


class Grown(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that gained four fields."""

    name: str
    share: float = 0.75
    count: int = 4096
    note: str = ""
    more: float | None = None


def _read(value: Grown) -> Grown:
    everything = {"name": "a", "share": 0.75, "count": 4096, "note": "", "more": None}
    return read_as(everything | {"name": value.name}, Grown, where="a test")


@pytest.mark.parametrize(
    "been",
    [
        lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301
        copy.deepcopy,
        lambda value: msgspec.structs.replace(value, share=float("0.75")),
        _read,
    ],
    ids=["sent to a worker", "copied", "replaced", "read with every field"],
)
def test_defaults_are_left_out_wherever_a_value_has_been(
    been: Callable[[Any], Any],
) -> None:
    """A worker's digest that differs from the office's voids a whole stage."""
    value = Grown(name="a")
    assert canonical_bytes(been(value)) == canonical_bytes(value) == b'{"name":"a"}'


def test_what_differs_from_a_default_is_written() -> None:
    """Also where it equals the default in all but its type."""
    given = Grown(name="a", share=0.5, more=0.0)
    expected = b'{"more":0,"name":"a","share":0.5}'
    assert canonical_bytes(pickle.loads(pickle.dumps(given))) == expected  # noqa: S301
