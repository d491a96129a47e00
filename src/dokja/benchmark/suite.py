"""Reading a suite and the checks an item must pass before it is frozen."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from dokja.benchmark.values import Item, ListedSuite, Scoring, Suite, SuiteHeader
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of, read_as
from dokja.evidence.values import Text

MOST_TURNS = 50
"""Times that a model can be asked about one item: a loop has an end."""


def parse_suite(header: str, items: str, *, where: str) -> Suite:
    """The suite in the texts of `suite.toml` and `items.jsonl`, checked."""
    return suite_of_rows(
        parse_header(header, where=where), parse_rows(items, where=where), where=where
    )


def parse_header(text: str, *, where: str) -> SuiteHeader:
    """The header in the text of `suite.toml`."""
    try:
        fields = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"suite {where} cannot be read: {error}",
            remedy="correct suite.toml",
        ) from error
    return read_as(fields, SuiteHeader, where=f"{where}/suite.toml")


def parse_rows(text: str, *, where: str) -> list[Any]:
    """What stands on each line of a text of JSON lines, as builtins."""
    rows = []
    # Not splitlines: JSON text may hold the other marks that it splits at.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise InvalidInput(
                f"suite {where} cannot be read: line {number}: {error}",
                remedy="correct the file; it holds one JSON object a line",
            ) from error
    return rows


def suite_of_rows(header: SuiteHeader, rows: Sequence[Any], *, where: str) -> Suite:
    """The suite of a header and its items as builtins, checked."""
    items = tuple(
        read_as(row, Item, where=f"{where}/items line {number}")
        for number, row in enumerate(rows, start=1)
    )
    return checked_suite(Suite(header=header, items=items), where=where)


def checked_suite(suite: Suite, *, where: str) -> Suite:
    """The suite itself. Raises: InvalidInput where an answer cannot be scored."""
    _check(suite, where)
    return suite


def item_digest(item: Item) -> str:
    """Digest that ties a sample record to the question as it was asked."""
    return digest_of(item)


def competing_authors(header: SuiteHeader, teams: Iterable[str]) -> tuple[str, ...]:
    """Authors of the suite who are also teams, whatever the case of the name."""
    known = {_folded(team) for team in teams}
    return tuple(author for author in header.authors if _folded(author) in known)


def listed(
    header: SuiteHeader,
    *,
    origin: str,
    teams: Iterable[str] = (),
    notice: Text | None = None,
) -> ListedSuite:
    """The suite as a list shows it, with authors who compete flagged."""
    return ListedSuite(
        id=header.id,
        version=header.version,
        title=header.title,
        track=header.track,
        language=header.language,
        items=header.items,
        licence=header.licence,
        authors=header.authors,
        competing_authors=competing_authors(header, teams),
        chance=header.chance,
        ceiling=header.ceiling,
        canary=header.canary,
        prompt_template=header.prompt_template,
        origin=origin,
        scoring=header.scoring,
        domain=header.domain,
        notice=notice,
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def item_problem(item: Item, scoring: Scoring) -> str:
    """What keeps an answer to the item from being scored; empty where nothing does."""
    problem = ""
    if scoring in (Scoring.CHOICES, Scoring.LETTER):
        problem = _choice_problem(item)
    elif scoring in (Scoring.EXACT, Scoring.NUMBER) and not item.target.strip():
        problem = "has no target"
    elif scoring is Scoring.RULES and not item.rules:
        problem = "has no rule"
    elif scoring is Scoring.CODE and not (item.tests and item.entry_point):
        problem = "has no tests or no entry point"
    return f"item {item.id} {problem}" if problem else ""


def _choice_problem(item: Item) -> str:
    if item.answer is None or not 0 <= item.answer < len(item.choices):
        return "has no valid answer"
    if len(item.choices) < 2:
        return "has no valid answer: it offers one choice"
    if len(set(item.choices)) != len(item.choices):
        return "offers the same choice twice"
    return ""


def _tools_problem(header: SuiteHeader) -> str:
    if not header.tools:
        return "suite.toml gives turns and no tools" if header.turns else ""
    if header.scoring is Scoring.CHOICES:
        return "a model whose choices are compared writes nothing and uses no tools"
    if len(set(header.tools)) != len(header.tools):
        return "suite.toml names the same tool twice"
    if not 2 <= header.turns <= MOST_TURNS:
        return f"suite.toml must give from 2 to {MOST_TURNS} turns with its tools"
    return ""


def _check(suite: Suite, where: str) -> None:
    ids = [item.id for item in suite.items]
    problem = ""
    if len(set(ids)) != len(ids):
        problem = "two items have the same id"
    elif suite.header.items != len(ids):
        problem = f"suite.toml announces {suite.header.items} items, {len(ids)} stand"
    elif suite.header.scoring is not Scoring.CHOICES and not suite.header.output_tokens:
        problem = "suite.toml gives no output_tokens for written answers"
    elif tools := _tools_problem(suite.header):
        problem = tools
    elif len(ids) < 2:
        problem = "a suite needs at least two items"
    elif not 0 <= suite.header.chance < suite.header.ceiling <= 1:
        problem = "chance must lie below the ceiling, both between 0 and 1"
    for item in suite.items:
        problem = item_problem(item, suite.header.scoring) or problem
    if problem:
        raise InvalidInput(f"suite {where}: {problem}", remedy="correct the suite")
