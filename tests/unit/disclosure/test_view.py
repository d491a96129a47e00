"""Three views of one record: each holds the narrower one, and no team another's own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.call.applications.values import FeedbackGiven
from dokja.call.close_out import give_feedback
from dokja.call.overview import OFFICE, call_overview
from dokja.call.values import CallKind, ReviewRound
from dokja.decision.after.values import ObjectionFile, ObjectionState
from dokja.decision.values import StageDecision, TeamDecision, TeamStatus
from dokja.disclosure import (
    RecordView,
    Viewer,
    WholeRecord,
    publish_scores,
    view_of,
    viewer_of,
)
from dokja.disclosure.view import UNLESS_RULED
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.programme.values import Audience, Reason, Rulebook
from dokja.standing.values import Standing
from dokja.support.gpu.values import GpuBalance
from dokja.support.overview import OVERVIEW_SCHEMA, SupportOverview
from tests.call_fixture import (
    AFTER,
    CallOffice,
    by,
    call_rulebook,
    call_text,
    vacancy,
    votes_for,
)
from tests.unit.disclosure.test_scores import rules, scores, team

TEAMS = ("t1", "t2", "t3")
BIDS = {"a01": "t1", "a02": "t2", "a03": "t3"}
KINDS = (*UNLESS_RULED, "team_scores", "best_scores", "mean_scores", "evaluator_names")
PUBLIC, AUDITOR = Viewer(audience=Audience.PUBLIC), Viewer(audience=Audience.AUDITOR)


def own(name: str) -> Viewer:
    """A team that looks."""
    return Viewer(audience=Audience.OWN_TEAM, team=name)


def marked(name: str) -> Text:
    """Words that only one team's own facts hold."""
    return Text(f"비밀-{name}", f"secret-{name}")


@cache
def whole() -> WholeRecord:
    """A decided stage with scores, objections, a call and support, under silence."""
    points = {"t1": "31.11", "t2": "27.22", "t3": "25.33"}
    return WholeRecord(
        rulebook=rules(),
        stage="stage-1",
        decision=StageDecision(
            stage="stage-1",
            rules_digest="sha256:00",
            teams=tuple(
                TeamDecision(
                    team=name,
                    status=TeamStatus.ADVANCES,
                    reasons=(Reason(clauses=("4.1",), text=marked(name)),),
                )
                for name in TEAMS
            ),
            planned_places=3,
            vacancies=0,
            revival_call=False,
            settled_by_data=True,
            objection_until="2031-01-01",
            reasons=(Reason(clauses=("4.1",), text=Text("전체", "of all")),),
        ),
        standing=Standing(
            stage="stage-1",
            teams=tuple(team(name, given) for name, given in points.items()),
            method="m",
        ),
        objections=tuple(
            ObjectionFile(
                id=f"{name}/001",
                team=name,
                about=f"secret-{name}",
                filed_at="2031-01-01T00:00:00+09:00",
                state=ObjectionState.REVIEWING,
                reviewers=("reviewer-1",),
                outcome=None,
                corrected=None,
                entries=1,
            )
            for name in TEAMS
        ),
        calls=(call_overview_of_office(),),
        teams_of={("c1", bid): name for bid, name in BIDS.items()},
        support=support(),
    )


def call_overview_of_office() -> Any:
    """A revival call that selected a01, with feedback to the others."""
    scored = {"a01": (50, 30), "a02": (40, 30), "a03": (30, 30)}
    office = CallOffice(call_text(kind=CallKind.REVIVAL, slots=1), call_rulebook())
    office.open(vacancy())
    for name in BIDS:
        office.submit(name)
    office.close()
    office.admit(*BIDS)
    office.screen(scored)
    office.panel(ReviewRound.PRESENTATION)
    office.present(*BIDS)
    office.decide(scored, [v for name in BIDS for v in votes_for(name, 4)])
    for bid in ("a02", "a03"):
        found = office.application(bid)
        told = FeedbackGiven(text=marked(BIDS[bid]))
        office.keep(give_feedback(found, told, seen=found.seen, mandate=by(AFTER)))
    return call_overview(
        office.call,
        office.applications,
        (),
        rulebook=office.rulebook,
        now=AFTER,
        reader=OFFICE,
    )


def support() -> SupportOverview:
    """Every team has GPU-hours of its own."""
    balances = tuple(
        GpuBalance(
            team=name,
            pool=f"secret-{name}",
            promised=Decimal(10),
            delivered=Decimal(10),
            lost=Decimal(0),
            unrecorded=Decimal(0),
            compensated=Decimal(0),
            extra_hours=0,
        )
        for name in TEAMS
    )
    return SupportOverview(
        schema=OVERVIEW_SCHEMA,
        programme="p",
        on=datetime.fromisoformat(AFTER),
        unit="big",
        teams=(),
        balances=balances,
        shares=(),
        pools=(),
        equal_time=(),
        assets=(),
        accounts=(),
        grants=(),
        figures=(),
    )


