"""Randomness from the operating system."""

from __future__ import annotations

import base64
import secrets

_TOKEN_BYTES = 32
_NAME_BYTES = 10
"""80 bits: among a million names two are equal with probability 4e-13."""


class SystemSecrets:
    """Implements `Secrets`."""

    def token(self) -> str:
        """256 random bits that fit into an address."""
        return secrets.token_urlsafe(_TOKEN_BYTES)

    def key(self) -> bytes:
        """32 random bytes."""
        return secrets.token_bytes(_TOKEN_BYTES)

    def name(self) -> str:
        """Lower-case letters and digits, 80 bits, for ids and pseudonyms."""
        return base64.b32encode(secrets.token_bytes(_NAME_BYTES)).decode().lower()
