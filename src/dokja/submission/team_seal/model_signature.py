"""`model.sig`: an OpenSSF Model Signing bundle, written and read strictly.

Source: OMS specification v1.0 (2026-05), sections 4 to 8; the `key` method, `files`
serialisation, SHA-256, ECDSA on P-256. What the format leaves open is refused here:
paths that are ignored beyond the format's own four, files that lie under those,
links, other hashes. Its root digest binds no names and is never used as a name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.statement import (
    Envelope,
    Signature,
    SignatureVerifier,
    Signer,
    open_statement,
    sign_statement,
)
from dokja.evidence.values import Text
from dokja.submission.team_seal.values import (
    MODEL_SIGNATURE_FILE,
    ModelResource,
    ModelSerialization,
    ModelStatement,
)
from dokja.submission.values import SealedFile

IN_TOTO = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://model_signing/signature/v1.0"
MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
MEDIA_TYPES = re.compile(r"application/vnd\.dev\.sigstore\.bundle\b[\w.+;=-]*")
UNSIGNED = (".git", ".gitattributes", ".github", ".gitignore")
"""Names at the top of a folder that every verifier of the format passes over."""
BUNDLE_BYTES = 64 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")

Part = TypeVar("Part", bound=msgspec.Struct)


class _Key(msgspec.Struct, rename="camel"):
    hint: str | None = None


class _Material(msgspec.Struct, rename="camel"):
    public_key: _Key


class _Signature(msgspec.Struct, forbid_unknown_fields=True):
    sig: str
    keyid: str | None = None


class _Envelope(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    payload: str
    payload_type: str
    signatures: tuple[_Signature, ...]


class _Bundle(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    media_type: str
    verification_material: _Material
    dsse_envelope: _Envelope


class _Subject(msgspec.Struct):
    name: str
    digest: dict[str, str]


class _Predicate(msgspec.Struct, forbid_unknown_fields=True):
    resources: tuple[ModelResource, ...]
    serialization: ModelSerialization


class _Statement(
    msgspec.Struct,
    rename={"kind": "_type", "predicate_type": "predicateType"},
    forbid_unknown_fields=True,
):
    kind: str
    subject: tuple[_Subject, ...]
    predicate_type: str
    predicate: _Predicate


def sign_model(files: Sequence[SealedFile], *, name: str, signer: Signer) -> bytes:
    """The bytes of `model.sig` over the files.

    Raises: InvalidInput where there is none, or one that other verifiers pass over.
    """
    covered = sorted(files, key=lambda file: file.path)
    refuse_unsigned(file.path for file in covered)
    if not covered:
        raise InvalidInput("there is no file to sign", remedy="name the folder")
    digests = [file.digest.removeprefix("sha256:") for file in covered]
    statement = _Statement(
        kind=STATEMENT,
        subject=(_Subject(name=name, digest={"sha256": _root(digests)}),),
        predicate_type=PREDICATE,
        predicate=_Predicate(
            resources=tuple(
                ModelResource(name=file.path, algorithm="sha256", digest=digest)
                for file, digest in zip(covered, digests, strict=True)
            ),
            serialization=ModelSerialization(
                method="files",
                hash_type="sha256",
                allow_symlinks=False,
                ignore_paths=(*UNSIGNED, MODEL_SIGNATURE_FILE),
            ),
        ),
    )
    envelope = sign_statement(
        canonical_bytes(statement), payload_type=IN_TOTO, signer=signer
    )
    return canonical_bytes(_bundle(envelope, hint=signer.key_id))


def refuse_unsigned(paths: Iterator[str]) -> None:
    """Nothing. Raises: InvalidInput for a file that `model.sig` could not cover."""
    for path in paths:
        if _is_unsigned(path):
            raise InvalidInput(
                f"{path} lies where verifiers of model signatures do not look",
                remedy=f"take {path.partition('/')[0]} out of the folder",
            )


def open_model_signature(
    data: bytes, verifier: SignatureVerifier
) -> ModelStatement | None:
    """What the key signed, or None where it signed nothing of this.

    Raises: InvalidInput where the bytes are no such bundle, or one of another
    method, predicate or hint.
    """
    if len(data) > BUNDLE_BYTES:
        raise _refused(f"it has more than {BUNDLE_BYTES} bytes")
    bundle = _read(data, _Bundle)
    if not MEDIA_TYPES.fullmatch(bundle.media_type):
        raise _refused(f"its media type is {bundle.media_type[:80]!r}")
    hint = bundle.verification_material.public_key.hint
    if hint and f"sha256:{hint}" != verifier.key_id:
        return None
    found = bundle.dsse_envelope
    if found.payload_type != IN_TOTO or len(found.signatures) != 1:
        raise _refused("its envelope is not one signed in-toto statement")
    envelope = Envelope(
        payload=found.payload,
        payload_type=found.payload_type,
        signatures=(Signature(keyid="", sig=found.signatures[0].sig),),
    )
    payload = open_statement(envelope, payload_type=IN_TOTO, verifier=verifier)
    return None if payload is None else _statement(_read(payload, _Statement))


def model_problems(
    statement: ModelStatement, found: Sequence[SealedFile]
) -> tuple[Text, ...]:
    """Why the statement does not hold of exactly these files; none where it does."""
    return (
        *_policy_problems(statement.serialization),
        *_listing_problems(statement),
        *_file_problems(statement.resources, found),
    )


def _statement(read: _Statement) -> ModelStatement:
    if read.kind != STATEMENT or read.predicate_type != PREDICATE:
        raise _refused(f"it states {read.predicate_type[:80]!r}")
    if len(read.subject) != 1:
        raise _refused(f"it names {len(read.subject)} models, not one")
    return ModelStatement(
        name=read.subject[0].name,
        root=read.subject[0].digest.get("sha256", ""),
        serialization=read.predicate.serialization,
        resources=read.predicate.resources,
    )


def _policy_problems(how: ModelSerialization) -> Iterator[Text]:
    if how.method != "files" or how.hash_type != "sha256":
        yield Text(
            ko=f"파일마다 SHA-256이 아니라 {how.method[:20]}, {how.hash_type[:20]} "
            "방식으로 서명됨",
            en=f"It was made by {how.method[:20]} and {how.hash_type[:20]}, not by "
            "SHA-256 of whole files.",
        )
    if how.allow_symlinks:
        yield Text(ko="링크를 따라가며 서명됨", en="It was made by following links.")
    beyond = sorted(set(how.ignore_paths) - {*UNSIGNED, MODEL_SIGNATURE_FILE})
    if beyond:
        shown = ", ".join(repr(path) for path in beyond[:3])
        yield Text(ko=f"서명에서 뺀 경로가 있음: {shown}", en=f"It leaves out {shown}.")


def _listing_problems(statement: ModelStatement) -> Iterator[Text]:
    resources = statement.resources
    names = {resource.name for resource in resources}
    sound = all(
        resource.algorithm == "sha256" and _DIGEST.fullmatch(resource.digest)
        for resource in resources
    )
    if not resources or len(names) != len(resources) or not sound:
        yield Text(
            ko="파일 목록이 비었거나 겹치거나 SHA-256이 아님",
            en="Its list of files is empty, repeats one or is not in SHA-256.",
        )
    elif _root([resource.digest for resource in resources]) != statement.root:
        yield Text(
            ko="파일 목록과 대표 해시가 서로 다름",
            en="Its root digest is not that of its own list.",
        )


def _file_problems(
    resources: Sequence[ModelResource], found: Sequence[SealedFile]
) -> Iterator[Text]:
    listed = {resource.name: f"sha256:{resource.digest}" for resource in resources}
    there = {
        file.path: file.digest for file in found if file.path != MODEL_SIGNATURE_FILE
    }
    wrong = sorted(
        path
        for path in listed.keys() | there.keys()
        if listed.get(path) != there.get(path)
    )
    if wrong:
        shown = ", ".join(repr(path) for path in wrong[:3])
        more = len(wrong) - 3
        yield Text(
            ko=f"목록과 다른 파일 {len(wrong)}개: {shown}" + (" 등" * (more > 0)),
            en=f"{len(wrong)} files are not as listed: {shown}"
            + (f" and {more} more" if more > 0 else ""),
        )
    hidden = sorted(path for path in there if _is_unsigned(path))
    if hidden:
        yield Text(
            ko=f"다른 검증기가 보지 않는 자리에 파일이 있음: {hidden[0]!a}",
            en=f"{hidden[0]!a} lies where other verifiers do not look.",
        )


def _bundle(envelope: Envelope, *, hint: str) -> dict[str, Any]:
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {
            "publicKey": {"hint": hint.removeprefix("sha256:")},
            "tlogEntries": [],
        },
        "dsseEnvelope": {
            "payload": envelope.payload,
            "payloadType": envelope.payload_type,
            "signatures": [{"sig": s.sig, "keyid": ""} for s in envelope.signatures],
        },
    }


def _is_unsigned(path: str) -> bool:
    return path.partition("/")[0] in UNSIGNED


def _root(digests: Sequence[str]) -> str:
    return hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()


def _read(data: bytes, kind: type[Part]) -> Part:
    """The JSON as that struct; a key that comes twice would be read two ways."""
    try:
        plain = json.loads(data, object_pairs_hook=_unique)
        return msgspec.convert(plain, kind)
    except (ValueError, RecursionError) as error:
        raise _refused(str(error)) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        f"{MODEL_SIGNATURE_FILE} is no model signature that is accepted here: {fact}",
        remedy="sign whole files with SHA-256 and a P-256 key (OMS v1.0, method key)",
    )
