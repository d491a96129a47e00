"""The site: a bundle as pages that can be checked where they are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.evidence.values import Text
from dokja.report.names import Names
from dokja.report.pieces import View, unique
from dokja.report.printing import Printer
from dokja.report.sections.headline import headline_view
from dokja.report.sections.standings import standings_view
from dokja.report.site.cards import Card, CardMaker, correction_views
from dokja.report.site.claim import Dispute
from dokja.report.site.claims import claims_of
from dokja.report.site.corrections import FILE, head, log_text
from dokja.report.site.values import ClaimKind, Publication
from dokja.stage.acts import DECISION, STANDING
from dokja.submission.values import SealedFile

BUNDLE = "bundle/"
"""Where the bundle lies inside the site, whole and unchanged."""
PAGES = "site.json"
LOG_JSON = "corrections.json"
EMBEDDED_BYTES_MAX = 16 << 20
"""A bundle beyond this is not copied into the page that checks it."""
STYLES = ("tokens.css", "page.css", "marks.css", "site/site.css")
SCRIPTS = ("language.js", "site/remember.js")
CHECKS = ("site/hashes.js", "site/sums.js", "site/sources.js", "site/verify.js")


_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_URL = re.compile(r"https://[^\s\"'<>]+")


class Disputed(View, frozen=True, kw_only=True):
    """Adverse facts that one reply speaks to."""

    facts: tuple[Text, ...]
    dispute: Dispute


class TeamSection(View, frozen=True, kw_only=True):
    """The cards of one team, by what they are about."""

    anchor: str
    name: Text
    decision: Card
    disputed: tuple[Disputed, ...]
    total: Card | None
    scores: tuple[Card, ...]
    aspects: tuple[Card, ...]
    lineage: tuple[Card, ...]


class Frame(View, frozen=True, kw_only=True):
    """What every page of the site carries."""

    programme: Text
    stage: Text
    synthetic: tuple[Text, ...]
    bundle_digest: str
    contact: str
    is_address: bool
    """Whether the contact is an e-mail address and not a URL."""
    corrections: int
    bundle: str = BUNDLE


def render_site(publication: Publication) -> dict[str, bytes]:
    """Path to content of every file of the site; equal input, equal bytes."""
    maker = CardMaker.of(publication)
    cards = tuple(maker.card(claim) for claim in claims_of(publication.record))
    printer, frame = Printer(), _frame(publication)
    pages = dict(_pages(publication, cards, printer, frame))
    pages[FILE] = log_text(publication.log)
    files = {path: text.encode() for path, text in pages.items()}
    files[LOG_JSON] = canonical_bytes(publication.log)
    files[PAGES] = canonical_bytes(
        {
            "schema": "dokja-site/1",
            "bundle": frame.bundle_digest,
            "pages": _table(files),
        }
    )
    for path, data in publication.files.items():
        files[BUNDLE + path] = data
    return files


def claim_ids(publication: Publication) -> frozenset[str]:
    """Ids of every claim that the publication makes."""
    return frozenset(claim.id for claim in claims_of(publication.record))


def log_start(publication: Publication) -> str:
    """What the chain of corrections begins with: the digest of the contents."""
    return digest_bytes(publication.files[publication.contents])


def _pages(
    publication: Publication, cards: Sequence[Card], printer: Printer, frame: Frame
) -> Iterator[tuple[str, str]]:
    names = Names(publication.record)
    yield (
        "index.html",
        printer.page(
            "site/index.html",
            styles=(*STYLES, "figures.css"),
            scripts=SCRIPTS,
            frame=frame,
            root="",
            headline=headline_view(publication.record, names),
            outcome=cards[0],
            teams=_sections(cards),
            figure=standings_view(publication.record, names).figure,
            acts=len(publication.acts),
            claims=len(cards),
            report=publication.report,
        ),
    )
    yield (
        "corrections.html",
        printer.page(
            "site/corrections.html",
            styles=STYLES,
            scripts=SCRIPTS,
            frame=frame,
            root="",
            corrections=correction_views(publication.log.corrections),
            titles={card.claim.id: card for card in cards},
            head=head(publication.log, log_start(publication)),
            file=FILE,
        ),
    )
    yield (
        "verify.html",
        printer.page(
            "site/verify.html",
            styles=STYLES,
            scripts=(*SCRIPTS, *CHECKS),
            connects="'self'",
            frame=frame,
            root="",
            setup=_data(_setup(publication, cards)),
            copies=tuple(_copies(publication)),
            has_key=bool(publication.public_key),
        ),
    )
    for card in cards:
        yield (
            card.path,
            printer.page(
                "site/card.html",
                styles=(*STYLES, "figures.css"),
                scripts=SCRIPTS,
                frame=frame,
                root="../",
                card=card,
            ),
        )


def _frame(publication: Publication) -> Frame:
    record = publication.record
    contact = _checked_contact(publication.contact)
    return Frame(
        programme=record.evidence.rulebook.name,
        stage=record.evidence.plan.name,
        synthetic=record.outcome.synthetic,
        bundle_digest=log_start(publication),
        contact=contact,
        is_address=_ADDRESS.fullmatch(contact) is not None,
        corrections=len(publication.log.corrections),
    )


def _checked_contact(contact: str) -> str:
    """The contact, which becomes a link and so must be nothing else.

    Raises: InvalidInput where it is neither an address nor an https URL.
    """
    if not contact or _ADDRESS.fullmatch(contact) or _URL.fullmatch(contact):
        return contact
    raise InvalidInput(
        f"{contact!r} is neither an e-mail address nor an https URL",
        remedy="give the address at which readers report errors",
    )


def _sections(cards: Sequence[Card]) -> tuple[TeamSection, ...]:
    teams = list(dict.fromkeys(card.claim.team for card in cards if card.claim.team))
    return tuple(
        _section([card for card in cards if card.claim.team == team], number)
        for number, team in enumerate(teams, start=1)
    )


def _section(cards: Sequence[Card], number: int) -> TeamSection:
    def of(*kinds: ClaimKind) -> tuple[Card, ...]:
        return tuple(card for card in cards if card.claim.kind in kinds)

    return TeamSection(
        anchor=f"team-{number}",
        name=cards[0].claim.name,
        decision=of(ClaimKind.DECISION)[0],
        disputed=_disputed(cards),
        total=next(iter(of(ClaimKind.TOTAL)), None),
        scores=of(
            ClaimKind.RANK,
            ClaimKind.CATEGORY,
            ClaimKind.COMPONENT,
            ClaimKind.INDEX,
            ClaimKind.TARGET,
            ClaimKind.STRENGTH,
        ),
        aspects=of(ClaimKind.ASPECT),
        lineage=of(ClaimKind.LINEAGE),
    )


def _disputed(cards: Sequence[Card]) -> tuple[Disputed, ...]:
    """Every adverse fact of the cards once, under the reply that belongs to it."""
    found: dict[tuple[object, ...], list[Dispute]] = {}
    for dispute in (d for card in cards for d in card.claim.disputes):
        found.setdefault((dispute.state, dispute.replies), []).append(dispute)
    return tuple(
        Disputed(facts=unique(d.fact for d in same), dispute=same[0])
        for same in found.values()
    )


def _setup(publication: Publication, cards: Sequence[Card]) -> dict[str, object]:
    """What the script needs to know of the bundle it checks."""
    stage = publication.record.evidence.plan.stage
    paths = {f"{p.act.kind}/{p.act.subject}": p.path for p in publication.acts}
    rules = [p.path for p in publication.acts if p.act.kind.startswith("rules_")]
    return {
        "bundle": BUNDLE,
        "contents": publication.contents,
        "envelope": publication.envelope,
        "payloadType": publication.payload_type,
        "actsFolder": publication.acts_folder,
        "publicKey": publication.public_key,
        "standing": paths[f"{STANDING}/{stage}"],
        "decision": paths[f"{DECISION}/{stage}"],
        "rules": rules[-1],
        "teams": len(publication.record.outcome.standing.teams),
        "pages": PAGES,
        "logFile": LOG_JSON,
        "log": json.loads(canonical_bytes(publication.log)),
        "embedded": _is_embedded(publication),
        "claims": [
            {
                "page": card.path,
                "act": card.recorded.path,
                "pointer": card.pointer,
            }
            for card in cards
        ],
    }


def _is_embedded(publication: Publication) -> bool:
    return sum(map(len, publication.files.values())) <= EMBEDDED_BYTES_MAX


def _copies(publication: Publication) -> Iterator[tuple[str, Markup]]:
    """Each file of the bundle as JSON text, so that a page on disk can read it."""
    if _is_embedded(publication):
        for path, data in sorted(publication.files.items()):
            yield path, _data(data.decode())


def _data(value: object) -> Markup:
    """JSON that no HTML parser can leave early; not escaped once more."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704  # no <, > or & is left in it


def _table(files: dict[str, bytes]) -> list[SealedFile]:
    return [
        SealedFile(path=path, size_bytes=len(data), digest=digest_bytes(data))
        for path, data in sorted(files.items())
    ]
