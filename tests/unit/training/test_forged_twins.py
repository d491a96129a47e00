"""Twins of an honest record, forged by hands that hold different keys."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dokja.training.statements import listed_challenges
from dokja.wiring.training import VerifyRequest, verify_training
from tests.recorded_run import record_run
from tests.trained_run import TrainedRun
from tests.twins.catalogue import CATALOGUE
from tests.twins.honest import Kept, honest_run, make_keys
from tests.twins.judge import Results, judged, results_of
from tests.twins.mutation import Mutation
from tests.twins.story import read_story
from tests.twins.telling import tell
from tests.twins.variations import VARIATIONS, Variation

CHEAP = tuple(m for m in CATALOGUE if not m.needs)
OPENED = (
    "a tensor list lost",
    "a rate that is no number",
    "an emptied optimizer",
    "an optimizer of other steps",
    "negative squares in the optimizer",
    "moments larger than gradients",
    "a state without optimizer",
    "no commitments at all",
    "a shard lost",
    "a shard changed",
    "tenfold tokens",
    "another second beta named",
    "one bit of a released weight",
    "a released tensor missing",
    "the program changed",
    "no code named",
    "known code without its notice",
    "as much again trained beside the run",
    "more tokens than the machines could take",
)
"""Found with materials alone; what takes replay is in docs/training-evidence.md."""
ACCIDENTS = tuple(v for v in VARIATIONS if v.told is not None)


class Bench:
    """An honest record, what every check says of it, and room for its twins."""

    def __init__(self, folder: Path) -> None:
        self.keys = make_keys(folder)
        self.recorded = folder / "recorded"
        record_run(self.recorded / "record", folder / "team.pem", steps=80)
        self.honest: Kept = honest_run(self.recorded, folder / "honest", self.keys)
        self.results: Results
        self.results, self.tier = results_of(self.honest)
        self.scratch = folder / "twin"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One honest run for all twins of the module."""
    return Bench(tmp_path_factory.mktemp("twins"))


def test_a_story_told_as_it_was_is_the_same_record(bench: Bench) -> None:
    """The control: telling alone changes no byte of the log and no head."""
    again = bench.scratch.with_name("again")
    tell(read_story(bench.recorded), again, bench.keys.team_alone)
    files = sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert len(files) > 5
    for name in files:
        assert (again / name).read_bytes() == (bench.recorded / name).read_bytes()


def test_the_witnessed_run_is_of_tier_e2(bench: Bench) -> None:
    """And no check fails, so that every failure below is the forger's."""
    assert bench.tier == "E2"
    assert "fail" not in bench.results.values()


@pytest.mark.parametrize("mutation", CHEAP, ids=lambda m: m.name)
def test_the_named_check_finds_the_twin(bench: Bench, mutation: Mutation) -> None:
    """Not just any check: each forgery has one that is there for it."""
    judgement = judged(mutation, bench.honest, bench.results, bench.scratch)
    assert judgement.is_caught, (judgement.after, judgement.tier)


@pytest.fixture(scope="module")
def opened(trained: TrainedRun, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """An honest run with its materials, audited without running its program."""
    folder = tmp_path_factory.mktemp("opened")
    kept = honest_run(trained.folder, folder / "honest", make_keys(folder))
    return replace(kept, other=kept.story, is_replayed=False)


def test_the_opened_run_has_nothing_against_it(opened: Kept) -> None:
    """And what needs no replay passes."""
    after, _ = results_of(opened)
    left = {check for check, said in after.items() if said != "pass"}
    assert left <= {"V4", "V5", "V8", "V10", "V11", "V12", "V14"}, after
    assert "fail" not in after.values()


@pytest.mark.parametrize("name", OPENED)
def test_the_named_check_finds_it_in_the_materials(opened: Kept, name: str) -> None:
    """Without a program run, and without a GPU."""
    mutation = next(m for m in CATALOGUE if m.name == name)
    before, _ = results_of(opened)
    judgement = judged(mutation, opened, before, opened.folder.with_name("twin"))
    assert judgement.is_caught, (judgement.after, judgement.tier)


@pytest.mark.parametrize("told", ACCIDENTS, ids=lambda v: v.name)
def test_an_honest_accident_accuses_nobody(bench: Bench, told: Variation) -> None:
    """A recorder writes the same of a crash, a full queue and a clock set right."""
    assert told.told is not None
    kept = bench.honest.again(told.told(bench.honest.story), bench.scratch)
    after, tier = results_of(kept)
    assert "fail" not in after.values()
    assert tier == "E2"


def test_a_hidden_challenge_is_found_by_what_the_witness_gives_out(
    bench: Bench,
) -> None:
    """Without that file nothing of it is left to be seen."""
    hidden = next(
        m for m in CATALOGUE if m.name == "a challenge hidden with its answer"
    )
    kept = hidden.forge(bench.honest, bench.scratch)
    witness = bench.keys.both.witness
    assert witness is not None
    file = bench.scratch / "challenges.json"
    file.write_bytes(listed_challenges(bench.honest.challenges, witness))
    request = VerifyRequest(
        record=kept.record,
        team_key=bench.keys.team,
        witness_keys=[bench.keys.witness],
    )
    asked = replace(request, challenges=file)
    found = [
        {check.id: check.result.value for check in verify_training(each).checks}["V17"]
        for each in (request, asked)
    ]
    assert found == ["pass", "inconclusive"]


def test_no_two_mutations_have_one_name() -> None:
    """The page lists them by name."""
    names = [mutation.name for mutation in CATALOGUE]
    assert len(names) == len(set(names))
    assert len(names) >= 60


def test_the_page_names_every_twin_and_every_variation() -> None:
    """One that is missed stands there as missed, and none is left out."""
    text = (Path(__file__).parents[3] / "docs" / "training-evidence.md").read_text()
    lines = set(re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE))
    names = {mutation.name for mutation in CATALOGUE}
    names |= {f"{each.family}: {each.name}" for each in VARIATIONS}
    assert len(VARIATIONS) >= 100
    assert names - lines == set()
