"""What surrounds a stage on an office's record: dates, promises, an allegation."""

from __future__ import annotations

from dokja.commitment.values import (
    CountRule,
    Measured,
    MeasuredFigure,
    Promised,
    Reporter,
)
from dokja.evidence.values import Act, Estimate, Text
from dokja.independence.allegation.values import (
    AccuserKind,
    AllegationOutcome,
    InterestStatement,
    MeasuredFact,
    Received,
    Replied,
    Resolved,
    Triaged,
)
from dokja.independence.allegation.values import Measured as AllegationMeasured
from dokja.programme.matters import Mandate
from dokja.programme.schedule import (
    Adopted,
    Answered,
    ConsultationAbout,
    Milestone,
    Proposed,
    ScheduleSet,
    Source,
    Stance,
)
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.allegations import allegation_act
from dokja.wiring.commitments import commitment_event, new_commitment
from dokja.wiring.office import Office
from dokja.wiring.schedules import (
    answer_of,
    new_consultation,
    new_version,
    settlement_of,
)

WORDS = Text("장비가 늦었습니다.", "Machines came late.")
SOURCE = Source(publisher="Notice 12", on="2026-03-01")
DIGEST = "sha256:" + "a" * 64


def hold_programme(office: Office) -> None:
    """Puts two versions of the dates, consultations, a promise and a case on record."""
    _dates(office)
    _promise(office)
    _case(office)


def _mandate(office: Office, by: str = "o1") -> Mandate:
    return desk_of_office(office).mandate(by, office.rulebook.clauses[0].number)


def _file(office: Office, act: Act) -> None:
    desk_of_office(office).file([act])


def _dates(office: Office) -> None:
    desk, teams = desk_of_office(office), office.plan.teams
    mandate, last = _mandate(office), f"{office.now().date()}"

    def dates(at: str) -> tuple[Milestone, ...]:
        evaluation = Milestone(id="evaluation", name=Text("평가", "Evaluation"), at=at)
        return (evaluation, Milestone(id="final", name=Text("끝", "End"), at="2027"))

    first = ScheduleSet(milestones=dates("2026-03-20"))
    _file(office, new_version(desk, first, seen=None, mandate=mandate))
    moved = Proposed(
        about=ConsultationAbout.SCHEDULE,
        change=WORDS,
        reason=WORDS,
        teams=teams[:1],
        replies_until=last,
        milestones=dates("2026-04-01"),
    )
    _file(office, new_consultation(desk, "later", moved, mandate=mandate))
    reply = Answered(team=teams[0], stance=Stance.DISSENT, text="We are ready.")
    own = _mandate(office, teams[0])
    _file(office, answer_of(desk, "later", reply, seen=None, mandate=own))
    adopted = Adopted(to_dissent=WORDS)
    _file(office, settlement_of(desk, "later", adopted, seen=None, mandate=mandate))
    second = ScheduleSet(
        milestones=dates("2026-04-01"),
        reason=WORDS,
        notice=SOURCE,
        consultation="later",
    )
    _file(office, new_version(desk, second, seen=None, mandate=mandate))
    rules = Proposed(
        about=ConsultationAbout.RULES,
        change=WORDS,
        reason=WORDS,
        teams=teams,
        replies_until=last,
        rules_digest=DIGEST,
    )
    _file(office, new_consultation(desk, "rules", rules, mandate=mandate))


def _promise(office: Office) -> None:
    desk, mandate = desk_of_office(office), _mandate(office)
    promise = Promised(
        team=office.plan.teams[0],
        text=Text("서비스를 엽니다.", "A service opens."),
        target=Text("천만 명", "ten million people"),
        source=SOURCE,
        rule=CountRule(at_least=1e7, unit="people"),
        reporter=Reporter.TEAM,
        due="2028",
    )
    _file(office, new_commitment(desk, "users", promise, mandate=mandate))
    estimate = Estimate(
        value=2e6, low=None, high=None, n=2_000_000, method="reported", source="report"
    )
    figure = MeasuredFigure(name="count", estimate=estimate)
    measured = Measured(by=Reporter.TEAM, figures=(figure,), evidence=(DIGEST,))
    _file(office, commitment_event(desk, "users", measured, seen=None, mandate=mandate))


def _case(office: Office) -> None:
    desk, team = desk_of_office(office), office.plan.teams[0]
    received = Received(
        team=team,
        component="vision_encoder",
        aspect="technical",
        about=Text("가져온 가중치라는 의혹", "Weights are said to be taken over."),
        accuser=AccuserKind.CITIZEN,
        interest=InterestStatement.STATED_NONE,
    )
    fact = MeasuredFact(what="T1", digest=DIGEST, bears_out=True)
    steps = (
        received,
        Triaged(to_measure=("T1",)),
        AllegationMeasured(facts=(fact,)),
        Replied(text=WORDS),
        Resolved(outcome=AllegationOutcome.UPHELD, reasons=WORDS),
    )
    for step in steps:
        by = team if isinstance(step, Replied) else "o1"
        mandate = _mandate(office, by)
        _file(office, allegation_act(desk, "a-1", step, mandate=mandate))
