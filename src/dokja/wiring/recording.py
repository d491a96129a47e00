"""What a recorder is given: the folder it writes, the key, and the witness."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.records import MaterialsWriter, RecordWriter, program_digest
from dokja.adapters.signing import Ed25519Signer
from dokja.adapters.witness_link import HttpWitness

__all__ = [
    "MaterialsWriter",
    "RecordWriter",
    "Recording",
    "code_digest",
    "open_materials",
    "open_recording",
]


@dataclass(frozen=True)
class Recording:
    """The outside of one recorder."""

    files: RecordWriter
    signer: Ed25519Signer
    witness: HttpWitness | None


def open_recording(folder: Path, *, key: Path, witness: str | None) -> Recording:
    """The record's folder for writing, with the team's key and the witness.

    Raises: Unavailable, InvalidInput or Conflict where one of them cannot be used.
    """
    signer = Ed25519Signer.from_pem(key)
    link = None if witness is None else HttpWitness(witness)
    return Recording(files=RecordWriter(folder), signer=signer, witness=link)


def open_materials(folder: Path) -> MaterialsWriter:
    """The folder of materials for writing.

    Raises: Unavailable where it cannot be written.
    """
    return MaterialsWriter(folder)


def code_digest(folder: str | Path) -> str:
    """Digest of a code tree, which a run is announced with.

    Raises: InvalidInput where the tree holds links or more than a program does.
    """
    return program_digest(Path(folder))
