"""Keys that sign statements and verify them, read from PEM files and texts.

Ed25519 signs what is ours: bundles, records, manifests. Its id is the digest of the
raw public half, so that it can be pinned beside a rulebook in one line. P-256 signs
`model.sig`, whose format knows no Ed25519.
"""

from dokja.adapters.signing.ed25519 import Ed25519Signer, Ed25519Verifier
from dokja.adapters.signing.p256 import P256Signer, P256Verifier

__all__ = ["Ed25519Signer", "Ed25519Verifier", "P256Signer", "P256Verifier"]
