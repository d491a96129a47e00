"""What the office records for the dossiers of a stage beside what was handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Text
from dokja.independence.allegation.values import AllegationStanding
from dokja.independence.claims.values import PublicClaim
from dokja.independence.opinion.values import OpinionVote

FILE = "dossier.json"


class TeamClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public claim that the office registered, with the team it is about."""

    team: str
    claim: PublicClaim


class DossierBook(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """`dossier.json`: opinions, allegations and public claims of a stage."""

    synthetic: bool
    note: Text
    opinions: tuple[OpinionVote, ...] = ()
    allegations: tuple[AllegationStanding, ...] = ()
    claims: tuple[TeamClaim, ...] = ()


def parse_book(
    text: str, *, teams: Collection[str], experts: Collection[str]
) -> DossierBook:
    """The book in the text of `dossier.json`. Raises: InvalidInput."""
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{FILE} is not JSON: {error}", remedy="correct the place it names"
        ) from error
    book = read_as(document, DossierBook, where=FILE)
    for problem in _problems(book, teams, experts):
        raise InvalidInput(
            f"{FILE}: {problem}", remedy="correct the entry; none of them was taken"
        )
    return book


def _problems(
    book: DossierBook, teams: Collection[str], experts: Collection[str]
) -> Iterator[str]:
    named = {one.team for one in book.opinions}
    named |= {one.team for one in book.allegations}
    named |= {one.team for one in book.claims}
    for team in sorted(named - {*teams}):
        yield f"no team {team!r} in this stage"
    for expert in sorted({one.expert for one in book.opinions} - {*experts}):
        yield f"{expert} gives an opinion and is not on the panel"
    votes = Counter((one.expert, one.team, one.aspect) for one in book.opinions)
    for (expert, team, aspect), count in sorted(votes.items()):
        if count > 1:
            yield f"{expert} gives {count} opinions on the {aspect} aspect of {team}"
    for one in book.opinions:
        if not (one.reasons.ko.strip() or one.reasons.en.strip()):
            yield f"the opinion of {one.expert} on {one.team} has no reasons"
