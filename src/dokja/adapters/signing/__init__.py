"""Ed25519 keys that sign statements and verify them.

Keys are read from PEM files and texts. A key's id is the digest of its raw
public half, so that it can be pinned beside a rulebook in one line.
"""

from dokja.adapters.signing.ed25519 import Ed25519Signer, Ed25519Verifier

__all__ = ["Ed25519Signer", "Ed25519Verifier"]
