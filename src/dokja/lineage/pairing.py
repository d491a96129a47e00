"""What two components have in common, and so what can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.draws import Draws
from dokja.lineage.layer_reader import Plan
from dokja.lineage.layout import Layout
from dokja.lineage.roles import (
    ATTENTION_ROLES,
    MLP_ROLES,
    PROJECTOR_ROLES,
    VISION_BOUNDARY,
    Role,
)
from dokja.lineage.values import LineageRules
from dokja.submission.values import ComponentKind


@dataclass(frozen=True, kw_only=True, eq=False)
class Shared:
    """What the two have in common, role by role."""

    plan: Plan
    boundary: tuple[Role, ...]
    """Roles outside the layers that are paired entry by entry."""
    untested: Mapping[str, str]
    """Names of the candidate that stay out, with the reason."""


def pair_up(
    candidate: Layout, reference: Layout, rules: LineageRules, draws: Draws
) -> Shared | Text:
    """What can be compared, or the fact that makes the two incomparable."""
    fact = _incomparable(candidate, reference)
    if fact:
        return fact
    layouts = candidate, reference
    untested = dict(candidate.untested)
    width = candidate.width if candidate.width == reference.width else None
    channels = None
    if width is not None:
        channels = draws.some("channels", width, rules.test_channels or width)
    mlp = _on_both(layouts, MLP_ROLES)
    streams = _on_both(layouts, ATTENTION_ROLES)
    attention = tuple(role for role in streams if _shapes(layouts, role, layered=True))
    seen = streams if rules.gram_tests and width is not None else attention
    for role in (*MLP_ROLES, *ATTENTION_ROLES):
        if role not in (*mlp, *seen):
            _leave_out(role, layouts, untested)
    boundary = []
    for role in (*VISION_BOUNDARY, *PROJECTOR_ROLES):
        if _shapes(layouts, role, layered=role in PROJECTOR_ROLES):
            boundary.append(role)
        else:
            _leave_out(role, layouts, untested)
    return Shared(
        plan=Plan(
            rules=rules,
            draws=draws,
            mlp=mlp,
            attention=attention,
            streams=streams,
            channels=channels,
            biased=all(_has_bias(layout) for layout in layouts),
        ),
        boundary=tuple(boundary),
        untested=untested,
    )


def _incomparable(candidate: Layout, reference: Layout) -> Text | None:
    """Why nothing at all can be compared, None where something can."""
    sides = tuple(zip(wording.SIDES, (candidate, reference), strict=True))
    for side, layout in sides:
        if not layout.tables():
            return wording.no_known_role(side)
    if candidate.kind is ComponentKind.PROJECTOR:
        return None
    for side, layout in sides:
        if layout.width is None:
            return wording.no_single_width(side)
    return None


def _on_both(
    layouts: tuple[Layout, Layout], wanted: tuple[Role, ...]
) -> tuple[Role, ...]:
    """Wanted roles that occur on both sides, in the wanted order.

    A layer that lacks one of them has no partner, so that a layer given up
    on purpose hides itself and not the others.
    """
    return tuple(
        role
        for role in wanted
        if all(any(role in layer for layer in one.layers) for one in layouts)
    )


def _shapes(layouts: tuple[Layout, Layout], role: Role, *, layered: bool) -> bool:
    """Whether the role has one shape in every layer of both sides."""
    found = [_shapes_of(layout, role, layered=layered) for layout in layouts]
    return len(found[0] | found[1]) == 1 and bool(found[0]) and bool(found[1])


def _shapes_of(layout: Layout, role: Role, *, layered: bool) -> set[tuple[int, int]]:
    tables = layout.layers if layered else (layout.boundary,)
    return {one[role].shape for one in tables if role in one}


def _leave_out(
    role: Role, layouts: tuple[Layout, Layout], untested: dict[str, str]
) -> None:
    layered = role not in VISION_BOUNDARY
    shapes = [_shapes_of(layout, role, layered=layered) for layout in layouts]
    reason = (
        f"its shape differs from the reference's: {_listed(shapes[0])} "
        f"against {_listed(shapes[1])}"
        if shapes[0] and shapes[1]
        else "the reference has no tensor of this role"
    )
    for slot, table in layouts[0].slots().items():
        if slot.role is role:
            untested.update({piece.label: reason for piece in table.pieces})


def _has_bias(layout: Layout) -> bool:
    """Whether every MLP has one bias for each row of `up`."""
    return bool(layout.layers) and all(
        Role.UP in layer
        and Role.UP_BIAS in layer
        and layer[Role.UP_BIAS].shape == (layer[Role.UP].shape[0], 1)
        for layer in layout.layers
    )


def _listed(shapes: set[tuple[int, int]]) -> str:
    return ", ".join(sorted(str(shape) for shape in shapes))
