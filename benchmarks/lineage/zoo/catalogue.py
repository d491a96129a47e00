"""Every set of the zoo by its name."""

from __future__ import annotations

from collections.abc import Callable

from encoder_sets import calibration_vision, encoders
from harder_set import harder
from recipes import Recipe
from sets import calibration, common_seed, peers

SETS: dict[str, Callable[[], list[Recipe]]] = {
    "calibration": calibration,
    "calibration-vision": calibration_vision,
    "common-seed": common_seed,
    "encoders": encoders,
    "harder": harder,
    "peers-1": lambda: peers(1),
    "peers-2": lambda: peers(2),
}
