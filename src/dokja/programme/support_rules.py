"""Rules of what teams are given, as frozen values; who gives it stands elsewhere."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from dokja.evidence.values import Growing


class GpuEquivalent(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How many normalised GPUs one GPU of a type counts as."""

    type: str
    units: Decimal


class SupportRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How GPUs are counted, divided, accepted and made up for."""

    unit: str
    """Type that is one normalised GPU."""
    equivalents: tuple[GpuEquivalent, ...]
    node: int
    """GPUs are divided in multiples of this."""
    acceptance_share: Decimal
    """Share of the promised throughput at which a pool is accepted."""
    tolerance: Decimal
    """Share of the best supported team's GPU-hours that another may lack."""
    compensation_step_hours: int = 1
    """Extra time is given in multiples of this, rounded up."""
