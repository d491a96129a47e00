"""A claim as a card: with its acts, its clauses and its corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dokja.evidence.values import Text
from dokja.programme.values import Clause
from dokja.report.numerals import moment
from dokja.report.pieces import View, unique
from dokja.report.site.claim import Claim
from dokja.report.site.values import Correction, Publication, PublishedAct
from dokja.report.site.words import KIND, act_words
from dokja.stage.acts import BEACON

RULES = ("rules_frozen", "rules_exception")
SEEDED = frozenset({"lineage_compared", "standing_computed"})
"""Acts whose figures hang on the beacon as well."""


class ActLink(View, frozen=True, kw_only=True):
    """An act with where to read it."""

    words: Text
    subject: str
    at: Text
    path: str
    """Inside the bundle."""
    digest: str


class ClauseCard(View, frozen=True, kw_only=True):
    """A clause that governs the claim."""

    number: str
    title: Text
    text: Text
    published: bool
    source: str


class CorrectionView(View, frozen=True, kw_only=True):
    """A correction as it is printed."""

    number: int
    date: Text
    claim: str
    wrong: Text
    right: Text
    why: Text
    found_by: Text
    previous: str


class Card(View, frozen=True, kw_only=True):
    """All that a claim's page prints."""

    claim: Claim
    kind: Text
    path: str
    """Of the page, inside the site."""
    description: str
    """One line in both languages, for whoever passes the link on."""
    recorded: ActLink
    pointer: str
    evidence: tuple[ActLink, ...]
    clauses: tuple[ClauseCard, ...]
    corrections: tuple[CorrectionView, ...]


@dataclass(frozen=True)
class CardMaker:
    """Makes the cards of one publication."""

    publication: Publication
    acts: Mapping[str, PublishedAct]
    """By `kind/subject`."""

    @classmethod
    def of(cls, publication: Publication) -> CardMaker:
        """The maker for a publication."""
        named = {f"{p.act.kind}/{p.act.subject}": p for p in publication.acts}
        return cls(publication, named)

    def card(self, claim: Claim) -> Card:
        """The card of a claim. Raises: KeyError where the record lacks its act."""
        rulebook = self.publication.record.evidence.rulebook
        clauses = {clause.number: clause for clause in rulebook.clauses}
        return Card(
            claim=claim,
            kind=KIND[claim.kind],
            path=page_path(claim.id),
            description=_description(claim),
            recorded=self._link(self.acts[claim.place.act]),
            pointer=claim.place.pointer,
            evidence=tuple(self._link(act) for act in self._evidence(claim)),
            clauses=tuple(
                _clause(clauses[number])
                for number in claim.clauses
                if number in clauses
            ),
            corrections=correction_views(
                entry
                for entry in self.publication.log.corrections
                if entry.claim == claim.id
            ),
        )

    def _evidence(self, claim: Claim) -> Iterable[PublishedAct]:
        """The acts it derives from that the record holds, and the rules."""
        recorded = self.acts[claim.place.act]
        named = [self.acts[name] for name in claim.acts if name in self.acts]
        always = [p for p in self.publication.acts if p.act.kind in RULES]
        if recorded.act.kind in SEEDED:
            always += [p for p in self.publication.acts if p.act.kind == BEACON]
        paths = unique(p.path for p in (*named, *always))
        by_path = {p.path: p for p in self.publication.acts}
        return (by_path[path] for path in paths if path != recorded.path)

    def _link(self, published: PublishedAct) -> ActLink:
        act = published.act
        return ActLink(
            words=act_words(act.kind),
            subject=act.subject,
            at=moment(act.at),
            path=published.path,
            digest=published.digest,
        )


def page_path(claim: str) -> str:
    """The claim's permalink inside the site."""
    return f"claims/{claim}.html"


def correction_views(entries: Iterable[Correction]) -> tuple[CorrectionView, ...]:
    """The entries as they are printed."""
    return tuple(
        CorrectionView(
            number=entry.number,
            date=moment(entry.date),
            claim=entry.claim,
            wrong=entry.wrong,
            right=entry.right,
            why=entry.why,
            found_by=entry.found_by,
            previous=entry.previous,
        )
        for entry in entries
    )


def _clause(clause: Clause) -> ClauseCard:
    return ClauseCard(
        number=clause.number,
        title=clause.title,
        text=clause.text,
        published=clause.published,
        source=clause.source,
    )


def _description(claim: Claim) -> str:
    text = f"{claim.said.ko} / {claim.said.en}"
    for dispute in claim.disputes:
        for reply in dispute.replies:
            text += f" · 소명: {reply.text.ko} / Reply: {reply.text.en}"
        if not dispute.replies:
            text += " · 소명 없음 / no reply on record"
    return text
