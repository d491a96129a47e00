"""A doubt about independence reaches the gate and moves no score."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from dokja.evidence.canonical import canonical_bytes, digest_of, read_as
from dokja.evidence.values import CheckResult
from dokja.independence.values import FindingResult
from dokja.panel import agreement_report, panel_share, raised_concerns, recusals
from dokja.panel.values import Concern, ExpertSheet, Panel
from dokja.stage import read_evidence, read_outcome
from tests.programme_simulator import SimulatedStage
from tests.rulebooks import changed
from tests.unit.panel.people import panel, sheet

PANEL = panel(
    *(
        sheet(e, t, n, n + i % 2, n)
        for i, e in enumerate(("e1", "e2", "e3"))
        for t, n in (("t1", 7), ("t2", 5 + i))
    )
)
PLAIN = canonical_bytes(agreement_report(PANEL))
CONCERNS = st.lists(
    st.builds(Concern, about=st.text(max_size=20), text=st.text(min_size=1)),
    max_size=3,
).map(tuple)


@settings(max_examples=12, deadline=None)
@given(st.lists(CONCERNS, min_size=len(PANEL.sheets), max_size=len(PANEL.sheets)))
def test_no_concern_moves_a_score(written: list[tuple[Concern, ...]]) -> None:
    """Whatever experts write about independence, the figures are the same bytes."""
    doubting = structs.replace(
        PANEL,
        sheets=tuple(
            structs.replace(s, concerns=c)
            for s, c in zip(PANEL.sheets, written, strict=True)
        ),
    )
    for team in ("t1", "t2"):
        assert panel_share(doubting, team) == panel_share(PANEL, team)
    assert canonical_bytes(agreement_report(doubting)) == PLAIN
    raised = {t: raised_concerns(doubting, t) for t in ("t1", "t2")}
    distinct = {(s.expert, s.team, c) for s in doubting.sheets for c in s.concerns}
    assert sum(map(len, raised.values())) == len(distinct)


def test_a_concern_written_before_the_discussion_does_not_lapse() -> None:
    """An expert who is talked out of a score is not talked out of a doubt."""
    doubt = Concern(about="vision encoder", text="Where do its weights come from?")
    first = structs.replace(PANEL.sheets[0], concerns=(doubt,))
    talked = structs.replace(PANEL, before=(first, *PANEL.sheets[1:]))
    (raised,) = raised_concerns(talked, "t1")
    assert (raised.expert, raised.concern) == ("e1", doubt)


def _stage(concerns: dict[str, str]) -> SimulatedStage:
    """A stage whose gate asks what experts wrote down."""
    stage = SimulatedStage()
    stage.rulebook = changed(
        '{ check = "tech-01", accept = ["pass"] },',
        '{ check = "tech-01", accept = ["pass"] },\n'
        '{ check = "panel-01", accept = ["not_applicable"] },',
    )
    stage.concerns = concerns
    return stage


def test_the_gate_hears_it_and_the_standing_does_not() -> None:
    """With a doubt about t1 the aspect is open; totals and ranks are the same."""
    plain, doubted = _stage({}), _stage({"t1": "Whose weights are these?"})
    quiet, heard = plain.run().outcome, doubted.run().outcome
    assert canonical_bytes(heard.standing) == canonical_bytes(quiet.standing)
    results = {f.team: f.result for f in heard.findings}
    before = {f.team: f.result for f in quiet.findings}
    assert (before["t1"], results["t1"]) == (
        FindingResult.PASS,
        FindingResult.UNDETERMINED,
    )
    assert {**results, "t1": before["t1"]} == before
    checks = [
        check
        for finding in heard.findings
        for aspect in finding.aspects
        for check in aspect.checks
        if check.id == "panel-01" and finding.team == "t1"
    ]
    assert [check.result for check in checks] == [CheckResult.INCONCLUSIVE]
    assert "text_decoder" in checks[0].detail.en
    evidence = read_evidence(doubted.acts())
    assert len(raised_concerns(evidence.panel, "t1")) == 5
    assert read_outcome(doubted.acts()) == heard


def test_what_was_recorded_before_these_fields_keeps_its_digest() -> None:
    """A sheet or panel that uses none of them is written as it was."""
    old = {
        "synthetic": True,
        "note": {"ko": "옛 기록", "en": "An old record."},
        "criteria": [{"id": "c", "name": {"ko": "기준", "en": "c"}, "max": 10}],
        "experts": [{"id": "e1", "conflicts": ["t2"]}],
        "sheets": [{"expert": "e1", "team": "t1", "scores": {"c": 7}}],
    }
    read = read_as(old, Panel, where="old")
    assert digest_of(read) == digest_of(old)
    assert digest_of(recusals(read)) == digest_of([{"expert": "e1", "team": "t2"}])
    assert read.sheets == (ExpertSheet(expert="e1", team="t1", scores={"c": 7}),)
