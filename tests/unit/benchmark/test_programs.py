"""A program is taken out of an answer, and its end becomes a score."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from dokja.benchmark.definitions import convert_rows
from dokja.benchmark.programs import ScoresPrograms, program_of
from dokja.benchmark.programs.values import ProgramEnd, ProgramOutcome
from dokja.benchmark.results import adds_up, check_complete
from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import (
    FaultCause,
    Item,
    OfficialRun,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
)
from dokja.evidence.canonical import digest_of
from dokja.wiring.suites import shipped_definitions
from tests.definition_fixtures import FIXTURES

SUITE = convert_rows(
    shipped_definitions()["humaneval"], FIXTURES["humaneval"], where="x"
).suite
TWICE = SUITE.items[0]
RIGHT = (
    "    return 2 * x\n",
    "    return 2 * x\n\ndef other():\n    return 1\n",
    "    y = x\n\n    return x + y\nprint(twice(1))\n",
    "```python\ndef twice(x):\n    return 2 * x\n```",
    "First:\n```\nx = 1\n```\nthen\n```py\ndef twice(x):\n    return x + x\n```\nSo.",
    "```python\n    return 2 * x\n```",
    "Here it is.\n\ndef twice(x):\n    return 2 * x",
    "```python\ndef twice(x):\n    return 2 * x",
    "```python\nfrom operator import add\ntwice = lambda x: add(x, x)\n```",
    "import math\ndef twice(x):\n    return math.floor(2 * x)\n",
)
WRONG = (
    "",
    "    return x\n",
    "```python\ndef twice(x):\n    return x\n```",
    "I cannot do that.",
    "```python\ndef thrice(x):\n    return 3 * x\n```",
    "return 2 * x",
)


class RunsHere:
    """A runner of the programs of this test, which are ours."""

    engine = "here"

    def run(self, program: str) -> ProgramOutcome:
        try:
            exec(compile(program, "answer", "exec"), {})  # noqa: S102
        except (AssertionError, SyntaxError, NameError) as error:
            return ProgramOutcome(end=ProgramEnd.FAILED, fact=type(error).__name__)
        return ProgramOutcome(end=ProgramEnd.PASSED)


class NoWalls:
    """A runner that has nowhere to run anything."""

    engine = "none"

    def run(self, program: str) -> ProgramOutcome:  # noqa: ARG002
        return ProgramOutcome(end=ProgramEnd.NOT_RUN, fact="no sandbox: no kernel")


class Writes:
    """A harness that writes the same for every item."""

    engine = "writes"
    scorings = frozenset({Scoring.CODE})

    def __init__(self, answer: str, status: SampleStatus) -> None:
        self._answer, self._status = answer, status

    def run(
        self,
        model: str,  # noqa: ARG002
        suites: Sequence[Suite],
        *,
        repeat: int = 0,  # noqa: ARG002
    ) -> tuple[SampleRecord, ...]:
        return tuple(_record(i, self._answer, self._status) for i in suites[0].items)


def _record(item: Item, answer: str, status: SampleStatus) -> SampleRecord:
    return SampleRecord(
        suite=SUITE.header.id,
        suite_version=SUITE.header.version,
        item=item.id,
        item_digest=item_digest(item),
        cluster=item.cluster,
        status=status,
        chosen=None,
        score=None,
        error="the answer awaits another scorer",
        answer=answer,
    )


@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_program_is_found_in_its_answer(answer: str) -> None:
    """As a continuation, in a block, after a sentence, cut off at its end."""
    outcome = RunsHere().run(program_of(TWICE, answer))
    assert outcome.end is ProgramEnd.PASSED, program_of(TWICE, answer)


@pytest.mark.parametrize("answer", WRONG)
def test_a_wrong_answer_is_not_rescued(answer: str) -> None:
    """No answer, a refusal, another function."""
    assert RunsHere().run(program_of(TWICE, answer)).end is ProgramEnd.FAILED


def test_an_end_becomes_a_score() -> None:
    """The record adds up, and names both engines."""
    harness = ScoresPrograms(
        Writes("    return 2 * x\n", SampleStatus.NOT_RUN), RunsHere()
    )
    assert harness.engine == "writes; here"
    assert harness.scorings == {Scoring.CODE}
    records = harness.run("m", [SUITE])
    assert [record.score for record in records] == [1, 0]
    assert records[0].error == ""
    assert records[1].error == "AssertionError"
    for record, item in zip(records, SUITE.items, strict=True):
        assert record.status is SampleStatus.SCORED
        assert adds_up(Scoring.CODE, item, record)
    run = OfficialRun(
        subject="m",
        weights_root="x",
        engine=harness.engine,
        suites_digest=digest_of([SUITE]),
        samples=records,
    )
    check_complete(run, [SUITE])


def test_without_walls_nothing_has_a_score() -> None:
    """Not run, with the reason, and nobody's fault but the machine's."""
    harness = ScoresPrograms(Writes("x", SampleStatus.NOT_RUN), NoWalls())
    for record in harness.run("m", [SUITE]):
        assert (record.status, record.score) == (SampleStatus.NOT_RUN, None)
        assert (record.error, record.cause) == (
            "no sandbox: no kernel",
            FaultCause.INFRASTRUCTURE,
        )


def test_what_is_no_program_stays_as_it_was() -> None:
    """An error of the harness, and items of other suites."""
    harness = ScoresPrograms(Writes("", SampleStatus.ERROR), RunsHere())
    records = harness.run("m", [SUITE])
    assert {record.status for record in records} == {SampleStatus.ERROR}
    header = msgspec.structs.replace(SUITE.header, scoring=Scoring.JUDGE)
    judged = Suite(header=header, items=SUITE.items)
    waiting = ScoresPrograms(Writes("x", SampleStatus.NOT_RUN), RunsHere())
    records = waiting.run("m", [judged])
    assert {record.status for record in records} == {SampleStatus.NOT_RUN}
