"""Text in TOML as the values that structs are read from."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from decimal import Decimal
from typing import Any


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
