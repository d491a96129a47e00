"""The shipped history, read as the door reads it, and the spoiling of it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from dokja.replay.whole import Step, WholeReplay

FOLDER = Path(__file__).resolve().parents[3] / "programmes" / "k-ai" / "history"
Chapters = dict[str, dict[str, Any]]


def shipped_chapters() -> Chapters:
    """The files of the history, parsed, fresh for every test that spoils them."""
    return {
        file.name: tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
        for file in sorted(FOLDER.glob("*.toml"))
    }


def entry(chapters: Chapters, kind: str, name: str) -> dict[str, Any]:
    """The entry of a kind with this id, to be changed in place."""
    return next(
        one
        for chapter in chapters.values()
        for one in chapter.get(kind, [])
        if one["id"] == name
    )


def step(found: WholeReplay, name: str) -> Step:
    """The step with this id."""
    return next(one for one in found.facts if one.id == name)
