"""The independence gate: verdicts, evidence, replies and findings."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import Text
from dokja.independence.values import IndependenceFinding
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageRules,
    LineageVerdict,
    worst,
)
from dokja.report.names import Names
from dokja.report.numerals import Shown, interval, moment, p_value, percent, scientific
from dokja.report.pieces import Fact, TeamLink, View, Word, same, team_link, unique
from dokja.report.sections.dossier import DossierView, dossier_view
from dokja.report.sections.evidence import (
    ADVERSE,
    EvidenceView,
    detection_shown,
    evidence_view,
    verdict_word,
)
from dokja.report.wording import CHECK, FINDING, REPLY, WEIGHT_STATE, component_kind
from dokja.stage.values import StageRecord
from dokja.submission.values import DeclaredComponent, WeightState


class MatrixRow(View, frozen=True, kw_only=True):
    """A component's verdict against every reference, None where not compared."""

    team: TeamLink
    first: bool
    """Whether the row is the team's first, which carries its name."""
    span: int
    component: Text
    verdicts: tuple[Word | None, ...]


class CheckRow(View, frozen=True, kw_only=True):
    """One check of an aspect."""

    id: str
    result: Word
    detail: Text


class AspectView(View, frozen=True, kw_only=True):
    """One aspect with its checks."""

    name: Text
    result: Word
    checks: tuple[CheckRow, ...]


class DeclaredRow(View, frozen=True, kw_only=True):
    """What the team declared of a component beside what was measured."""

    component: Text
    declared: Text
    origin: str
    licence: str
    measured: Word | None
    comparison: Word


class ReplyView(View, frozen=True, kw_only=True):
    """The team's own words."""

    component: Text
    at: Text
    text: Text


class QuietRow(View, frozen=True, kw_only=True):
    """A comparison that found nothing, or could not be made."""

    component: Text
    reference: Text
    verdict: Word
    detection: Shown
    identical: int
    tested: int
    reason: Text


class VocabularyRow(View, frozen=True, kw_only=True):
    """Vocabulary shared with a reference: never part of a verdict."""

    reference: Text
    agreement: Shown
    controls: str | None


class TeamGate(View, frozen=True, kw_only=True):
    """The gate for one team."""

    anchor: str
    team: TeamLink
    gate: Text
    result: Word
    reply: Word
    reply_until: Text
    replies: tuple[ReplyView, ...]
    aspects: tuple[AspectView, ...]
    declared: tuple[DeclaredRow, ...]
    adverse: tuple[EvidenceView, ...]
    quiet: tuple[QuietRow, ...]
    vocabulary: tuple[VocabularyRow, ...]
    dossier: DossierView | None
    """None where the gate is not decided on one."""


class GateView(View, frozen=True, kw_only=True):
    """The section on the gate."""

    references: tuple[Text, ...]
    matrix: tuple[MatrixRow, ...]
    thresholds: tuple[Fact, ...]
    lineage_version: str
    limits: tuple[Text, ...]
    teams: tuple[TeamGate, ...]
    replies_synthetic: bool
    replies_note: Text


def gate_view(record: StageRecord, names: Names) -> GateView:
    """The gate of the record, teams in the order of its findings."""
    evidence = record.evidence
    references = unique(report.reference for report in evidence.lineage)
    return GateView(
        references=tuple(names.reference(r) for r in references),
        matrix=_matrix(record, names, references),
        thresholds=thresholds(evidence.lineage_rules),
        lineage_version=evidence.lineage_rules.version,
        limits=unique(report.limits for report in evidence.lineage),
        teams=tuple(_team(record, names, f) for f in record.outcome.findings),
        replies_synthetic=evidence.reply_book.synthetic,
        replies_note=evidence.reply_book.note,
    )


def _reports(record: StageRecord, team: str) -> tuple[LineageReport, ...]:
    return tuple(r for r in record.evidence.lineage if r.candidate == team)


def _parts(
    record: StageRecord, team: str
) -> Iterator[tuple[LineageReport, ComponentLineage]]:
    for report in _reports(record, team):
        for part in report.components:
            yield report, part


