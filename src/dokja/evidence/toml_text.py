"""Text in TOML as the values that structs are read from, and the way back."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

_BARE = re.compile(r"[A-Za-z0-9_-]+")


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


def toml_of(document: msgspec.Struct | Mapping[str, Any]) -> str:
    """The document as text that `toml_values` reads back.

    Rows of structs stand as `[[name]]` one below the other. What a struct has by
    default, and what is None, is left out.
    """
    plain = _plain(document)
    rows = {k: v for k, v in plain.items() if _is_rows(v)}
    tables = {k: v for k, v in plain.items() if _is_table(v)}
    lines = [_line(k, v) for k, v in plain.items() if k not in {*rows, *tables}]
    blocks = ["\n".join(lines)] if lines else []
    blocks += [_block(f"[{_key(name)}]", table) for name, table in tables.items()]
    for name, found in rows.items():
        blocks += [_block(f"[[{_key(name)}]]", row) for row in found]
    return "\n\n".join(blocks) + "\n"


def _plain(value: Any) -> Any:
    """Structs as mappings, without what they have by default."""
    if isinstance(value, msgspec.Struct):
        return {name: _plain(item) for name, item in _said(value)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, Enum):
        return value.value
    return (
        [_plain(item) for item in value] if isinstance(value, tuple | list) else value
    )


def _said(struct: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    tag = struct.__struct_config__.tag
    if tag is not None:
        yield struct.__struct_config__.tag_field or "type", tag
    for field in msgspec.structs.fields(struct):
        value = getattr(struct, field.name)
        made = field.default_factory
        default = field.default if made is msgspec.NODEFAULT else made()
        if value is not None and value != default:
            yield field.encode_name, value


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _is_table(value: Any) -> bool:
    """Whether it has parts of its own, so that one line would hide them."""
    if not isinstance(value, dict):
        return False
    return any(isinstance(item, dict | list) for item in value.values())


def _block(head: str, table: Mapping[str, Any]) -> str:
    return "\n".join((head, *(_line(name, value) for name, value in table.items())))


def _line(name: str, value: Any) -> str:
    return f"{_key(name)} = {_written(value)}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(_line(name, item) for name, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        if _is_rows(value):
            return "[\n" + "".join(f"    {_written(row)},\n" for row in value) + "]"
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    """As JSON quotes it, which TOML reads, with the one sign that it forbids."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
