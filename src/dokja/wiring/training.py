"""A training record in a folder: verified by keys from elsewhere, or imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dokja.adapters.folders.text_files import read_text
from dokja.adapters.folders.whole_file import written_beside
from dokja.adapters.records import (
    MaterialsFolder,
    RecordFolder,
    RecordWriter,
    ReleasedWeights,
    code_texts,
)
from dokja.adapters.replay_program import ReplayProgram
from dokja.adapters.sandbox import WalledCommand
from dokja.adapters.signing import Ed25519Signer, Ed25519Verifier
from dokja.errors import Conflict, Unavailable
from dokja.evidence.hash_tree import HashTree
from dokja.training import Audit, RecordVerdict, Trusted, verify_record
from dokja.training.attesting import attest
from dokja.training.imported import imported_lines
from dokja.training.importers import IMPORTERS
from dokja.training.known_code import CodeTree
from dokja.training.materials import read_leases
from dokja.training.reading import read_record
from dokja.training.replay_report import ReplayReport, signed_report, weights_root
from dokja.training.statements import kept_challenges
from dokja.training.tree_heads import read_head, signed_head
from dokja.training.values import TreeHead


@dataclass(frozen=True, kw_only=True)
class VerifyRequest:
    """A record, and what its reader trusts."""

    record: Path
    team_key: Path | None
    witness_keys: Sequence[Path] = ()
    latest: Sequence[Path] = ()
    """Tree heads that a witness kept."""
    challenges: Path | None = None
    """What the witness answers when it is asked for its challenges to the log."""
    organiser: Path | None = None
    """Key under which the organiser attests to machines."""


@dataclass(frozen=True, kw_only=True)
class AuditRequest:
    """What is at hand beyond the record; nothing is run without a beacon."""

    materials: Path | None = None
    """Folder that the team opened."""
    model: Path | None = None
    """Folder of the sealed component."""
    leases: Path | None = None
    """The organiser's own list."""
    attestation: Path | None = None
    """What the organiser signed of the machines."""
    known_code: Sequence[Path] = ()
    """Folders of code to compare the team's with."""
    beacon: str = ""
    segments: int = 14


def verify_training(
    request: VerifyRequest,
    audit: AuditRequest | None = None,
    *,
    on_step: Callable[[str, str], None] | None = None,
) -> RecordVerdict:
    """The verdict on the record, by the keys and whatever else is at hand.

    `on_step` hears of each call of the team's program.

    Raises: Unavailable or InvalidInput where a file cannot be used at all.
    """
    team = None if request.team_key is None else _key(request.team_key)
    witnesses = tuple(map(_key, request.witness_keys))
    kept = request.challenges
    return verify_record(
        RecordFolder(request.record),
        Trusted(
            team=team,
            witnesses=witnesses,
            latest=tuple(read_head(read_text(p).encode()) for p in request.latest),
            challenges=()
            if kept is None
            else kept_challenges(read_text(kept).encode(), witnesses),
            organiser=None if request.organiser is None else _key(request.organiser),
        ),
        _audit(audit or AuditRequest(), on_step),
    )


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """What a report is about, who signs it, and where it goes."""

    record: Path
    model: Path | None
    beacon: str
    auditor: Path
    """Private key."""
    out: Path


def write_report(verdict: RecordVerdict, request: ReportRequest) -> None:
    """Nothing; the file now holds what the auditor's key says of this very record.

    Raises: Unavailable where the file cannot be written.
    """
    tree, model = read_record(RecordFolder(request.record)).tree, request.model
    report = ReplayReport(
        root=f"sha256:{tree.root().hex()}",
        events=len(tree),
        weights=None if model is None else weights_root(ReleasedWeights(model)),
        beacon=request.beacon,
        verdict=verdict,
    )
    data = signed_report(report, Ed25519Signer.from_pem(request.auditor)) + b"\n"
    try:
        written_beside(request.out, data).replace(request.out)
    except OSError as error:
        raise Unavailable(
            f"{request.out} cannot be written: {error.strerror}",
            remedy="name a file in a folder that you may write to",
        ) from error


def _audit(request: AuditRequest, on_step: Callable[[str, str], None] | None) -> Audit:
    place = request.materials
    materials = None if place is None else MaterialsFolder(place)
    machine = None
    if materials is not None and request.beacon:
        # Links in the tree are refused before anything of it is copied.
        materials.program_digest()
        machine = ReplayProgram(
            materials.program, materials.plan(), WalledCommand(), on_step=on_step
        )
    leases, said = request.leases, request.attestation
    return Audit(
        materials=materials,
        machine=machine,
        beacon=request.beacon,
        segments=request.segments,
        leases=None if leases is None else read_leases(read_text(leases).encode()),
        known_code=tuple(map(_known_code, request.known_code)),
        release=None if request.model is None else ReleasedWeights(request.model),
        attestation=None if said is None else read_text(said).encode(),
    )


def attest_environment(record: Path, *, basis: str, key: Path) -> bytes:
    """The organiser's signed statement on the machines that the record names.

    Raises: InvalidInput where it names none.
    """
    signer = Ed25519Signer.from_pem(key)
    return attest(read_record(RecordFolder(record)), basis=basis, signer=signer)


def _known_code(folder: Path) -> CodeTree:
    texts = code_texts(folder)
    if not texts:
        raise Unavailable(
            f"{folder} holds no code to compare with",
            remedy="name the folder of a source tree",
        )
    return CodeTree(folder.resolve().name, texts)


def _key(path: Path) -> Ed25519Verifier:
    return Ed25519Verifier.from_pem_text(read_text(path))


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """A log of another tool, and the record it becomes."""

    tool: str
    source: Path
    """A file, or a folder of which each file is a metric."""
    out: Path
    origin: str
    key: Path


def import_log(request: ImportRequest, *, now: datetime) -> int:
    """How many events the new record has; it is signed by the team's key.

    Raises: Conflict where the folder holds a record; InvalidInput where the log is
    not the tool's.
    """
    signer = Ed25519Signer.from_pem(request.key)
    steps = IMPORTERS[request.tool](_log_lines(request.source))
    lines = list(
        imported_lines(steps, origin=request.origin, tool=request.tool, now=now)
    )
    writer = RecordWriter(request.out)
    try:
        if any(True for _ in writer.lines()):
            raise Conflict(f"{request.out} holds a record", remedy="name a new folder")
        tree = HashTree()
        for line in lines:
            tree.append(line)
        writer.append(lines)
        writer.sync()
        head = TreeHead(origin=request.origin, size=len(tree), root=tree.root())
        writer.write_head(len(tree), signed_head(head, signer))
    finally:
        writer.close()
    return len(lines)


def _log_lines(source: Path) -> Iterator[tuple[str, str]]:
    files = [source]
    if source.is_dir():
        inside = (path for path in source.rglob("*") if path.is_file())
        files = sorted(path for path in inside if not path.is_symlink())
    for file in files:
        name = file.relative_to(source).as_posix() if source.is_dir() else file.name
        for line in read_text(file).splitlines():
            yield name, line
