"""The page of a comparison as one frozen value, ready to be printed."""

from __future__ import annotations

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text
from dokja.lineage.values import (
    SEVERITY,
    ComponentLineage,
    LineageReport,
    LineageRules,
    LineageVerdict,
)
from dokja.report.comparison.components import ComponentView, component_view
from dokja.report.comparison.words import DOES_NOT_SHOW, MEANING, SHOWS
from dokja.report.figures import LEVELS
from dokja.report.numerals import Shown, interval, percent
from dokja.report.pieces import Fact, View, Word, same
from dokja.report.sections.evidence import detection_shown, verdict_word
from dokja.report.sections.gate import thresholds
from dokja.report.wording import VERDICT, component_kind

SIDE_BY_SIDE = 32
"""Letters of both names that fit beside each other in the page's largest type."""


class Reproduction(View, frozen=True, kw_only=True):
    """What a reader needs to make the page again."""

    command: str
    """The command as it was typed, quoted for a shell."""
    versions: tuple[tuple[str, str], ...]
    """Programme or library, and its version."""


class VocabularyView(View, frozen=True, kw_only=True):
    """The tokenizers: never part of a verdict."""

    agreement: Shown
    controls: str | None
    reason: Text | None


class ComparisonView(View, frozen=True, kw_only=True):
    """Everything the page prints."""

    candidate: str
    reference: str
    is_stacked: bool
    """Whether the names stand below each other: side by side they would wrap."""
    verdict: Word
    meaning: Text
    sentence: Text
    components: tuple[ComponentView, ...]
    tested: int
    identical: int
    detection: str | None
    """Detection limits of the components without evidence, least and largest."""
    shades: tuple[str, ...]
    """Effect from which each shade begins."""
    vocabulary: VocabularyView
    shows: tuple[Text, ...]
    does_not_show: tuple[Text, ...]
    limits: Text
    thresholds: tuple[Fact, ...]
    rules_version: str
    rules_digest: str
    reproduction: Reproduction


def comparison_view(
    report: LineageReport, *, rules: LineageRules, reproduction: Reproduction
) -> ComparisonView:
    """The page on a report made under `rules`.

    Raises: InvalidInput where the report names other rules, since the page
    would print thresholds that decided nothing.
    """
    if report.rules_digest != digest_of(rules):
        raise InvalidInput(
            f"the report was made under the lineage rules {report.rules_digest}",
            remedy="give the rules it was made under",
        )
    subject = (same(report.candidate), same(report.reference))
    parts = report.components
    return ComparisonView(
        candidate=report.candidate,
        reference=report.reference,
        is_stacked=len(report.candidate) + len(report.reference) > SIDE_BY_SIDE,
        verdict=verdict_word(report.verdict),
        meaning=MEANING[report.verdict],
        sentence=_sentence(report),
        components=tuple(
            component_view(part, rules, number=number, subject=subject)
            for number, part in enumerate(parts, start=1)
        ),
        tested=sum(part.tested_tensors for part in parts),
        identical=sum(part.identical_tensors for part in parts),
        detection=_detection(parts),
        shades=("", *(f"{least:g}".removeprefix("0") for least in LEVELS)),
        vocabulary=_vocabulary(report),
        shows=SHOWS,
        does_not_show=DOES_NOT_SHOW,
        limits=report.limits,
        thresholds=thresholds(rules),
        rules_version=rules.version,
        rules_digest=report.rules_digest,
        reproduction=reproduction,
    )


def _sentence(report: LineageReport) -> Text:
    """How many components have which verdict, the most adverse first."""
    if not report.components:
        return Text(
            "두 모델에 함께 있는 구성요소가 없어 비교하지 못했습니다.",
            "No component stands in both models, so nothing was compared.",
        )
    groups = [
        (verdict, [p.name for p in report.components if p.verdict is verdict])
        for verdict in reversed(SEVERITY)
    ]
    korean = ", ".join(_korean_group(v, names) for v, names in groups if names)
    english = "; ".join(_english_group(v, names) for v, names in groups if names)
    count = len(report.components)
    noun = "component was" if count == 1 else "components were"
    return Text(
        f"구성요소 {count}개를 참조 모델과 비교하였습니다. {korean}.",
        f"{count} {noun} compared with the reference. {english}.",
    )


def _korean_group(verdict: LineageVerdict, names: list[str]) -> str:
    listed = ", ".join(component_kind(name).ko for name in names)
    return f"{VERDICT[verdict].ko} {len(names)}개({listed})"


def _english_group(verdict: LineageVerdict, names: list[str]) -> str:
    listed = ", ".join(component_kind(name).en.lower() for name in names)
    return f"{VERDICT[verdict].en}: {listed}"


def _detection(parts: tuple[ComponentLineage, ...]) -> str | None:
    limits = sorted(
        (part.detection_limit, detection_shown(part).text or "")
        for part in parts
        if part.verdict is LineageVerdict.NO_EVIDENCE
        and part.detection_limit is not None
    )
    if not limits:
        return None
    least, largest = limits[0][1], limits[-1][1]
    if least == largest:
        return least
    return f"{least.removesuffix('%')}\N{EN DASH}{largest}"


def _vocabulary(report: LineageReport) -> VocabularyView:
    found, controls = report.tokenizer.agreement, report.tokenizer.controls
    return VocabularyView(
        agreement=Shown(
            None if found is None else percent(found), report.tokenizer.reason
        ),
        controls=interval(min(controls), max(controls), places=2) if controls else None,
        reason=report.tokenizer.reason,
    )
