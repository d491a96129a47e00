"""Sealing and checking a team's folder: paths and key files in, values out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from dokja import __version__
from dokja.adapters.folders.text_files import read_text
from dokja.adapters.folders.whole_file import written_beside
from dokja.adapters.signing import (
    Ed25519Signer,
    Ed25519Verifier,
    P256Signer,
    P256Verifier,
)
from dokja.adapters.weights import LocalModelFolder
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.statement import Envelope
from dokja.settings import Settings
from dokja.submission.manifest import parse_manifest
from dokja.submission.ports import ModelFolder
from dokja.submission.seal import MANIFEST
from dokja.submission.team_seal import (
    MANIFEST_FILE,
    MODEL_SIGNATURE_FILE,
    GivenSeal,
    MadeSeal,
    RecordAt,
    Sealing,
    SealVerification,
    TrustedKeys,
    check_seal,
    read_keys,
    seal_folder,
    state_keys,
)
from dokja.submission.team_seal.manifest_statement import MANIFEST_BYTES
from dokja.submission.team_seal.model_signature import BUNDLE_BYTES
from dokja.training.last_head import last_head
from dokja.wiring.instruments import PemKeys
from dokja.wiring.licences import shipped_tables


@dataclass(frozen=True, kw_only=True)
class KeyRequest:
    """The private keys of a team, and those they replace."""

    team: str
    key: Path
    model_key: Path | None = None
    before: Path | None = None
    """Statements so far."""
    replaced: Path | None = None
    """The private key before."""


@dataclass(frozen=True, kw_only=True)
class SealRequest:
    """A folder, and what it is sealed with."""

    folder: Path
    key: Path
    model_key: Path | None = None
    statements: Path | None = None
    """Key statements; None: one is made of the keys given."""
    out: Path | None = None
    """Where the seal goes; None: into the folder."""


@dataclass(frozen=True, kw_only=True)
class CheckRequest:
    """A folder, where its seal lies, and whom the reader trusts."""

    folder: Path
    sealed: Path | None = None
    """The signed manifest; None: the one in the folder."""
    key: Path | None = None
    model_key: Path | None = None


def make_key_statements(request: KeyRequest) -> tuple[Envelope, ...]:
    """The team's key statements with the one that names these keys.

    Raises: InvalidInput or Unavailable where a file or a chain cannot be used.
    """
    before = () if request.before is None else read_statements(request.before)
    made = state_keys(
        request.team,
        key=Ed25519Signer.from_pem(request.key),
        model_key=_model_signer(request.model_key),
        before=before,
        replaced=None
        if request.replaced is None
        else Ed25519Signer.from_pem(request.replaced),
    )
    read_keys(made, PemKeys())
    return made


def write_key_statements(path: Path, statements: Sequence[Envelope]) -> None:
    """Nothing; the file is there afterwards. Raises: Conflict where it was before."""
    _write_new(path, canonical_bytes(list(statements)))


def read_statements(path: Path) -> tuple[Envelope, ...]:
    """Key statements in a file. Raises: InvalidInput where it holds none."""
    try:
        return msgspec.json.decode(read_text(path), type=tuple[Envelope, ...])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{path} holds no key statements: {error}",
            remedy="give the file that `dokja submission keys` wrote",
        ) from error


def seal_own(request: SealRequest, *, settings: Settings) -> MadeSeal:
    """The seal of the folder, not written yet. Raises: what sealing raises."""
    folder = LocalModelFolder(request.folder, block_bytes=settings.block_bytes)
    _refuse_keys_inside(request)
    key = Ed25519Signer.from_pem(request.key)
    model_signer = _model_signer(request.model_key)
    if request.statements is not None:
        statements = read_statements(request.statements)
    else:
        team = parse_manifest(folder.read_text(MANIFEST), where=MANIFEST).team
        statements = state_keys(team, key=key, model_key=model_signer)
    return seal_folder(
        folder,
        Sealing(
            key=key,
            model_key=model_signer,
            statements=statements,
            name=request.folder.resolve().name,
            inside=_is_inside(request),
            made_by=f"dokja {__version__}",
        ),
        keys=PemKeys(),
        tables=shipped_tables(),
        record_at=records_of(folder),
    )


def write_seal(made: MadeSeal, request: SealRequest) -> tuple[Path, ...]:
    """Where the seal's files lie now. Raises: Conflict where one was there before."""
    place = request.folder if request.out is None else request.out
    place.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in made.files.items():
        _write_new(place / name, data)
        written.append(place / name)
    return tuple(written)


