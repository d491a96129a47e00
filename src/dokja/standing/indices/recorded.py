"""Reading what an organiser records for the indices, with every cross-check."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.programme.index_checks import is_day
from dokja.standing.indices.values import CandidateList, FigureBook

CANDIDATES, FIGURES = "candidates.toml", "figures.toml"


def parse_candidates(text: str, *, where: str) -> CandidateList:
    """The dated list in the text. Raises: InvalidInput naming every problem."""
    found = read_as(_toml(text, where), CandidateList, where=where)
    models = [each.model for each in found.candidates]
    _refuse(
        where,
        (
            *_twice("team", (each.team for each in found.teams)),
            *_twice("candidate", models),
            *(
                f"{each.model} was released on {each.released!r}, which is no day"
                for each in found.candidates
                if each.released and not is_day(each.released)
            ),
            *(
                f"{each.team} has no maker, so nobody can tell whose models compete"
                for each in found.teams
                if not each.maker.strip()
            ),
            *(
                f"{each.team} aims at {each.target}, which is no candidate"
                for each in found.teams
                if each.target and each.target not in models
            ),
        ),
    )
    return found


def parse_figures(text: str, *, where: str) -> FigureBook:
    """The figures in the text. Raises: InvalidInput naming every problem."""
    found = read_as(_toml(text, where), FigureBook, where=where)
    _refuse(where, _figure_problems(found))
    return found


def _figure_problems(book: FigureBook) -> Iterator[str]:
    yield from _twice("model", (each.model for each in book.figures))
    for each in book.figures:
        if not each.source.strip():
            yield f"the figures of {each.model} have no source"
        for load in each.throughput:
            if load.devices < 1 or not all(v > 0 for v in load.tokens_per_second):
                yield (
                    f"{each.model}, {load.configuration}: {load.devices} devices, or a "
                    "speed that is not above 0"
                )
        for peak in each.memory:
            if peak.peak_bytes < 1:
                yield f"{each.model}, {peak.configuration}: no memory was used"
        for figure in each.adoption:
            if not figure.source.strip() or not is_day(figure.as_of):
                yield (
                    f"{each.model}, {figure.unit}: an outside figure needs its source "
                    f"and its day (YYYY-MM-DD), not {figure.as_of!r}"
                )


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{what} {name} stands {count} times"


def _refuse(where: str, problems: Iterable[str]) -> None:
    listed = "\n".join(f"  - {problem}" for problem in problems)
    if listed:
        raise InvalidInput(
            f"{where}:\n{listed}",
            remedy="correct the file; nothing in it was taken",
        )


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{where} is not TOML: {error}", remedy="correct the line it names"
        ) from error
