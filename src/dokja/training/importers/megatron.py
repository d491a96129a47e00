"""Megatron's standard output: one line an iteration, parts between bars.

Source: training_log of megatron.training.training (BSD-3-Clause), 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from dokja.training.importers.gathering import MOST_SAFE, refused
from dokja.training.importers.values import ImportedStep

_ITERATION = re.compile(r"iteration\s+(?P<step>\d{1,15})/\s*\d{1,15} \|")
_PART = re.compile(
    r"(?P<name>lm loss|learning rate|grad norm|number of skipped iterations): +"
    r"(?P<value>[-+0-9.eE]{1,32}|nan|inf)"
)
_AT = re.compile(r"\[(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[.\d]*\]")


def read_megatron(lines: Iterable[tuple[str, str]]) -> Iterator[ImportedStep]:
    """Steps with their loss; the log counts samples, so tokens are left at 0.

    Times are taken as UTC, which the log does not say. A step that stands twice
    counts as it was logged last. Raises: InvalidInput where no line is of a step.
    """
    steps: dict[int, ImportedStep] = {}
    for _, line in lines:
        found = _ITERATION.search(line)
        if found is None:
            continue
        parts = {part["name"]: part["value"] for part in _PART.finditer(line)}
        step = int(found["step"])
        if "lm loss" in parts and step <= MOST_SAFE:
            steps[step] = _step(step, parts, _moment(line))
    if not steps:
        raise refused("no line is an iteration with its lm loss")
    yield from (steps[step] for step in sorted(steps))


def _step(step: int, parts: dict[str, str], at: float | None) -> ImportedStep:
    norm = parts.get("grad norm")
    return ImportedStep(
        step=step,
        loss=_number(parts["lm loss"]),
        lr=_number(parts.get("learning rate", "nan")),
        grad_norm=None if norm is None else _number(norm),
        skipped=_number(parts.get("number of skipped iterations", "0")) > 0,
        at=at,
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _moment(line: str) -> float | None:
    found = _AT.search(line)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found["at"]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp()
