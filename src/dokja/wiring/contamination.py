"""Contamination tests of the command line: kept runs and models in, findings out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dokja.adapters.folders.text_files import read_texts
from dokja.adapters.harness import TransformersReader
from dokja.benchmark.contamination import (
    AnsweredSuite,
    NamedModel,
    OrderPlan,
    index_texts,
    order_evidence,
    overlap_evidence,
    read_together,
    twin_evidence,
    wording_evidence,
)
from dokja.benchmark.contamination.read_together import RULES
from dokja.benchmark.contamination.values import ContaminationFinding
from dokja.benchmark.values import Suite
from dokja.errors import InvalidInput
from dokja.wiring.runs import name_of, read_kept

READ_IN = "float32"


def find_twins(
    teams: Sequence[tuple[Path, Path]], references: Sequence[tuple[Path, Path]]
) -> tuple[ContaminationFinding, ...]:
    """Every team's lead on public items over fresh twins, read together.

    Each pair is the folders of a run on the public suite and of one on the
    fresh suite. Raises: Unavailable, InvalidInput.
    """
    known = [_twins(*pair) for pair in references]
    return read_together([twin_evidence(_twins(*pair), known) for pair in teams])


def find_overlap(
    teams: Sequence[Path], references: Sequence[Path], texts: Sequence[Path]
) -> tuple[ContaminationFinding, ...]:
    """What items that recur in the texts add to every team's score, read together."""
    index = index_texts(read_texts(texts), RULES.gram_words)
    known = [_answered(folder) for folder in references]
    return read_together(
        [overlap_evidence(_answered(folder), known, index) for folder in teams]
    )


def _twins(public: Path, fresh: Path) -> tuple[AnsweredSuite, AnsweredSuite]:
    return _answered(public), _answered(fresh)


def _answered(folder: Path) -> AnsweredSuite:
    kept = read_kept(folder)
    if len(kept.suites) != 1:
        raise InvalidInput(
            f"{folder} holds a run on {len(kept.suites)} suites",
            remedy="give runs on one suite each",
        )
    return AnsweredSuite(run=kept.run, suite=kept.suites[0])


def find_order(
    models: Sequence[str], suite: Suite, plan: OrderPlan
) -> tuple[ContaminationFinding, ...]:
    """Whether each model knows the order a suite was published in, read together."""
    reader = TransformersReader(dtype=READ_IN)
    return read_together(
        [order_evidence(reader, _named(model), suite, plan) for model in models]
    )


def find_wording(
    teams: Sequence[str], references: Sequence[str], wordings: tuple[Suite, Suite]
) -> tuple[ContaminationFinding, ...]:
    """How familiar each team's model finds the originals, read together."""
    reader = TransformersReader(dtype=READ_IN)
    known = [_named(model) for model in references]
    return read_together(
        [wording_evidence(reader, _named(team), known, wordings) for team in teams]
    )


def _named(model: str) -> NamedModel:
    return NamedModel(name=name_of(model), place=model)
