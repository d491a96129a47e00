"""What running a stage needs from the outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from dokja.benchmark.values import OfficialRun, Suite
from dokja.evidence.ports import Compute
from dokja.licence import LicenceTables
from dokja.lineage.values import LineageReport, LineageRules
from dokja.stage.values import HarnessPlan
from dokja.submission.ports import ModelFolder
from dokja.submission.team_seal.ports import PublicKeys
from dokja.submission.values import ComponentKind, DeclaredComponent
from dokja.training.values import RecordVerdict


class ModelFolders(Protocol):
    """Where the models of a stage lie."""

    def submission(self, team: str) -> ModelFolder:
        """The folder a team handed in."""

    def reference(self, reference: str) -> ModelFolder:
        """The folder of a reference model."""

    def location(self, subject: str) -> str:
        """What an instrument needs to open the model of a subject."""


@dataclass(frozen=True, kw_only=True)
class BenchmarkTask:
    """One model over every suite of the stage."""

    subject: str
    location: str
    decoder_path: str
    weights_root: str
    suites: tuple[Suite, ...]
    harness: HarnessPlan


@dataclass(frozen=True, kw_only=True)
class LineageTask:
    """One submission against one reference."""

    team: str
    reference: str
    team_location: str
    reference_location: str
    team_components: tuple[DeclaredComponent, ...]
    reference_components: tuple[DeclaredComponent, ...]
    rules: LineageRules
    seed_text: str
    searched: int
    """Comparisons in the family that the p-values are corrected for."""


@dataclass(frozen=True, kw_only=True)
class RecordTask:
    """The training record of one component, and whose signatures count."""

    team: str
    component: ComponentKind
    location: str
    """Of the submission."""
    record: str
    weights: str
    """Path of the component that is handed in, relative to it like the record's."""
    declared_key: str
    """Digest of the key that the team says it signed with."""
    team_key: str | None
    """PEM text of the key it registered; None where it registered none."""
    witness_keys: tuple[str, ...]
    auditor_keys: tuple[str, ...]
    replays: tuple[str, ...]
    """Signed reports on replays, of whichever record."""


@dataclass(frozen=True, kw_only=True)
class Instruments:
    """What measures, and where it runs. None of it may change a number."""

    compute: Compute
    benchmark: Callable[[BenchmarkTask], OfficialRun]
    compare: Callable[[LineageTask], LineageReport]
    verify_record: Callable[[RecordTask], RecordVerdict]
    keys: PublicKeys
    """Reads the keys that teams registered and signed with."""
    on_step: Callable[[str, str], None]
    """Told the phase and the subject each time a piece of work is done."""
    licence_tables: Callable[[], LicenceTables]
    """What licences are read with; asked only where a gate needs a dossier."""
