"""What every check is handed: the record, and what the reader trusts beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dokja.evidence.values import CheckResult, Text
from dokja.training.kept_state import KeptState
from dokja.training.kept_states import KeptStates
from dokja.training.materials import Lease
from dokja.training.ports import Materials, NoteKey, RecordSource, ReplayMachine
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


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What an auditor has in hand beyond the record; any of it may be missing."""

    materials: Materials | None = None
    machine: ReplayMachine | None = None
    beacon: str = ""
    """Hex text drawn after the record closed; chooses what is replayed."""
    segments: int = 14
    """Replayed at random, besides those that are looked at in any case."""
    leases: tuple[Lease, ...] | None = None
    """The organiser's own list; None where it was not given."""
    release: KeptState | None = None
    """Tensors of the sealed model under the names of its files."""


@dataclass(frozen=True)
class Case:
    """One record under examination."""

    reading: Reading
    source: RecordSource
    trusted: Trusted
    audit: Audit = Audit()

    @cached_property
    def kept(self) -> KeptStates | None:
        """Proven states of the record; None where no materials were opened."""
        materials = self.audit.materials
        return None if materials is None else KeptStates(self.source, materials)

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
