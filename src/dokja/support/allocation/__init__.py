"""Who gets how many GPUs of which pool: solved, explained, adopted by people."""

from dokja.support.allocation.propose import propose_allocation
from dokja.support.allocation.values import AllocationRequest, Proposal

__all__ = ["AllocationRequest", "Proposal", "propose_allocation"]
