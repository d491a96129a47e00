"""The technical items: weights, architecture, data and algorithm of one's own."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import CheckResult, Text
from dokja.independence.items.answers import answered, declaration_of
from dokja.independence.items.evidence import INHERITED, TeamEvidence
from dokja.independence.items.from_records import UNWITNESSED, recorded
from dokja.independence.items.outcome import Found, Part, missing, pointing, together
from dokja.independence.items.values import EvidenceKind
from dokja.independence.papers.values import ModuleOrigin
from dokja.lineage.values import LineageVerdict
from dokja.submission.values import DeclaredComponent, WeightState

_NO_COMPONENT = Text(ko="신고된 구성요소가 없음", en="No component was declared.")


def initialised(evidence: TeamEvidence) -> Found:
    """tech-01: the first weights and the first loss of every component's record."""
    return recorded(evidence, "V4", "V5")


def followed(evidence: TeamEvidence) -> Found:
    """tech-02: the chain from the first weights to what was sealed."""
    return recorded(evidence, "V6")


def walked(evidence: TeamEvidence) -> Found:
    """tech-03: no jump that a donor's weights would need, and replay."""
    return recorded(evidence, "V7", "V10")


def no_foreign_weights(evidence: TeamEvidence) -> Found:
    """tech-04: lineage of every component, and what the team declares itself."""
    found = together(
        (_weights(evidence, component) for component in evidence.components),
        kinds="T1-T8",
        nothing=_NO_COMPONENT,
    )
    return pointing(
        found,
        *evidence.pointers(EvidenceKind.SEAL),
        *evidence.pointers(EvidenceKind.LINEAGE_REPORT),
    )


def _weights(evidence: TeamEvidence, component: DeclaredComponent) -> Part:
    name = component.kind.value
    found = sorted(evidence.comparisons(component), key=lambda one: one.reference)
    inherited = [one for one in found if one.verdict in INHERITED]
    said = ", ".join(
        f"{one.verdict.value}: {one.reference}" for one in inherited or found
    )
    if inherited:
        why = Text(ko=f"가중치를 물려받음({said})", en=f"weights inherited ({said})")
        return Part(name=name, result=CheckResult.FAIL, why=why)
    if component.weight_state is not WeightState.INITIALISED:
        state = component.weight_state.value
        why = Text(
            ko=f"팀이 초기화하지 않았다고 신고함({state})",
            en=f"declared as not initialised ({state})",
        )
        return Part(name=name, result=CheckResult.FAIL, why=why)
    if not found or any(one.verdict is LineageVerdict.UNTESTABLE for one in found):
        why = Text(
            ko=f"비교하지 못한 참조 모델이 있음({said or '-'})",
            en=f"not compared with every reference ({said or '-'})",
        )
        return Part(name=name, result=CheckResult.NOT_RUN, why=why)
    if any(one.verdict is LineageVerdict.REFER for one in found):
        why = Text(ko=f"사람이 확인할 것({said})", en=f"people must look ({said})")
        return Part(name=name, result=CheckResult.INCONCLUSIVE, why=why)
    why = Text(
        ko=f"검출 한계 이상으로 발견되지 않음({said})",
        en=f"nothing down to the detection limits ({said})",
    )
    return Part(name=name, result=CheckResult.PASS, why=why)


def own_architecture(evidence: TeamEvidence) -> Found:
    """tech-05: the declared origin of every component's architecture."""
    declared = declaration_of(evidence)
    modules = () if declared is None else declared.modules
    by_kind = {one.component: one for one in modules}

    def part(component: DeclaredComponent) -> Part:
        name, module = component.kind.value, by_kind.get(component.kind)
        if module is None:
            why = Text(ko="구조의 출처가 신고되지 않음", en="no origin declared")
            return Part(name=name, result=CheckResult.NOT_RUN, why=why)
        own = module.origin is ModuleOrigin.OWN
        if not own and not module.source.strip():
            why = Text(ko="가져온 구조의 출처가 없음", en="taken from nowhere named")
            return Part(name=name, result=CheckResult.NOT_RUN, why=why)
        said = " · ".join(filter(None, (module.origin.value, module.source)))
        return Part(name=name, result=CheckResult.DECLARED, why=Text(ko=said, en=said))

    return together(
        map(part, evidence.components), kinds="config", nothing=_NO_COMPONENT
    )


def own_code(evidence: TeamEvidence) -> Found:
    """tech-07: V16 of the record, else the team's own comparison."""
    found = recorded(evidence, "V16")
    return (
        found
        if found.result is not CheckResult.NOT_RUN
        else answered(evidence, "tech-07")
    )


def all_tokens(evidence: TeamEvidence) -> Found:
    """tech-08: V13 of the record, else the counts of the data manifest."""
    found = recorded(evidence, "V13")
    if found.result is not CheckResult.NOT_RUN:
        return found
    sources = () if evidence.papers is None else evidence.papers.sources
    if not sources:
        return missing("자료 목록이 제출되지 않음", "No data manifest was handed in.")
    uncounted = [one.source.id for one in sources if one.source.tokens is None]
    if uncounted:
        names = ", ".join(uncounted)
        return missing(
            f"토큰 수가 없는 자료: {names}", f"Sources without a token count: {names}."
        )
    total = sum(one.source.tokens or 0 for one in sources)
    return pointing(
        Found(
            result=CheckResult.DECLARED,
            detail=Text(
                ko=f"자료 {len(sources)}건, {total:,}토큰으로 신고됨",
                en=f"{len(sources)} sources, {total:,} tokens as declared.",
            ),
        ),
        *evidence.pointers(EvidenceKind.DATA_MANIFEST),
    )


