"""What every check is handed: the record, and what the reader trusts beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dokja.evidence.values import CheckResult, Text
from dokja.training.ports import NoteKey, RecordSource
from dokja.training.reading import Reading
from dokja.training.tree_heads import cosigned_at, is_signed
from dokja.training.values import SignedHead

Outcome = tuple[CheckResult, Text]


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """What the reader has from elsewhere, and not from the record."""

    team: NoteKey | None = None
    """Key the team registered with the organiser."""
    witnesses: tuple[NoteKey, ...] = ()
    latest: tuple[SignedHead, ...] = ()
    """Heads that a witness kept of this log."""


@dataclass(frozen=True)
class Case:
    """One record under examination."""

    reading: Reading
    source: RecordSource
    trusted: Trusted

    @cached_property
    def signed_heads(self) -> tuple[SignedHead, ...]:
        """Heads of this log that the trusted team key signed, by size."""
        key = self.trusted.team
        if key is None:
            return ()
        own = (h for h in self.reading.heads if h.head.origin == self.reading.origin)
        return tuple(h for h in own if is_signed(h, key))

    @cached_property
    def cosigned(self) -> tuple[tuple[int, int], ...]:
        """Size and first second of each signed head that a witness cosigned."""
        found = []
        for signed in self.signed_heads:
            seconds = [cosigned_at(signed, key) for key in self.trusted.witnesses]
            known = [second for second in seconds if second is not None]
            if known:
                found.append((signed.head.size, min(known)))
        return tuple(found)
