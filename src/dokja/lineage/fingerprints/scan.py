"""The act: a model against every fingerprint of a library."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dokja.evidence.values import Text
from dokja.lineage.fingerprints.screen import screen
from dokja.lineage.fingerprints.search import nearest
from dokja.lineage.fingerprints.values import (
    Fingerprint,
    LibraryEntry,
    ScanReport,
    ScanRow,
)
from dokja.lineage.values import LineageReport, worst

MEANING = Text(
    ko=(
        "가장 가까운 참조 모델만 끝까지 비교했습니다. 나머지는 지문만 보았으며, "
        "지문이 멀다고 하여 무관함이 밝혀진 것은 아닙니다. 유의확률은 지문만 본 "
        "참조 모델까지 모두 헤아려 보정했습니다."
    ),
    en=(
        "Only the nearest references were compared in full. Of the others only the "
        "fingerprint was looked at, and a distant fingerprint does not show that a "
        "model is unrelated. Every p-value is corrected for all references, those "
        "not compared included."
    ),
)


def scan(
    candidate: Fingerprint,
    references: Sequence[tuple[LibraryEntry, Fingerprint]],
    *,
    top: int,
    compare: Callable[[LibraryEntry, int], LineageReport | Text],
) -> ScanReport:
    """The `top` nearest references with the verdict of the full comparison.

    `compare` is given an entry and the number of comparisons to correct for;
    it answers with a report, or with the reason why there is none.
    """
    prints = [reference for _, reference in references]
    searched = _shared_components(candidate, prints)
    rows: list[ScanRow] = []
    reports: list[LineageReport] = []
    for rank, place in enumerate(nearest(candidate, prints, top), start=1):
        entry, reference = references[place]
        near = screen(candidate, reference)
        answer = compare(entry, searched)
        report = answer if isinstance(answer, LineageReport) else None
        rows.append(
            ScanRow(
                rank=rank,
                name=entry.name,
                closeness=near.closeness,
                components=near.components,
                verdict=report.verdict if report else None,
                not_compared=None if isinstance(answer, LineageReport) else answer,
            )
        )
        reports += [report] if report else []
    return ScanReport(
        candidate=candidate.name,
        references=len(references),
        searched=searched,
        verdict=worst(tuple(r.verdict for r in reports)) if reports else None,
        rows=tuple(rows),
        comparisons=tuple(reports),
        meaning=MEANING,
    )


def _shared_components(candidate: Fingerprint, prints: Sequence[Fingerprint]) -> int:
    kinds = {component.kind for component in candidate.components}
    shared = (kinds & {c.kind for c in reference.components} for reference in prints)
    return max(1, sum(map(len, shared)))
