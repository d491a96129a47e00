"""What a log of another tool says of one step."""

from __future__ import annotations

import msgspec


class ImportedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step as another tool logged it; nan where it says nothing."""

    step: int
    loss: float
    lr: float = float("nan")
    grad_norm: float | None = None
    tokens: int = 0
    skipped: bool = False
    at: float | None = None
    """Seconds since 1970, where the log tells."""
