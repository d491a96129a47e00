"""Verification of a training record in a folder, by keys from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.folders.text_files import read_text
from dokja.adapters.records import RecordFolder
from dokja.adapters.signing import Ed25519Verifier
from dokja.training import RecordVerdict, Trusted, verify_record
from dokja.training.tree_heads import read_head


@dataclass(frozen=True, kw_only=True)
class VerifyRequest:
    """A record, and what its reader trusts."""

    record: Path
    team_key: Path | None
    witness_keys: Sequence[Path] = ()
    latest: Sequence[Path] = ()
    """Tree heads that a witness kept."""


def verify_training(request: VerifyRequest) -> RecordVerdict:
    """The verdict on the record.

    Raises: Unavailable or InvalidInput where a file cannot be used at all.
    """
    team = None if request.team_key is None else _key(request.team_key)
    return verify_record(
        RecordFolder(request.record),
        Trusted(
            team=team,
            witnesses=tuple(map(_key, request.witness_keys)),
            latest=tuple(read_head(read_text(p).encode()) for p in request.latest),
        ),
    )


def _key(path: Path) -> Ed25519Verifier:
    return Ed25519Verifier.from_pem_text(read_text(path))
