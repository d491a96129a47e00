"""Where an office keeps its record."""

from __future__ import annotations

from pathlib import Path

from dokja.settings import Settings

STORE = "office.sqlite"


def office_database(work: Path, settings: Settings) -> str:
    """Address of the office's database: the setting's, else one file in its folder."""
    return settings.database or f"sqlite:///{(work / STORE).resolve()}"
