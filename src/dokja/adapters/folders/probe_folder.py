"""Evidence of probes on disk, each file named by the digest of what it holds."""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.folders.whole_file import written_beside
from dokja.errors import Unavailable
from dokja.evidence.canonical import digest_bytes

EVIDENCE_BYTES = 256 << 20


class ProbeFolder:
    """`WORK/probes`: files are added and never changed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def place(self, digest: str) -> Path:
        """Where the evidence of this digest lies."""
        return self._root / f"{digest.removeprefix('sha256:')}.json"

    def keep(self, data: bytes) -> Path:
        """The file that holds the data from now on, whole and on disk."""
        place = self.place(digest_bytes(data))
        self._root.mkdir(parents=True, exist_ok=True)
        written_beside(place, data).replace(place)
        return place

    def read(self, digest: str) -> bytes:
        """The evidence. Raises: Unavailable where it is not there, or another's."""
        place = self.place(digest)
        try:
            with place.open("rb") as file:
                data = file.read(EVIDENCE_BYTES + 1)
        except OSError as error:
            raise Unavailable(
                f"{place} cannot be read: {error.strerror}",
                remedy="give the office's work folder, with its probes",
            ) from error
        if digest_bytes(data) != digest:
            raise Unavailable(
                f"{place} is not what its name says",
                remedy="restore it from a backup, or probe again",
            )
        return data
