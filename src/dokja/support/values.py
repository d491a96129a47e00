"""What pools, data and money have in common: moments, windows, sources."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its zone."""
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""A name in the record: small letters, digits, dot, line."""
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
"""A line of text that must say something."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is handed in: unknown keys are errors."""


class SupportEvent(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="what",
):
    """Base of everything that happens to a matter of support."""


class Window(Entry, frozen=True, kw_only=True):
    """A time from `begins` until just before `ends`."""

    begins: Moment
    ends: Moment

    def __post_init__(self) -> None:
        if self.ends <= self.begins:
            raise ValueError(f"a window ends at {self.ends}, before it begins")

    def meets(self, other: Window) -> bool:
        """Whether the two have a moment in common."""
        return self.begins < other.ends and other.begins < self.ends

    def holds(self, other: Window) -> bool:
        """Whether the other lies within this one."""
        return self.begins <= other.begins and other.ends <= self.ends


class CitedSource(Entry, frozen=True, kw_only=True):
    """Where a figure stands, and the day on which it was published or signed."""

    name: Line
    on: date
