"""From kept runs to findings: a planted leak is referred, its absence is not."""

from __future__ import annotations

import pytest
from msgspec import structs

from dokja.benchmark.contamination import (
    AnsweredSuite,
    index_texts,
    overlap_evidence,
    read_together,
    twin_evidence,
)
from dokja.benchmark.contamination.from_runs import Twins, asked_text
from dokja.benchmark.contamination.values import ContaminationReading
from dokja.benchmark.runs import shards_of
from dokja.benchmark.runs.shards import put_together, task_of
from dokja.benchmark.values import OfficialRun, Suite
from dokja.errors import InvalidInput
from tests.benchmark_fixture import answered, made_up_suite, plan_of

PUBLIC = made_up_suite("kind", items=300)
FRESH = structs.replace(
    PUBLIC,
    items=tuple(
        structs.replace(item, id=f"fresh-{item.id}", question=f"새 {item.question}")
        for item in PUBLIC.items
    ),
)
REFERENCES = ("r1", "r2", "r3", "r4")


def _run(model: str, suite: Suite, skill: float) -> OfficialRun:
    plan = plan_of((suite,), subject=model, shard_items=50)
    kept = {
        shard: answered(task_of(shard, (suite,), model), skill=skill)
        for shard in shards_of(plan, (suite,))
    }
    return put_together(plan, (suite,), kept)


def _twins(model: str, public: float, fresh: float) -> Twins:
    return (
        AnsweredSuite(run=_run(model, PUBLIC, public), suite=PUBLIC),
        AnsweredSuite(run=_run(model, FRESH, fresh), suite=FRESH),
    )


KNOWN = [_twins(name, 0.62, 0.6) for name in REFERENCES]


def test_a_team_that_knows_the_public_items_is_referred_and_nobody_else() -> None:
    """Corrected over both teams."""
    teams = [_twins("honest", 0.72, 0.7), _twins("leaked", 0.95, 0.6)]
    found = read_together([twin_evidence(team, KNOWN) for team in teams])
    readings = {f.evidence.subject: f.reading for f in found}
    assert readings["leaked"] is ContaminationReading.REFER
    assert readings["honest"] is not ContaminationReading.REFER
    assert {f.family for f in found} == {2}


def test_without_references_nothing_is_concluded() -> None:
    """However large the gap."""
    (found,) = read_together([twin_evidence(_twins("leaked", 0.95, 0.5), [])])
    assert found.reading is ContaminationReading.UNTESTABLE
    assert found.evidence.reason is not None


def test_the_public_items_are_no_fresh_ones() -> None:
    """Two runs on one set would show no gap, and mean nothing."""
    side = AnsweredSuite(run=_run("m", PUBLIC, 0.7), suite=PUBLIC)
    with pytest.raises(InvalidInput, match="are the public ones"):
        twin_evidence((side, side), KNOWN)


def test_models_that_were_asked_other_items_are_not_compared() -> None:
    """A reference on an older version of the suite."""
    older = structs.replace(PUBLIC, items=PUBLIC.items[:-1])
    odd = (AnsweredSuite(run=_run("r", older, 0.6), suite=older), KNOWN[0][1])
    with pytest.raises(InvalidInput, match="different items"):
        twin_evidence(_twins("team", 0.7, 0.7), [odd])


def test_items_in_the_training_text_are_found_and_only_support() -> None:
    """A third of the items stand in the text, and the team knows those."""
    worded = structs.replace(
        PUBLIC,
        items=tuple(
            structs.replace(
                item,
                question=" ".join(f"낱말{number}-{place}" for place in range(12)),
            )
            for number, item in enumerate(PUBLIC.items)
        ),
    )
    leaked = {item.id for item in worded.items[::3]}
    plan = plan_of((worded,), subject="team")
    tasks = [task_of(shard, (worded,), "team") for shard in shards_of(plan, (worded,))]
    kept = {}
    for task in tasks:
        rows = zip(answered(task, skill=0.6), answered(task, skill=1.0), strict=True)
        kept[task.shard] = tuple(
            sure if honest.item in leaked else honest for honest, sure in rows
        )
    team = AnsweredSuite(run=put_together(plan, (worded,), kept), suite=worded)
    known = [
        AnsweredSuite(run=_run(name, worded, 0.6), suite=worded) for name in REFERENCES
    ]
    texts = [asked_text(item) for item in worded.items if item.id in leaked]
    evidence = overlap_evidence(team, known, index_texts(texts, 8))
    (found,) = read_together([evidence])
    assert found.reading is ContaminationReading.SUPPORTING
    nothing = overlap_evidence(team, known, index_texts(["다른 글"], 8))
    assert nothing.estimate is None
