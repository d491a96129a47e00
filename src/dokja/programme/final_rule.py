"""How a programme ends, as a frozen value."""

from __future__ import annotations

import msgspec


class FinalRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the programme ends."""

    teams: int
    """Teams with which no further stage follows."""
