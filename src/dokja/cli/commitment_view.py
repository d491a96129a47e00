"""Commitments on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape

from dokja.commitment import Commitment, CommitmentStatus
from dokja.commitment.values import Finding
from dokja.evidence.values import Estimate, Text

STATUSES: Mapping[CommitmentStatus, Text] = {
    CommitmentStatus.DUE: Text(ko="기한 전", en="due"),
    CommitmentStatus.MET: Text(ko="이행", en="met"),
    CommitmentStatus.MISSED: Text(ko="미이행", en="missed"),
    CommitmentStatus.UNDETERMINED: Text(ko="판단 보류", en="undetermined"),
    CommitmentStatus.WITHDRAWN: Text(ko="철회", en="withdrawn"),
}
NONE_YET = Text(ko="등록된 약속이 없습니다.", en="No commitment is on record.")
TARGET = Text(ko="목표: {}", en="target: {}")
CHANGED = Text(ko="{}회 변경됨", en="changed {} time(s)")
SAID = Text(ko="{}, {}", en="{}, {}")
NOT_MEASURED = Text(ko="측정하지 않음", en="not measured")


def show_commitments(found: Sequence[Commitment], *, lang: str) -> None:
    """Nothing; prints each with its status, why, and what was measured."""
    console, say = Console(), attrgetter(lang)
    if not found:
        console.print(say(NONE_YET))
    for each in found:
        head = f"{each.id} · {each.team} · {say(STATUSES[each.status])}"
        console.print(escape(head))
        source = say(SAID).format(each.source.publisher, each.source.on)
        console.print(escape(f"  {say(each.text)} ({source})"))
        console.print(escape("  " + say(TARGET).format(say(each.target))))
        for finding in each.findings:
            console.print(escape("  " + _line(finding, lang)))
        console.print(escape(f"  {say(each.reason)}"))
        if each.amended:
            console.print("  " + say(CHANGED).format(each.amended))


def _line(finding: Finding, lang: str) -> str:
    shown = attrgetter(lang)(NOT_MEASURED)
    if finding.estimate is not None:
        shown = _figure(finding.estimate)
    return f"{finding.name}: {shown} / {finding.target:g}"


def _figure(estimate: Estimate) -> str:
    if estimate.low is None and estimate.high is None:
        return f"{estimate.value:g} (n={estimate.n})"
    low = "" if estimate.low is None else f"{estimate.low:.4g}"
    high = "" if estimate.high is None else f"{estimate.high:.4g}"
    return f"{estimate.value:.4g} [{low} ~ {high}] (n={estimate.n})"
