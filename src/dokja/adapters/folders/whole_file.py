"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def written_beside(path: Path, data: bytes) -> Path:
    """A file with the data beside the path, on disk, to be moved into place."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    scratch = Path(name)
    # What is kept here is published like any other file; mkstemp makes it private.
    scratch.chmod(0o666 & ~_umask())
    return scratch


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
