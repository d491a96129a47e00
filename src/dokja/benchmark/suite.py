"""Reading a suite and the checks an item must pass before it is frozen."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Iterable

from dokja.benchmark.values import Item, ListedSuite, Suite, SuiteHeader
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of, read_as


def parse_suite(header: str, items: str, *, where: str) -> Suite:
    """The suite in the texts of `suite.toml` and `items.jsonl`, checked."""
    try:
        head = read_as(tomllib.loads(header), SuiteHeader, where=f"{where}/suite.toml")
        lines = [json.loads(line) for line in items.splitlines() if line.strip()]
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise InvalidInput(
            f"suite {where} cannot be read: {error}",
            remedy="correct the file; items.jsonl holds one JSON object a line",
        ) from error
    read = tuple(
        read_as(line, Item, where=f"{where}/items.jsonl line {number}")
        for number, line in enumerate(lines, start=1)
    )
    suite = Suite(header=head, items=read)
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
    header: SuiteHeader, *, origin: str, teams: Iterable[str] = ()
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
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _check(suite: Suite, where: str) -> None:
    ids = [item.id for item in suite.items]
    problem = ""
    if len(set(ids)) != len(ids):
        problem = "two items have the same id"
    elif suite.header.items != len(ids):
        problem = f"suite.toml announces {suite.header.items} items, {len(ids)} stand"
    elif len(ids) < 2:
        problem = "a suite needs at least two items"
    elif not 0 <= suite.header.chance < suite.header.ceiling <= 1:
        problem = "chance must lie below the ceiling, both between 0 and 1"
    for item in suite.items:
        if not 0 <= item.answer < len(item.choices) or len(item.choices) < 2:
            problem = f"item {item.id} has no valid answer"
        elif len(set(item.choices)) != len(item.choices):
            problem = f"item {item.id} offers the same choice twice"
    if problem:
        raise InvalidInput(f"suite {where}: {problem}", remedy="correct the suite")
