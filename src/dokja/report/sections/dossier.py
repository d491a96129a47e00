"""The dossier of one team: items, tiers of its records, opinions, public claims."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import Text
from dokja.independence.claims.values import ClaimStanding, ClaimView
from dokja.independence.claims.view import claim_views
from dokja.independence.items.questions import ITEMS
from dokja.independence.items.values import (
    ComponentTier,
    EvidencePointer,
    ItemOutcome,
)
from dokja.independence.opinion.values import OpinionState, PanelOpinion
from dokja.independence.values import AspectFinding, IndependenceFinding
from dokja.report.names import Names
from dokja.report.pieces import ClauseLink, View, Word, clause_links
from dokja.report.wording import CHECK, FINDING, component_kind
from dokja.stage.values import StageRecord

GROUPS = {
    "tech": Text("기술", "Technical"),
    "policy": Text("정책", "Policy"),
    "ethic": Text("윤리", "Ethical"),
}
STANDING: dict[ClaimStanding, Text] = {
    ClaimStanding.SUPPORTED: Text("증거로 뒷받침됨", "Supported by evidence"),
    ClaimStanding.UNSUPPORTED: Text(
        "뒷받침하는 증거가 없음", "No evidence supports it"
    ),
    ClaimStanding.OPEN_QUESTION: Text("사람이 확인할 것", "People must look"),
    ClaimStanding.CONTRADICTED: Text("증거와 어긋남", "Evidence shows otherwise"),
}
_CLAIM_MARKS = {
    ClaimStanding.SUPPORTED: "pass",
    ClaimStanding.UNSUPPORTED: "not_run",
    ClaimStanding.OPEN_QUESTION: "inconclusive",
    ClaimStanding.CONTRADICTED: "fail",
}
OPINION: dict[OpinionState, Text] = {
    OpinionState.AGREED: Text("의견 일치", "agreed"),
    OpinionState.SPLIT: Text("의견이 갈림", "divided"),
    OpinionState.NO_QUORUM: Text("정족수 미달", "no quorum"),
}


class ItemRow(View, frozen=True, kw_only=True):
    """One item with its question, outcome and evidence."""

    id: str
    question: Text
    result: Word
    detail: Text
    is_required: bool
    evidence: tuple[str, ...]


class ItemGroup(View, frozen=True, kw_only=True):
    """The items of one part of the dossier."""

    name: Text
    rows: tuple[ItemRow, ...]


class TierRow(View, frozen=True, kw_only=True):
    """The record of one component."""

    component: Text
    tier: str
    run: str
    result: Word
    meaning: Text


class AspectNote(View, frozen=True, kw_only=True):
    """What an aspect rests on beside its items."""

    name: Text
    clauses: tuple[ClauseLink, ...]
    opinion: Text | None
    waits_for: tuple[str, ...]


class ClaimRow(View, frozen=True, kw_only=True):
    """A public claim beside the evidence."""

    said: Text
    where: str
    on: str
    disclosed: Text | None
    tier: str
    standing: Word
    items: str


class DossierView(View, frozen=True, kw_only=True):
    """Everything the dossier adds to the gate of one team."""

    item_set: str
    notes: tuple[AspectNote, ...]
    groups: tuple[ItemGroup, ...]
    tiers: tuple[TierRow, ...]
    unproven: tuple[Text, ...]
    claims: tuple[ClaimRow, ...]


def dossier_view(
    record: StageRecord, finding: IndependenceFinding, names: Names
) -> DossierView | None:
    """The dossier of a finding; None where the gate is not decided on one."""
    if not finding.item_set:
        return None
    required = {check.id for a in finding.aspects for check in a.checks}
    return DossierView(
        item_set=finding.item_set,
        notes=tuple(_note(aspect, names) for aspect in finding.aspects),
        groups=tuple(
            ItemGroup(
                name=name,
                rows=tuple(
                    _row(one, required)
                    for one in finding.items
                    if one.id.partition("-")[0] == prefix
                ),
            )
            for prefix, name in GROUPS.items()
        ),
        tiers=tuple(map(_tier, finding.tiers)),
        unproven=finding.unproven,
        claims=tuple(map(_claim, _claims(record, finding))),
    )


def _row(one: ItemOutcome, required: set[str]) -> ItemRow:
    return ItemRow(
        id=one.id,
        question=ITEMS[one.id].question,
        result=Word(code=one.result.value, text=CHECK[one.result]),
        detail=one.detail,
        is_required=one.id in required,
        evidence=tuple(map(place_shown, one.evidence)),
    )


def place_shown(place: EvidencePointer) -> str:
    """A place of evidence in one line: name, pointer and the digest's beginning."""
    digest = place.digest.partition(":")[2][:12]
    return f"{place.name}{'#' + place.path if place.path else ''} · {digest}"


def _note(aspect: AspectFinding, names: Names) -> AspectNote:
    opinion = aspect.opinion
    return AspectNote(
        name=names.aspect(aspect.aspect),
        clauses=clause_links(aspect.clauses, names),
        opinion=None if opinion is None else opinion_shown(opinion),
        waits_for=aspect.waits_for,
    )


def opinion_shown(opinion: PanelOpinion) -> Text:
    """The panel's opinion in words: votes, who was left out, what it changed."""
    ko, en = OPINION[opinion.state].ko, OPINION[opinion.state].en
    votes = {FINDING[word]: opinion.votes.get(word.value, 0) for word in FINDING}
    ko += ": " + ", ".join(f"{word.ko} {count}" for word, count in votes.items())
    en += ": " + ", ".join(f"{word.en} {count}" for word, count in votes.items())
    if opinion.recused:
        ko += f" (회피 {len(opinion.recused)}명 제외)"
        en += f" (without {len(opinion.recused)} recused)"
    if opinion.measured is not None:
        ko += f". 증거만으로는 {FINDING[opinion.measured].ko}"
        en += f". By evidence alone: {FINDING[opinion.measured].en}"
    if opinion.note is not None:
        ko, en = f"{ko}. {opinion.note.ko}", f"{en}. {opinion.note.en}"
    return Text(ko, en)


def _tier(one: ComponentTier) -> TierRow:
    return TierRow(
        component=component_kind(one.component),
        tier=one.tier,
        run=one.run,
        result=Word(code=one.outcome.value, text=CHECK[one.outcome]),
        meaning=one.meaning,
    )


def _claims(record: StageRecord, finding: IndependenceFinding) -> Iterator[ClaimView]:
    papers = [p for p in record.evidence.papers if p.team == finding.team]
    own = [c for p in papers if p.declaration for c in p.declaration.claims]
    book = record.evidence.dossier_book or None
    registered = () if book is None else book.claims
    public = [one.claim for one in registered if one.team == finding.team]
    tier = min((one.tier for one in finding.tiers), default="E0")
    yield from claim_views((*own, *public), finding.items, tier=tier)


def _claim(view: ClaimView) -> ClaimRow:
    return ClaimRow(
        said=view.claim.said,
        where=view.claim.where,
        on=view.claim.on,
        disclosed=view.claim.disclosed,
        tier=view.tier,
        standing=Word(code=_CLAIM_MARKS[view.standing], text=STANDING[view.standing]),
        items=", ".join(f"{one.id} {one.result.value}" for one in view.items),
    )
