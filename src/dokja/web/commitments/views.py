"""What readers are shown of the promise register; all of it is public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from dokja.commitment import Commitment, CommitmentStatus
from dokja.commitment.assess import (
    ANSWERING,
    AVAILABILITY,
    COMMERCIAL,
    COUNT,
    DIFFERENCE,
    P95,
)
from dokja.commitment.values import (
    Finding,
    JudgedRule,
    MeasuredFigure,
    Measurement,
)
from dokja.commitment.words import FIGURES, REPORTERS, STATUS_SAYS, STATUSES, rule_words
from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, TimelineEntry
from dokja.programme.schedule.values import Source
from dokja.web.acts import ActLink, links_to
from dokja.web.commitments.acts import COMMITMENT_ACTS
from dokja.web.reader import Reader

TONES = {
    CommitmentStatus.MET: "good",
    CommitmentStatus.MISSED: "stop",
    CommitmentStatus.UNDETERMINED: "care",
}
_SHARES = frozenset({AVAILABILITY, ANSWERING})
_AT_MOST = frozenset({P95, DIFFERENCE})
_SETTLED = frozenset({CommitmentStatus.MET, CommitmentStatus.MISSED})
_YES, _NO = Text(ko="예", en="yes"), Text(ko="아니요", en="no")


class PromiseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A promise on the list."""

    id: str
    text: Text
    target: Text
    due: str
    days_left: int | None
    status: Text
    tone: str
    measured_at: str


class TeamPromises(msgspec.Struct, frozen=True, kw_only=True):
    """The promises of one team."""

    team: str
    promises: tuple[PromiseLine, ...]


class StatusCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many promises stand so."""

    name: Text
    count: int


class RegisterView(msgspec.Struct, frozen=True, kw_only=True):
    """The register."""

    counts: tuple[StatusCount, ...]
    teams: tuple[TeamPromises, ...]
    agenda: tuple[AgendaItem, ...]
    runs: bool
    acts: tuple[ActLink, ...]


class FigureLine(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as it is read, with its interval, number and source."""

    name: Text
    value: Text | None
    """None where nothing was measured."""
    interval: str
    n: int | None
    method: str
    source: str
    target: Text | None
    met: bool | None


class MeasurementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement on record."""

    at: str
    by: Text
    figures: tuple[FigureLine, ...]
    evidence: tuple[str, ...]
    note: Text | None


class PromiseView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one promise."""

    id: str
    team: str
    text: Text
    target: Text
    due: str
    days_left: int | None
    source: Source
    rule: Text
    reading: Text | None
    reporter: Text
    status: Text
    tone: str
    status_says: Text
    reason: Text | None
    """Somebody's words, of a promise that was judged or taken back."""
    findings: tuple[FigureLine, ...]
    measurements: tuple[MeasurementLine, ...]
    """The newest first."""
    amended: int
    history: tuple[TimelineEntry, ...]
    names_officers: bool
    acts: tuple[ActLink, ...]


def register_view(
    found: Sequence[Commitment], reader: Reader, *, agenda: Sequence[AgendaItem]
) -> RegisterView:
    """The register by team, the teams by their id."""
    counted = Counter(each.status for each in found)
    teams = sorted({each.team for each in found})
    return RegisterView(
        counts=tuple(
            StatusCount(name=STATUSES[status], count=counted[status])
            for status in CommitmentStatus
        ),
        teams=tuple(
            TeamPromises(team=team, promises=lines_of(found, team)) for team in teams
        ),
        agenda=tuple(agenda) if reader.sees_all else (),
        runs=reader.sees_all,
        acts=links_to(COMMITMENT_ACTS, ("commitment-register",)) if reader.runs else (),
    )


def lines_of(found: Sequence[Commitment], team: str) -> tuple[PromiseLine, ...]:
    """The promises of one team, those with the nearest day first."""
    own = [each for each in found if each.team == team]
    own.sort(key=lambda each: (each.due or "9", each.id))
    return tuple(map(_line, own))


