"""The dossier of a submission in a folder, from records and reports beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dokja.adapters.folders.text_files import read_text
from dokja.adapters.weights import LocalModelFolder
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes, read_as
from dokja.independence.items.evidence import Place, TeamEvidence
from dokja.independence.items.values import EvidenceKind, EvidencePointer
from dokja.independence.papers.read import read_papers
from dokja.independence.report_dossier import DossierReport, report_dossier
from dokja.lineage import LineageReport
from dokja.programme.values import AspectRule
from dokja.settings import Settings
from dokja.submission import Seal
from dokja.submission.seal import MANIFEST
from dokja.training import RecordVerdict
from dokja.wiring.inspecting import inspect_submission
from dokja.wiring.licence_tables import shipped_tables
from dokja.wiring.programmes import find_rulebook
from dokja.wiring.training import VerifyRequest, verify_training


@dataclass(frozen=True, kw_only=True)
class DossierRequest:
    """A submission, and what there is on it."""

    submission: Path
    records: tuple[str, ...] = ()
    """Each COMPONENT=DIR, or DIR alone where every component lies in one folder."""
    lineage: tuple[Path, ...] = ()
    team_key: Path | None = None
    witness_keys: tuple[Path, ...] = ()
    rulebook: str | None = None


def read_dossier(
    request: DossierRequest, *, settings: Settings, on_step: Callable[[str, str], None]
) -> DossierReport:
    """The dossier of the submission, read whole as sealing will.

    Raises: what sealing and verifying a record raise; InvalidInput for a damaged
    report, and where the rulebook has no gate on a dossier.
    """
    aspects = () if request.rulebook is None else _aspects(request.rulebook)
    seal = inspect_submission(request.submission, settings=settings, on_step=on_step)
    folder = LocalModelFolder(request.submission, block_bytes=settings.block_bytes)
    records = {
        component: _verdict(request, place)
        for component, place in _record_places(request, seal).items()
    }
    reports = {path: _report(path) for path in request.lineage}
    evidence = TeamEvidence(
        seal=seal,
        lineage=tuple(reports.values()),
        records=records,
        papers=read_papers(seal, folder, shipped_tables()),
        places=_places(seal, reports),
    )
    return report_dossier(evidence, aspects=aspects)


def _aspects(name: str) -> tuple[AspectRule, ...]:
    rulebook, where = find_rulebook(name)
    aspects = tuple(
        aspect for gate in rulebook.gates if gate.dossier for aspect in gate.aspects
    )
    if not aspects:
        raise InvalidInput(
            f"{where}: no gate is decided on a dossier",
            remedy="name a rulebook with `dossier` on a gate, or none",
        )
    return aspects


def _record_places(request: DossierRequest, seal: Seal) -> Mapping[str, Path]:
    """The record's folder of every component that has one."""
    known = {component.kind.value for component in seal.manifest.components}
    folders = {component.path for component in seal.manifest.components}
    found: dict[str, Path] = {}
    for given in request.records:
        component, mark, place = given.partition("=")
        if not mark and len(folders) == 1:
            component, place = min(known), given
        if component not in known or not place:
            raise InvalidInput(
                f"--record {given!r} does not say of which component it is",
                remedy=f"write COMPONENT=DIR with one of {', '.join(sorted(known))}",
            )
        found[component] = Path(place)
    return found


def _verdict(request: DossierRequest, record: Path) -> RecordVerdict:
    return verify_training(
        VerifyRequest(
            record=record, team_key=request.team_key, witness_keys=request.witness_keys
        )
    )


def _report(path: Path) -> LineageReport:
    try:
        document = msgspec.json.decode(read_text(path))
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{path} is not JSON: {error}",
            remedy="give what `dokja lineage compare --json` printed",
        ) from error
    return read_as(document, LineageReport, where=str(path))


def _places(
    seal: Seal, reports: Mapping[Path, LineageReport]
) -> dict[Place, EvidencePointer]:
    """Where each piece stands: files, as nothing is on record yet."""
    sealed = {file.path: file.digest for file in seal.files}
    training = seal.manifest.training
    data = None if training is None else training.data
    named = [(EvidenceKind.SEAL, MANIFEST), (EvidenceKind.DATA_MANIFEST, data)]
    found = {
        (kind, ""): EvidencePointer(kind=kind, name=path, digest=sealed[path])
        for kind, path in named
        if path is not None and path in sealed
    }
    kind = EvidenceKind.LINEAGE_REPORT
    return found | {
        (kind, report.reference): EvidencePointer(
            kind=kind, name=path.name, digest=digest_bytes(path.read_bytes())
        )
        for path, report in reports.items()
    }
