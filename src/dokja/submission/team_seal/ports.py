"""What a team's seal needs from the outside: its keys, and keys of others by text."""

from __future__ import annotations

from typing import Protocol

from dokja.evidence.statement import SignatureVerifier, Signer


class PublishedSigner(Signer, Protocol):
    """Holds a private key and shows its public half."""

    @property
    def public_pem(self) -> str:
        """The public key as PEM text."""


class PublicKeys(Protocol):
    """Reads public keys that somebody else wrote down."""

    def team_key(self, pem: str) -> SignatureVerifier:
        """An Ed25519 key. Raises: InvalidInput where the text is none."""

    def model_key(self, pem: str) -> SignatureVerifier:
        """A P-256 key. Raises: InvalidInput where the text is none."""
