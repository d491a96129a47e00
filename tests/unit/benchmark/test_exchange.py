"""Exchanged rows hold against the schema that others validate with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec import structs

from dokja.benchmark.exchange import exchange
from dokja.benchmark.runs import shards_of
from dokja.benchmark.runs.shards import task_of
from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import (
    AnswerRule,
    AnswerRuleKind,
    Item,
    Measured,
    OfficialRun,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
)
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from tests.benchmark_fixture import answered, made_up_suite, plan_of, unscored

# The schema of every-eval-ever 0.3.0, MIT; its licence lies beside it.
SCHEMA: dict[str, Any] = json.loads(
    Path(__file__)
    .with_name("every_eval_ever")
    .joinpath("instance_level_eval.schema.json")
    .read_text(encoding="utf-8")
)


def run_of(suite: Suite, samples: tuple[SampleRecord, ...]) -> OfficialRun:
    """A made-up run."""
    plan = plan_of((suite,))
    return OfficialRun(
        subject=plan.subject,
        weights_root=plan.weights_root,
        engine=plan.engine,
        suites_digest=plan.suites_digest,
        samples=samples,
    )


def check(rows: tuple[dict[str, Any], ...]) -> None:
    """Nothing. Raises: where a row is not what the schema says, as JSON."""
    validator = jsonschema.Draft7Validator(SCHEMA)
    for row in rows:
        validator.validate(json.loads(canonical_bytes(row)))


def chosen(suite: Suite) -> tuple[SampleRecord, ...]:
    """Made-up answers to the suite's choices."""
    plan = plan_of((suite,), shard_items=len(suite.items))
    (shard,) = shards_of(plan, (suite,))
    return answered(task_of(shard, (suite,), "model"))


def test_the_schema_refuses_what_it_should() -> None:
    """The control: the validator would find a row without a score."""
    suite = made_up_suite(items=2)
    (row, _) = exchange(run_of(suite, chosen(suite)), suite).rows
    del row["evaluation"]["score"]
    with pytest.raises(jsonschema.ValidationError, match="score"):
        check((row,))


def test_choices_are_exchanged_with_what_was_chosen() -> None:
    """The question, the right and the chosen words, and where it all comes from."""
    suite = made_up_suite(items=6)
    samples = chosen(suite)
    found = exchange(run_of(suite, samples), suite)
    check(found.rows)
    assert not found.left_out
    for row, sample, item in zip(found.rows, samples, suite.items, strict=True):
        assert sample.chosen is not None
        assert item.answer is not None
        (attributed,) = row["answer_attribution"]
        assert attributed["extracted_value"] == item.choices[sample.chosen]
        assert row["input"]["reference"] == [item.choices[item.answer]]
        assert row["evaluation"]["is_correct"] == (sample.chosen == item.answer)
        assert row["output"]["raw"] == []


def test_what_has_no_score_is_left_out_by_name_and_never_a_zero() -> None:
    """The schema knows no missing score."""
    suite = made_up_suite(items=3)
    first, second, third = chosen(suite)
    lost = unscored(second, error="the server answered 500")
    found = exchange(run_of(suite, (first, lost, third)), suite)
    assert [row["sample_id"] for row in found.rows] == [first.item, third.item]
    (left,) = found.left_out
    assert (left.item, left.status) == (second.item, SampleStatus.ERROR)
    assert left.error == "the server answered 500"


@pytest.mark.parametrize("scoring", [s for s in Scoring if s is not Scoring.CHOICES])
def test_written_answers_of_every_scoring_hold_against_the_schema(
    scoring: Scoring,
) -> None:
    """With their tokens and times, where somebody counted them."""
    item = Item(
        id="i",
        question="물음",
        choices=("예", "아니요"),
        answer=0,
        cluster="c",
        target="예",
        rules=(AnswerRule(kind=AnswerRuleKind.INCLUDES, text="예"),),
        tests="def check(f): ...",
        entry_point="f",
    )
    suite = made_up_suite(items=1)
    header = structs.replace(suite.header, scoring=scoring, output_tokens=9)
    suite = Suite(header=header, items=(item,))
    sample = SampleRecord(
        suite=header.id,
        suite_version=header.version,
        item="i",
        item_digest=item_digest(item),
        cluster="c",
        status=SampleStatus.SCORED,
        chosen=None,
        score=0.5,
        answer="글쎄요",
        input_tokens=3,
        output_tokens=4,
        measured=Measured(seconds=0.25),
    )
    (row,) = exchange(run_of(suite, (sample,)), suite).rows
    check((row,))
    assert row["output"]["raw"] == ["글쎄요"]
    assert row["evaluation"] == {"score": 0.5, "is_correct": False, "num_turns": 1}
    assert row["token_usage"]["total_tokens"] == 7
    assert row["performance"]["latency_ms"] == 250
    assert len(row["input"]["reference"]) == 1
    bare = structs.replace(sample, output_tokens=None, measured=None)
    (row,) = exchange(run_of(suite, (bare,)), suite).rows
    check((row,))
    assert row["token_usage"] is None
    assert row["performance"] is None


def test_another_version_of_the_suite_is_refused() -> None:
    """Rows name the question that was asked, not the one it became."""
    suite = made_up_suite(items=2)
    run = run_of(suite, chosen(suite))
    changed = structs.replace(suite.items[0], question="다른 물음?")
    other = Suite(header=suite.header, items=(changed, suite.items[1]))
    with pytest.raises(InvalidInput, match="item made-up-000"):
        exchange(run, other)
