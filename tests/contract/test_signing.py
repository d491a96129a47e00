"""Signatures anyone can check with another tool, and keys that explain themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from dokja.adapters.signing import Ed25519Signer, Ed25519Verifier
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.statement import open_statement, sign_statement

# RFC 8032, section 7.1, test 2.
_SEED = bytes.fromhex(
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
)
_PUBLIC = bytes.fromhex(
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
)
_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
_TYPE = "application/vnd.dokja.head+json"

_KEY = Ed25519PrivateKey.from_private_bytes(_SEED)
_OTHER_KIND = generate_private_key(SECP256R1())


def _private_pem(
    key: Ed25519PrivateKey, encryption: KeySerializationEncryption
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def test_a_signature_is_the_one_the_standard_gives() -> None:
    """An auditor with openssl must come to the same answer."""
    signer = Ed25519Signer.from_seed(_SEED)
    assert signer.sign(b"\x72") == _SIGNATURE
    assert signer.verifier.raw == _PUBLIC
    assert Ed25519Verifier.from_raw(_PUBLIC).is_valid(b"\x72", _SIGNATURE)


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_a_changed_signature_is_not_valid(place: int) -> None:
    """Both halves of a signature count."""
    changed = bytearray(_SIGNATURE)
    changed[place] ^= 1
    verifier = Ed25519Verifier.from_raw(_PUBLIC)
    assert not verifier.is_valid(b"\x72", bytes(changed))
    assert not verifier.is_valid(b"\x73", _SIGNATURE)
    assert not verifier.is_valid(b"\x72", _SIGNATURE[:63])


def test_a_key_is_named_by_the_digest_of_its_raw_public_half() -> None:
    """The same key has one name, whether it signs or verifies."""
    signer = Ed25519Signer.from_seed(_SEED)
    assert signer.key_id == digest_bytes(_PUBLIC)
    assert Ed25519Verifier.from_raw(_PUBLIC).key_id == signer.key_id


def test_a_public_key_survives_its_pem_text() -> None:
    """The text is what is pinned beside a rulebook."""
    text = Ed25519Signer.from_seed(_SEED).verifier.pem
    assert text.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert Ed25519Verifier.from_pem_text(text).raw == _PUBLIC


def test_a_signer_reads_the_key_openssl_writes(tmp_path: Path) -> None:
    """PKCS #8 without a password is what `openssl genpkey` leaves."""
    path = tmp_path / "key.pem"
    path.write_bytes(_private_pem(_KEY, NoEncryption()))
    assert Ed25519Signer.from_pem(path).key_id == digest_bytes(_PUBLIC)


def test_a_statement_opens_for_its_key_only() -> None:
    """A bundle signed by somebody else is not a signed bundle."""
    signer = Ed25519Signer.from_seed(_SEED)
    other = Ed25519Signer.from_seed(bytes(32))
    envelope = sign_statement(b"{}", payload_type=_TYPE, signer=signer)
    opened = open_statement(envelope, payload_type=_TYPE, verifier=signer.verifier)
    assert opened == b"{}"
    assert open_statement(envelope, payload_type=_TYPE, verifier=other.verifier) is None


def _public_pem_of_other_kind() -> str:
    spki = PublicFormat.SubjectPublicKeyInfo
    return _OTHER_KIND.public_key().public_bytes(Encoding.PEM, spki).decode()


_WRONG_TEXTS: dict[str, tuple[str, str]] = {
    "private": (_private_pem(_KEY, NoEncryption()).decode(), "private key"),
    "other kind": (_public_pem_of_other_kind(), "not Ed25519"),
    "no key": ("ssh-ed25519 AAAA", "PEM"),
    "empty": ("", "PEM"),
}


@pytest.mark.parametrize(
    ("text", "fact"), _WRONG_TEXTS.values(), ids=_WRONG_TEXTS.keys()
)
def test_a_text_that_is_no_public_key_is_explained(text: str, fact: str) -> None:
    """Handing out the private half is the mistake worth its own message."""
    with pytest.raises(InvalidInput, match=fact) as caught:
        Ed25519Verifier.from_pem_text(text)
    assert caught.value.remedy


_WRONG_FILES: dict[str, tuple[bytes, str]] = {
    "public": (Ed25519Signer(_KEY).verifier.pem.encode(), "public key"),
    "encrypted": (_private_pem(_KEY, BestAvailableEncryption(b"x")), "encrypted"),
    "other kind": (
        _OTHER_KIND.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "not Ed25519",
    ),
    "no key": (b"\x00\xff", "no private key"),
}


@pytest.mark.parametrize(
    ("content", "fact"), _WRONG_FILES.values(), ids=_WRONG_FILES.keys()
)
def test_a_file_that_is_no_private_key_is_explained(
    tmp_path: Path, content: bytes, fact: str
) -> None:
    """The organiser who signs once a stage will not remember key formats."""
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=fact) as caught:
        Ed25519Signer.from_pem(path)
    assert caught.value.remedy


def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The path is all the reader needs to put it right."""
    with pytest.raises(Unavailable, match=r"absent\.pem"):
        Ed25519Signer.from_pem(tmp_path / "absent.pem")
    with pytest.raises(Unavailable):
        Ed25519Signer.from_pem(tmp_path)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_raw_keys_and_seeds_have_one_length(length: int) -> None:
    """A hex text or a 64-byte key pasted in by mistake must not half work."""
    with pytest.raises(InvalidInput):
        Ed25519Signer.from_seed(bytes(length))
    with pytest.raises(InvalidInput):
        Ed25519Verifier.from_raw(bytes(length))
