"""Kept runs as the scores that a contamination test compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dokja.benchmark.contamination.overlap_index import GramIndex, item_overlaps
from dokja.benchmark.contamination.overlap_test import overlap_test
from dokja.benchmark.contamination.read_together import RULES, ComparedScores
from dokja.benchmark.contamination.twin_test import twin_test
from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationRules,
)
from dokja.benchmark.results import item_scores
from dokja.benchmark.values import Item, OfficialRun, Suite
from dokja.errors import InvalidInput
from dokja.statistics.clustered import Scores, cluster_index


@dataclass(frozen=True, kw_only=True)
class AnsweredSuite:
    """A run on one suite, with the suite."""

    run: OfficialRun
    suite: Suite


Twins = tuple[AnsweredSuite, AnsweredSuite]
"""A model on the public items and on their fresh twins."""


def twin_evidence(team: Twins, references: Sequence[Twins]) -> ContaminationEvidence:
    """Evidence from runs on a public suite and on a fresh one of the same kind.

    Clusters of the same name hold a question and its twin. Raises:
    InvalidInput where the models were asked different items, or an answer has
    no score.
    """
    public, fresh = (side.suite for side in team)
    if public.items == fresh.items:
        raise InvalidInput(
            f"{team[0].run.subject}: the fresh items are the public ones",
            remedy="make a fresh set with --beacon, or write one",
        )
    for reference in references:
        for ours, theirs in zip(team, reference, strict=True):
            _require_same(ours, theirs)
    items = (*public.items, *fresh.items)
    compared = ComparedScores(
        subject=team[0].run.subject,
        suite=public.header.id,
        own=np.concatenate([_scores(side) for side in team]),
        references=_stacked(
            [np.concatenate([_scores(s) for s in sides]) for sides in references],
            len(items),
        ),
        clusters=cluster_index([item.cluster for item in items]),
        source=f"{team[0].run.engine}; public {public.header.version}, fresh "
        f"{fresh.header.version}",
    )
    is_public = np.arange(len(items)) < len(public.items)
    return twin_test(compared, is_public)


def overlap_evidence(
    team: AnsweredSuite,
    references: Sequence[AnsweredSuite],
    index: GramIndex,
    rules: ContaminationRules = RULES,
) -> ContaminationEvidence:
    """Evidence from a run and the texts a model was trained on, as an index.

    Raises: InvalidInput as for twins.
    """
    for reference in references:
        _require_same(team, reference)
    items = team.suite.items
    compared = ComparedScores(
        subject=team.run.subject,
        suite=team.suite.header.id,
        own=_scores(team),
        references=_stacked([_scores(side) for side in references], len(items)),
        clusters=cluster_index([item.cluster for item in items]),
        source=f"{team.run.engine}; suite {team.suite.header.version}",
    )
    texts = [(item.id, asked_text(item)) for item in items]
    return overlap_test(compared, item_overlaps(texts, index, rules), rules)


def asked_text(item: Item) -> str:
    """What of an item would stand in a text that holds it: question and answer."""
    right = item.target if item.answer is None else item.choices[item.answer]
    return f"{item.question} {right}".strip()


def _require_same(ours: AnsweredSuite, theirs: AnsweredSuite) -> None:
    if ours.suite.items != theirs.suite.items:
        raise InvalidInput(
            f"{ours.run.subject} and {theirs.run.subject} were asked different items "
            f"of {ours.suite.header.id}",
            remedy="run every model on the same suite, of the same version",
        )


def _scores(side: AnsweredSuite) -> Scores:
    found = [score for _, score in item_scores(side.run, side.suite.header.id)]
    known = [float(score) for score in found if score is not None]
    if len(known) < len(side.suite.items):
        raise InvalidInput(
            f"{side.run.subject}: {len(side.suite.items) - len(known)} items of "
            f"{side.suite.header.id} have no score",
            remedy="run it again; answers without a score are not left out",
        )
    return np.array(known)


def _stacked(rows: Sequence[Scores], items: int) -> Scores:
    return np.stack(rows) if rows else np.empty((0, items))
