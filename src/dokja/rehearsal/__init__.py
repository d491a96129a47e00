"""Rules tried on simulated stages before they are frozen."""

from dokja.rehearsal.rehearse import rehearse_rules
from dokja.rehearsal.values import Assumptions, Rehearsal

__all__ = ["Assumptions", "Rehearsal", "rehearse_rules"]