def under(book: Rulebook) -> WholeRecord:
    """The record under other disclosures."""
    return WholeRecord(**{**vars(whole()), "rulebook": book})


def facts(view: RecordView) -> set[bytes]:
    """What a view shows."""
    return {canonical_bytes(fact) for fact in view.facts}


DISCLOSED = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from([a.value for a in Audience])),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(DISCLOSED)
def test_each_view_holds_the_narrower_one_whatever_is_disclosed(
    shown: list[tuple[str, str]],
) -> None:
    """The public's is part of each team's, a team's part of the auditor's.

    And no team is shown a fact that is another's own, nor one that is nobody's but
    the auditor's.
    """
    record = under(rules(*shown))
    public, auditor = facts(view_of(record, PUBLIC)), facts(view_of(record, AUDITOR))
    for name in TEAMS:
        view = view_of(record, own(name))
        assert public <= facts(view) <= auditor
        for fact in view.facts:
            assert fact.audience is not Audience.AUDITOR
            assert fact.audience is Audience.PUBLIC or fact.team in ("", name)


@pytest.mark.parametrize("name", TEAMS)
def test_where_the_rules_are_silent_nobody_reads_anothers_words(name: str) -> None:
    """Reasons, objections, feedback, hours: the marker of no other team is in it."""
    text = b"".join(facts(view_of(whole(), own(name))))
    assert f"secret-{name}".encode() in text
    others = [other for other in TEAMS if other != name]
    assert not [other for other in others if f"secret-{other}".encode() in text]
    assert b"secret-" not in b"".join(facts(view_of(whole(), PUBLIC)))
    assert b"reviewer-1" not in text, "who reviews is an auditor's to know"
    assert b"points" not in text, "no rule opens a score, not even to its team"


def test_scores_are_as_open_as_published_ones_are() -> None:
    """The same figures that `disclosure publish` opens, and the same means withheld."""
    shown = (("best_scores", "public"), ("mean_scores", "public"))
    for points in (("31.60", "30.00"), ("31.60", "30.00", "29.00", "28.00")):
        given = scores(*points, shown=shown)
        record = WholeRecord(
            rulebook=given.rulebook, stage="stage-1", standing=given.standing
        )
        view, published = view_of(record, PUBLIC), publish_scores(given)
        best = {
            (f.body["team"], f.body["figure"])
            for f in view.facts
            if f.record == "best_scores"
        }
        assert best == {(s.team, s.figure) for s in published.scores if s.opened}
        means = {f.id: f.body["mean"] for f in view.facts if f.record == "mean_scores"}
        assert means == {s.figure: str(s.mean) for s in published.sums}


def test_a_team_sees_its_score_by_rule_and_its_reasons_no_wider_than_scores() -> None:
    """Reasons quote totals."""
    book = rules(("team_scores", "own_team"), ("decision", "public"))
    view = view_of(under(book), own("t2"))
    own_scores = {f.id: f.body for f in view.facts if f.record == "team_scores"}
    assert own_scores.keys() == {"expert/t2", "total/t2", "standing/t2"}
    assert own_scores["total/t2"]["points"] == "27.22"
    public = view_of(under(book), PUBLIC)
    assert "decision_reasons" not in {f.record for f in public.facts}
    assert {f.team for f in public.facts if f.record == "decision"} == {"", *TEAMS}
    opened = view_of(under(rules(("team_scores", "public"))), PUBLIC)
    assert "decision_reasons" in {f.record for f in opened.facts}


def test_a_bid_that_was_taken_back_is_nobody_elses_to_know_of() -> None:
    """Even where everybody who applied is published."""
    call = whole().calls[0]
    rows = tuple(
        msgspec.structs.replace(row, phase="withdrawn") if row.id == "a02" else row
        for row in call.applications
    )
    left = msgspec.structs.replace(call, applications=rows)
    book = rules(("applicants", "public"))
    record = WholeRecord(rulebook=book, stage="stage-1", calls=(left,))
    names = {fact.id for fact in view_of(record, PUBLIC).facts}
    assert names == {"c1", "c1/a01", "c1/a03"}
    assert "c1/a02" in {fact.id for fact in view_of(record, own("a02")).facts}


def test_a_viewer_is_named_or_refused() -> None:
    """`team:` without a team is nobody, and no team is made up."""
    assert viewer_of("team:t1") == own("t1")
    assert (viewer_of("public"), viewer_of("auditor")) == (PUBLIC, AUDITOR)
    for text in ("team:", "own_team", "office", ""):
        with pytest.raises(InvalidInput, match="no viewer"):
            viewer_of(text)
    with pytest.raises(Unavailable, match="knows no team t9"):
        view_of(whole(), own("t9"))
