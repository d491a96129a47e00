"""Completions: the unknown filled in, in memory only, under role labels.

A completion is never published. It exists to show that the decision does not
depend on what was not published.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.independence.values import FindingResult
from dokja.replay.constraints import Constraints
from dokja.replay.values import TOTAL
from dokja.standing.bounds import rest_bounds, shown_bounds
from dokja.standing.values import Bounds

METHOD = "philox-spacings/1"
"""Deficits to the highest score, divided by sorted uniform cut points."""

_UNIT = Decimal("0.01")
"""Grid of the drawn points: finer than any published score."""
_ATTEMPTS = 1000


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which everything unpublished could have been."""

    points: dict[str, dict[str, Decimal]]
    """Role to part (component, category, total) to points."""
    gates: dict[str, dict[str, FindingResult]]
    """Role to gate to finding: undetermined ones may have been passes."""


def draw_completions(
    constraints: Constraints, *, rules_digest: str, subject: str, count: int
) -> tuple[Completion, ...]:
    """`count` completions; the same for the same rules and subject.

    Raises: InvalidInput where no completion meets the published facts.
    """
    return tuple(
        _draw_one(constraints, rules_digest, f"{subject} completion {index}")
        for index in range(count)
    )


def violations(constraints: Constraints, completion: Completion) -> tuple[str, ...]:
    """Every published fact that the completion does not meet."""
    return (
        *_part_violations(constraints, completion),
        *_mean_violations(constraints, completion),
        *_rank_violations(constraints, completion),
    )


def _draw_one(constraints: Constraints, rules_digest: str, subject: str) -> Completion:
    count = _draws_needed(constraints)
    for attempt in range(_ATTEMPTS):
        seed = seed_for(rules_digest, f"{subject} attempt {attempt}")
        completion = _try_once(constraints, iter(uniform_draws(seed, count).tolist()))
        if completion is not None and not violations(constraints, completion):
            return completion
    raise InvalidInput(
        f"{_ATTEMPTS} draws found no scores that meet every published fact",
        remedy="check the published means, scores and ranks against their sources",
    )


def _draws_needed(constraints: Constraints) -> int:
    """At most one draw per role and category, component or gate."""
    components = sum(len(parts) for parts in constraints.categories.values())
    gates = max((len(gates) for gates in constraints.gates.values()), default=0)
    per_role = len(constraints.categories) + components + gates
    return len(constraints.roles) * per_role


def _try_once(constraints: Constraints, draws: Iterator[float]) -> Completion | None:
    rows = _draw_rows(constraints, draws)
    order = sorted(range(len(rows)), key=lambda index: sum(rows[index].values()))
    lowest = rows.pop(order[0])
    roles = [role for role in constraints.open_roles() if role != constraints.lowest]
    assigned = dict(zip(roles, rows, strict=True)) | {constraints.lowest: lowest}
    points: dict[str, dict[str, Decimal]] = {}
    for role in constraints.roles:
        if role in constraints.complete:
            points[role] = dict(constraints.known[role])
            continue
        parts = _with_components(constraints, role, assigned[role], draws)
        if parts is None:
            return None
        points[role] = parts
    return Completion(points=points, gates=_draw_gates(constraints, draws))


def _draw_rows(
    constraints: Constraints, draws: Iterator[float]
) -> list[dict[str, Decimal]]:
    """Category points for as many rows as there are open roles."""
    count = len(constraints.open_roles())
    rows: list[dict[str, Decimal]] = [{} for _ in range(count)]
    for category in constraints.categories:
        top = constraints.highest[category]
        total = _on_grid(_left(constraints, category), next(draws))
        deficits = _spacings(_units(top * count - total), count, draws)
        for row, deficit in zip(rows, deficits, strict=True):
            row[category] = top - deficit * _UNIT
    return rows


def _left(constraints: Constraints, part: str) -> Bounds:
    """Bounds of the sum over the open roles, the complete ones taken exactly.

    Tighter than `bounds_of_others`, which allows a published score its
    rounding; a completion holds it as published.
    """
    known = [constraints.known[role][part] for role in constraints.complete]
    return rest_bounds(
        shown_bounds(constraints.means[part]),
        count=len(constraints.roles),
        known=[Bounds(value, value) for value in known],
    )


