"""The site of a bundle on disk, and the log of its corrections."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from dokja.adapters.folders import publish_folder, read_folder
from dokja.adapters.folders.bundle_folder import check_destination
from dokja.adapters.folders.text_files import read_text
from dokja.adapters.folders.whole_file import written_beside
from dokja.adapters.signing import Ed25519Verifier
from dokja.bundle.site import read_publication
from dokja.report.site import (
    CorrectionLog,
    Publication,
    append_correction,
    claim_ids,
    log_start,
    log_text,
    read_log,
    render_site,
)
from dokja.report.site.pages import PAGES
from dokja.wiring.stages import trusted_key


@dataclass(frozen=True, kw_only=True)
class SiteRequest:
    """Which bundle becomes a site, and what is said beside it."""

    bundle: Path
    out: Path
    replace: bool
    key: Path | None
    log: Path | None
    """`corrections.toml`; None for a bundle without corrections."""
    contact: str


class PublishedSite(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, or would be."""

    claims: int
    corrections: int
    files: int
    has_key: bool


def publish_site(request: SiteRequest, *, dry_run: bool) -> PublishedSite:
    """What the site of a bundle comes to; writes it unless this is a dry run.

    Nothing appears unless the bundle verifies.
    """
    check_destination(request.out, replace=request.replace, mark=PAGES)
    publication = _publication(request.bundle, key=request.key, contact=request.contact)
    if request.log is not None:
        log = _read_log(request.log, publication)
        publication = msgspec.structs.replace(publication, log=log)
    files = render_site(publication)
    if not dry_run:
        publish_folder(request.out, files, replace=request.replace, mark=PAGES)
    return PublishedSite(
        claims=len(claim_ids(publication)),
        corrections=len(publication.log.corrections),
        files=len(files),
        has_key=bool(publication.public_key),
    )


def correct(
    bundle: Path, *, log: Path, entry: Path, key: Path | None, dry_run: bool
) -> CorrectionLog:
    """The log with the entry at its end, on disk too unless this is a dry run."""
    publication = _publication(bundle, key=key, contact="")
    before = _read_log(log, publication) if log.exists() else CorrectionLog()
    after = append_correction(
        before,
        read_text(entry),
        first=log_start(publication),
        claims=claim_ids(publication),
    )
    if dry_run:
        return after
    part = written_beside(log, log_text(after).encode())
    try:
        part.replace(log)
    finally:
        part.unlink(missing_ok=True)
    return after


def _publication(bundle: Path, *, key: Path | None, contact: str) -> Publication:
    files = read_folder(bundle)
    trusted = trusted_key(files, key)
    verifier = trusted.verifier
    pem = verifier.pem if isinstance(verifier, Ed25519Verifier) else ""
    return read_publication(files, key=trusted, public_key=pem, contact=contact)


def _read_log(path: Path, publication: Publication) -> CorrectionLog:
    return read_log(
        read_text(path), first=log_start(publication), claims=claim_ids(publication)
    )
