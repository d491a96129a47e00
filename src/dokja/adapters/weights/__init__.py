"""Weights somebody handed in, in files or behind an address, read within bounds.

Nothing here unpickles, follows a link or leaves the folder it was given.
"""

from dokja.adapters.weights.bounded import DamagedFile
from dokja.adapters.weights.folder import LocalModelFolder
from dokja.adapters.weights.opening import open_checkpoint
from dokja.adapters.weights.release import ReleaseFile, release_files
from dokja.adapters.weights.stored_checkpoint import StoredCheckpoint
from dokja.adapters.weights.subject import find_subject, open_subject

__all__ = [
    "DamagedFile",
    "LocalModelFolder",
    "ReleaseFile",
    "StoredCheckpoint",
    "find_subject",
    "open_checkpoint",
    "open_subject",
    "release_files",
]