def _with_components(
    constraints: Constraints,
    role: str,
    categories: dict[str, Decimal],
    draws: Iterator[float],
) -> dict[str, Decimal] | None:
    """The categories with components that add up to them; None if none do."""
    known = constraints.known[role]
    parts = {**categories, TOTAL: sum(categories.values(), Decimal(0))}
    for category, components in constraints.categories.items():
        tops = {each: constraints.highest[each] for each in components}
        fixed = {each: known[each] for each in components if each in known}
        free = [each for each in components if each not in fixed]
        left = sum(tops.values(), Decimal(0)) - categories[category]
        left -= sum((tops[each] - fixed[each] for each in fixed), Decimal(0))
        if left < 0 or (left > 0 and not free):
            return None
        deficits = _spacings(_units(left), len(free), draws)
        parts |= fixed
        for each, deficit in zip(free, deficits, strict=True):
            parts[each] = tops[each] - deficit * _UNIT
    return parts


def _draw_gates(
    constraints: Constraints, draws: Iterator[float]
) -> dict[str, dict[str, FindingResult]]:
    """Announced findings; an undetermined one is a pass half of the time."""
    found: dict[str, dict[str, FindingResult]] = {}
    for role, gates in constraints.gates.items():
        found[role] = {
            gate: FindingResult.PASS
            if result is FindingResult.UNDETERMINED and next(draws) < 0.5
            else result
            for gate, result in gates.items()
        }
    return found


def _spacings(total: int, count: int, draws: Iterator[float]) -> list[int]:
    """`count` whole numbers that add up to `total`, uniform on the simplex.

    Source: spacings of sorted uniforms, Devroye (1986), chapter V.2.
    """
    if count == 0:
        return []
    cuts = sorted(int(next(draws) * (total + 1)) for _ in range(count - 1))
    ends = [0, *cuts, total]
    return [high - low for low, high in pairwise(ends)]


def _on_grid(bounds: Bounds, draw: float) -> Decimal:
    """A grid value within the bounds."""
    low = -_units(-bounds.low)
    high = _units(bounds.high)
    return (low + int(draw * (high - low + 1))) * _UNIT


def _units(value: Decimal) -> int:
    return int((value / _UNIT).to_integral_value(rounding=ROUND_FLOOR))


def _part_violations(constraints: Constraints, completion: Completion) -> Iterator[str]:
    for role in constraints.roles:
        points = completion.points[role]
        for part, value in constraints.known[role].items():
            if points[part] != value:
                yield f"{role} was published with {value} in {part}"
        for part, highest in constraints.highest.items():
            # A complete role was published by category; its single components
            # stand for their category and need no figure of their own.
            if part in points and not 0 <= points[part] <= highest:
                yield f"{role} leaves the range of {part}"
        if role not in constraints.complete:
            yield from _sum_violations(constraints, role, points)


def _sum_violations(
    constraints: Constraints, role: str, points: dict[str, Decimal]
) -> Iterator[str]:
    for category, components in constraints.categories.items():
        if points[category] != sum((points[each] for each in components), Decimal(0)):
            yield f"the components of {role} do not add up to {category}"
    if points[TOTAL] != sum((points[c] for c in constraints.categories), Decimal(0)):
        yield f"the categories of {role} do not add up"


def _mean_violations(constraints: Constraints, completion: Completion) -> Iterator[str]:
    for part, mean in constraints.means.items():
        total = sum((p[part] for p in completion.points.values()), Decimal(0))
        if _shown_as(total / len(constraints.roles), mean) != mean:
            yield f"the mean of {part} is not shown as {mean}"


def _rank_violations(constraints: Constraints, completion: Completion) -> Iterator[str]:
    lowest = completion.points[constraints.lowest][TOTAL]
    for role in constraints.roles:
        if role != constraints.lowest and not completion.points[role][TOTAL] > lowest:
            yield f"{role} is not above the lowest"


def _shown_as(value: Decimal, example: Decimal) -> Decimal:
    """`value` rounded half up to the decimals of `example`."""
    return value.quantize(example, rounding=ROUND_HALF_UP)
