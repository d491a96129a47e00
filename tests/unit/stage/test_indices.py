"""The indices of a stage: there where the rules ask for them, and only there."""

from __future__ import annotations

import msgspec
import pytest

from dokja.errors import Conflict, InvalidInput
from dokja.stage.acts import CANDIDATES as LISTED
from dokja.stage.acts import FIGURES as CLOSED
from dokja.stage.acts import INDICES, SEAL, read_evidence, read_outcome
from dokja.stage.values import StageRecord
from dokja.standing.indices.values import MeasuredIndices
from dokja.standing.indices.words import NOT_DISCLOSED
from tests import index_fixture
from tests.index_fixture import indexed_stage
from tests.programme_simulator import TEAMS, SimulatedStage
from tests.rulebooks import EXAMPLE


@pytest.fixture(scope="module")
def ran() -> tuple[SimulatedStage, StageRecord]:
    """A stage under rules that ask for everything."""
    stage = indexed_stage()
    return stage, stage.run()


@pytest.fixture(scope="module")
def indices(ran: tuple[SimulatedStage, StageRecord]) -> MeasuredIndices:
    """What its outcome holds."""
    found = ran[1].outcome.indices
    assert found is not msgspec.UNSET
    return found


def test_rules_without_indices_leave_no_trace() -> None:
    """Old records derive to the same acts as before."""
    stage = SimulatedStage()
    record = stage.run()
    assert record.outcome.indices is msgspec.UNSET
    assert record.evidence.candidate_list is msgspec.UNSET
    kinds = {act.kind for act in stage.acts()}
    assert kinds.isdisjoint({INDICES, LISTED, CLOSED})
    assert b"indices" not in msgspec.json.encode(record.outcome).replace(
        b'"indices":[', b""
    )


def test_what_was_handed_in_is_on_record_in_time(
    ran: tuple[SimulatedStage, StageRecord],
) -> None:
    """The list before anything is measured, the figures with the ballots."""
    stage, record = ran
    kinds = [act.kind for act in stage.acts()]
    assert kinds.index(SEAL) < kinds.index(LISTED) < kinds.index("benchmark_run")
    assert kinds.index("ballots_closed") < kinds.index(CLOSED) < kinds.index(INDICES)
    assert read_evidence(stage.acts()) == record.evidence
    assert read_outcome(stage.acts()) == msgspec.json.decode(
        msgspec.json.encode(record.outcome), type=type(record.outcome)
    )
    notes = {note.en for note in record.outcome.synthetic}
    assert {"The list is made up.", "The figures are made up."} <= notes


def test_the_frontier_index_counts_what_the_seals_declare(
    indices: MeasuredIndices,
) -> None:
    """Every team declared its own suite before the seal; skill orders them."""
    assert indices.frontier is not None
    assert [team.team for team in indices.frontier.teams] == list(TEAMS)
    assert all(team.index is not None for team in indices.frontier.teams)
    assert indices.frontier.order[-1] == "t5"
    chosen = indices.frontier.teams[0].categories[2]
    assert [each.benchmark for each in chosen.benchmarks] == ["s-own"]


def test_the_diffusion_index_takes_recorded_figures_and_the_panel(
    indices: MeasuredIndices, ran: tuple[SimulatedStage, StageRecord]
) -> None:
    """A team nobody recorded anything of is undetermined, not at 0."""
    assert indices.diffusion is not None
    teams = {team.team: team for team in indices.diffusion.teams}
    silent = {part.part: part for part in teams["t5"].parts}
    assert teams["t5"].index is None
    assert silent["open"].value is None
    assert silent["experts"].value is not None
    parts = {part.part: part for part in teams["t3"].parts}
    assert teams["t3"].index is not None
    share = ran[1].outcome.standing
    own = next(team for team in share.teams if team.team == "t3")
    expert = next(c for c in own.categories if c.category == "expert").components[0]
    assert parts["experts"].value is not None
    assert expert.share is not None
    assert parts["experts"].value.value == expert.share.value
    assert parts["speed"].times is not None
    assert parts["speed"].times.value > 1
    assert NOT_DISCLOSED not in [part.reason for part in parts.values()]


def test_the_target_stands_in_three_views(indices: MeasuredIndices) -> None:
    """The office picked r1, the only model of the set."""
    assert indices.reference_set is not None
    assert indices.reference_set.overall == ("r1",)
    assert [each.model for each in indices.reference_set.excluded] == ["later"]
    assert [report.team for report in indices.targets] == list(TEAMS)
    for report in indices.targets:
        assert {view.reference for view in report.views} == {"r1"}
        assert all(view.attainment is not None for view in report.views)


def _without(name: str) -> SimulatedStage:
    stage = indexed_stage()
    setattr(stage, name, None)
    return stage


def test_a_reference_set_without_a_list_is_refused_before_the_freeze() -> None:
    """Nobody finds out after the seal that there is nothing to hold it against."""
    stage = _without("candidates")
    with pytest.raises(InvalidInput, match="there is no candidates"):
        stage.run()
    assert stage.acts() == ()


def test_without_figures_the_diffusion_index_is_undetermined() -> None:
    """Every part says what it lacks."""
    found = _without("figures").run().outcome.indices
    assert found is not msgspec.UNSET
    assert found.diffusion is not None
    assert [team.index for team in found.diffusion.teams] == [None] * len(TEAMS)
    assert all(team.reason is not None for team in found.diffusion.teams)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("candidates", 'team = "t2"', 'team = "t9"', "who makes the model of t2"),
        ("candidates", 'model = "later"', 'model = "r1"', "candidate r1 stands 2"),
        ("candidates", "2026-03-01", "March", "which is no day"),
        ("candidates", 'maker = "maker-t1"', 'maker = " "', "t1 has no maker"),
        (
            "candidates",
            'maker = "maker-t1"',
            'maker = "m"\ntarget = "nobody"',
            "aims at nobody",
        ),
        ("candidates", "synthetic = true", "synthetic =", "candidates.toml is not"),
        ("figures", 'model = "t1"', 'model = "x"', "neither a team nor a reference"),
        ("figures", "[90, 93, 88]", "[90, 0, 88]", "not above 0"),
        ("figures", "made for a test", " ", "have no source"),
        ("figures", "devices = 1", 'devices = "one"', "figures.toml"),
    ],
)
def test_bad_input_is_named(name: str, old: str, new: str, said: str) -> None:
    """A file with a mistake counts for nothing."""
    stage = indexed_stage()
    text = getattr(index_fixture, name.upper())
    assert old in text
    setattr(stage, name, text.replace(old, new, 1))
    with pytest.raises(InvalidInput, match=said):
        stage.inputs()


def test_files_that_no_rule_uses_are_refused() -> None:
    """An organiser who hands them in believes that they count."""
    stage = indexed_stage()
    stage.rulebook = EXAMPLE
    with pytest.raises(InvalidInput, match=r"no reference set of stage-1[^$]*figures"):
        stage.inputs()


def test_a_list_cannot_change_once_it_is_on_record() -> None:
    """Whoever could see results must not pick the model they are held against."""
    stage = indexed_stage()
    stage.run()
    stage.candidates = index_fixture.CANDIDATES.replace("elsewhere", "other")
    with pytest.raises(Conflict, match="candidates_listed"):
        stage.run()
