"""Every set of the zoo by its name."""

from __future__ import annotations

from collections.abc import Callable

from recipes import Recipe
from sets import calibration, peers

SETS: dict[str, Callable[[], list[Recipe]]] = {
    "calibration": calibration,
    "peers-1": lambda: peers(1),
    "peers-2": lambda: peers(2),
}
