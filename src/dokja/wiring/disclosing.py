"""Scores of a published stage as files: what everybody sees, and each team's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from dokja.adapters.folders import publish_folder, read_folder
from dokja.adapters.folders.text_files import read_text
from dokja.bundle.site import read_publication
from dokja.disclosure import (
    PublishedScores,
    Scores,
    ScoreSheet,
    check_published,
    check_sheet,
    publish_scores,
    score_sheets,
)
from dokja.disclosure.check import check_record
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Check
from dokja.wiring.stages import trusted_key

T = TypeVar("T")

PUBLISHED = "published.json"
SHEETS = "sheets.json"
"""Names the sheets beside it; by it a folder of sheets is known."""
_SECRET_BYTES_MAX = 4096


@dataclass(frozen=True, kw_only=True)
class DisclosureRequest:
    """A bundle, the office's secret, and where what follows goes."""

    bundle: Path
    secret: Path
    key: Path | None
    out: Path
    """For everybody."""
    sheets: Path | None
    """For the office alone, which hands each team its own."""
    replace: bool = False


def disclose(request: DisclosureRequest, *, dry_run: bool) -> PublishedScores:
    """The published scores of a bundle that verifies, on disk unless it is a dry run.

    Raises: InvalidInput where the bundle does not verify; what publishing raises.
    """
    scores = _scores(request.bundle, key=request.key, secret=request.secret)
    published = publish_scores(scores)
    own = () if request.sheets is None else score_sheets(scores, published)
    if dry_run:
        return published
    files = {PUBLISHED: canonical_bytes(published)}
    publish_folder(request.out, files, replace=request.replace, mark=PUBLISHED)
    if request.sheets is not None:
        named = {f"{sheet.team}.json": canonical_bytes(sheet) for sheet in own}
        named[SHEETS] = canonical_bytes(sorted(named))
        publish_folder(request.sheets, named, replace=request.replace, mark=SHEETS)
    return published


def verify_disclosure(
    published: Path,
    *,
    sheet: Path | None,
    bundle: Path | None,
    secret: Path | None,
    key: Path | None,
) -> tuple[Check, ...]:
    """What holds of published scores, of one's own sheet, and against the bundle.

    Raises: InvalidInput where a file is none of these.
    """
    shown = read_disclosed(published, PublishedScores)
    checks = check_published(shown)
    if sheet is not None:
        checks = (*checks, check_sheet(shown, read_disclosed(sheet, ScoreSheet)))
    if bundle is not None:
        if secret is None:
            raise InvalidInput(
                "the bundle alone opens no commitment",
                remedy="an auditor asks the office for the secret (--secret)",
            )
        whole = publish_scores(_scores(bundle, key=key, secret=secret))
        checks = (*checks, check_record(shown, whole))
    return checks


def _scores(bundle: Path, *, key: Path | None, secret: Path) -> Scores:
    files = read_folder(bundle)
    found = read_publication(files, key=trusted_key(files, key), public_key="")
    return Scores(
        standing=found.record.outcome.standing,
        rulebook=found.record.evidence.rulebook,
        rules_digest=found.record.rules_digest,
        secret=_secret(secret),
    )


def _secret(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_SECRET_BYTES_MAX)
    except OSError as error:
        raise Unavailable(
            f"the secret {path} cannot be read: {error.strerror}",
            remedy="make it once: openssl rand -out scores.secret 32",
        ) from error


def read_disclosed(path: Path, kind: type[T]) -> T:
    """The published scores, or a sheet. Raises: InvalidInput where it is none."""
    try:
        return msgspec.json.decode(read_text(path).encode(), type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{path} is not what it is given for: {error}",
            remedy="give the file as it was published",
        ) from error
