"""Submissions: manifest, components, digests and the seal."""

from dokja.submission.manifest import parse_manifest, parse_reference
from dokja.submission.seal import changed_files, register_reference, seal_submission
from dokja.submission.values import ComponentKind, Manifest, Seal, WeightState

__all__ = [
    "ComponentKind",
    "Manifest",
    "Seal",
    "WeightState",
    "changed_files",
    "parse_manifest",
    "parse_reference",
    "register_reference",
    "seal_submission",
]
