"""Running a whole programme again from what was published about it."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.call.values import CallKind, ReviewRound
from dokja.errors import InvalidInput
from dokja.programme.rulebook import rules_digest
from dokja.programme.values import Rulebook
from dokja.replay.completions import draw_completions
from dokja.replay.constraints import constraints_of
from dokja.replay.outcome import decider_for
from dokja.replay.results import ReplayReport
from dokja.replay.stage import replay_stage
from dokja.replay.values import PublishedStage
from dokja.replay.whole.after import AfterReplay
from dokja.replay.whole.calls import CallReplay
from dokja.replay.whole.dates import ScheduleReplay
from dokja.replay.whole.evaluation import EvaluationReplay
from dokja.replay.whole.moments import first_moment
from dokja.replay.whole.money import MoneyReplay
from dokja.replay.whole.pools import PoolReplay
from dokja.replay.whole.results import (
    CitedClause,
    Happened,
    Step,
    WholeOutcome,
    WholeReplay,
)
from dokja.replay.whole.support import SupportReplay
from dokja.replay.whole.trying import MemoryRecord
from dokja.replay.whole.values import History
from dokja.support.terms import terms_of

SCHEMA = "dokja-programme-replay/1"


def replay_programme(
    history: History, published: PublishedStage, rulebook: Rulebook
) -> WholeReplay:
    """The programme run again: every published fact put to an act of Dokja's own.

    `published` is the stage that is decided on the way. Acts go to a record in
    memory; where one needs what nobody published, the step stays unknown.

    Raises: InvalidInput where the files contradict each other.
    """
    _require_clauses(history, rulebook)
    record = MemoryRecord()
    report = replay_stage(published, rulebook)
    steps: list[Step] = []
    for call in history.calls:
        if call.kind is CallKind.INITIAL:
            steps += CallReplay(
                history=history, call=call, rulebook=rulebook, record=record
            ).steps()
    schedule = ScheduleReplay(history, record)
    terms = terms_of(rulebook)
    pools = PoolReplay(history=history, terms=terms, record=record)
    support = SupportReplay(history=history, terms=terms, record=record)
    money = MoneyReplay(history, terms, record)
    dates = tuple(schedule.steps())
    steps += [*dates, *pools.steps(), *support.steps(), *money.steps()]
    digest = rules_digest(rulebook)
    (completion,) = draw_completions(
        constraints_of(published, rulebook),
        rules_digest=digest,
        subject=published.case,
        count=1,
    )
    steps += EvaluationReplay(
        history=history,
        stage=published,
        report=report,
        rulebook=rulebook,
        completion=completion,
    ).steps()
    after = AfterReplay(
        history=history,
        stage=published,
        rulebook=rulebook,
        record=record,
        decision=decider_for(published, rulebook).decide(completion),
    )
    steps += after.steps()
    return WholeReplay(
        schema=SCHEMA,
        case=history.case,
        name=history.name,
        note=history.note,
        correction=history.correction,
        rules_digest=digest,
        outcome=_outcome(history, report, after),
        settled_by_data=report.settled_by_data and bool(after.active_teams()),
        facts=in_order(steps),
        events=_events(history),
        dates=schedule.dated(dates),
        amounts=money.stated(),
        pools=pools.leased(),
        gpus=support.given(),
        findings=report.findings,
        pairs=report.independence,
        names={one.id: one.name for one in history.organisations},
        clauses=_clauses(steps, rulebook),
        record=record.lines(),
        unknown=history.unknown,
    )


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps by the first moment each can mean; equal ones as they were made."""
    return tuple(sorted(steps, key=lambda step: first_moment(step.on)))


def _outcome(
    history: History, report: ReplayReport, after: AfterReplay
) -> WholeOutcome:
    """Where the programme stands, from the published facts the steps looked at."""
    first, *_ = (c.id for c in history.calls if c.kind is CallKind.INITIAL)
    revival, *_ = (c.id for c in history.calls if c.kind is CallKind.REVIVAL)
    applied = {one.call: one.applicants for one in history.applicants}
    kept = {(one.call, one.round): one.kept for one in history.reviews}
    places = after.places()
    return WholeOutcome(
        applied=applied[first],
        shortlisted=kept[first, ReviewRound.DOCUMENTS],
        selected=kept[first, ReviewRound.PRESENTATION],
        advances=report.outcome.advances,
        eliminated_by_rank=report.outcome.eliminated_by_rank,
        eliminated_by_gate=report.outcome.eliminated_by_gate,
        vacancy=report.outcome.vacancy,
        bids=applied[revival],
        filled_by=places.filled[0].team if places.filled else None,
        active_teams=after.active_teams(),
    )


def _events(history: History) -> tuple[Happened, ...]:
    ordered = sorted(history.events, key=lambda event: first_moment(event.on))
    return tuple(
        Happened(
            id=event.id,
            on=event.on,
            until=event.until,
            title=event.title,
            text=event.text,
            reply=event.reply,
            status=event.status,
            sources=history.cited(event.sources),
        )
        for event in ordered
    )


def _clauses(steps: Sequence[Step], rulebook: Rulebook) -> tuple[CitedClause, ...]:
    """The clauses that the steps cite, in the order of the rulebook."""
    cited = {number for step in steps for number in step.clauses}
    return tuple(
        CitedClause(
            number=clause.number,
            title=clause.title,
            text=clause.text,
            published=clause.published,
            source=clause.source,
        )
        for clause in rulebook.clauses
        if clause.number in cited
    )


def _require_clauses(history: History, rulebook: Rulebook) -> None:
    known = {clause.number for clause in rulebook.clauses}
    for told in history.told():
        missing = [number for number in told.clauses if number not in known]
        if missing:
            raise InvalidInput(
                f"{told.id} cites clause {', '.join(missing)}: no such clause",
                remedy="cite a clause of the rulebook beside the history",
            )
