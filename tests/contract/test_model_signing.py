"""`model.sig` under the format's own schemas and its reference verifier.

The schemas in `oms/` are those of the OMS specification v1.0, Apache-2.0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from referencing import Registry, Resource

from dokja.adapters.signing import P256Signer, P256Verifier
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.statement import Envelope, payload_of
from dokja.submission.team_seal.model_signature import (
    model_problems,
    open_model_signature,
    sign_model,
)
from dokja.submission.values import SealedFile, SealTrust
from tests.key_files import write_keys, write_model_keys
from tests.sealed_fixture import SealedFolder

SCHEMAS = Path(__file__).with_name("oms")


def _valid(instance: object, name: str) -> None:
    texts = [path.read_text() for path in sorted(SCHEMAS.glob("*.schema.json"))]
    loaded: list[dict[str, Any]] = [json.loads(text) for text in texts]
    registry: Registry[Any] = Registry().with_resources(
        [(one["$id"], Resource.from_contents(one)) for one in loaded]
    )
    (schema,) = (one for one in loaded if f"/{name}/" in one["$id"])
    jsonschema.Draft202012Validator(schema, registry=registry).validate(instance)


def test_a_model_signature_is_as_the_four_schemas_say(
    sealed: SealedFolder,
) -> None:
    """Bundle, envelope, statement and predicate."""
    bundle = json.loads((sealed.root / "model.sig").read_bytes())
    envelope = bundle["dsseEnvelope"]
    statement = json.loads(
        payload_of(
            Envelope(
                payload=envelope["payload"],
                payload_type=envelope["payloadType"],
                signatures=(),
            )
        )
    )
    _valid(bundle, "bundle")
    _valid(envelope, "envelope")
    _valid(statement, "statement")
    _valid(statement["predicate"], "predicate")
    with pytest.raises(jsonschema.ValidationError):
        _valid({**bundle, "note": "x"}, "bundle")


def test_the_reference_verifier_accepts_ours_and_we_accept_its(
    sealed: SealedFolder,
) -> None:
    """One folder, one key, both tools; and each refuses what was changed."""
    # Its 1.1.1 imports OpenSSL without asking for it.
    pytest.importorskip("OpenSSL", reason="the oracle is in the dev group")
    signing = pytest.importorskip("model_signing.signing")
    verifying = pytest.importorskip("model_signing.verifying")
    hashing = pytest.importorskip("model_signing.hashing")
    signature, public = sealed.root / "model.sig", sealed.keys / "model.pub.pem"

    def verify() -> None:
        config = verifying.Config().use_elliptic_key_verifier(public_key=public)
        config.verify(sealed.root, signature)

    verify()
    signature.unlink()
    ignored = hashing.Config().set_ignored_paths(
        paths=[signature], ignore_git_paths=True
    )
    signer = signing.Config().use_elliptic_key_signer(
        private_key=sealed.keys / "model.pem"
    )
    signer.set_hashing_config(ignored).sign(sealed.root, signature)
    assert sealed.check().trust is SealTrust.VERIFIED
    (sealed.root / "training/data.json").write_text("[1]")
    with pytest.raises(ValueError, match=r"data\.json"):
        verify()
    assert sealed.check().trust is SealTrust.FAILED


PATHS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=50, deadline=None)
@given(paths=st.sets(PATHS.filter(lambda p: not p.startswith(".git")), min_size=1))
def test_whatever_the_names_a_signature_holds_of_its_files_only(
    paths: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Renaming, leaving out and adding are seen, though the root digest is blind."""
    private, _ = write_model_keys(tmp_path_factory.mktemp("key"), "names")
    signer = P256Signer.from_pem(private)
    files = [
        SealedFile(path=path, size_bytes=1, digest=digest_bytes(path.encode()))
        for path in paths
        if path != "model.sig"
    ]
    if not files:
        return
    signed = open_model_signature(
        sign_model(files, name="m", signer=signer), signer.verifier
    )
    assert signed is not None
    assert model_problems(signed, files) == ()
    other = SealedFile(path=files[0].path + "x", size_bytes=1, digest=files[0].digest)
    assert model_problems(signed, [other, *files[1:]])
    assert model_problems(signed, files[1:])
    assert model_problems(signed, [*files, other])


def test_a_signature_of_nothing_is_refused(tmp_path: Path) -> None:
    """The format forbids it, and it would say nothing."""
    signer = P256Signer.from_pem(write_model_keys(tmp_path, "k")[0])
    with pytest.raises(InvalidInput, match="no file"):
        sign_model([], name="m", signer=signer)


def test_keys_of_another_curve_or_kind_explain_themselves(tmp_path: Path) -> None:
    """A P-384 or Ed25519 key is refused with the command that makes a right one."""
    from cryptography.hazmat.primitives.asymmetric.ec import (
        SECP384R1,
        generate_private_key,
    )
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    large = generate_private_key(SECP384R1())
    private = tmp_path / "large.pem"
    private.write_bytes(
        large.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    public = large.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    ed25519, ed25519_public = write_keys(tmp_path, "team")
    for path in (private, ed25519):
        with pytest.raises(InvalidInput) as caught:
            P256Signer.from_pem(path)
        assert "openssl genpkey" in caught.value.remedy
    for text in (public.decode(), ed25519_public.read_text()):
        with pytest.raises(InvalidInput, match="P-256"):
            P256Verifier.from_pem_text(text)
    with pytest.raises(Unavailable):
        P256Signer.from_pem(tmp_path / "none.pem")
