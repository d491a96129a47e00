"""Text in TOML as the values that structs are read from, and rows of them as text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from json import dumps
from typing import Any

import msgspec


def toml_values(text: str) -> dict[str, Any]:
    """The document; numbers with a point exactly, moments as the text the record has.

    Raises: ValueError for text that is no TOML.
    """
    read = tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)
    return {key: _with_text_moments(value) for key, value in read.items()}


def _with_text_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_text_moments(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_text_moments(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def toml_rows(name: str, rows: Iterable[msgspec.Struct]) -> str:
    """The rows as tables `[[name]]`, which `toml_values` reads back.

    What is None has no line, as TOML has no word for it.
    """
    return "\n".join(_table(f"[[{name}]]", row) for row in rows)


def toml_table(row: msgspec.Struct) -> str:
    """The struct as lines `name = value`."""
    return _table("", row)


def _table(head: str, row: msgspec.Struct) -> str:
    values: dict[str, Any] = msgspec.to_builtins(row, builtin_types=(Decimal,))
    lines = [f"{key} = {_written(v)}" for key, v in values.items() if v is not None]
    return "\n".join([*([head] if head else []), *lines, ""])


def _written(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case float():
            return repr(value)
        case dict():
            found = (
                f"{_written(k)} = {_written(v)}"
                for k, v in value.items()
                if v is not None
            )
            return f"{{ {', '.join(found)} }}"
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            # A basic string of TOML is written as one of JSON, save for DEL.
            return dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
