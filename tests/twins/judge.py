"""Every check's result on a twin, and whether the one that had to find it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.records import MaterialsFolder, RecordFolder, program_digest
from dokja.adapters.records.released_weights import ReleasedWeights
from dokja.adapters.signing import Ed25519Verifier
from dokja.errors import DokjaError
from dokja.training import Audit, RecordVerdict, Trusted, verify_record
from dokja.training.tree_heads import read_head
from tests.trained_run import BEACON, SameProcess
from tests.twins.honest import KNOWN_CODE, Kept
from tests.twins.machine import RememberingMachine
from tests.twins.mutation import Mutation

REFUSED = "refused"
SEGMENTS = 14
"""As many as an auditor draws who names no number: here, all there are."""
Results = Mapping[str, str]
"""What each check said; `refused` alone where the files could not be read at all."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What became of one twin."""

    mutation: Mutation
    before: Results
    after: Results
    tier: str

    @property
    def changed(self) -> tuple[str, ...]:
        """Checks that say something else than of the honest record."""
        return tuple(n for n, said in self.after.items() if self.before.get(n) != said)

    @property
    def is_caught(self) -> bool:
        """Whether the named check said what it has to, or worse, and did not before."""
        check = self.mutation.caught_by
        found = self.after.get(check)
        allowed = {self.mutation.as_, "fail"}
        return found in allowed and self.before.get(check) != found


def verdict_on(kept: Kept) -> RecordVerdict:
    """The verdict with the keys, the head and the leases that the organiser has."""
    latest = [kept.latest] if kept.latest.exists() else []
    return verify_record(
        RecordFolder(kept.record),
        Trusted(
            team=_key(kept.keys.team),
            witnesses=(_key(kept.keys.witness),),
            latest=tuple(read_head(path.read_bytes()) for path in latest),
            challenges=kept.challenges,
        ),
        audit_of(kept),
    )


def audit_of(kept: Kept) -> Audit | None:
    """What an auditor has in hand; None where the team opened nothing."""
    materials = kept.folder / "materials"
    if not materials.is_dir():
        return None
    return Audit(
        materials=MaterialsFolder(materials),
        machine=_machine(kept) if kept.is_replayed else None,
        beacon=BEACON,
        segments=SEGMENTS,
        leases=kept.leases,
        known_code=(KNOWN_CODE,),
        release=ReleasedWeights(kept.folder / "release"),
    )


def _machine(kept: Kept) -> RememberingMachine:
    program = kept.folder / "materials" / "program"
    machine = SameProcess(program)
    return RememberingMachine(machine, program_digest(program), kept.audited_on)


def _key(path: Path) -> Ed25519Verifier:
    return Ed25519Verifier.from_pem_text(path.read_text())


def results_of(kept: Kept) -> tuple[Results, str]:
    """Result of each check, and the tier."""
    try:
        verdict = verdict_on(kept)
    except DokjaError:
        return {REFUSED: "fail"}, "-"
    return {c.id: c.result.value for c in verdict.checks}, verdict.tier.value


def judged(
    mutation: Mutation, honest: Kept, before: Results, scratch: Path
) -> Judgement:
    """The mutation made of an honest record, and checked."""
    after, tier = results_of(mutation.forge(honest, scratch))
    return Judgement(mutation=mutation, before=before, after=after, tier=tier)
