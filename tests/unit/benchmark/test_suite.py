"""A suite is checked before it is frozen; a run before it is recorded."""

from __future__ import annotations

import json

import msgspec
import pytest

from dokja.benchmark import parse_suite, separation, suite_result
from dokja.benchmark.values import SampleStatus, Tool
from dokja.errors import InvalidInput
from tests.programme_simulator import SimulatedStage

TEXTS = SimulatedStage().texts().suites["s-nia"]


def _items(change: dict[str, object]) -> str:
    lines = TEXTS[1].splitlines()
    first = {**json.loads(lines[0]), **change}
    return "\n".join([json.dumps(first), *lines[1:]])


@pytest.mark.parametrize(
    ("header", "items", "fact"),
    [
        (TEXTS[0], _items({"answer": 2}), "no valid answer"),
        (TEXTS[0], _items({"choices": ["yes", "yes"]}), "same choice twice"),
        (TEXTS[0], _items({"id": "s-nia-1"}), "same id"),
        (TEXTS[0], _items({"hint": "x"}), "line 1"),
        (TEXTS[0].replace("items = 40", "items = 41"), TEXTS[1], "announces 41"),
        (TEXTS[0], "{", "cannot be read"),
        (TEXTS[0].replace('track = "text"', 'track = "smell"'), TEXTS[1], "smell"),
    ],
)
def test_a_suite_that_cannot_be_scored_is_refused(
    header: str, items: str, fact: str
) -> None:
    """Named by suite and line, before anybody is measured with it."""
    with pytest.raises(InvalidInput) as caught:
        parse_suite(header, items, where="s-nia")
    assert fact in caught.value.fact
    assert "s-nia" in caught.value.fact


def test_an_open_item_leaves_the_suite_without_an_estimate() -> None:
    """The count of right answers stays, the accuracy does not."""
    record = SimulatedStage().run()
    suite, run = record.evidence.suites[0], record.evidence.runs[0]
    first = next(i for i, s in enumerate(run.samples) if s.suite == suite.header.id)
    samples = list(run.samples)
    samples[first] = msgspec.structs.replace(
        samples[first],
        status=SampleStatus.MISSING,
        score=None,
        chosen=None,
        error="no answer",
    )
    found = suite_result(msgspec.structs.replace(run, samples=tuple(samples)), suite)
    assert (found.estimate, found.scored, found.items) == (None, 39, 40)


def test_a_suite_separates_the_strong_from_the_weak_and_nobody_from_himself() -> None:
    """Separation is what makes a suite worth its points."""
    record = SimulatedStage().run()
    runs = [r for r in record.evidence.runs if r.subject in ("t1", "t5")]
    found = separation(runs, record.evidence.suites[0])
    assert (found.pairs, found.separated) == (1, (("t1", "t5"),))
    twins = [runs[0], msgspec.structs.replace(runs[0], subject="twin")]
    assert separation(twins, record.evidence.suites[0]).separated == ()


WRITES = 'scoring = "number"\noutput_tokens = 8\n'


@pytest.mark.parametrize(
    ("fields", "fact"),
    [
        (WRITES + "turns = 3", "turns and no tools"),
        (WRITES + 'tools = ["python"]', "from 2 to 50 turns"),
        (WRITES + 'tools = ["python"]\nturns = 1', "from 2 to 50 turns"),
        (WRITES + 'tools = ["python"]\nturns = 51', "from 2 to 50 turns"),
        (WRITES + 'tools = ["python", "python"]\nturns = 3', "same tool twice"),
        (WRITES + 'tools = ["shell"]\nturns = 3', "shell"),
        ('tools = ["python"]\nturns = 3', "uses no tools"),
    ],
)
def test_tools_come_with_a_bounded_number_of_turns(fields: str, fact: str) -> None:
    """And only where the model writes: a loop without an end is no question."""
    lines = TEXTS[1].splitlines()
    items = "\n".join(json.dumps({**json.loads(line), "target": "1"}) for line in lines)
    with pytest.raises(InvalidInput, match=fact):
        parse_suite(fields + "\n" + TEXTS[0], items, where="s")
    known = parse_suite(
        WRITES + 'tools = ["python"]\nturns = 2\n' + TEXTS[0], items, where="s"
    )
    assert known.header.tools == (Tool.PYTHON,)
    plain = parse_suite(WRITES + TEXTS[0], items, where="s").header
    assert not {"tools", "turns"} & set(msgspec.to_builtins(plain))
