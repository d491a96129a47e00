"""What the views make of a record."""

from __future__ import annotations

import msgspec
import pytest

from dokja.evidence.values import Text
from dokja.lineage.values import LineageVerdict
from dokja.report import stage_report_view
from dokja.report.sections.gate import _comparison
from dokja.report.views import StageReportView
from dokja.submission.values import WeightState
from tests.report_fixture import stage_record


@pytest.fixture(scope="module")
def view() -> StageReportView:
    """Views of the made-up stage."""
    return stage_report_view(stage_record())


def test_the_decision_fits_in_one_sentence(view: StageReportView) -> None:
    """Who stays, who goes and why, what is vacant, until when to object."""
    assert view.headline.sentence.en.replace("\N{NO-BREAK SPACE}", " ") == (
        "Of 7 teams, Model A, Model C and Model D advance; Model E is out by rank; "
        "Model B is out by the gate (Independence); team-g withdrew; "
        "Model F is undecided. 1 place is vacant, to be filled by an extra call. "
        "Objections are open until 1 February 2026, 10:00 KST."
    )
    assert view.headline.sentence.ko.replace("\N{NO-BREAK SPACE}", " ") == (
        "7개 팀 가운데 3개 팀 진출(가 모형, 다 모형, 라 모형), "
        "1개 팀 순위 탈락(마 모형), 1개 팀 독자성 요건 불충족으로 탈락(나 모형), "
        "1개 팀 철회함(team-g), 1개 팀 미결(바 모형). "
        "공석은 1석이며 추가 공모로 채웁니다. "
        "이의제기 기한은 2026년 2월 1일 10:00까지입니다."
    )


def test_a_vacancy_without_an_extra_call_says_so() -> None:
    """The two policies of the rulebook read differently."""
    record = stage_record()
    for changes, words in (
        ({"revival_call": False}, "1 place is vacant and left empty."),
        ({"vacancies": 0}, "No place is vacant."),
    ):
        decision = msgspec.structs.replace(record.outcome.decision, **changes)
        outcome = msgspec.structs.replace(record.outcome, decision=decision)
        changed = msgspec.structs.replace(record, outcome=outcome)
        assert words in stage_report_view(changed).headline.sentence.en


def test_teams_that_tie_share_their_rank(view: StageReportView) -> None:
    """The order of the lines must not look like an order of merit."""
    ranks = [row.rank.text for row in view.standings.rows]
    assert ranks == ["1", "2", "3", "3", "5", None]


def test_the_row_without_a_total_says_what_is_missing(view: StageReportView) -> None:
    """Every undetermined value carries its reason."""
    row = view.standings.rows[-1]
    assert row.total.text is None
    assert row.total.reason is not None
    assert row.total.reason.en == "18 of 200 items of `sums` have no result"
    assert (row.interval, row.inside.text, row.inside_n) == (None, None, None)
    assert view.standings.heat[-1].cells == ()


def test_totals_are_shown_at_the_places_of_the_rulebook(view: StageReportView) -> None:
    """33.61 + 30.10 + 22.40 = 86.11 is published as 86.1."""
    assert view.standings.rows[0].total.text == "86.1"


def test_a_recused_expert_counts_in_no_mean() -> None:
    """Even a sheet that was handed in by mistake is left out."""
    record = stage_record()
    panel = record.evidence.panel
    stray = msgspec.structs.replace(
        panel.sheets[0],
        expert="expert-2",
        team="team-c",
        scores={"strategy": 0, "technology": 0},
    )
    panel = msgspec.structs.replace(panel, sheets=(*panel.sheets, stray))
    evidence = msgspec.structs.replace(record.evidence, panel=panel)
    judges = stage_report_view(
        msgspec.structs.replace(record, evidence=evidence)
    ).judges
    row = next(r for r in judges.panel_rows if r.team.id == "team-c")
    assert row.n == 3
    assert [mean.text for mean in row.means] == ["7.00", "18.00"]


def test_a_team_nobody_scored_has_no_mean(view: StageReportView) -> None:
    """A mean over nothing is unknown."""
    row = next(r for r in view.judges.panel_rows if r.team.id == "team-g")
    assert (row.n, [mean.text for mean in row.means]) == (0, [None, None])


def test_a_withdrawn_team_has_a_card_and_no_gate_evidence(
    view: StageReportView,
) -> None:
    """It took part, so it is listed; nothing of it was measured."""
    card = view.teams.cards[-1]
    assert card.team.id == "team-g"
    assert card.categories == ()
    assert card.gate_anchor is None


def test_adverse_comparisons_are_drawn_and_the_others_listed(
    view: StageReportView,
) -> None:
    """Evidence against a team is never folded away."""
    drawn = {t.team.id: [e.verdict.code for e in t.adverse] for t in view.gate.teams}
    assert drawn["team-b"] == ["derived"]
    assert drawn["team-d"] == ["refer"]
    assert drawn["team-a"] == drawn["team-f"] == []
    quiet = {t.team.id: [q.verdict.code for q in t.quiet] for t in view.gate.teams}
    assert quiet["team-f"] == ["no_evidence", "untestable"]
    assert view.gate.teams[0].quiet[0].detection.text == "10%"


def test_the_matrix_tells_not_compared_from_no_evidence(view: StageReportView) -> None:
    """A comparison nobody made found nothing because nobody looked."""
    rows = {(r.team.id, r.component.en): r.verdicts for r in view.gate.matrix}
    decoder = rows["team-b", "Text decoder"]
    encoder = rows["team-b", "Vision encoder"]
    assert [v.code if v else None for v in decoder] == ["no_evidence", None]
    assert [v.code if v else None for v in encoder] == [None, "derived"]


@pytest.mark.parametrize(
    ("state", "verdict", "code"),
    [
        (WeightState.INITIALISED, LineageVerdict.DERIVED, "differs"),
        (WeightState.INITIALISED, LineageVerdict.NO_EVIDENCE, "agrees"),
        (WeightState.INHERITED_TRAINED, LineageVerdict.DERIVED, "agrees"),
        (WeightState.INHERITED_FROZEN, LineageVerdict.NO_EVIDENCE, "open"),
        (WeightState.INITIALISED, LineageVerdict.REFER, "open"),
        (WeightState.INITIALISED, LineageVerdict.UNTESTABLE, "open"),
        (WeightState.INITIALISED, None, "open"),
    ],
)
def test_what_was_declared_is_held_against_what_was_measured(
    state: WeightState, verdict: LineageVerdict | None, code: str
) -> None:
    """Only descent that was declared away is a contradiction."""
    assert _comparison(state, verdict).code == code


def test_a_suite_lists_the_teams_in_plan_order_and_references_last(
    view: StageReportView,
) -> None:
    """The order must not depend on who was run first."""
    suite = view.benchmark.suites[0]
    names = [line.name.en for line in suite.lines]
    assert names[0] == "Model A"
    assert names[-1] == "Open reference"
    assert suite.lines[-1].is_reference


def test_a_suite_with_missing_items_has_no_accuracy(view: StageReportView) -> None:
    """An accuracy over the items that happened to work would be too high."""
    sums = view.benchmark.suites[1]
    line = next(line for line in sums.lines if line.name.en == "Model F")
    assert line.accuracy.text is None
    assert line.accuracy.reason == Text("182 / 200", "182 / 200")
