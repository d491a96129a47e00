"""What experts may read about a team: its own papers, and what was measured of it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from dokja.adapters.weights import LocalModelFolder
from dokja.errors import DokjaError, Unavailable
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Text
from dokja.lineage.values import LineageReport
from dokja.stage import acts
from dokja.submission import parse_manifest
from dokja.submission.seal import MANIFEST
from dokja.submission.values import Manifest, Seal
from dokja.wiring.office import Office
from dokja.wiring.programmes import find_programme

REPORT_TEXT, REPORT_PDF = "report.md", "report.pdf"
PDF_BYTES = 32 << 20
SHOWN_LETTERS = 200_000
"""Of a report; who wants more than a book takes the file."""


class Sealing(StrEnum):
    """Whether a file is the one that was sealed."""

    SEALED = "sealed"
    DIFFERS = "differs"
    NOT_ON_RECORD = "not_on_record"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the team handed in."""

    path: str
    size_bytes: int
    digest: str
    sealing: Sealing


class TechnicalReport(msgspec.Struct, frozen=True, kw_only=True):
    """The team's technical report, as text where it handed in text."""

    paper: Paper
    text: str
    """Plain; empty for a PDF. Nothing in it is markup to a page."""
    is_cut: bool


class ReadingRoom(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an expert may read about a team before scoring it."""

    team: str
    name: Text
    manifest: Manifest | None
    problem: Text | None
    """Why the submission cannot be read; None where it can."""
    reports: tuple[TechnicalReport, ...]
    training: tuple[Paper, ...]
    lineage: tuple[LineageReport, ...]
    is_measured: bool
    """Whether the stage has compared anything yet."""


def open_reading_room(office: Office, team: str) -> ReadingRoom:
    """What may be read about a team; what is not there is empty, with the reason."""
    sealed = _sealed(office, team)
    compared = office.store.acts.of_kind(
        office.plan.programme, office.plan.stage, acts.LINEAGE
    )
    reports = [read_as(act.body, LineageReport, where=act.subject) for act in compared]
    try:
        folder = _folder(office, team)
        manifest = parse_manifest(folder.read_text(MANIFEST), where=MANIFEST)
        problem = None
        papers = tuple(_reports(folder, sealed))
        training = tuple(_training(folder, manifest, sealed))
    except DokjaError as error:
        manifest, papers, training = None, (), ()
        korean = error.korean or f"제출물을 읽을 수 없습니다: {error.fact}"
        problem = Text(ko=korean, en=error.fact)
    return ReadingRoom(
        team=team,
        name=Text(ko=team, en=team) if manifest is None else manifest.name,
        manifest=manifest,
        problem=problem,
        reports=papers,
        training=training,
        lineage=tuple(r for r in reports if r.candidate == team),
        is_measured=bool(reports),
    )


def report_bytes(office: Office, team: str) -> bytes:
    """The team's report as the PDF it handed in.

    Raises: Unavailable where there is none, or not the one that was sealed.
    """
    folder = _folder(office, team)
    data = folder.read_bytes(REPORT_PDF, limit=PDF_BYTES)
    paper = _paper(REPORT_PDF, data, _sealed(office, team))
    if paper.sealing is Sealing.DIFFERS or not data.startswith(b"%PDF-"):
        raise Unavailable(
            f"{REPORT_PDF} of {team} is not the file that was sealed, or no PDF",
            remedy="tell the office; nothing else is shown in its place",
            korean="봉인된 파일과 다르거나 PDF가 아니므로 보일 수 없습니다. 사무국에 "
            "알려 주십시오.",
        )
    return data


def team_name(office: Office, team: str) -> Text:
    """The name of the team's model as declared; its id where it cannot be read."""
    try:
        text = _folder(office, team).read_text(MANIFEST)
        return parse_manifest(text, where=MANIFEST).name
    except (DokjaError, tomllib.TOMLDecodeError):
        return Text(ko=team, en=team)


def _folder(office: Office, team: str) -> LocalModelFolder:
    request = office.request
    stage = find_programme(request.programme).stage_folder(request.stage)
    place = Path(stage / office.plan.models_folder / team)
    if not place.is_dir():
        # Without the path, which is the office's own.
        raise Unavailable(
            f"{team} has handed in nothing yet",
            remedy="come back after the submissions were sealed",
            korean="제출물이 아직 없습니다.",
        )
    return LocalModelFolder(place, block_bytes=1 << 20)


def _sealed(office: Office, team: str) -> dict[str, str] | None:
    """Digest of every sealed file by path; None where no seal is on this record."""
    plan = office.plan
    found = office.store.acts.find(plan.programme, plan.stage, acts.SEAL, (team,))
    if not found:
        return None
    seal = read_as(found[0].body, Seal, where=acts.SEAL)
    return {file.path: file.digest for file in seal.files}


def _reports(
    folder: LocalModelFolder, sealed: dict[str, str] | None
) -> Iterator[TechnicalReport]:
    for path in (REPORT_TEXT, REPORT_PDF):
        if not folder.has(path):
            continue
        data = folder.read_bytes(path, limit=PDF_BYTES)
        paper = _paper(path, data, sealed)
        text = "" if path == REPORT_PDF else data.decode("utf-8", errors="replace")
        shown = "" if paper.sealing is Sealing.DIFFERS else text[:SHOWN_LETTERS]
        yield TechnicalReport(paper=paper, text=shown, is_cut=len(text) > SHOWN_LETTERS)


def _training(
    folder: LocalModelFolder, manifest: Manifest, sealed: dict[str, str] | None
) -> Iterator[Paper]:
    declared = manifest.training
    if declared is None:
        return
    for path in (declared.recipe, declared.data, declared.loss):
        if folder.has(path):
            yield _paper(path, folder.read_bytes(path, limit=PDF_BYTES), sealed)


def _paper(path: str, data: bytes, sealed: dict[str, str] | None) -> Paper:
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    if sealed is None:
        sealing = Sealing.NOT_ON_RECORD
    else:
        same = sealed.get(path) == digest
        sealing = Sealing.SEALED if same else Sealing.DIFFERS
    return Paper(path=path, size_bytes=len(data), digest=digest, sealing=sealing)
