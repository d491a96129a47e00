"""Cells of a published table, read as its definition says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dokja.benchmark.definitions.read import PLACE
from dokja.benchmark.definitions.values import ColumnKind
from dokja.errors import InvalidInput

Row = Mapping[str, Any]


class Unreadable(Exception):
    """Why one row becomes no item: no fault of the others."""


def check_columns(row: Row, columns: Mapping[str, ColumnKind], *, where: str) -> None:
    """Nothing. Raises: InvalidInput where the table lacks a column of the set."""
    missing = sorted(set(columns) - set(row))
    if missing:
        raise InvalidInput(
            f"{where} lacks the columns {', '.join(missing)}",
            remedy="give the set's own file, of the revision that the definition "
            "names, or write a definition of the file that you have",
        )


def filled(template: str, row: Row) -> str:
    """The template with the cells in place of their columns."""
    return PLACE.sub(lambda found: text_of(row, found[1]), template).strip()


def text_of(row: Row, column: str) -> str:
    """The cell as text; a whole number is written without a point."""
    cell = row.get(column)
    if cell is None:
        return ""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Unreadable(f"{column} holds no text")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def number_of(row: Row, column: str) -> int:
    """The whole number of a cell, which may be written as a text."""
    text = text_of(row, column)
    sign, digits = text[:1] == "-", text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise Unreadable(f"{column} holds no whole number")
    return -int(digits) if sign else int(digits)


def texts_of(row: Row, column: str) -> tuple[str, ...]:
    """The list in a cell, which may be written as JSON."""
    cell = row.get(column)
    if isinstance(cell, str):
        try:
            cell = json.loads(cell)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"{column} holds no list") from error
    if not isinstance(cell, list | tuple) or not all(isinstance(c, str) for c in cell):
        raise Unreadable(f"{column} holds no list of texts")
    return tuple(each.strip() for each in cell)


def file_of(row: Row, column: str) -> tuple[bytes, str]:
    """The bytes of a file in a cell, with the name it had; empty where it had none."""
    cell = row.get(column)
    if isinstance(cell, bytes):
        return cell, ""
    if isinstance(cell, Mapping) and isinstance(cell.get("bytes"), bytes):
        return cell["bytes"], str(cell.get("path") or "")
    raise Unreadable(f"{column} holds no file")
