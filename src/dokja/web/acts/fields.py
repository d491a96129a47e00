"""What a form asks for, read from the struct that the act takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import inspect

from dokja.evidence.values import Text


class FieldKind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    WORDS = "words"
    BOTH_LANGUAGES = "both_languages"
    NUMBER = "number"
    EXACT = "exact"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    TICK = "tick"
    LINES = "lines"
    ROWS = "rows"
    """Structs of one kind, each a row of fields; only where the words say so."""
    DOCUMENT = "document"
    KEPT = "kept"
    """Not asked for: the form carries what stands in it to begin with."""


class FieldWords(msgspec.Struct, frozen=True, kw_only=True):
    """What a field is called, and how it is filled in where its type does not say."""

    name: Text
    hint: Text | None = None
    kind: FieldKind | None = None
    choices: Mapping[str, Text] = {}
    """Words of the values that can be chosen."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A value that can be chosen."""

    value: str
    name: Text


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a form."""

    path: str
    """Name in the form: the struct's fields, joined by points."""
    name: Text
    hint: Text | None
    kind: FieldKind
    required: bool
    choices: tuple[Choice, ...] = ()
    value: str = ""
    """What stands in it to begin with."""
    english: str = ""
    """The same in English, where both languages are asked for."""
    columns: tuple[FormField, ...] = ()
    """What each row asks for."""
    rows: tuple[tuple[FormField, ...], ...] = ()
    """The rows as they stand, empty ones included."""


MOST_ROWS = 100
Words = Mapping[str, FieldWords]
"""What fields are called: by path, or by the last name of it; those of rows first by
the name of the rows and their own, such as `members.role`."""

_SIMPLE: Mapping[type[inspect.Type], FieldKind] = {
    inspect.StrType: FieldKind.LINE,
    inspect.IntType: FieldKind.NUMBER,
    inspect.FloatType: FieldKind.EXACT,
    inspect.DecimalType: FieldKind.EXACT,
    inspect.BoolType: FieldKind.TICK,
    inspect.DateType: FieldKind.DAY,
    inspect.DateTimeType: FieldKind.MOMENT,
}


def fields_of(kind: type[msgspec.Struct], words: Words) -> tuple[FormField, ...]:
    """The fields of a form that asks for a `kind`, in the struct's order.

    A struct within is asked for field by field; a union of structs and a row of them
    as a document, in which the struct's own names stand, unless the words ask for
    rows. What `words` does not name keeps its name in the code.
    """
    found = inspect.type_info(kind)
    assert isinstance(found, inspect.StructType), kind
    return tuple(_fields(found, "", words, required=True))


def in_row(column: FormField, rows: str, number: int) -> FormField:
    """The column's field in one of the rows that stand under a path."""
    return msgspec.structs.replace(column, path=f"{rows}.{number}.{column.path}")


def _columns(kind: inspect.Type, name: str, words: Words) -> tuple[FormField, ...]:
    """What a row of such structs asks for."""
    assert isinstance(kind, inspect.VarTupleType | inspect.ListType), name
    item, _ = _without_none(kind.item_type)
    assert isinstance(item, inspect.StructType), name
    own = {path.removeprefix(f"{name}."): known for path, known in words.items()}
    return tuple(_fields(item, "", {**words, **own}, required=True))


def _fields(
    struct: inspect.StructType, prefix: str, words: Words, *, required: bool
) -> Iterator[FormField]:
    for field in struct.fields:
        path = f"{prefix}{field.encode_name}"
        known = words.get(path) or words.get(field.encode_name)
        bare, is_optional = _without_none(field.type)
        needed = required and field.required and not is_optional
        asked = known.kind if known and known.kind else _kind(bare)
        if asked is None:
            assert isinstance(bare, inspect.StructType), path
            yield from _fields(bare, f"{path}.", words, required=needed)
            continue
        yield FormField(
            path=path,
            name=known.name if known else Text(ko=path, en=path),
            hint=known.hint if known else None,
            kind=asked,
            required=needed and asked is not FieldKind.TICK,
            choices=_choices(bare, known),
            columns=_columns(bare, field.encode_name, words)
            if asked is FieldKind.ROWS
            else (),
        )


def _without_none(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    if isinstance(kind, inspect.Metadata):
        return _without_none(kind.type)
    if not isinstance(kind, inspect.UnionType):
        return kind, False
    others = [t for t in kind.types if not isinstance(t, inspect.NoneType)]
    is_optional = len(others) < len(kind.types)
    if len(others) == 1:
        return others[0], is_optional
    return inspect.UnionType(tuple(others)), is_optional


def _kind(kind: inspect.Type) -> FieldKind | None:
    """How a value of the type is filled in; None where its own fields are."""
    if isinstance(kind, inspect.EnumType):
        return FieldKind.CHOICE
    if isinstance(kind, inspect.StructType):
        return FieldKind.BOTH_LANGUAGES if kind.cls is Text else None
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        item, _ = _without_none(kind.item_type)
        is_line = isinstance(item, inspect.StrType | inspect.EnumType)
        return FieldKind.LINES if is_line else FieldKind.DOCUMENT
    return _SIMPLE.get(type(kind), FieldKind.DOCUMENT)


def _choices(kind: inspect.Type, known: FieldWords | None) -> tuple[Choice, ...]:
    words: Mapping[str, Text] = known.choices if known else {}
    values: tuple[Any, ...] = tuple(words)
    if isinstance(kind, inspect.EnumType):
        values = tuple(member.value for member in kind.cls)
    return tuple(
        Choice(value=v, name=words.get(v, Text(ko=str(v), en=str(v)))) for v in values
    )
