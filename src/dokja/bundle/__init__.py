"""The published folder of a stage: written, signed, verified by re-deriving."""

from dokja.bundle.values import Contents, KeyOrigin, Trust, Verification
from dokja.bundle.verify import TrustedKey, verify_bundle
from dokja.bundle.write import make_bundle

__all__ = [
    "Contents",
    "KeyOrigin",
    "Trust",
    "TrustedKey",
    "Verification",
    "make_bundle",
    "verify_bundle",
]
