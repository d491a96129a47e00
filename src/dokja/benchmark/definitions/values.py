"""Definitions of sets that others publish, and what a conversion comes to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dokja.benchmark.values import Scoring, Suite, Track
from dokja.evidence.values import Text


class ColumnKind(StrEnum):
    """What a cell of a set's own table holds."""

    TEXT = "plain_text"
    NUMBER = "numeral"
    """A number, or a text that is one: CSV knows no numbers."""
    TEXTS = "texts"
    """A list of texts, or the JSON text of one."""
    FILE = "file"
    """The bytes of a picture, a sound or a film, with the name it had."""


class AnswerForm(StrEnum):
    """How a set says which choice is right."""

    FROM_ZERO = "from_zero"
    FROM_ONE = "from_one"
    LETTER = "choice_letter"
    """A, (B) or C. and so on."""
    CHOICE = "choice_text"
    """The right choice itself."""
    FIRST = "choice_first"
    """The first column of choices; they are put in a drawn order."""
    LETTER_AFTER = "letter_after"
    """The letter after the last mark in a worked solution."""


class MediaColumn(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A column of pictures, sounds or films."""

    column: str
    track: Track
    ending: str
    """Of the files' names, where the set gives them none, such as `.png`."""


class FieldMapping(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Where in a row an item's fields stand.

    `{column}` in a template is replaced by the cell; everything else is kept.
    """

    question: str
    """Template."""
    id: str = ""
    """Template; the number of the row where it is empty."""
    cluster: str = ""
    """Template; every item of its own where it is empty."""
    choice_columns: tuple[str, ...] = ()
    choice_list: str = ""
    """Column that lists the choices."""
    fixed_choices: tuple[str, ...] = ()
    """Choices that are the same for every row."""
    strip_letters: bool = False
    """Whether the choices themselves begin with their letter, as in `A. `."""
    continued: bool = False
    """Whether a choice goes on with the question instead of answering a letter."""
    answer: str = ""
    answer_form: AnswerForm = AnswerForm.FROM_ZERO
    answer_mark: str = ""
    """What the letter of a worked solution follows."""
    target: str = ""
    """Column of a written answer."""
    target_mark: str = ""
    """What the answer follows in a worked solution; the whole cell where empty."""
    tests: str = ""
    entry_point: str = ""
    media: tuple[MediaColumn, ...] = ()


class SuiteDefinition(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A published set: what it is, and the schema that it has."""

    id: str
    title: Text
    description: Text
    dataset: str
    """Name under which it is published, with its part and split."""
    revision: str
    """The version that the schema was read of."""
    schema_source: str
    """Where the columns are named."""
    licence: str
    """SPDX expression; NOASSERTION where we could not read the terms."""
    licence_source: str
    authors: tuple[str, ...]
    language: str
    track: Track
    domain: str = ""
    scorings: tuple[Scoring, ...]
    """Ways it can be scored, the one that is meant first."""
    chance: float
    ceiling: float = 1.0
    output_tokens: int = 0
    """For written answers."""
    notice: Text | None = None
    """What an office must know before it uses the set."""
    columns: Mapping[str, ColumnKind]
    """Those that the mapping reads; a set may have more."""
    mapping: FieldMapping


class LeftOutRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row that became no item, with the reason."""

    row: int
    reason: str


class ConvertedSuite(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The suite of a local file, with the media that its items show."""

    suite: Suite
    media: Mapping[str, bytes]
    """By path within the suite's folder."""
    left_out: tuple[LeftOutRow, ...]
