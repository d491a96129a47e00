"""What the teams promised in public, and what was found of it."""

from dokja.commitment.assess import COMMITMENT, commitment_matter, commitment_of
from dokja.commitment.register import record, register
from dokja.commitment.values import Commitment, CommitmentStatus, Promised

__all__ = [
    "COMMITMENT",
    "Commitment",
    "CommitmentStatus",
    "Promised",
    "commitment_matter",
    "commitment_of",
    "record",
    "register",
]
