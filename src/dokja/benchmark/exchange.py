"""Sample records in the form that other programmes exchange them in.

Source: Every Eval Ever, instance-level schema 0.3.0 (package every-eval-ever,
MIT). It has a number for every sample, so what has no score cannot be said in it:
such samples are listed beside the rows and are never written as a 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from dokja.benchmark.results import samples_of
from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import (
    AnswerRule,
    Item,
    OfficialRun,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
)
from dokja.benchmark.written import prompt_of
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of

SCHEMA = "instance_level_eval_0.3.0"
_METHODS: Mapping[Scoring, str] = {
    Scoring.CHOICES: "likeliest_choice",
    Scoring.LETTER: "answer_line",
    Scoring.EXACT: "answer_line",
    Scoring.NUMBER: "last_number",
    Scoring.RULES: "programmatic_rules",
    Scoring.CODE: "execution",
    Scoring.JUDGE: "llm_judge",
}


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sample that the exchanged form has no place for."""

    item: str
    repeat: int
    status: SampleStatus
    error: str


class Exchanged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run on one suite as it is exchanged."""

    rows: tuple[dict[str, Any], ...]
    """One object a scored sample, by item and repeat."""
    left_out: tuple[LeftOut, ...]


def exchange(run: OfficialRun, suite: Suite) -> Exchanged:
    """The run's samples of the suite. Raises: InvalidInput where items differ."""
    items = {item.id: item for item in suite.items}
    rows, left_out = [], []
    for sample in samples_of(run, suite.header.id):
        item = items.get(sample.item)
        if item is None or item_digest(item) != sample.item_digest:
            raise InvalidInput(
                f"item {sample.item} is not the one that the run was made with",
                remedy="give the suite of the run, in its version",
            )
        if sample.score is None:
            left_out.append(_left_out(sample))
        else:
            rows.append(_row(run, suite, item, sample))
    return Exchanged(rows=tuple(rows), left_out=tuple(left_out))


def _left_out(sample: SampleRecord) -> LeftOut:
    return LeftOut(
        item=sample.item,
        repeat=sample.repeat,
        status=sample.status,
        error=sample.error,
    )


def _row(
    run: OfficialRun, suite: Suite, item: Item, sample: SampleRecord
) -> dict[str, Any]:
    header, reference = suite.header, list(_reference(suite.header.scoring, item))
    written = header.scoring is not Scoring.CHOICES
    return {
        "schema_version": SCHEMA,
        "evaluation_id": f"{header.id}/{run.subject}/{digest_of(run)}",
        "model_id": run.subject,
        "evaluation_name": header.id,
        "sample_id": item.id,
        "sample_hash": _hash(item.question + "".join(reference)),
        "interaction_type": "single_turn",
        "input": {
            "raw": item.question,
            "formatted": prompt_of(header, item) if written else None,
            "reference": reference,
            "choices": list(item.choices) or None,
        },
        "output": {"raw": [sample.answer] if written else []},
        "messages": None,
        "answer_attribution": [_attribution(header.scoring, item, sample)],
        "evaluation": {
            "score": sample.score,
            "is_correct": sample.score == 1,
            "num_turns": 1,
        },
        "token_usage": _usage(sample),
        "performance": _performance(sample),
        "error": None,
        "metadata": {
            "cluster": sample.cluster,
            "engine": run.engine,
            "item_digest": sample.item_digest,
            "repeat": str(sample.repeat),
            "suite_version": header.version,
            "weights": run.weights_root,
        },
    }


def _reference(scoring: Scoring, item: Item) -> Iterator[str]:
    """What an answer is held against, in words."""
    if scoring in (Scoring.CHOICES, Scoring.LETTER):
        assert item.answer is not None
        yield item.choices[item.answer]
    elif scoring is Scoring.RULES:
        yield from (_rule(rule) for rule in item.rules)
    elif scoring is Scoring.CODE:
        yield item.tests
    elif item.target:
        yield item.target


def _rule(rule: AnswerRule) -> str:
    given = rule.text or (str(rule.number) if rule.number else "")
    return f"{rule.kind.value}: {given}" if given else rule.kind.value


def _attribution(scoring: Scoring, item: Item, sample: SampleRecord) -> dict[str, Any]:
    chosen = None if sample.chosen is None else item.choices[sample.chosen]
    return {
        "turn_idx": 0,
        "source": "choices" if scoring is Scoring.CHOICES else "output.raw",
        "extracted_value": sample.answer if chosen is None else chosen,
        "extraction_method": _METHODS[scoring],
        "is_terminal": True,
    }


def _usage(sample: SampleRecord) -> dict[str, int] | None:
    if sample.input_tokens is None or sample.output_tokens is None:
        return None
    return {
        "input_tokens": sample.input_tokens,
        "output_tokens": sample.output_tokens,
        "total_tokens": sample.input_tokens + sample.output_tokens,
    }


def _performance(sample: SampleRecord) -> dict[str, float | None] | None:
    if sample.measured is None:
        return None
    first = sample.measured.first_token_seconds
    return {
        "latency_ms": 1000 * sample.measured.seconds,
        "time_to_first_token_ms": None if first is None else 1000 * first,
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
