"""Projectors between an encoder and a decoder."""

from __future__ import annotations

from dokja.lineage.families.naming import Naming, plain
from dokja.lineage.roles import Role
from dokja.submission.values import ComponentKind

_FIRST = ("0", "linear_1", "linear1", "fc1")
_SECOND = ("2", "linear_2", "linear2", "fc2")
_ONLY = ("linear.weight", "proj.weight", "projector.weight", "weight")

PROJECTORS: tuple[Naming, ...] = (
    Naming(
        models="one or two linear maps",
        component=ComponentKind.PROJECTOR,
        single=plain(
            {
                **{f"{name}.weight": Role.PROJECTOR_IN for name in _FIRST},
                **{f"{name}.weight": Role.PROJECTOR_OUT for name in _SECOND},
                **dict.fromkeys(_ONLY, Role.PROJECTOR_IN),
            }
        ),
    ),
)