def _matrix(
    record: StageRecord, names: Names, references: tuple[str, ...]
) -> tuple[MatrixRow, ...]:
    rows: list[MatrixRow] = []
    for team in unique(report.candidate for report in record.evidence.lineage):
        parts = tuple(_parts(record, team))
        components = unique(part.name for _, part in parts)
        for position, name in enumerate(components):
            cells = tuple(
                _cell([p for r, p in parts if (r.reference, p.name) == (ref, name)])
                for ref in references
            )
            rows.append(
                MatrixRow(
                    team=team_link(team, names),
                    first=position == 0,
                    span=len(components),
                    component=component_kind(name),
                    verdicts=cells,
                )
            )
    return tuple(rows)


def _cell(parts: list[ComponentLineage]) -> Word | None:
    if not parts:
        return None
    return verdict_word(worst(tuple(part.verdict for part in parts)))


def thresholds(rules: LineageRules) -> tuple[Fact, ...]:
    """What decided, labelled, in the order a reader meets it."""
    floor = rules.p_floor
    pairs = (
        (Text("파생 판정 p값", "p-value for derived"), rules.derived_p),
        (Text("사람이 확인할 p값", "p-value for refer"), rules.refer_p),
    )
    effects: tuple[tuple[Text, float], ...] = (
        (Text("최소 효과", "Least effect"), rules.effect_minimum),
        (Text("최소 원시 일치율", "Least raw agreement"), rules.agreement_derived),
    )
    if rules.basis_minimum:
        name = Text("T2의 최소 효과", "Least effect of T2")
        effects = (*effects, (name, rules.basis_minimum))
    if rules.anchor_tokens:
        name = Text("최소 기준 축 일치율", "Least anchored agreement")
        effects = (*effects, (name, rules.anchored_refer))
    if rules.head_anchors:
        name = Text("최소 기준 축 헤드 일치율", "Least agreement of anchored heads")
        effects = (*effects, (name, rules.heads_refer))
    if rules.gram_tokens:
        name = Text("최소 토큰 내적 유사도", "Least likeness of token products")
        effects = (*effects, (name, rules.gram_refer))
    for name, level in (
        (Text("파생 판정 원시 일치율", "Raw agreement for derived"), rules.raw_derived),
        (
            Text("파생 판정 기준 축 일치율", "Anchored agreement for derived"),
            rules.anchored_derived,
        ),
        (
            Text("파생 판정 기준 축 헤드 일치율", "Anchored heads for derived"),
            rules.heads_derived,
        ),
    ):
        if level <= 1.0:
            effects = (*effects, (name, level))
    if rules.measured_nulls:
        name = Text(
            "따로 학습한 모델의 최고 일치율과의 최소 간격",
            "Least distance from the highest agreement of models trained apart",
        )
        effects = (*effects, (name, rules.null_margin))
    return (
        *(Fact(label=w, value=same(p_value(v, floor=floor))) for w, v in pairs),
        *(Fact(label=w, value=same(f"{v:g}")) for w, v in effects),
        Fact(
            label=Text("p값 표시 하한", "Smallest p-value printed"),
            value=same(scientific(floor)),
        ),
        Fact(
            label=Text(
                "대조군과의 최소 간격 (표준편차)",
                "Least distance from the controls (standard deviations)",
            ),
            value=same(f"{rules.control_margin:g}"),
        ),
        Fact(
            label=Text("비교별 음성 대조군", "Negative controls a comparison"),
            value=same(str(rules.control_draws)),
        ),
    )


