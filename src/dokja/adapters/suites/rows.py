"""Rows of a local data file: JSON lines, Parquet or CSV, within bounds."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dokja.adapters.suites.plain_files import ITEMS_BYTES, opened, read_bytes
from dokja.benchmark.suite import parse_rows
from dokja.errors import InvalidInput, Unavailable

ROWS_MAX = 1_000_000
_BATCH = 256

Row = dict[str, Any]


def read_rows(place: Path) -> list[Row]:
    """The rows of a file, by the ending of its name.

    Raises: InvalidInput for another ending, a file that is not what its name
    says or is beyond the bounds; Unavailable where the file or the reader of
    its format is missing.
    """
    for ending, reader in READERS.items():
        if place.name.lower().endswith(ending):
            rows = reader(place)
            break
    else:
        raise InvalidInput(
            f"{place.name} is in no known format",
            remedy=f"give a file that ends in {', '.join(READERS)}",
        )
    if len(rows) > ROWS_MAX or not all(isinstance(row, dict) for row in rows):
        raise InvalidInput(
            f"{place.name} does not hold up to {ROWS_MAX} rows with named columns",
            remedy="give one object with the columns a row",
        )
    return rows


def _json_lines(place: Path) -> list[Row]:
    data = read_bytes(place, shown=place.name, limit=ITEMS_BYTES)
    return parse_rows(_text(data, place), where=place.name)


def _packed_json_lines(place: Path) -> list[Row]:
    with opened(place, shown=place.name, limit=ITEMS_BYTES) as file:
        try:
            # One byte more than is allowed tells a bomb without unpacking it.
            data = gzip.GzipFile(fileobj=file).read(ITEMS_BYTES + 1)
        except (OSError, EOFError) as error:
            raise _broken(place, "gzip", error) from error
    if len(data) > ITEMS_BYTES:
        raise InvalidInput(
            f"{place.name} unpacks to more than {ITEMS_BYTES} bytes",
            remedy="split the file",
        )
    return parse_rows(_text(data, place), where=place.name)


def _csv(place: Path) -> list[Row]:
    text = _text(read_bytes(place, shown=place.name, limit=ITEMS_BYTES), place)
    try:
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise _broken(place, "CSV", error) from error


def _parquet(place: Path) -> list[Row]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise Unavailable(
            "reading Parquet needs pyarrow, which is not installed",
            remedy="install Dokja with its extra: pip install 'dokja[parquet]'",
        ) from error
    with opened(place, shown=place.name, limit=ITEMS_BYTES) as file:
        try:
            return _batches(pyarrow.parquet.ParquetFile(file), place)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _broken(place, "Parquet", error) from error


def _batches(table: Any, place: Path) -> list[Row]:
    """Rows in small batches, given up once they are larger than is allowed."""
    rows: list[Row] = []
    held = 0
    for batch in table.iter_batches(batch_size=_BATCH):
        held += batch.nbytes
        if held > ITEMS_BYTES or len(rows) > ROWS_MAX:
            raise InvalidInput(
                f"{place.name} holds more than {ITEMS_BYTES} bytes or {ROWS_MAX} rows",
                remedy="split the file",
            )
        rows.extend(batch.to_pylist())
    return rows


def _text(data: bytes, place: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{place.name} is not UTF-8 text: {error}", remedy="save it as UTF-8"
        ) from error


def _broken(place: Path, form: str, error: Exception) -> InvalidInput:
    return InvalidInput(
        f"{place.name} cannot be read as {form}: {error}",
        remedy="fetch the file again, or correct its ending",
    )


READERS: Mapping[str, Callable[[Path], list[Row]]] = {
    ".jsonl": _json_lines,
    ".jsonl.gz": _packed_json_lines,
    ".parquet": _parquet,
    ".csv": _csv,
}
