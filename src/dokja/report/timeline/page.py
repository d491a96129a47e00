"""A replayed programme as a page: everything worked out before it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from dokja.evidence.values import Text
from dokja.independence.values import FindingResult
from dokja.lineage.values import LineageVerdict
from dokja.replay.results import PairReplay
from dokja.replay.values import PairKind, Source
from dokja.replay.whole.results import (
    Chapter,
    Happened,
    StatedAmount,
    Step,
    StepResult,
    WholeReplay,
)
from dokja.report.comparison import Reproduction
from dokja.report.pieces import Word, unique
from dokja.report.timeline import days
from dokja.report.timeline.amounts import amounts_figure, won
from dokja.report.timeline.drift import drift_figure, drifting
from dokja.report.timeline.gpus import gpus_figure, largest_units
from dokja.report.timeline.overview import overview_figure
from dokja.report.timeline.views import (
    AmountView,
    DateView,
    DisputeView,
    EntryView,
    GivenView,
    MonthView,
    PoolView,
    StationView,
    SubjectView,
    TallyView,
    TimelineView,
)
from dokja.report.timeline.words import CHAPTER, MEANING, RESULT, STATUS
from dokja.report.wording import FINDING, VERDICT


def timeline_view(found: WholeReplay, *, reproduction: Reproduction) -> TimelineView:
    """The page of a replayed programme, equal for equal arguments."""
    cites = _Numbers(found)
    read_until = max((source.date for source in cites.sources), key=days.ends)
    return TimelineView(
        name=found.name,
        note=found.note,
        correction=found.correction,
        tally=tuple(_tally(found, result) for result in StepResult),
        facts=len(found.facts),
        acts=len(found.record),
        way=_way(found),
        overview=overview_figure(found.facts, read_until=read_until),
        read_until=days.shown(read_until),
        months=_months(found, cites),
        drift=drift_figure(found.dates),
        dates=_dates(found, cites),
        pools=_pools(found),
        given=_given(found),
        subjects=_subjects(found, cites),
        disputes=(*_findings(found, cites), *_pairs(found, cites)),
        clauses=found.clauses,
        unknown=tuple(each.text for each in found.unknown),
        sources=cites.sources,
        reproduction=reproduction,
        rules_digest=found.rules_digest,
    )


class _Numbers:
    """The number of every source, in the order in which the page cites them."""

    def __init__(self, found: WholeReplay) -> None:
        cited: Iterable[Source] = (
            source
            for group in (
                *(entry.sources for entry in _in_time(found)),
                *(amount.sources for amount in found.amounts),
                *(
                    finding.sources
                    for finding in found.findings
                    if finding.result is FindingResult.FAIL
                ),
                *(p.sources for p in found.pairs if p.kind is PairKind.CASE),
            )
            for source in group
        )
        self.sources = unique(cited)
        self._numbers = {s: n for n, s in enumerate(self.sources, start=1)}

    def of(self, sources: Sequence[Source]) -> tuple[int, ...]:
        """Their numbers, smallest first."""
        return tuple(sorted(self._numbers[source] for source in sources))


def _tally(found: WholeReplay, result: StepResult) -> TallyView:
    return TallyView(
        word=_word(result), meaning=MEANING[result], count=len(found.steps(result))
    )


def _word(result: StepResult) -> Word:
    return Word(code=result.value, text=RESULT[result])


def _way(found: WholeReplay) -> tuple[StationView, ...]:
    """From everybody who applied to those who take part now."""
    outcome = found.outcome
    stations = (
        (Text("신청", "applied"), outcome.applied),
        (Text("서면평가 통과", "after documents"), outcome.shortlisted),
        (Text("처음 선정", "selected"), outcome.selected),
        (Text("1차 단계 진출", "advanced"), outcome.advances),
        (Text("추가 선정 후", "with the additional team"), outcome.active_teams),
    )
    known = tuple(
        StationView(count=len(teams), text=text, names=_names(found, teams))
        for text, teams in stations
    )
    after = Text("2차 단계 이후", "after the second stage")
    return (*known, StationView(count=None, text=after, names=Text("", "")))


def _names(found: WholeReplay, teams: Sequence[str]) -> Text:
    return Text(
        ko=", ".join(found.names[team].ko for team in teams),
        en=", ".join(found.names[team].en for team in teams),
    )


def _in_time(found: WholeReplay) -> tuple[Step | Happened, ...]:
    """Steps and events by their first day; figures of money stand apart."""
    entries: list[Step | Happened] = [
        *(step for step in found.facts if step.chapter is not Chapter.MONEY),
        *found.events,
    ]
    return tuple(sorted(entries, key=lambda entry: days.ends(entry.on)))


def _months(found: WholeReplay, cites: _Numbers) -> tuple[MonthView, ...]:
    grouped = groupby(_in_time(found), key=lambda entry: days.month_of(entry.on))
    return tuple(
        MonthView(
            name=days.shown(month),
            entries=tuple(_entry(entry, cites) for entry in entries),
        )
        for month, entries in grouped
    )


def _entry(entry: Step | Happened, cites: _Numbers) -> EntryView:
    if isinstance(entry, Happened):
        return EntryView(
            anchor=f"step-{entry.id}",
            when=days.span(entry.on, entry.until),
            title=entry.title,
            chapter=None,
            result=None,
            published=entry.text,
            found=None,
            act=None,
            refused=None,
            clauses=(),
            assumed=(),
            reply=entry.reply,
            status=STATUS[entry.status],
            sources=cites.of(entry.sources),
        )
    return EntryView(
        anchor=f"step-{entry.id}",
        when=days.span(entry.on, entry.until),
        title=entry.title,
        chapter=CHAPTER[entry.chapter],
        result=_word(entry.result),
        published=entry.published,
        found=entry.found,
        act=entry.act,
        refused=entry.refused,
        clauses=entry.clauses,
        assumed=entry.assumed,
        reply=entry.reply,
        status=STATUS[entry.status],
        sources=cites.of(entry.sources),
    )


def _dates(found: WholeReplay, cites: _Numbers) -> tuple[DateView, ...]:
    return tuple(
        DateView(
            name=each.name,
            announced=days.shown(each.announced),
            at=days.span(each.at, each.until),
            result=_word(each.result),
            sources=cites.of(each.sources),
        )
        for _, own in drifting(found.dates)
        for each in own
    )


def _pools(found: WholeReplay) -> tuple[PoolView, ...]:
    steps = {step.id: step for step in found.facts}
    views = []
    for pool in found.pools:
        own = [each.gpus for each in found.gpus if each.pool == pool.id]
        shares = " + ".join(f"{gpus:,}" for gpus in own)
        views.append(
            PoolView(
                title=steps[pool.id].title,
                when=days.span(pool.on, pool.until) if pool.until else None,
                units=None if pool.units is None else f"{Decimal(pool.units):,f}",
                given=f"{shares} = {sum(own):,}" if own else None,
            )
        )
    return tuple(views)


def _given(found: WholeReplay) -> tuple[GivenView, ...]:
    steps = {step.id: step for step in found.facts}
    grouped = [
        (support, tuple(own))
        for support, own in groupby(found.gpus, key=lambda each: each.support)
    ]
    largest = largest_units(found.gpus)
    return tuple(
        GivenView(
            title=steps[support].title,
            when=days.span(steps[support].on, steps[support].until),
            figure=gpus_figure(f"gpus-{support}", own, found.names, largest=largest),
        )
        for support, own in grouped
    )


def _subjects(found: WholeReplay, cites: _Numbers) -> tuple[SubjectView, ...]:
    by_subject: dict[str, list[StatedAmount]] = {}
    for amount in found.amounts:
        by_subject.setdefault(amount.subject, []).append(amount)
    return tuple(
        SubjectView(
            name=own[0].name,
            figure=amounts_figure(f"amounts-{subject}", own) if len(own) > 1 else None,
            amounts=tuple(_amount(each, cites) for each in own),
        )
        for subject, own in by_subject.items()
    )


def _amount(amount: StatedAmount, cites: _Numbers) -> AmountView:
    parts = None
    if amount.parts:
        parts = Text(
            ko=" + ".join(f"{p.name.ko} {won(p.krw).ko}" for p in amount.parts),
            en=" + ".join(f"{p.name.en} {won(p.krw).en}" for p in amount.parts),
        )
    return AmountView(
        amount=won(amount.krw),
        when=None if amount.on is None else days.shown(amount.on),
        text=amount.text,
        parts=parts,
        refused=amount.refused,
        sources=cites.of(amount.sources),
    )


def _findings(found: WholeReplay, cites: _Numbers) -> tuple[DisputeView, ...]:
    """What was announced against a team, with its own position.

    Where nothing was announced there is no dispute, and the team is not listed.
    """
    return tuple(
        DisputeView(
            title=found.names[each.team],
            text=each.text,
            result=Word(code=each.result.value, text=FINDING[each.result]),
            ended=None,
            reply=each.reply,
            sources=cites.of(each.sources),
        )
        for each in found.findings
        if each.result is FindingResult.FAIL
    )


def _pairs(found: WholeReplay, cites: _Numbers) -> tuple[DisputeView, ...]:
    """Comparisons that others published, as resolved; controls stand apart."""
    return tuple(
        DisputeView(
            title=Text(
                ko=f"{each.candidate} – {each.reference}",
                en=f"{each.candidate} – {each.reference}",
            ),
            text=each.text,
            result=_verdict(each),
            ended=each.resolution,
            reply=each.reply,
            sources=cites.of(each.sources),
        )
        for each in found.pairs
        if each.kind is PairKind.CASE
    )


def _verdict(pair: PairReplay) -> Word:
    verdict: LineageVerdict = pair.verdict
    return Word(code=verdict.value, text=VERDICT[verdict])
