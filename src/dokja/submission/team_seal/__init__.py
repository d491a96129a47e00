"""The seal a team makes of its own submission, and checking it."""

from dokja.submission.team_seal.check_seal import GivenSeal, TrustedKeys, check_seal
from dokja.submission.team_seal.key_statements import read_keys, state_keys
from dokja.submission.team_seal.seal_folder import RecordAt, Sealing, seal_folder
from dokja.submission.team_seal.values import (
    MANIFEST_FILE,
    MODEL_SIGNATURE_FILE,
    MadeSeal,
    SealVerification,
)

__all__ = [
    "MANIFEST_FILE",
    "MODEL_SIGNATURE_FILE",
    "GivenSeal",
    "MadeSeal",
    "RecordAt",
    "SealVerification",
    "Sealing",
    "TrustedKeys",
    "check_seal",
    "read_keys",
    "seal_folder",
    "state_keys",
]
