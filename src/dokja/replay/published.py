"""Reading a published stage: what it says must be able to be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.programme.values import Rulebook
from dokja.replay.values import TOTAL, Published, PublishedStage

SCHEMA = "dokja-published-stage/1"


def read_published(document: Mapping[str, Any], *, where: str) -> PublishedStage:
    """The published stage in a parsed `published.toml`, checked.

    Its numbers must be Decimal or int: a figure stands for the decimals it was
    written with, and a float forgets them.
    Raises: InvalidInput with every mistake found.
    """
    published = read_as(document, PublishedStage, where=where)
    problems = tuple(_problems(published))
    if problems:
        raise InvalidInput(
            f"{where} contradicts itself:\n" + "\n".join(f"  - {p}" for p in problems),
            remedy="correct each line above against its source",
        )
    return published


def require_same_parts(published: PublishedStage, rulebook: Rulebook) -> None:
    """Nothing. Raises: InvalidInput where a figure names no part of the score."""
    known = {TOTAL}
    known |= {category.id for category in rulebook.categories}
    known |= {component.id for component in rulebook.components()}
    named = [
        *(("score", entry.part) for entry in published.scores),
        *(("mean", entry.part) for entry in published.means),
        *(("lead", entry.part) for entry in published.leads),
        *(("points", part) for part in published.points.components),
    ]
    for kind, part in named:
        if part not in known:
            raise InvalidInput(
                f"a published {kind} names {part!r}, which the rulebook does not score",
                remedy=f"use one of {', '.join(sorted(known))}",
            )


def _problems(published: PublishedStage) -> Iterator[str]:
    if published.schema != SCHEMA:
        yield f"schema is {published.schema!r}; this program reads {SCHEMA!r}"
    yield from _reference_problems(published)
    yield from _team_problems(published)
    for pair, count in Counter((s.team, s.part) for s in published.scores).items():
        if count > 1:
            yield f"score of {pair[0]} in {pair[1]} stands {count} times"
    thresholds = published.pair_thresholds
    if thresholds.no_evidence_up_to >= thresholds.derived_from:
        yield "pair_thresholds leave no room between no evidence and derived"
    if published.revival.selected not in {bid.id for bid in published.revival.bids}:
        yield f"revival selects {published.revival.selected}, which made no bid"
    revival = published.revival
    if not revival.opened <= revival.closed <= revival.selected_on:
        yield "revival opens, closes and selects in another order"


def _reference_problems(published: PublishedStage) -> Iterator[str]:
    for entry in published_entries(published):
        if not entry.sources:
            yield f"an entry of {type(entry).__name__} names no source"
        for each in entry.sources:
            if each not in published.sources:
                yield f"{type(entry).__name__} cites the unknown source {each!r}"


def _team_problems(published: PublishedStage) -> Iterator[str]:
    teams = {team.id for team in published.teams}
    if len({team.role for team in published.teams}) != len(published.teams):
        yield "two teams share a role label"
    ranked = set(published.ranking.inside) | {published.ranking.lowest}
    if not ranked <= teams:
        yield f"ranking names {', '.join(sorted(ranked - teams))}, not a team"
    decided = (
        *published.decision.advances,
        *published.decision.eliminated_by_rank,
        *published.decision.eliminated_by_gate,
    )
    if sorted(decided) != sorted(teams):
        yield "decision does not name every team exactly once"
    for lead in published.leads:
        values = {published.score(team, lead.part) for team in lead.teams}
        if len(values) != 1 or None in values:
            yield f"the teams that lead {lead.part} have no one published score"
    named = {s.team for s in published.scores} | {f.team for f in published.findings}
    if not named <= teams:
        yield f"{', '.join(sorted(named - teams))} has a figure but is not a team"


def published_entries(published: PublishedStage) -> tuple[Published, ...]:
    """Every entry that must name a source."""
    return (
        *published.teams,
        published.points,
        *published.scores,
        *published.means,
        *published.leads,
        published.ranking,
        *published.findings,
        published.decision,
        published.objection,
        published.revival,
        *published.events,
        *published.stated,
        *published.recomputable,
        *published.pairs,
    )
