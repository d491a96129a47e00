"""Published scores that lie under the office's work, each checked as it lies there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from dokja.disclosure import PublishedScores, ScoreSheet, check_published, check_sheet
from dokja.errors import DokjaError
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Check
from dokja.wiring.disclosing import PUBLISHED, read_disclosed
from dokja.wiring.office import Office

FOLDER = "published"
SHEETS = "sheets"
"""Folders of the office's work: `dokja disclosure publish` writes into them."""


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """Published scores with what checking their proof found."""

    name: str
    """Of their folder, by which addresses name them."""
    scores: PublishedScores
    checks: tuple[Check, ...]


class OwnSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A team's own sheet with whether it opens what was published under its name."""

    name: str
    """Of the published scores it belongs to."""
    sheet: ScoreSheet
    check: Check


def disclosed(office: Office) -> tuple[Disclosed, ...]:
    """Every file of published scores, checked anew where it changed.

    What cannot be read is left out: the office's command says why.
    """
    files = sorted((office.request.work / FOLDER).glob(f"*/{PUBLISHED}"))
    found = map(_disclosed, files)
    return tuple(
        each
        for each in found
        if each is not None and each.scores.programme == office.plan.programme
    )


def own_sheets(office: Office, team: str) -> tuple[OwnSheet, ...]:
    """The team's own sheets, each beside the published scores that it opens."""
    path = _sheets(office).get(team)
    if path is None:
        return ()
    try:
        sheet = read_disclosed(path, ScoreSheet)
    except DokjaError:
        return ()
    if sheet.team != team:
        return ()
    return tuple(
        OwnSheet(name=each.name, sheet=sheet, check=check_sheet(each.scores, sheet))
        for each in disclosed(office)
        if each.scores.stage == sheet.stage
    )


def published_bytes(office: Office, name: str) -> bytes | None:
    """The published scores as they are verified; None where there are none."""
    found = next((each for each in disclosed(office) if each.name == name), None)
    return None if found is None else canonical_bytes(found.scores)


def _sheets(office: Office) -> dict[str, Path]:
    """Sheets by the team they are named after, as they lie in the folder."""
    return {path.stem: path for path in (office.request.work / SHEETS).glob("*.json")}


def _disclosed(path: Path) -> Disclosed | None:
    try:
        scores = read_disclosed(path, PublishedScores)
    except DokjaError:
        return None
    checks = _checks(canonical_bytes(scores))
    return Disclosed(name=path.parent.name, scores=scores, checks=checks)


@lru_cache(maxsize=16)
def _checks(published: bytes) -> tuple[Check, ...]:
    """What holds of these very bytes: raising to powers takes a second or so."""
    return check_published(msgspec.json.decode(published, type=PublishedScores))