def promise_view(
    found: Commitment, reader: Reader, *, history: Sequence[TimelineEntry]
) -> PromiseView:
    """One promise, its measure and everything that was found."""
    return PromiseView(
        id=found.id,
        team=found.team,
        text=found.text,
        target=found.target,
        due=found.due or "",
        days_left=found.days_left,
        source=found.source,
        rule=rule_words(found.rule),
        reading=found.reading,
        reporter=REPORTERS[found.reporter],
        status=STATUSES[found.status],
        tone=TONES.get(found.status, ""),
        status_says=STATUS_SAYS[found.status],
        reason=found.reason if _is_said(found) else None,
        findings=tuple(map(_finding, found.findings)),
        measurements=tuple(map(_measurement, reversed(found.measurements))),
        amended=found.amended,
        history=reader.history(history),
        names_officers=reader.sees_all,
        acts=links_to(COMMITMENT_ACTS, tuple(_acts(found, reader)), of=found.id),
    )


def _acts(found: Commitment, reader: Reader) -> Iterator[str]:
    if not reader.runs or found.status is CommitmentStatus.WITHDRAWN:
        return
    is_judged = isinstance(found.rule, JudgedRule)
    yield "commitment-judge" if is_judged else "commitment-measure"
    yield "commitment-amend"
    yield "commitment-withdraw"


def _is_said(found: Commitment) -> bool:
    judged = isinstance(found.rule, JudgedRule) and found.status in _SETTLED
    return judged or found.status is CommitmentStatus.WITHDRAWN


def _line(each: Commitment) -> PromiseLine:
    return PromiseLine(
        id=each.id,
        text=each.text,
        target=each.target,
        due=each.due or "",
        days_left=each.days_left,
        status=STATUSES[each.status],
        tone=TONES.get(each.status, ""),
        measured_at=each.measurements[-1].at if each.measurements else "",
    )


def _measurement(each: Measurement) -> MeasurementLine:
    return MeasurementLine(
        at=each.at,
        by=REPORTERS[each.by],
        figures=tuple(map(_figure, each.figures)),
        evidence=each.evidence,
        note=each.note,
    )


def _finding(finding: Finding) -> FigureLine:
    target = _target(finding.name, finding.target)
    if finding.estimate is None:
        return FigureLine(
            name=FIGURES[finding.name],
            value=None,
            interval="",
            n=None,
            method="",
            source="",
            target=target,
            met=None,
        )
    figure = MeasuredFigure(name=finding.name, estimate=finding.estimate)
    return msgspec.structs.replace(_figure(figure), target=target, met=finding.met)


def _figure(figure: MeasuredFigure) -> FigureLine:
    name, estimate = figure.name, figure.estimate
    return FigureLine(
        name=FIGURES[name],
        value=_value(name, estimate.value),
        interval=_interval(name, estimate.low, estimate.high),
        n=estimate.n,
        method=estimate.method,
        source=estimate.source,
        target=None,
        met=None,
    )


def _interval(name: str, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    ends = ("" if end is None else _number(name, end) for end in (low, high))
    return " ~ ".join(ends)


def _target(name: str, target: float) -> Text:
    if name == COMMERCIAL:
        return _YES
    shown = _number(name, target)
    if name in _AT_MOST:
        return Text(ko=f"{shown} 이하", en=f"at most {shown}")
    return Text(ko=f"{shown} 이상", en=f"at least {shown}")


def _value(name: str, value: float) -> Text:
    if name == COMMERCIAL:
        return _YES if value >= 1 else _NO
    shown = _number(name, value)
    return Text(ko=shown, en=shown)


def _number(name: str, value: float) -> str:
    if name in _SHARES:
        return f"{value:.2%}"
    return f"{value:,.15g}" if name == COUNT else f"{value:,.4g}"
