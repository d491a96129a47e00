"""A NOTICE for the model: what its licences ask whoever gives it out to say."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dokja.evidence.values import Text
from dokja.licence import LicenceTables
from dokja.licence.values import LicenceDuty
from dokja.submission.bom.plain import one_line
from dokja.submission.bom.values import BillOfMaterials, LicenceReport
from dokja.submission.values import ComponentKind, WeightState

SCHEMA = "dokja-notice/1"


class NoticeEntry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One inherited component with what has to be said or done for it."""

    component: ComponentKind
    origin: str
    licence: str
    sources: tuple[str, ...]
    """Where the texts of its licences stand."""
    duties: tuple[LicenceDuty, ...]


class NoticeDraft(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A draft: it names duties and where each licence words them."""

    schema: str
    model: str
    team: str
    licence: str
    root: str
    entries: tuple[NoticeEntry, ...]


WORDS: Mapping[str, Text] = {
    "draft": Text(
        ko="초안입니다. 문구는 각 라이선스의 해당 조항에서 가져와 넣으십시오.",
        en="A draft: take the wording from the section of each licence.",
    ),
    "licence": Text(ko="공개 라이선스", en="Licence"),
    "none": Text(
        ko="물려받은 구성요소가 신고되지 않았습니다.",
        en="No inherited component is declared.",
    ),
    "origin": Text(ko="출처", en="Origin"),
    "inbound": Text(ko="받은 라이선스", en="Received under"),
    "missing": Text(ko="신고되지 않음", en="not declared"),
    "unknown": Text(
        ko="조건을 확인한 표가 없어 의무를 적지 못함",
        en="no table that was read lists its duties",
    ),
}


def notice_of(
    bill: BillOfMaterials, report: LicenceReport, tables: LicenceTables
) -> NoticeDraft:
    """The draft for every inherited component, in the order of the manifest."""
    entries = []
    for component, part in zip(bill.components, report.parts, strict=True):
        if component.weight_state is WeightState.INITIALISED:
            continue
        rows = [tables.terms.get(name) for name in component.licence.licences]
        entries.append(
            NoticeEntry(
                component=component.kind,
                origin=component.origin,
                licence=component.licence.canonical or component.licence.declared,
                sources=tuple(row.source for row in rows if row is not None),
                duties=part.duties,
            )
        )
    return NoticeDraft(
        schema=SCHEMA,
        model=bill.model,
        team=bill.team,
        licence=bill.licence.canonical or bill.licence.declared,
        root=bill.root,
        entries=tuple(entries),
    )


def notice_page(draft: NoticeDraft, *, lang: str) -> str:
    """The draft as plain text in one language."""
    say = _Words(lang)
    lines = [one_line(draft.model), draft.team, "", say("draft"), ""]
    lines.append(f"{say('licence')}: {one_line(draft.licence) or say('missing')}")
    lines.append(draft.root)
    if not draft.entries:
        lines += ["", say("none")]
    for entry in draft.entries:
        lines += ["", entry.component.value]
        lines.append(f"  {say('origin')}: {one_line(entry.origin) or say('missing')}")
        lines.append(f"  {say('inbound')}: {one_line(entry.licence) or say('missing')}")
        lines += [f"  {source}" for source in entry.sources]
        lines += [
            f"  - {say.of(duty.what)} ({duty.licence}: {duty.sections})"
            for duty in entry.duties
        ]
        if not entry.duties:
            lines.append(f"  - {say('unknown')}")
    return "\n".join(lines) + "\n"


class _Words:
    """The page's own words in one language."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def of(self, text: Text) -> str:
        """The sentence in that language."""
        return text.ko if self._lang == "ko" else text.en

    def __call__(self, name: str) -> str:
        """The word of that name in that language."""
        return self.of(WORDS[name])
