"""Folders that hold one model, on this machine or behind an address."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dokja.adapters.weights.bounded import inside, refuse_link
from dokja.adapters.weights.byte_source import ByteSource, open_local


class Place(Protocol):
    """The files of one model, by name."""

    @property
    def shown(self) -> str:
        """How errors name the folder."""

    def holds(self, name: str) -> bool:
        """Whether there is such a file."""

    def listed(self, suffix: str) -> tuple[str, ...]:
        """Names that end so, sorted; none where the folder cannot be listed."""

    def source(self, name: str) -> ByteSource:
        """The file of that name, opened but not read.

        Raises: InvalidInput where it is missing, a link or outside.
        """


@dataclass(frozen=True)
class LocalPlace:
    """A folder on this machine; implements `Place`."""

    root: Path
    shown: str

    def holds(self, name: str) -> bool:
        """Whether there is such a file; a link counts, and is refused later."""
        place = self.root / name
        return place.is_symlink() or place.exists()

    def listed(self, suffix: str) -> tuple[str, ...]:
        """Names that end so, sorted."""
        return tuple(sorted(place.name for place in self.root.glob(f"*{suffix}")))

    def source(self, name: str) -> ByteSource:
        """The file of that name, opened without following a link."""
        place, shown = inside(self.root, name), f"{self.shown}/{name}"
        refuse_link(place, shown)
        return open_local(place, shown)
