"""What every check is handed: the record, and what the reader trusts beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from dokja.errors import DokjaError
from dokja.evidence.values import CheckResult, Text
from dokja.training.choosing import Choice
from dokja.training.drift import Drift
from dokja.training.kept_state import KeptState
from dokja.training.kept_states import KeptStates
from dokja.training.known_code import CodeTree
from dokja.training.materials import Lease
from dokja.training.ports import Materials, NoteKey, RecordSource, ReplayMachine
from dokja.training.reading import Reading
from dokja.training.replaying import Further, Replaying
from dokja.training.tree_heads import cosigned_at, is_signed
from dokja.training.values import Challenge, SignedHead

Outcome = tuple[CheckResult, Text]


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """What the reader has from elsewhere, and not from the record."""

    team: NoteKey | None = None
    """Key the team registered with the organiser."""
    witnesses: tuple[NoteKey, ...] = ()
    latest: tuple[SignedHead, ...] = ()
    """Heads that a witness kept of this log."""
    challenges: tuple[Challenge, ...] = ()
    """What a witness kept of its own challenges, of this log and of others."""
    organiser: NoteKey | None = None
    """Key under which the organiser attests to machines."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What an auditor has in hand beyond the record; any of it may be missing."""

    materials: Materials | None = None
    machine: ReplayMachine | None = None
    beacon: str = ""
    """Hex text drawn after the record closed; chooses what is replayed."""
    segments: int = 14
    """Replayed at random, besides those that are looked at in any case."""
    riskiest: int = 5
    """Replayed because they moved furthest for their rates, or straightest."""
    leases: tuple[Lease, ...] | None = None
    """The organiser's own list; None where it was not given."""
    known_code: tuple[CodeTree, ...] = ()
    """Code that is known, to compare the team's own with."""
    release: KeptState | None = None
    """Tensors of the sealed model under the names of its files."""
    attestation: bytes | None = None
    """What the organiser says of the machines, in its envelope."""


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
    def replaying(self) -> Replaying | None:
        """Replays by the materials; None where none were opened."""
        materials, kept = self.audit.materials, self.kept
        if materials is None or kept is None:
            return None
        return Replaying(self.reading, self.source, materials, kept)

    @cached_property
    def further(self) -> tuple[Further, ...] | Text | None:
        """Kept states taken one step further; None without materials or machine."""
        machine, replaying = self.audit.machine, self.replaying
        if machine is None or replaying is None:
            return None
        try:
            return replaying.further(machine)
        except DokjaError as error:
            return not_done(error)

    @cached_property
    def choice(self) -> Choice | None:
        """Segments to be replayed; None without materials or beacon."""
        if self.replaying is None or not self.audit.beacon:
            return None
        return self.replaying.choice(
            self.audit.beacon,
            count=self.audit.segments,
            riskiest=self.audit.riskiest,
        )

    @cached_property
    def drifts(self) -> Mapping[str, Drift | Text] | Text | None:
        """The chosen segments replayed; None where there is no choice or machine."""
        machine, replaying = self.audit.machine, self.replaying
        if machine is None or replaying is None or self.choice is None:
            return None
        try:
            return replaying.drifts(machine, self.choice.segments)
        except DokjaError as error:
            return not_done(error)

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


def not_done(error: DokjaError) -> Text:
    """Why the team's program could not be made to do it."""
    return Text(
        ko=f"팀의 프로그램으로 다시 해 보지 못했습니다: {error.fact}",
        en=f"The team's program could not be made to do it again: {error.fact}",
    )
