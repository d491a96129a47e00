"""Votes of a CSV file: columns voter, left, right, choice, and more where given.

`style_NAME` holds the left answer's figure less the right's; `field` the field
of the prompt. The file is a stranger's: nothing in it is run, and what could be
taken for a formula by a spreadsheet is refused.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from dokja.contest.rating.vote_table import OUTCOMES, VoteTable, coded
from dokja.contest.values import Choice
from dokja.errors import InvalidInput
from dokja.statistics.ratings.votes import Votes

COLUMNS = ("voter", "left", "right", "choice")
FIELD = "field"
UNREAD = ("language", "counted")
"""Columns of published votes that no figure needs."""
STYLE = "style_"
LARGEST = 512 * 2**20
"""Bytes; 10 million votes take half of it."""
LONGEST_CELL = 100
MOST_TEAMS = 500
MOST_PROBLEMS = 20
MOST_STYLES = 12

_NAME = re.compile(r"[^\W_][\w .:/-]{0,62}")
_CHOICES = {choice.value: choice for choice in Choice}


@dataclass
class _Columns:
    """What was read so far."""

    voter: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    choice: list[Choice] = field(default_factory=list)
    prompt_field: list[str] = field(default_factory=list)
    style: list[list[float]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """Names found to be usable."""


def parse_ballots(data: bytes, *, where: str) -> VoteTable:
    """The votes in the file's bytes. Raises: InvalidInput, naming lines."""
    header, rows = _opened(_text(data, where), where)
    places = {name: header.index(name) for name in header}
    styles = [name for name in header if name.startswith(STYLE)]
    columns = _Columns()
    problems: list[str] = []
    for line, row in rows:
        problem = _taken(columns, row, places, styles)
        if problem:
            problems.append(f"line {line}: {problem}")
            if len(problems) == MOST_PROBLEMS:
                break
    _refuse(problems, where)
    if not columns.voter:
        _refuse(["there is no vote"], where)
    table = _table(columns, styles, known_field=FIELD in places)
    if len(table.teams) > MOST_TEAMS:
        _refuse([f"{len(table.teams)} teams; at most {MOST_TEAMS}"], where)
    return table


def _text(data: bytes, where: str) -> str:
    if len(data) > LARGEST:
        _refuse([f"{len(data)} bytes; at most {LARGEST}"], where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidInput(
            f"{where}, line {line}: not UTF-8 text", remedy="save it as CSV in UTF-8"
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        _refuse([f"line {line}: a zero byte; this is no text"], where)
    return text


def _opened(text: str, where: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header, and the rows that are not empty with their lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)

    def rows() -> Iterator[tuple[int, list[str]]]:
        try:
            for row in reader:
                if row:
                    yield reader.line_num, row
        except csv.Error as error:
            raise InvalidInput(
                f"{where}, line {reader.line_num}: {error}",
                remedy="quote a cell that holds a comma or a quotation mark",
            ) from error

    found = rows()
    _, header = next(found, (1, []))
    names = [name.strip() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    known = {*COLUMNS, FIELD, *UNREAD}
    styles = [name for name in names if name.startswith(STYLE)]
    strange = [n for n in names if n not in known and n not in styles]
    problems = [f"line 1: there is no column {name}" for name in missing]
    problems += [
        f"line 1: unknown column {name[:LONGEST_CELL]!r}" for name in strange[:5]
    ]
    if len(set(names)) < len(names):
        problems.append("line 1: a column stands twice")
    if len(styles) > MOST_STYLES:
        problems.append(f"line 1: more than {MOST_STYLES} columns {STYLE}…")
    _refuse(problems, where)
    return names, found


def _taken(
    columns: _Columns, row: Sequence[str], places: dict[str, int], styles: Sequence[str]
) -> str:
    """What is wrong with the row; empty where it was taken."""
    if len(row) != len(places):
        return f"{len(row)} cells, not {len(places)}"
    voter, left, right, word = (row[places[name]].strip() for name in COLUMNS)
    names = [voter, left, right]
    if FIELD in places:
        names.append(row[places[FIELD]].strip())
    for name in names:
        if name not in columns.seen:
            if not _NAME.fullmatch(name):
                return f"{name[:LONGEST_CELL]!r} is not a usable name"
            columns.seen.add(name)
    if left == right:
        return f"{left} stands on both sides"
    choice = _CHOICES.get(word)
    if choice is None:
        return f"choice {word[:LONGEST_CELL]!r}, not {', '.join(_CHOICES)}"
    figures = [_figure(row[places[name]]) for name in styles]
    if any(figure is None for figure in figures):
        return "a style figure is not a number within a million"
    columns.voter.append(voter)
    columns.left.append(left)
    columns.right.append(right)
    columns.choice.append(choice)
    columns.prompt_field += names[3:]
    columns.style.append([figure for figure in figures if figure is not None])
    return ""


def _figure(cell: str) -> float | None:
    try:
        found = float(cell)
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) <= 1e6 else None


def _table(columns: _Columns, styles: Sequence[str], *, known_field: bool) -> VoteTable:
    count = len(columns.voter)
    teams, codes = coded(columns.left + columns.right)
    voters, voter = coded(columns.voter)
    fields, of_field = coded(columns.prompt_field)
    outcome = np.array([OUTCOMES[c] for c in columns.choice], dtype=np.intp)
    return VoteTable(
        teams=teams,
        voters=voters,
        votes=Votes(len(teams), codes[:count], codes[count:], outcome, voter),
        both_bad=np.array([c is Choice.BOTH_BAD for c in columns.choice]),
        styles=tuple(name.removeprefix(STYLE) for name in styles),
        style=np.array(columns.style).reshape(count, -1) if styles else None,
        fields=fields,
        field=of_field if known_field else None,
    )


def _refuse(problems: Sequence[str], where: str) -> None:
    if problems:
        raise InvalidInput(
            f"{where}:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct the lines named above; no vote of this file was taken",
        )
