"""Programmes to their end on both databases: the fifteen invariants of the record."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contract.postgres_server import create_database
from tests.whole_programme.machine import ProgrammeMachine
from tests.whole_programme.planted import planted
from tests.whole_programme.record_checks import INVARIANTS, violations
from tests.whole_programme.rows import Record
from tests.whole_programme.story import Story, new_story, tell

TO_THE_END = 7
"""A programme of three stages, with a revival call that selects somebody."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, Record]:
    """A whole programme and its record, looked at on the way."""
    place = tmp_path_factory.mktemp("told") / "record.db"
    with new_story(f"sqlite:///{place}", TO_THE_END) as story:
        for number, step in enumerate(tell(story)):
            if number % 15 == 0:
                assert not violations(story.office.reader.read()), step
        return story, story.office.reader.read()


def test_a_programme_comes_to_the_final_two(told: tuple[Story, Record]) -> None:
    """From the first call to two teams, and nothing of the record is broken."""
    story, record = told
    assert not violations(record)
    assert not story.office.broken
    assert story.end == "the final two"
    assert len(record.of("final_selection")) == 1
    assert record.stages() == ("stage-1", "stage-2", "stage-3")
    kinds = {entry.event["text"]["kind"] for entry in record.entries("call")
             if entry.what == "drafted"}  # fmt: skip
    assert kinds == {"initial", "revival"}


@pytest.mark.parametrize("number", list(INVARIANTS))
def test_what_an_invariant_forbids_is_seen_by_its_check_alone(
    told: tuple[Story, Record], number: int
) -> None:
    """One thing wrong, one check that says so: none is blind, none cries wolf."""
    assert list(violations(planted(told[1], number))) == [number]


def new_urls(database: str, folder: Path) -> Callable[[], str]:
    """Addresses of databases that nobody has opened yet."""
    if database == "sqlite":
        return lambda: f"sqlite:///{folder / uuid.uuid4().hex}.db"
    return lambda: create_database(folder, uuid.uuid4().hex)


@pytest.mark.parametrize(
    ("database", "examples", "steps"), [("sqlite", 3, 9), ("postgresql", 2, 6)]
)
def test_nothing_that_anybody_tries_breaks_an_invariant(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    database: str,
    examples: int,
    steps: int,
) -> None:
    """Acts in order, out of order, late, twice, two at once, in another's name.

    The first example is the dullest one; thousands of steps are the benchmark's.
    """
    folder = (
        tmp_path if database == "sqlite" else request.getfixturevalue("postgres_folder")
    )

    class Machine(ProgrammeMachine):
        new_url = staticmethod(new_urls(database, folder))

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
