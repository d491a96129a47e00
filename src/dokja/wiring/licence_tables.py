"""The tables of licences that travel with Dokja."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dokja.licence import LicenceTables, read_tables

_TABLES = Path(__file__).parents[1] / "licence" / "tables"


@cache
def shipped_tables() -> LicenceTables:
    """The shipped tables, read once."""
    return read_tables(
        (_TABLES / "osadl-matrix.json").read_bytes(),
        (_TABLES / "model-licences.toml").read_bytes(),
    )
