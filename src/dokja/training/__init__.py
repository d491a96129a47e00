"""The training record: how a model came to be, and what of it can be checked.

Events are lines of a log whose Merkle heads the team signs and a witness
cosigns while training runs. `verify` says which tier of evidence a record
reaches, check by check, and what it cannot prove; `cosign` is the witness's act.
"""

from dokja.training.cosign import cosign_head
from dokja.training.values import RecordVerdict, Tier
from dokja.training.verify import Audit, Trusted, verify_record

__all__ = ["Audit", "RecordVerdict", "Tier", "Trusted", "cosign_head", "verify_record"]