def _team(record: StageRecord, names: Names, finding: IndependenceFinding) -> TeamGate:
    parts = tuple(_parts(record, finding.team))
    anchor = names.gate_anchor(finding.team)
    rules = record.evidence.lineage_rules
    adverse = (pair for pair in parts if pair[1].verdict in ADVERSE)
    return TeamGate(
        anchor=anchor,
        team=team_link(finding.team, names),
        gate=names.gate(finding.gate),
        result=Word(code=finding.result.value, text=FINDING[finding.result]),
        reply=Word(code=finding.reply_state.value, text=REPLY[finding.reply_state]),
        reply_until=moment(finding.reply_until),
        replies=tuple(
            ReplyView(
                component=component_kind(r.component), at=moment(r.at), text=r.text
            )
            for r in finding.replies
        ),
        aspects=_aspects(finding, names),
        declared=_declared(record, finding.team),
        adverse=tuple(
            evidence_view(
                part,
                rules,
                key=f"{anchor}-e{position}",
                subject=(
                    names.team(finding.team),
                    names.reference(report.reference),
                ),
            )
            for position, (report, part) in enumerate(adverse, start=1)
        ),
        quiet=tuple(
            _quiet(report, part, names)
            for report, part in parts
            if part.verdict not in ADVERSE
        ),
        vocabulary=tuple(
            _vocabulary(report, names) for report in _reports(record, finding.team)
        ),
        dossier=dossier_view(record, finding, names),
    )


def _aspects(finding: IndependenceFinding, names: Names) -> tuple[AspectView, ...]:
    return tuple(
        AspectView(
            name=names.aspect(aspect.aspect),
            result=Word(code=aspect.result.value, text=FINDING[aspect.result]),
            checks=tuple(
                CheckRow(
                    id=check.id,
                    result=Word(code=check.result.value, text=CHECK[check.result]),
                    detail=check.detail,
                )
                for check in aspect.checks
            ),
        )
        for aspect in finding.aspects
    )


def _declared(record: StageRecord, team: str) -> tuple[DeclaredRow, ...]:
    measured: dict[str, list[LineageVerdict]] = {}
    for _, part in _parts(record, team):
        measured.setdefault(part.name, []).append(part.verdict)
    seal = next((s for s in record.evidence.seals if s.manifest.team == team), None)
    return tuple(
        _declared_row(component, measured.get(component.kind.value))
        for component in (seal.manifest.components if seal else ())
    )


def _declared_row(
    component: DeclaredComponent, verdicts: list[LineageVerdict] | None
) -> DeclaredRow:
    verdict = worst(tuple(verdicts)) if verdicts else None
    return DeclaredRow(
        component=component_kind(component.kind.value),
        declared=WEIGHT_STATE[component.weight_state],
        origin=component.origin,
        licence=component.licence,
        measured=verdict_word(verdict) if verdict else None,
        comparison=_comparison(component.weight_state, verdict),
    )


def _comparison(state: WeightState, verdict: LineageVerdict | None) -> Word:
    """What declaration and measurement say together.

    Inheritance that no comparison found may come from a model outside the
    references, so it contradicts nothing.
    """
    if verdict is None or verdict is LineageVerdict.UNTESTABLE:
        return Word(code="open", text=Text("확인 불가", "could not be checked"))
    if verdict is LineageVerdict.REFER:
        return Word(code="open", text=Text("사람이 확인할 것", "experts must look"))
    found, inherited = verdict in ADVERSE, state is not WeightState.INITIALISED
    words = {
        (True, True): Text("신고와 일치", "as declared"),
        (True, False): Text(
            "신고와 측정이 어긋남", "declaration and measurement differ"
        ),
        (False, True): Text(
            "비교한 참조 모델에서는 확인되지 않음",
            "not found among the references compared",
        ),
        (False, False): Text("신고와 어긋나는 증거 없음", "nothing found against it"),
    }
    codes = {(True, False): "differs", (False, True): "open"}
    case = (found, inherited)
    return Word(code=codes.get(case, "agrees"), text=words[case])


def _quiet(report: LineageReport, part: ComponentLineage, names: Names) -> QuietRow:
    return QuietRow(
        component=component_kind(part.name),
        reference=names.reference(report.reference),
        verdict=verdict_word(part.verdict),
        detection=detection_shown(part),
        identical=part.identical_tensors,
        tested=part.tested_tensors,
        reason=part.reason,
    )


def _vocabulary(report: LineageReport, names: Names) -> VocabularyRow:
    found, controls = report.tokenizer.agreement, report.tokenizer.controls
    return VocabularyRow(
        reference=names.reference(report.reference),
        agreement=Shown(
            None if found is None else percent(found), report.tokenizer.reason
        ),
        controls=interval(min(controls), max(controls), places=2) if controls else None,
    )
