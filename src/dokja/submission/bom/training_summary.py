"""The public summary of training content that the AI Act asks for, as far as known.

Sections follow the template of the Commission (C(2025) 8311, Article 53(1)(d) of
Regulation (EU) 2024/1689); its headings are named here in our own words. A cell
that nobody declared says so: the summary is a draft for its provider to complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from dokja.evidence.values import Text
from dokja.submission.bom.plain import one_line
from dokja.submission.bom.values import BillOfMaterials, BillSource, SourceClass
from dokja.submission.values import WeightState

SCHEMA = "dokja-training-summary/1"
TEMPLATE = "C(2025) 8311, 5 December 2025"

NOT_DECLARED = Text(ko="신고되지 않음", en="not declared")


class SummaryCell(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One question of the template with its answer, None where nobody declared it."""

    section: str
    question: Text
    answer: Text | None


class TrainingSummary(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The template's questions in its order."""

    schema: str
    template: str
    root: str
    cells: tuple[SummaryCell, ...]


KINDS: tuple[tuple[str, SourceClass, Text], ...] = (
    (
        "2.1",
        SourceClass.PUBLIC_DATASET,
        Text(ko="공개된 자료 모음", en="Publicly available datasets"),
    ),
    (
        "2.2.1",
        SourceClass.LICENSED_DATASET,
        Text(
            ko="권리자에게서 이용허락을 받은 비공개 자료",
            en="Private datasets licensed by rightsholders",
        ),
    ),
    (
        "2.2.2",
        SourceClass.THIRD_PARTY_DATASET,
        Text(
            ko="그 밖의 제3자에게서 받은 비공개 자료",
            en="Private datasets from other third parties",
        ),
    ),
    (
        "2.3",
        SourceClass.CRAWLED,
        Text(
            ko="온라인에서 수집한 자료와 주요 도메인",
            en="Data crawled from online sources, and the top domains",
        ),
    ),
    ("2.4", SourceClass.USER_DATA, Text(ko="이용자 자료", en="User data")),
    ("2.5", SourceClass.SYNTHETIC, Text(ko="합성 자료", en="Synthetic data")),
    ("2.6", SourceClass.OTHER_SOURCE, Text(ko="그 밖의 자료", en="Other sources")),
)


def summary_of(bill: BillOfMaterials) -> TrainingSummary:
    """The summary of what was declared, section by section."""
    return TrainingSummary(
        schema=SCHEMA,
        template=TEMPLATE,
        root=bill.root,
        cells=(*_general(bill), *_sources(bill), *_processing()),
    )


def _general(bill: BillOfMaterials) -> Iterator[SummaryCell]:
    yield _cell("1.1", "제공자", "Provider", _same(bill.team))
    yield _cell("1.1", "제공자의 연락처", "Contact of the provider", None)
    yield _cell("1.2", "모델 이름과 판", "Name and version", _same(bill.model))
    yield _cell("1.2", "기반이 된 모델", "Models it depends on", _parents(bill))
    yield _cell("1.2", "EU 시장 출시일", "Date placed on the Union market", None)
    yield _cell("1.3", "자료의 형태", "Modalities", _modalities(bill))
    yield _cell("1.3", "자료의 규모", "Size of the training data", _size(bill))
    yield _cell("1.3", "언어", "Languages", _languages(bill))
    yield _cell("1.3", "마지막 수집일", "Latest date of acquisition", None)


def _sources(bill: BillOfMaterials) -> Iterator[SummaryCell]:
    for section, kind, question in KINDS:
        found = [one for one in bill.sources if one.source.kind is kind]
        yield SummaryCell(section=section, question=question, answer=_listed(found))
    loose = [one for one in bill.sources if one.source.kind is None]
    if loose:
        yield _cell(
            "2",
            "어느 항목에 속하는지 신고되지 않은 자료",
            "Sources whose section was not declared",
            _listed(loose),
        )


def _processing() -> Iterator[SummaryCell]:
    yield _cell(
        "3.1",
        "텍스트·데이터 마이닝 유보 의사의 존중",
        "Respect of reservations from text and data mining",
        None,
    )
    yield _cell("3.2", "불법 콘텐츠의 제거", "Removal of illegal content", None)
    yield _cell("3.3", "그 밖의 정보(선택)", "Other information (optional)", None)


def _cell(section: str, ko: str, en: str, answer: Text | None) -> SummaryCell:
    return SummaryCell(section=section, question=Text(ko=ko, en=en), answer=answer)


def _same(text: str) -> Text | None:
    return Text(ko=text, en=text) if text.strip() else None


def _parents(bill: BillOfMaterials) -> Text | None:
    """Inherited components by their declared origin."""
    inherited = [
        one
        for one in bill.components
        if one.weight_state is not WeightState.INITIALISED
    ]
    if not inherited:
        return Text(
            ko="물려받은 가중치 없음(팀의 신고)",
            en="No inherited weights, as the team declares.",
        )
    korean = [f"{one.kind}: {one.origin or NOT_DECLARED.ko}" for one in inherited]
    english = [f"{one.kind}: {one.origin or NOT_DECLARED.en}" for one in inherited]
    return Text(ko="; ".join(korean), en="; ".join(english))


def _modalities(bill: BillOfMaterials) -> Text | None:
    return _same(", ".join(sorted({s.source.modality for s in bill.sources} - {""})))


def _languages(bill: BillOfMaterials) -> Text | None:
    return _same(", ".join(sorted({s.source.language for s in bill.sources} - {""})))


def _size(bill: BillOfMaterials) -> Text | None:
    """Tokens over the sources that declare them, with how many do not."""
    counts = [one.source.tokens for one in bill.sources]
    known = [count for count in counts if count is not None]
    if not known:
        return None
    silent = len(counts) - len(known)
    return Text(
        ko=f"{sum(known):,} 토큰(자료 {len(known)}건 합계, 미신고 {silent}건)",
        en=f"{sum(known):,} tokens ({len(known)} declare theirs, {silent} do not)",
    )


def _listed(found: Iterable[BillSource]) -> Text | None:
    lines = "; ".join(_line(one) for one in found)
    return _same(lines)


def _line(one: BillSource) -> str:
    source = one.source
    facts = (
        source.version,
        one.licence.canonical or one.licence.declared,
        source.url,
        "" if source.tokens is None else f"{source.tokens:,} tokens",
    )
    told = ", ".join(fact for fact in facts if fact)
    name = source.name or source.id
    return f"{name} ({told})" if told else name


def summary_page(summary: TrainingSummary, *, lang: str) -> str:
    """The summary as Markdown in one language."""
    korean = lang == "ko"
    title = (
        "학습 자료 공개 요약(초안)" if korean else "Public summary of training content"
    )
    head = ("항목", "내용", "답") if korean else ("Section", "Question", "Answer")
    lines = [
        f"# {_plain(title)}",
        "",
        f"{summary.template} · {summary.root}",
        "",
        f"| {' | '.join(head)} |",
        "|---|---|---|",
    ]
    for cell in summary.cells:
        answer = cell.answer or NOT_DECLARED
        lines.append(
            f"| {cell.section} | {_said(cell.question, korean=korean)} | "
            f"{_said(answer, korean=korean)} |"
        )
    return "\n".join(lines) + "\n"


def _said(text: Text, *, korean: bool) -> str:
    return _plain(text.ko if korean else text.en)


def _plain(text: str) -> str:
    """The text for one cell: a team's words must not draw tables or links."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in one_line(text))
