"""Fingerprints: small search keys of models, and a search among thousands.

A fingerprint says which models to compare and decides nothing. What it looks
at follows from its schema alone, and no beacon enters: nobody gains by hiding
from a search key, because every suspect that somebody names is compared too.
"""

from dokja.lineage.fingerprints.make import make_fingerprint
from dokja.lineage.fingerprints.read import read_fingerprint, refuse_name
from dokja.lineage.fingerprints.scan import scan
from dokja.lineage.fingerprints.screen import screen
from dokja.lineage.fingerprints.search import nearest
from dokja.lineage.fingerprints.values import (
    ComponentCloseness,
    Fingerprint,
    LibraryEntry,
    LibraryFault,
    LibraryIndex,
    ScanReport,
    ScreenReport,
)

__all__ = [
    "ComponentCloseness",
    "Fingerprint",
    "LibraryEntry",
    "LibraryFault",
    "LibraryIndex",
    "ScanReport",
    "ScreenReport",
    "make_fingerprint",
    "nearest",
    "read_fingerprint",
    "refuse_name",
    "scan",
    "screen",
]
