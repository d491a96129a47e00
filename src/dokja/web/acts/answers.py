"""What somebody filled in, as the struct that the act takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.evidence.toml_text import toml_values
from dokja.evidence.values import Text
from dokja.web.acts.fields import MOST_ROWS, FieldKind, FormField, in_row
from dokja.web.visit import Visit

T = TypeVar("T", bound=msgspec.Struct)
_FORM = Text(ko="입력한 내용", en="what was entered")
LONGEST = 200_000
"""Characters of a document that is pasted in."""


def answers_of(
    visit: Visit, fields: Iterable[FormField], kind: type[T], *, zone: tzinfo | None
) -> T:
    """The form as a `kind`; what was left empty takes the struct's default.

    Moments without a zone are taken in `zone`, the one of the stage's schedule.

    Raises: InvalidInput naming the field and what is wrong with it.
    """
    found: dict[str, Any] = {}
    for field in fields:
        given = _value(visit, field, zone)
        if given is not None:
            _put(found, field.path.split("."), given)
    tag = kind.__struct_config__.tag
    if tag is not None:
        found[kind.__struct_config__.tag_field or "type"] = tag
    return read_as(found, kind, where=visit.say(_FORM))


def _value(visit: Visit, field: FormField, zone: tzinfo | None) -> Any:
    if field.kind is FieldKind.ROWS:
        return _rows(visit, field, zone)
    if field.kind is FieldKind.TICK:
        return visit.sent(field.path) == "yes"
    if field.kind is FieldKind.BOTH_LANGUAGES:
        korean, english = visit.sent(f"{field.path}.ko"), visit.sent(f"{field.path}.en")
        if not korean and not english:
            return None
        return {"ko": korean or english, "en": english or korean}
    sent = visit.sent(field.path)
    if not sent:
        return None
    return _read(field, sent, zone)


def _rows(visit: Visit, field: FormField, zone: tzinfo | None) -> list[Any] | None:
    """The rows in which something stands; None where there is no such row."""
    found = []
    for number in range(MOST_ROWS):
        row: dict[str, Any] = {}
        for column in field.columns:
            asked = in_row(column, field.path, number)
            given = _value(visit, _named_in_row(asked, field, number), zone)
            if given is not None:
                _put(row, column.path.split("."), given)
        if any(given is not False for given in row.values()):
            found.append(row)
    return found or None


def _named_in_row(asked: FormField, rows: FormField, number: int) -> FormField:
    name = Text(
        ko=f"{rows.name.ko} {number + 1}: {asked.name.ko}",
        en=f"{rows.name.en} {number + 1}: {asked.name.en}",
    )
    return msgspec.structs.replace(asked, name=name)


def _read(field: FormField, sent: str, zone: tzinfo | None) -> Any:
    try:
        match field.kind:
            case FieldKind.NUMBER:
                return int(sent)
            case FieldKind.EXACT:
                return Decimal(sent)
            case FieldKind.MOMENT:
                return _moment(sent, zone)
            case FieldKind.LINES:
                return [line.strip() for line in sent.splitlines() if line.strip()]
            case FieldKind.DOCUMENT:
                return document(sent, field.path.rpartition(".")[2])
            case _:
                return sent
    except (ValueError, ArithmeticError) as error:
        raise InvalidInput(
            f"{field.name.en}: {error}",
            remedy="correct this field and send the form again",
            korean=f"‘{field.name.ko}’ 칸을 확인해 주십시오. ({error})",
        ) from error


def document(sent: str, name: str) -> Any:
    """The TOML text as plain values; what stands under `name` in it where it does.

    Raises: ValueError for text that is none.
    """
    if len(sent) > LONGEST:
        raise ValueError(f"{len(sent)} characters, and at most {LONGEST} are read")
    read = toml_values(sent)
    return read[name] if set(read) == {name} else read


def _moment(sent: str, zone: tzinfo | None) -> str:
    at = datetime.fromisoformat(sent)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat(timespec="seconds")


def _put(found: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        found = found.setdefault(name, {})
    found[names[-1]] = value
