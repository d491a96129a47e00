"""Bundles that were published under the office's work, each verified as it lies there.

A bundle that appears, changes or goes is noticed at the next look: no restart.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from dokja.adapters.folders import read_folder
from dokja.adapters.folders.bundle_folder import MARK
from dokja.adapters.folders.text_files import read_text
from dokja.adapters.signing import Ed25519Verifier
from dokja.bundle import Verification, verify_bundle
from dokja.bundle.site import read_publication
from dokja.bundle.values import Trust
from dokja.errors import DokjaError
from dokja.evidence.values import Act
from dokja.report.site import (
    Publication,
    claim_ids,
    log_start,
    read_log,
    render_site,
)
from dokja.stage.values import StageRecord
from dokja.wiring.office import Office
from dokja.wiring.stages import trusted_key

FOLDER = "published"
Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Volume:
    """A published bundle with what verifying it found."""

    name: str
    """Of its folder, by which addresses name it."""
    verification: Verification | None
    """None where it could not even be read."""
    problem: str
    """Why it is not shown; empty where it is."""
    record: StageRecord | None
    acts: tuple[Act, ...]
    pages: Mapping[str, bytes]
    """Path to bytes of its site; empty where it does not verify."""


class Shelf:
    """The published bundles of a folder."""

    def __init__(self, folder: Path, *, contact: str) -> None:
        self._folder = folder
        self._contact = contact
        self._known: dict[str, tuple[Signature, Volume]] = {}
        self._guard = threading.Lock()

    def volumes(self) -> tuple[Volume, ...]:
        """Every bundle by name, verified again where a file of it changed."""
        with self._guard:
            names = sorted(path.parent.name for path in self._folder.glob(f"*/{MARK}"))
            shown = [name for name in names if not name.startswith(".")]
            self._known = {name: self._read(name) for name in shown}
            return tuple(volume for _, volume in self._known.values())

    def volume(self, name: str) -> Volume | None:
        """The bundle of this name."""
        return next((v for v in self.volumes() if v.name == name), None)

    def of_stage(self, programme: str, stage: str) -> Volume | None:
        """The bundle of a stage, if one was published that verifies."""
        for volume in self.volumes():
            found = volume.verification
            if volume.record is None or found is None:
                continue
            if (found.programme, found.stage) == (programme, stage):
                return volume
        return None

    def _read(self, name: str) -> tuple[Signature, Volume]:
        folder = self._folder / name
        signature = _signature(folder)
        known = self._known.get(name)
        if known is not None and known[0] == signature:
            return known
        try:
            return signature, _volume(folder, contact=self._contact)
        except (DokjaError, OSError) as error:
            return signature, _unreadable(name, str(error))


@lru_cache(maxsize=8)
def _shelf_at(folder: Path, contact: str) -> Shelf:
    return Shelf(folder, contact=contact)


def shelf_of(office: Office) -> Shelf:
    """The shelf under the office's work."""
    contact = office.settings.privacy_contact or ""
    return _shelf_at(office.request.work / FOLDER, contact)


def _volume(folder: Path, *, contact: str) -> Volume:
    files = read_folder(folder)
    key = trusted_key(files, None)
    found = verify_bundle(files, key=key, measure=None)
    if found.trust is Trust.FAILED:
        return Volume(
            name=folder.name,
            verification=found,
            problem="",
            record=None,
            acts=(),
            pages={},
        )
    verifier = key.verifier
    pem = verifier.pem if isinstance(verifier, Ed25519Verifier) else ""
    publication = read_publication(files, key=key, public_key=pem, contact=contact)
    publication = _with_corrections(folder, publication)
    return Volume(
        name=folder.name,
        verification=found,
        problem="",
        record=publication.record,
        acts=tuple(each.act for each in publication.acts),
        pages=render_site(publication),
    )


def _with_corrections(folder: Path, publication: Publication) -> Publication:
    """With the log that lies beside the bundle, where there is one."""
    log = folder.with_name(f"{folder.name}.corrections.toml")
    if not log.is_file():
        return publication
    first, claims = log_start(publication), claim_ids(publication)
    kept = read_log(read_text(log), first=first, claims=claims)
    return msgspec.structs.replace(publication, log=kept)


def _unreadable(name: str, problem: str) -> Volume:
    return Volume(
        name=name, verification=None, problem=problem, record=None, acts=(), pages={}
    )


def _signature(folder: Path) -> Signature:
    """Changes whenever a file of the bundle, or the log beside it, does."""
    log = folder.with_name(f"{folder.name}.corrections.toml")
    found = []
    for path in (*sorted(folder.rglob("*")), log):
        try:
            state = path.lstat()
        except FileNotFoundError:
            continue
        found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)
