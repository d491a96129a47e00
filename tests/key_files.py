"""Key files whose seeds everybody knows: they prove nothing and sign for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def write_keys(folder: Path, name: str) -> tuple[Path, Path]:
    """PEM files of both halves of an Ed25519 key made from the name."""
    return _write(folder, name, Ed25519PrivateKey.from_private_bytes(_seed(name)))


def write_model_keys(folder: Path, name: str) -> tuple[Path, Path]:
    """PEM files of both halves of a P-256 key made from the name."""
    number = int.from_bytes(_seed(name), "big") >> 1
    return _write(folder, name, derive_private_key(number, SECP256R1()))


def _seed(name: str) -> bytes:
    return hashlib.sha256(f"not a secret: {name}".encode()).digest()


def _write(folder: Path, name: str, key: PrivateKeyTypes) -> tuple[Path, Path]:
    private, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    private.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public
