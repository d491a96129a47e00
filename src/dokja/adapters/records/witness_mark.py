"""A mark beside the witness's key: how far its memory had come."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dokja.adapters.records.record_writer import replace_file
from dokja.errors import InvalidInput


class _Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    identity: str
    changes: int


class WitnessMark:
    """Which memory belongs to the key, and how many changes it had at the least.

    It lies with the key and not with the memory, so that losing one does not lose
    the other.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[str, int] | None:
        """Identity and number of changes; None where the key was never used.

        Raises: InvalidInput where the file is damaged.
        """
        if not self._path.exists():
            return None
        try:
            mark = msgspec.json.decode(self._path.read_bytes(), type=_Mark)
        except msgspec.DecodeError as error:
            raise InvalidInput(
                f"the witness's mark {self._path} is damaged: {error}",
                remedy="retire this witness: make a new key and publish that the old "
                "one cosigns no more",
            ) from error
        return mark.identity, mark.changes

    def write(self, identity: str, changes: int) -> None:
        """Keep that the memory has come this far."""
        replace_file(self._path, msgspec.json.encode(_Mark(identity, changes)))
