"""What stands in a form to begin with, from what the record has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from enum import Enum
from operator import attrgetter
from typing import Any

import msgspec

from dokja.evidence.toml_text import toml_of
from dokja.web.acts.fields import FieldKind, FormField, Words, fields_of, in_row


def begun_with(
    known: msgspec.Struct, words: Words, *, zone: tzinfo | None
) -> dict[str, str]:
    """The fields of a form that asks for such a struct, filled in with this one."""
    found: dict[str, str] = {}
    for field in fields_of(type(known), words):
        found |= _begun(known, field, field, zone)
    return found


def begun_rows(
    known: Iterable[msgspec.Struct],
    kind: type[msgspec.Struct],
    path: str,
    words: Words,
) -> dict[str, str]:
    """One field of a form that asks for a `kind`: its rows, filled in with these."""
    field = next(each for each in fields_of(kind, words) if each.path == path)
    return _rows(known, field, None)


def _rows(
    known: Iterable[msgspec.Struct], field: FormField, zone: tzinfo | None
) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, row in enumerate(known):
        for column in field.columns:
            asked = in_row(column, field.path, number)
            found |= _begun(row, column, asked, zone)
    return found


def _begun(
    known: msgspec.Struct, field: FormField, asked: FormField, zone: tzinfo | None
) -> dict[str, str]:
    """What stands in the field as it is asked, from where the struct has it."""
    value = _at(known, field.path)
    if value is None:
        return {}
    if field.kind is FieldKind.ROWS:
        return _rows(value, field, zone)
    if field.kind is FieldKind.BOTH_LANGUAGES:
        return {f"{asked.path}.ko": value.ko, f"{asked.path}.en": value.en}
    name = field.path.rpartition(".")[2]
    return {asked.path: _shown(value, field.kind, name, zone)}


def local_moment(at: str | datetime, zone: tzinfo | None) -> str:
    """The moment as a field for moments shows it, in the zone of the office."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _at(known: msgspec.Struct, path: str) -> Any:
    try:
        return attrgetter(path)(known)
    except AttributeError:  # a struct within that there is not
        return None


def _shown(value: Any, kind: FieldKind, name: str, zone: tzinfo | None) -> str:
    match kind:
        case FieldKind.TICK:
            return "yes" if value else ""
        case FieldKind.LINES:
            return "\n".join(_text(item) for item in value)
        case FieldKind.DOCUMENT:
            whole = isinstance(value, msgspec.Struct)
            return toml_of(value if whole else {name: value}) if value else ""
        case FieldKind.MOMENT:
            return local_moment(value, zone)
        case _:
            return _text(value)


def _text(value: Any) -> str:
    return str(value.value if isinstance(value, Enum) else value)
