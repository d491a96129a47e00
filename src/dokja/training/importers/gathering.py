"""Scalars of many lines put together by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dokja.errors import InvalidInput
from dokja.training.importers.values import ImportedStep

MOST_STEPS = 20_000_000
MOST_SAFE = 2**53 - 1


class Scalar(NamedTuple):
    """One number of one step."""

    step: int
    name: str
    value: float
    at: float | None


def gathered(
    scalars: Iterable[Scalar], names: Mapping[str, str]
) -> Iterator[ImportedStep]:
    """Steps with a loss, rising; `names` maps a tool's names to our fields.

    Raises: InvalidInput where no step has a loss.
    """
    steps: dict[int, dict[str, float]] = {}
    moments: dict[int, float] = {}
    for scalar in scalars:
        field = names.get(scalar.name)
        if field is None or not 0 <= scalar.step <= MOST_SAFE:
            continue
        steps.setdefault(scalar.step, {})[field] = scalar.value
        if scalar.at is not None:
            moments[scalar.step] = scalar.at
        if len(steps) > MOST_STEPS:
            raise refused(f"it has more than {MOST_STEPS} steps")
    found = [step for step in sorted(steps) if "loss" in steps[step]]
    if not found:
        raise refused("no step has a loss under a name that is known")
    for step in found:
        row = steps[step]
        tokens = row.get("tokens", 0.0)
        yield ImportedStep(
            step=step,
            loss=row["loss"],
            lr=row.get("lr", float("nan")),
            grad_norm=row.get("grad_norm"),
            tokens=int(tokens) if 0 <= tokens <= MOST_SAFE else 0,
            at=moments.get(step),
        )


def refused(fact: str) -> InvalidInput:
    """The refusal of a log that cannot be read as the tool's."""
    return InvalidInput(
        f"the log cannot be imported: {fact}",
        remedy="give the file that the tool wrote, and name that tool",
    )
