"""The record of one item, however its answer was had."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import (
    FaultCause,
    Item,
    Measured,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
    Tool,
)
from dokja.benchmark.written import kept_answer, score_answer
from dokja.errors import Unavailable

FACT_LETTERS = 300
"""Of what a server or a library says of a fault that are kept."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One item as it was asked."""

    suite: Suite
    item: Item
    repeat: int


@dataclass(frozen=True, kw_only=True)
class Written:
    """An answer with what is known of how it came."""

    text: str
    input_tokens: int | None = None
    """None where nobody counted; never a guess."""
    output_tokens: int | None = None
    measured: Measured | None = None
    turns: int | None = None
    tool_calls: int | None = None
    cut: str = ""
    """Why the model came to no answer; the text is empty then."""


@dataclass(frozen=True, kw_only=True)
class Likelihoods:
    """What each choice is worth to the model, as logarithms."""

    values: Sequence[float]
    from_above: frozenset[int] = frozenset()
    """Choices of which the engine only tells that they are not worth more."""
    measured: Measured | None = None


@dataclass
class Fault(Exception):
    """Why one item has no score: no fault of the others."""

    cause: FaultCause | None
    fact: str
    again: bool = field(default=False)
    """Whether asking the same again may help."""


def asked_items(suites: Sequence[Suite], repeat: int) -> tuple[Asked, ...]:
    """Every item of every suite, in the suites' order."""
    return tuple(
        Asked(suite=suite, item=item, repeat=repeat)
        for suite in suites
        for item in suite.items
    )


def require_scorings(
    suites: Sequence[Suite],
    offered: frozenset[Scoring],
    *,
    why: str,
    tools: frozenset[Tool] = frozenset(),
) -> None:
    """Nothing. Raises: Unavailable for a suite that the harness cannot score."""
    for suite in suites:
        if absent := sorted({*suite.header.tools} - tools):
            raise Unavailable(
                f"suite {suite.header.id} lets a model use {', '.join(absent)}, which "
                "this harness does not give it",
                remedy="measure it with the engine inspect",
            )
        if suite.header.scoring not in offered:
            named = ", ".join(sorted(scoring.value for scoring in offered))
            raise Unavailable(
                f"suite {suite.header.id} is scored by {suite.header.scoring.value}, "
                f"which {why}",
                remedy=f"measure it with another harness; this one scores {named}",
            )


def fault_record(asked: Asked, fault: Fault) -> SampleRecord:
    """The record of an item that was asked in vain: an error, never a 0."""
    fact = fault.fact[:FACT_LETTERS]
    return _record(asked, SampleStatus.ERROR, error=fact, cause=fault.cause)


def missing_record(asked: Asked, fact: str, cause: FaultCause | None) -> SampleRecord:
    """The record of an item of which nothing was heard."""
    return _record(asked, SampleStatus.MISSING, error=fact, cause=cause)


def not_run_record(asked: Asked, fact: str) -> SampleRecord:
    """The record of an item that needs what cannot be had on this machine."""
    ours = FaultCause.INFRASTRUCTURE
    return _record(asked, SampleStatus.NOT_RUN, error=fact, cause=ours)


def choice_record(asked: Asked, found: Likelihoods) -> SampleRecord:
    """The record of the likeliest choice; an error where none can be told."""
    values, item = found.values, asked.item
    if len(values) != len(item.choices):
        fact = f"{len(values)} log-likelihoods for {len(item.choices)} choices"
        return fault_record(asked, Fault(FaultCause.INFRASTRUCTURE, fact))
    if any(map(math.isnan, values)):
        fault = Fault(FaultCause.MODEL, "a choice has no log-likelihood")
        return fault_record(asked, fault)
    chosen = max(range(len(values)), key=values.__getitem__)
    if chosen in found.from_above:
        fact = "too unlikely for the engine to say which choice is the likeliest"
        return fault_record(asked, Fault(FaultCause.INFRASTRUCTURE, fact))
    return _record(
        asked,
        SampleStatus.SCORED,
        chosen=chosen,
        score=int(chosen == item.answer),
        measured=found.measured,
    )


def written_record(asked: Asked, written: Written) -> SampleRecord:
    """The record of a written answer, scored by the suite's rule.

    Where no program can say, the answer is kept and the item stands as not run.
    """
    answer = kept_answer(written.text)
    told = score_answer(asked.suite.header.scoring, asked.item, answer)
    status, error = SampleStatus.SCORED, written.cut
    if told is None:
        status, error = SampleStatus.NOT_RUN, "the answer awaits another scorer"
    chosen, score = told or (None, None)
    return _record(
        asked,
        status,
        chosen=chosen,
        score=score,
        error=error,
        answer=answer,
        **_told_of(written),
    )


def judged_record(asked: Asked, written: Written, score: float) -> SampleRecord:
    """The record of a written answer that a judge gave from 0 to 1."""
    return _record(
        asked,
        SampleStatus.SCORED,
        score=score,
        error=written.cut,
        answer=kept_answer(written.text),
        **_told_of(written),
    )


def _told_of(written: Written) -> dict[str, Any]:
    """What is known of how an answer came."""
    names = ("input_tokens", "output_tokens", "measured", "turns", "tool_calls")
    return {name: getattr(written, name) for name in names}


def _record(asked: Asked, status: SampleStatus, **found: Any) -> SampleRecord:
    header, item = asked.suite.header, asked.item
    return SampleRecord(
        suite=header.id,
        suite_version=header.version,
        item=item.id,
        item_digest=item_digest(item),
        cluster=item.cluster,
        status=status,
        repeat=asked.repeat,
        **({"chosen": None, "score": None} | found),
    )
