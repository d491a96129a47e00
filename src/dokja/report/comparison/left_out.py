"""Tensors that no test took, gathered by their reason and their pattern."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from dokja.evidence.values import Text
from dokja.report.comparison.words import left_out_reason
from dokja.report.pieces import View

NUMBER = re.compile(r"(?<![^.])\d+(?![^.])")
"""A layer's number stands between dots."""


class LeftOutName(View, frozen=True, kw_only=True):
    """Tensors whose names differ in layer numbers only."""

    name: str
    count: int


class LeftOut(View, frozen=True, kw_only=True):
    """Every tensor left out for one reason."""

    reason: Text
    names: tuple[LeftOutName, ...]
    count: int


def left_out(untested: Iterable[str]) -> tuple[LeftOut, ...]:
    """Groups in the order in which their reasons first appear."""
    groups: dict[str, list[str]] = {}
    for entry in untested:
        name, _, reason = entry.partition(": ")
        groups.setdefault(reason, []).append(name)
    return tuple(
        LeftOut(
            reason=left_out_reason(reason)
            if reason
            else Text("이유가 기록되지 않음", "no reason recorded"),
            names=_folded(names),
            count=len(names),
        )
        for reason, names in groups.items()
    )


def _folded(names: list[str]) -> tuple[LeftOutName, ...]:
    """A pattern with `*` for what differs; a name of its own stays whole."""
    patterns = [NUMBER.sub("*", name) for name in names]
    counts = Counter(patterns)
    shown = {
        pattern: name if counts[pattern] == 1 else pattern
        for name, pattern in zip(names, patterns, strict=True)
    }
    return tuple(
        LeftOutName(name=shown[pattern], count=count)
        for pattern, count in counts.items()
    )
