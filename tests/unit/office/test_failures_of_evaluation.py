"""What went wrong with a real programme's evaluation, and what prevents it here."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import msgspec

from dokja.benchmark import competing_authors, uncovered_tracks
from dokja.benchmark.contamination.read_together import read_together
from dokja.benchmark.contamination.twin_test import twin_test
from dokja.benchmark.contamination.values import ContaminationReading
from dokja.benchmark.generated import generated_headers
from dokja.benchmark.values import Track
from dokja.contest.battles.self_naming import HIDDEN
from dokja.contest.battles.show import battle_texts
from dokja.contest.citizens.quotas import full_cells
from dokja.contest.plan import parse_quotas
from dokja.contest.users.trials import blind_models
from dokja.contest.values import ContestKind
from dokja.panel.agree import agreement_report
from dokja.programme.values import Measure, ReferenceView
from dokja.standing.indices.values import ExclusionReason
from dokja.standing.leave_out import leave_one_out
from dokja.standing.points import component_share, points_of
from dokja.standing.recount import Recount
from dokja.standing.values import Source
from dokja.submission.bom import notice_of, notice_page
from dokja.submission.values import ComponentKind, WeightState
from dokja.training.values import Step, Tier
from dokja.wiring.training import VerifyRequest, verify_training
from tests.key_files import write_keys
from tests.licence_fixture import COMPONENTS, TABLES, MadeUpTeam, part
from tests.unit.benchmark.test_contamination import PUBLIC, _answers
from tests.unit.benchmark.test_tracks import OMNI
from tests.unit.contest.test_panel_margins import K_AI
from tests.unit.contest.test_show import PLAIN, with_rules
from tests.unit.contest.test_trials import TEAMS, _trials
from tests.unit.standing.indices.made_scores import right
from tests.unit.standing.indices.test_target import _candidate, _set, _views
from tests.unit.standing.test_smallest_set import MEASURED, RULES
from tests.written_record import WrittenRecord

TEXT = generated_headers()[0]


def test_failure_06_an_omni_model_is_not_measured_by_text_alone() -> None:
    """A model of four senses stood before the yardstick of text models.

    What it takes in and no suite measures is named, and suites that a team declares
    are worth the same points, with the same cap, for every team.
    """
    suites = [msgspec.structs.replace(TEXT, track=Track.TEXT)]
    missing = uncovered_tracks(OMNI, suites)
    assert {each.track for each in missing} == {Track.IMAGE, Track.AUDIO}
    own = [c for c in RULES.components() if c.measure is Measure.TARGET_ATTAINMENT]
    assert own, "the rules have a part for suites that each team declares"
    for component in own:
        shares = [component_share(MEASURED, component, t) for t in MEASURED.teams]
        for share in shares:
            assert share is not None
            most = component.points * component.cap
            assert points_of(share, component, places=1) <= most


def test_failure_07_the_target_is_not_the_one_a_team_chose() -> None:
    """95 % was held against a model that each team had named itself.

    A dated list, picked by the office, gives three views side by side; a team that
    meets the model it declared may be below the best open one, and both are shown.
    """
    found = _views(
        {"T1": right(60, 100), "easy": right(50, 100), "open": right(90, 100)},
        _candidate("easy"),
        _candidate("open"),
        declared={"T1": "easy"},
    )
    assert len(found) >= 2
    assert found[ReferenceView.DECLARED_TARGET].met
    assert not found[ReferenceView.BEST_OPEN].met
    named = _set(_candidate("a"), _candidate("b", nominated_by="T1"))
    later = _set(_candidate("a"), _candidate("b", released="2026-01-01"))
    reasons = [found.excluded[0].reason for found in (named, later)]
    assert reasons == [ExclusionReason.NOT_TO_NOMINATE, ExclusionReason.RELEASED_LATER]


def test_failure_08_only_official_runs_count_and_authors_who_compete_show() -> None:
    """Scores were reported by the teams themselves, one benchmark was a contestant's.

    A model that the office did not run has no score, not even a published one; a
    suite's author who competes is flagged; what was known by heart goes to people.
    """
    (common,) = (c for c in RULES.components() if c.id == "common")
    told = msgspec.structs.replace(TEXT, authors=("Byeolbit", "office"))
    assert competing_authors(told, ("byeolbit", "naru")) == ("Byeolbit",)
    others = {name: run for name, run in MEASURED.runs.items() if name != "t1"}
    unrun = replace(MEASURED, runs=others)
    assert component_share(MEASURED, common, "t1") is not None
    assert component_share(unrun, common, "t1") is None
    unmeasured = _set(_candidate("a"), _candidate("b"), scores={"a": right(5, 10)})
    assert unmeasured.excluded[0].reason is ExclusionReason.NOT_MEASURED
    (finding,) = read_together([twin_test(_answers(1, leaked=0.5), PUBLIC)])
    assert finding.reading is ContaminationReading.REFER


def test_failure_11_a_citizen_panel_is_balanced_and_sees_no_brand() -> None:
    """500 people were announced, then not, then dropped for the brands' sake.

    The plan that was announced is data: whoever would fill a full cell is kept out,
    and a model that says its name is shown without it.
    """
    plan = parse_quotas(K_AI, where="citizen-quotas.toml")
    assert plan.size == 500
    planned = {
        m.id: [round(c.share * plan.size) for c in m.cells] for m in plan.margins
    }
    assert planned == {
        "sex": [250, 250],
        "region": [250, 250],
        "age": [100] * 5,
        "skill": [100, 250, 150],
    }
    one = tuple(m.cells[0].cell for m in plan.margins)
    full = full_cells(plan, {"sex": {"female": 250}}, one)
    assert [(cell.margin, cell.cell) for cell in full] == [("sex", "female")]
    contest = with_rules(kind=ContestKind.CITIZEN)
    left, _ = battle_texts(contest, PLAIN, {"t1": "I am Nova-t1.", "t2": "Hello."})
    assert left == f"I am {HIDDEN}."


def test_failure_12_users_are_blind_and_no_single_one_decides_unseen() -> None:
    """49 users, a secret panel, and full marks for one team.

    Users meet models under labels of their own; how far raters agree is computed; and
    of every rater and voter it is known what leaving them out would change.
    """
    mine = {user: blind_models(_trials(), user) for user in ("u01", "u02", "u03")}
    assert all(set(labels.values()) == set(TEAMS) for labels in mine.values())
    assert len({tuple(labels.values()) for labels in mine.values()}) > 1
    voters = len({ballot.user for ballot in MEASURED.ballot_box.ballots})
    for source, people in ((Source.RATERS, 5), (Source.VOTERS, voters)):
        found = leave_one_out(Recount(RULES, MEASURED, 4), source)
        assert found.tried == people
        assert None not in found.low.values()
    report = agreement_report(MEASURED.panel)
    assert report.alpha is not None
    assert report.alpha.low is not None


def test_failure_15_training_history_is_a_signed_record_and_not_a_show(
    tmp_path: Path,
) -> None:
    """Logs were shown on a stage. Here a log that was written anew is found out.

    Its lines follow from one another as those of the first do, and it is still not
    what was signed.
    """
    key, public = write_keys(tmp_path, "team")
    told, shown = tmp_path / "told", tmp_path / "shown"
    _trained(told, key, loss=4.0)
    _trained(shown, key, loss=2.0)

    def verdict() -> tuple[Tier, str]:
        found = verify_training(VerifyRequest(record=told, team_key=public))
        results = {check.id: check.result.value for check in found.checks}
        return found.tier, results["V2"]

    assert verdict() == (Tier.E1, "pass")
    shutil.copy(shown / "log.jsonl", told / "log.jsonl")
    assert verdict() == (Tier.E0, "fail")


def _trained(folder: Path, key: Path, *, loss: float) -> None:
    record = WrittenRecord(folder, key)
    for step in range(1, 6):
        value = (loss - step / 10).hex()
        record.add(Step, step=step, tokens=step, loss=value, lr=(1e-3).hex())
    record.close()


def test_failure_16_licences_and_reference_notices_follow_from_the_bill() -> None:
    """Licences, headers and a duty of naming were argued over in public.

    A conflict is one that a table shows, with component and reason; what nobody read
    is a question; the notice is written from the bill, naming duties included.
    """
    vision = ComponentKind.VISION_ENCODER
    results = {}
    for licence in ("MIT", "GPL-3.0-only", "LicenseRef-theirs"):
        encoder = part(vision, licence, WeightState.INHERITED_TRAINED, "somebody")
        team = MadeUpTeam(components=(*COMPONENTS[:1], encoder))
        results[licence] = team.results()["licence-01"]
    assert results == {
        "MIT": "pass",
        "GPL-3.0-only": "fail",
        "LicenseRef-theirs": "inconclusive",
    }
    team = MadeUpTeam()
    notice = notice_page(notice_of(team.bill(), team.report(), TABLES), lang="en")
    assert "show the phrase “Built with Llama”" in notice
