"""Where two records of the same figures differ, within the rules' tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dokja.programme.values import Tolerance


def differences(
    recorded: Any, derived: Any, *, tolerance: Tolerance, path: str = ""
) -> Iterator[str]:
    """Paths at which the two differ by more than the rules allow.

    Only floating numbers have a tolerance. Text, counts, Decimals (which
    stand as text), ranks and verdicts have none.
    """
    if isinstance(recorded, dict) and isinstance(derived, dict):
        for key in sorted(recorded.keys() | derived.keys()):
            yield from differences(
                recorded.get(key),
                derived.get(key),
                tolerance=tolerance,
                path=f"{path}.{key}" if path else str(key),
            )
    elif isinstance(recorded, list) and isinstance(derived, list):
        if len(recorded) != len(derived):
            yield f"{path} ({len(recorded)} entries, derived {len(derived)})"
            return
        for index, (left, right) in enumerate(zip(recorded, derived, strict=True)):
            yield from differences(
                left, right, tolerance=tolerance, path=f"{path}[{index}]"
            )
    elif isinstance(recorded, float) or isinstance(derived, float):
        if not _is_close(recorded, derived, tolerance):
            yield f"{path} ({recorded}, derived {derived})"
    elif type(recorded) is not type(derived) or recorded != derived:
        yield f"{path} ({recorded!r}, derived {derived!r})"


def _is_close(recorded: Any, derived: Any, tolerance: Tolerance) -> bool:
    for value in (recorded, derived):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
    apart = abs(recorded - derived)
    relative = float(tolerance.statistic_relative) * max(abs(recorded), abs(derived))
    return bool(apart <= max(float(tolerance.probability_absolute), relative))
