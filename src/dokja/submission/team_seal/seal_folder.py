"""Sealing by the team: every byte of the folder is named and signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dokja.errors import Conflict, InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.statement import Envelope
from dokja.licence import LicenceTables, parse_expression
from dokja.submission.manifest import parse_manifest
from dokja.submission.names import check_names
from dokja.submission.ports import ModelFolder
from dokja.submission.seal import MANIFEST, check_all_declared, files_root
from dokja.submission.team_seal.key_statements import read_keys
from dokja.submission.team_seal.manifest_statement import (
    MANIFEST_BYTES,
    make_statement,
    sign_manifest,
)
from dokja.submission.team_seal.model_signature import refuse_unsigned, sign_model
from dokja.submission.team_seal.ports import PublicKeys, PublishedSigner
from dokja.submission.team_seal.values import (
    MANIFEST_FILE,
    MODEL_SIGNATURE_FILE,
    SCHEMA,
    MadeSeal,
    ReadLicence,
    RecordReference,
    SealPredicate,
    WeightsFile,
)
from dokja.submission.values import (
    DeclaredRecord,
    DigestedFile,
    Manifest,
    SealedFile,
)

RecordAt = Callable[[DeclaredRecord, Sequence[str]], RecordReference]
"""Where a declared record stands among the files of these paths."""


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """Who seals, and what else goes into the manifest."""

    key: PublishedSigner
    model_key: PublishedSigner | None
    statements: tuple[Envelope, ...]
    """Key statements, the last of which names these keys."""
    name: str
    """Of the model, for readers of `model.sig`."""
    inside: bool
    """Whether the seal will lie in the folder itself."""
    made_by: str


def seal_folder(
    folder: ModelFolder,
    sealing: Sealing,
    *,
    keys: PublicKeys,
    tables: LicenceTables,
    record_at: RecordAt,
) -> MadeSeal:
    """The seal of a folder in which every file and tensor could be listed.

    The weights' values are not looked at; that is what inspecting is for.
    Raises: Conflict where the folder is sealed; InvalidInput for a file, name or
    key that cannot be sealed or seal.
    """
    declaration = parse_manifest(folder.read_text(MANIFEST), where=MANIFEST)
    _check_keys(sealing, declaration, keys)
    found = folder.digests()
    files = tuple(one.file for one in found)
    _check_files(found, declaration)
    paths = tuple(file.path for file in files)
    training = declaration.training
    declared = (training.records or ()) if training is not None else ()
    statement = make_statement(
        files,
        SealPredicate(
            schema=SCHEMA,
            made_by=sealing.made_by,
            root=files_root(files),
            declaration=declaration,
            licences=_licences(declaration, tables),
            weights=weights_of(found),
            records=tuple(record_at(record, paths) for record in declared),
            keys=sealing.statements,
        ),
    )
    made = {MANIFEST_FILE: sign_manifest(statement, sealing.key)}
    if len(made[MANIFEST_FILE]) > MANIFEST_BYTES:
        raise InvalidInput(
            f"the manifest would have more than {MANIFEST_BYTES} bytes",
            remedy="hand in fewer files or tensors",
        )
    if sealing.model_key is not None:
        covered = (*files, *_sealed_bytes(made)) if sealing.inside else files
        made[MODEL_SIGNATURE_FILE] = sign_model(
            covered, name=sealing.name, signer=sealing.model_key
        )
    return MadeSeal(statement=statement, key_id=sealing.key.key_id, files=made)


def weights_of(found: Sequence[DigestedFile]) -> tuple[WeightsFile, ...]:
    """The tensors of each file that holds any, in the order of the paths."""
    return tuple(
        WeightsFile(path=one.file.path, tensors=one.tensors)
        for one in found
        if one.tensors
    )


def _check_keys(sealing: Sealing, declaration: Manifest, keys: PublicKeys) -> None:
    stated = read_keys(sealing.statements, keys)
    model = None if sealing.model_key is None else sealing.model_key.key_id
    named = None if stated.model is None else stated.model.key_id
    if stated.current.key_id != sealing.key.key_id or model not in (None, named):
        raise InvalidInput(
            "the key statements name other keys than these",
            remedy="make a statement of these keys with `dokja submission keys`",
        )
    if stated.team != declaration.team:
        raise InvalidInput(
            f"the key statements are those of {stated.team!r}, the submission is of "
            f"{declaration.team!r}",
            remedy="seal with the keys of the team that hands in",
        )


def _check_files(found: Sequence[DigestedFile], declaration: Manifest) -> None:
    files = tuple(one.file for one in found)
    for file in files:
        if file.path in (MANIFEST_FILE, MODEL_SIGNATURE_FILE):
            raise Conflict(
                f"the folder is sealed already: it holds {file.path}",
                remedy="a seal is not replaced; take its files out to make another",
            )
    check_names(file.path for file in files)
    refuse_unsigned(file.path for file in files)
    check_all_declared(files, declaration, declaration.team)
    for one in found:
        if one.damage:
            raise InvalidInput(
                f"the tensors of {one.file.path} cannot be listed: {one.damage}",
                remedy="save the file again and compare its size after copying",
            )


def _licences(declaration: Manifest, tables: LicenceTables) -> tuple[ReadLicence, ...]:
    declared = {declaration.licence, *(c.licence for c in declaration.components)}
    read = [parse_expression(text, tables) for text in sorted(declared)]
    return tuple(
        ReadLicence(declared=one.declared, canonical=one.canonical or None)
        for one in read
    )


def _sealed_bytes(made: dict[str, bytes]) -> tuple[SealedFile, ...]:
    return tuple(
        SealedFile(path=path, size_bytes=len(data), digest=digest_bytes(data))
        for path, data in made.items()
    )