def is_sealed(folder: Path) -> bool:
    """Whether the folder carries a seal of its team's."""
    place = folder / MANIFEST_FILE
    return place.is_symlink() or place.exists()


def check_own(request: CheckRequest, *, settings: Settings) -> SealVerification:
    """What holds of the seal.

    Raises: Unavailable where there is none; InvalidInput for a folder that nobody
    opens: a link, a pipe, a pickle.
    """
    folder = LocalModelFolder(request.folder, block_bytes=settings.block_bytes)
    sealed = request.sealed or request.folder / MANIFEST_FILE
    if not sealed.is_file():
        raise Unavailable(
            f"there is no seal at {sealed}",
            remedy="seal the folder with `dokja submission seal`, or name the signed "
            "manifest with --sealed",
        )
    beside = LocalModelFolder(sealed.parent, block_bytes=settings.block_bytes)
    team = None if request.key is None else _team_key(request.key)
    model = None if request.model_key is None else _model_key(request.model_key)
    has_signature = beside.has(MODEL_SIGNATURE_FILE)
    return check_seal(
        GivenSeal(
            manifest=beside.read_bytes(sealed.name, limit=MANIFEST_BYTES),
            model_signature=beside.read_bytes(MODEL_SIGNATURE_FILE, limit=BUNDLE_BYTES)
            if has_signature
            else None,
            inside=sealed.resolve() == (request.folder / MANIFEST_FILE).resolve(),
            found=folder.digests(),
            declaration=partial(folder.read_text, MANIFEST),
            record_at=records_of(folder),
        ),
        TrustedKeys(team=team, model=model),
        PemKeys(),
    )


def records_of(folder: ModelFolder) -> RecordAt:
    """Finds where a declared record of the folder stands."""
    return lambda record, paths: last_head(record, paths, folder)


def _refuse_keys_inside(request: SealRequest) -> None:
    for path in (request.key, request.model_key):
        if path is not None and request.folder.resolve() in path.resolve().parents:
            raise InvalidInput(
                f"the private key {path} lies in the folder that is handed in",
                remedy="move it out, and make another if the folder was ever shown",
            )


def _is_inside(request: SealRequest) -> bool:
    if request.out is None:
        return True
    folder, out = request.folder.resolve(), request.out.resolve()
    if folder in out.parents:
        raise InvalidInput(
            f"{request.out} lies below the folder that is sealed",
            remedy="leave --out away to put the seal into the folder itself, or name "
            "a place outside of it",
        )
    return folder == out


def _model_signer(path: Path | None) -> P256Signer | None:
    return None if path is None else P256Signer.from_pem(path)


def _team_key(path: Path) -> Ed25519Verifier:
    return Ed25519Verifier.from_pem_text(read_text(path))


def _model_key(path: Path) -> P256Verifier:
    return P256Verifier.from_pem_text(read_text(path))


def _write_new(path: Path, data: bytes) -> None:
    scratch = written_beside(path, data)
    try:
        # Unlike a rename it fails where there is a file: a seal is not replaced.
        os.link(scratch, path)
    except FileExistsError as error:
        raise Conflict(
            f"{path} is there already",
            remedy="take it away first if it is to be made again",
        ) from error
    finally:
        scratch.unlink()
