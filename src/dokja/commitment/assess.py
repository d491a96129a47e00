"""Whether a commitment was kept, as far as what is on record can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Literal

from dokja.commitment.values import (
    CatalogueRule,
    Commitment,
    CommitmentEvent,
    CommitmentStatus,
    CountRule,
    EndpointRule,
    Finding,
    Judged,
    LicenceRule,
    Measured,
    Measurement,
    MeasuringRule,
    PromiseAmended,
    Promised,
    PromiseWithdrawn,
    ReleaseRule,
)
from dokja.errors import Unavailable
from dokja.evidence.values import Act, Estimate, Text
from dokja.programme.matters import Matter, Recorded, read_history
from dokja.programme.schedule.versions import last_day

COMMITMENT = "commitment"
AVAILABILITY, P95, FORMATS, DIFFERENCE = "availability", "p95", "formats", "difference"
COMMERCIAL, ENTRIES, ANSWERING, COUNT = "commercial", "entries", "answering", "count"
Bound = tuple[str, float, Literal["at_least", "at_most"]]


@dataclass(frozen=True)
class _Words:
    """The promise in the words and under the rule that stand now."""

    text: Text
    target: Text
    due: str | None
    rule: MeasuringRule
    reading: Text | None


def commitment_matter(programme: str, name: str) -> Matter:
    """The matter of one commitment."""
    return Matter(programme=programme, kind=COMMITMENT, id=name)


def read_events(history: Sequence[Act]) -> tuple[Recorded[CommitmentEvent], ...]:
    """What happened to a commitment."""
    return read_history(history, CommitmentEvent)  # type: ignore[arg-type]


def promise_act(history: Sequence[Act]) -> Act:
    """The act that holds the promise as it stands: the first, or its latest change.

    Raises: Unavailable where there is none.
    """
    made = Promised | PromiseAmended
    entries = zip(history, read_events(history), strict=True)
    found = [act for act, entry in entries if isinstance(entry.event, made)]
    if not found:
        raise Unavailable(
            "there is no promise in this record", remedy="register it first"
        )
    return found[-1]


def commitment_of(matter: Matter, history: Sequence[Act], *, on: date) -> Commitment:
    """The commitment as it stands on a day; the day itself still counts as in time.

    A figure decides only where its interval lies on one side of the target. Once its
    day has passed with nothing that settles it, it is `undetermined`, not missed.

    Raises: Unavailable where there is none of this name.
    """
    entries = read_events(history)
    if not entries or not isinstance(entries[0].event, Promised):
        raise Unavailable(
            f"there is no commitment {matter.id}", remedy="register it first"
        )
    events = [entry.event for entry in entries]
    first = entries[0].event
    words = _words(first, events)
    measured = [e for e in events if isinstance(e, Measured)]
    # A probe that settled nothing takes nothing back of what was measured before.
    latest = next((e for e in reversed(measured) if e.figures), None)
    findings = tuple(_finding(bound, latest) for bound in bounds_of(words.rule))
    status, reason = _status(events, findings, words.due, on)
    return Commitment(
        id=matter.id,
        team=first.team,
        text=words.text,
        target=words.target,
        source=first.source,
        due=words.due,
        rule=words.rule,
        reporter=first.reporter,
        status=status,
        reason=reason,
        findings=findings,
        evidence=() if latest is None else latest.evidence,
        amended=sum(isinstance(e, PromiseAmended) for e in events),
        entries=len(entries),
        reading=words.reading,
        days_left=_days_left(words.due, status, on),
        measurements=_measurements(entries),
    )


def in_order_of_days(found: Sequence[Commitment]) -> tuple[Commitment, ...]:
    """Those with a day to come, the next one first."""
    waiting = [each for each in found if each.days_left is not None]
    return tuple(sorted(waiting, key=lambda each: (each.days_left, each.id)))


def _days_left(due: str | None, status: CommitmentStatus, on: date) -> int | None:
    if due is None or status is CommitmentStatus.WITHDRAWN or on > last_day(due):
        return None
    return (last_day(due) - on).days


def _measurements(
    entries: Sequence[Recorded[CommitmentEvent]],
) -> tuple[Measurement, ...]:
    return tuple(
        Measurement(
            at=entry.mandate.at,
            recorded_by=entry.mandate.by,
            by=entry.event.by,
            figures=entry.event.figures,
            evidence=entry.event.evidence,
            note=entry.event.note,
        )
        for entry in entries
        if isinstance(entry.event, Measured)
    )


def bounds_of(rule: MeasuringRule) -> tuple[Bound, ...]:
    """What has to be measured under a rule, with the target of each figure."""
    if isinstance(rule, EndpointRule):
        return (
            (AVAILABILITY, rule.availability, "at_least"),
            (P95, rule.p95_seconds, "at_most"),
        )
    if isinstance(rule, ReleaseRule):
        return (
            (FORMATS, float(len(rule.formats)), "at_least"),
            (DIFFERENCE, rule.tolerance, "at_most"),
        )
    if isinstance(rule, LicenceRule):
        return ((COMMERCIAL, 1.0, "at_least"),)
    if isinstance(rule, CatalogueRule):
        return (
            (ENTRIES, float(rule.entries), "at_least"),
            (ANSWERING, rule.answering, "at_least"),
        )
    if isinstance(rule, CountRule):
        return ((COUNT, rule.at_least, "at_least"),)
    return ()


def _words(first: Promised, events: Sequence[CommitmentEvent]) -> _Words:
    words = _Words(first.text, first.target, first.due, first.rule, first.reading)
    for event in events:
        if isinstance(event, PromiseAmended):
            rule = event.rule or words.rule
            words = _Words(event.text, event.target, event.due, rule, event.reading)
    return words


def _finding(bound: Bound, latest: Measured | None) -> Finding:
    name, target, side = bound
    figures = () if latest is None else latest.figures
    estimate = next((f.estimate for f in figures if f.name == name), None)
    met = None if estimate is None else _met(estimate, target, side)
    return Finding(name=name, estimate=estimate, target=target, met=met)


def _met(
    estimate: Estimate, target: float, side: Literal["at_least", "at_most"]
) -> bool | None:
    """Whether the figure reaches its target; None while its interval holds both.

    A figure without an interval is a count or a reading of a text: it decides itself.
    One end alone may be missing, where too little was seen to bound it.
    """
    if estimate.low is None and estimate.high is None:
        low = high = estimate.value
    else:
        low = -inf if estimate.low is None else estimate.low
        high = inf if estimate.high is None else estimate.high
    if side == "at_most":
        low, high, target = -high, -low, -target
    if low >= target:
        return True
    return False if high < target else None


def _status(
    events: Sequence[CommitmentEvent],
    findings: Sequence[Finding],
    due: str | None,
    on: date,
) -> tuple[CommitmentStatus, Text]:
    last = events[-1]
    if isinstance(last, PromiseWithdrawn):
        return CommitmentStatus.WITHDRAWN, last.reason
    judged = next((e for e in reversed(events) if isinstance(e, Judged)), None)
    passed = due is not None and on > last_day(due)
    if findings and all(f.met for f in findings):
        return CommitmentStatus.MET, _measured(findings)
    if any(f.met is False for f in findings):
        # Before its day a promise can still be kept.
        kind = CommitmentStatus.MISSED if passed else CommitmentStatus.DUE
        return kind, _measured(findings)
    if not findings and judged is not None:
        kept = CommitmentStatus.MET if judged.met else CommitmentStatus.MISSED
        status = kept if judged.met or passed else CommitmentStatus.DUE
        return status, judged.reason
    return _open(findings, due, passed=passed)


def _open(
    findings: Sequence[Finding], due: str | None, *, passed: bool
) -> tuple[CommitmentStatus, Text]:
    if passed:
        return CommitmentStatus.UNDETERMINED, Text(
            ko="기한이 지났으나 이를 가릴 근거가 없습니다. "
            + (_measured(findings).ko if findings else "보고된 내용이 없습니다."),
            en="Its day has passed and nothing settles it. "
            + (_measured(findings).en if findings else "Nothing was reported."),
        )
    until = due or "–"
    return CommitmentStatus.DUE, Text(ko=f"기한: {until}", en=f"Due: {until}.")


def _measured(findings: Sequence[Finding]) -> Text:
    parts = "; ".join(
        f"{f.name}: "
        + ("–" if f.estimate is None else f"{f.estimate.value:g}")
        + f" / {f.target:g}"
        for f in findings
    )
    return Text(ko=f"측정값 / 목표: {parts}", en=f"Measured / target: {parts}.")
