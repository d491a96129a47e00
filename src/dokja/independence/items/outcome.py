"""Outcomes of items, and how those of several parts become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dokja.evidence.values import CheckResult, Text
from dokja.independence.items.values import EvidenceKind, EvidencePointer, FindingResult

WORST_FIRST = (
    CheckResult.FAIL,
    CheckResult.NOT_RUN,
    CheckResult.INCONCLUSIVE,
    CheckResult.DECLARED,
    CheckResult.PASS,
    CheckResult.NOT_APPLICABLE,
)
"""Missing goes before unclear: what nobody handed in, no opinion can settle."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the evidence says, and which evidence it was."""

    result: CheckResult
    detail: Text
    evidence: tuple[EvidencePointer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the evidence says of one part, with a name for the part."""

    name: str
    result: CheckResult
    why: Text


def together(parts: Iterable[Part], *, kinds: str, nothing: Text) -> Found:
    """The worst over the parts, naming those that are as bad as that.

    `kinds` names what was looked at; `nothing` is said where there is no part.
    """
    parts = tuple(parts)
    if not parts:
        return Found(result=CheckResult.NOT_RUN, detail=nothing)
    worst = min((one.result for one in parts), key=WORST_FIRST.index)
    named = [one for one in parts if one.result is worst]
    ko = ", ".join(f"{one.name}: {one.why.ko}" for one in named)
    en = ", ".join(f"{one.name}: {one.why.en}" for one in named)
    count = f"{len(named)}/{len(parts)}"
    return Found(
        result=worst,
        detail=Text(ko=f"{kinds} {count} — {ko}", en=f"{kinds} {count} — {en}"),
    )


def pointing(found: Found, *pointers: EvidencePointer) -> Found:
    """The same, with the evidence that it rests on."""
    return Found(result=found.result, detail=found.detail, evidence=pointers)


def missing(ko: str, en: str) -> Found:
    """`not_run`: the evidence an item needs is not there."""
    return Found(result=CheckResult.NOT_RUN, detail=Text(ko=ko, en=en))


def deeper(pointer: EvidencePointer, path: str) -> EvidencePointer:
    """A place within what the pointer names."""
    return EvidencePointer(
        kind=pointer.kind, name=pointer.name, digest=pointer.digest, path=path
    )


def of_file(path: str, digest: str, kind: EvidenceKind) -> EvidencePointer:
    """A sealed file as a piece of evidence."""
    return EvidencePointer(kind=kind, name=path, digest=digest)


def worst_result(results: Iterable[FindingResult]) -> FindingResult:
    """The least favourable of the results."""
    found = set(results)
    for result in (FindingResult.FAIL, FindingResult.UNDETERMINED):
        if result in found:
            return result
    return FindingResult.PASS
