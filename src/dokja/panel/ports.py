"""What an expert's desk needs from the outside: drafts and acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from dokja.evidence.values import Act


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed so far, as it was typed; no part of the evidence."""

    owner: str
    """Pseudonym of the expert."""
    name: str
    body: dict[str, Any]
    version: int
    """0 for one that was never saved."""


class Drafts(Protocol):
    """Drafts that may change and vanish."""

    def find(self, owner: str, name: str) -> Draft | None:
        """The draft as it was last saved."""

    def save(self, draft: Draft) -> Draft:
        """The draft with its next version, kept.

        Raises: Conflict where another version than the draft's is kept, so that
        two open windows do not overwrite each other unseen.
        """

    def discard(self, owner: str, name: str) -> None:
        """Nothing; the draft is gone, if there was one."""


class PanelActs(Protocol):
    """The acts of one stage."""

    def append(self, acts: Sequence[Act]) -> None:
        """Add the acts, all or none.

        An act that is already there with the same body is left as it is.
        Raises: Conflict where the name is taken by another body.
        """

    def find(self, kind: str) -> tuple[Act, ...]:
        """Every act of the kind, in the order in which it was appended."""