def token_shares(evidence: TeamEvidence) -> Found:
    """tech-09: the share of every class, in the counts of the data manifest."""
    sources = () if evidence.papers is None else evidence.papers.sources
    unknown = [
        one.source.id
        for one in sources
        if one.source.tokens is None or one.source.kind is None
    ]
    if not sources or unknown:
        names = ", ".join(unknown) or "-"
        return missing(
            f"종류나 토큰 수를 알 수 없는 자료: {names}",
            f"Sources whose class or token count is not known: {names}.",
        )
    counts: dict[str, int] = {}
    for one in sources:
        name = "" if one.source.kind is None else one.source.kind.value
        counts[name] = counts.get(name, 0) + (one.source.tokens or 0)
    total = sum(counts.values())
    if total == 0:
        return missing("토큰이 하나도 없음", "There is not one token.")
    said = ", ".join(f"{n} {100 * c / total:.1f} %" for n, c in sorted(counts.items()))
    return pointing(
        Found(result=CheckResult.DECLARED, detail=Text(ko=said, en=said)),
        *evidence.pointers(EvidenceKind.DATA_MANIFEST),
    )


def generators(evidence: TeamEvidence) -> Found:
    """tech-10: what made synthetic data. Terms against it ask for people."""
    sources = () if evidence.papers is None else evidence.papers.sources
    if not sources or any(one.source.kind is None for one in sources):
        return missing(
            "자료의 종류가 모두 신고되지는 않음",
            "The class of some data was not declared.",
        )
    made = [one.source.id for one in sources if one.source.kind == "synthetic"]
    if not made:
        return Found(
            result=CheckResult.DECLARED,
            detail=Text(
                ko="팀은 합성 자료가 없다고 신고함",
                en="The team declares no synthetic data.",
            ),
        )
    return together(
        _generator_parts(evidence, made), kinds="synthetic", nothing=_NO_COMPONENT
    )


def _generator_parts(evidence: TeamEvidence, made: list[str]) -> Iterator[Part]:
    terms = () if evidence.papers is None else evidence.papers.generators
    for source in made:
        mine = [one for one in terms if one.generator.source == source]
        if not mine:
            why = Text(ko="생성 도구가 신고되지 않음", en="no generator was named")
            yield Part(name=source, result=CheckResult.NOT_RUN, why=why)
        for one in mine:
            name = f"{source} ({one.generator.name})"
            if one.limits or not one.licence.is_understood:
                kinds = ", ".join(limit.kind.value for limit in one.limits)
                why = Text(
                    ko=f"조건을 사람이 확인할 것({kinds or one.generator.licence})",
                    en=f"people must read ({kinds or one.generator.licence})",
                )
                yield Part(name=name, result=CheckResult.INCONCLUSIVE, why=why)
            else:
                said = Text(ko=one.licence.canonical, en=one.licence.canonical)
                yield Part(name=name, result=CheckResult.DECLARED, why=said)


def tokenizer(evidence: TeamEvidence) -> Found:
    """tech-11: the team's word on its tokenizer. Reuse that is declared is no fault."""
    declared = declaration_of(evidence)
    one = None if declared is None else declared.tokenizer
    if one is None:
        return missing(
            "토크나이저의 출처가 신고되지 않음",
            "Where the tokenizer comes from was not declared.",
        )
    if not one.is_trained and not (one.source.strip() and one.licence.strip()):
        return missing(
            "재사용한 토크나이저의 출처나 라이선스가 없음",
            "A reused tokenizer needs its source and its licence.",
        )
    reused = f"{one.source} ({one.licence})"
    return Found(
        result=CheckResult.DECLARED,
        detail=Text(
            ko="팀이 직접 학습했다고 신고함" if one.is_trained else f"재사용: {reused}",
            en="Trained by the team, as declared."
            if one.is_trained
            else f"Reused: {reused}.",
        ),
    )


def algorithm(evidence: TeamEvidence) -> Found:
    """tech-12: the code and the optimizer, by the record where it was witnessed."""
    found = recorded(evidence, "V16")
    if found.result is CheckResult.PASS:
        return found
    declared = declaration_of(evidence)
    one = None if declared is None else declared.algorithm
    if one is None or not one.commit.strip():
        return missing(
            "학습 코드의 판이 신고되지 않음", "No commit of the training code is named."
        )
    said = " · ".join(filter(None, (one.commit, one.optimizer, one.schedule)))
    return Found(result=CheckResult.DECLARED, detail=Text(ko=said, en=said))


def phases(evidence: TeamEvidence) -> Found:
    """tech-13: a recorded run for every declared phase of training."""
    declared = declaration_of(evidence)
    runs = {one.run: one for one in evidence.records.values()}

    def parts() -> Iterator[Part]:
        for phase in () if declared is None else declared.phases:
            record = runs.get(phase.run)
            if record is None:
                result = CheckResult.NOT_RUN
                why = Text(ko=f"기록 없음({phase.run})", en=f"no record ({phase.run})")
            elif record.outcome is CheckResult.FAIL:
                result = CheckResult.INCONCLUSIVE
                why = Text(
                    ko=f"근거로 쓸 수 없는 기록({phase.run})",
                    en=f"a record that is no evidence ({phase.run})",
                )
            else:
                unwitnessed = record.tier in UNWITNESSED
                result = CheckResult.DECLARED if unwitnessed else CheckResult.PASS
                why = Text(ko=record.tier.value, en=record.tier.value)
            yield Part(name=phase.name, result=result, why=why)

    nothing = Text(
        ko="학습 단계가 신고되지 않음", en="No phase of training was declared."
    )
    return together(parts(), kinds="phases", nothing=nothing)
