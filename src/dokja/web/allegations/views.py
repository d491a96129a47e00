"""What each reader is shown of an allegation: the public, the team, the office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dokja.evidence.values import Text
from dokja.independence.allegation.course import duplicates_of, interest_words
from dokja.independence.allegation.values import (
    Allegation,
    AllegationOutcome,
    AllegationState,
    GivenReply,
    PublishedAllegation,
)
from dokja.independence.allegation.words import (
    ACCUSERS,
    BEARS_OUT,
    OUTCOMES,
    STATES,
)
from dokja.programme.agenda import AgendaItem, TimelineEntry
from dokja.report.wording import COMPONENT_KIND
from dokja.web.acts import ActLink, links_to
from dokja.web.allegations.acts import ALLEGATION_ACTS
from dokja.web.reader import Reader

_S = AllegationState
_COMPONENTS = {kind.value: words for kind, words in COMPONENT_KIND.items()}
HEARD = (_S.MEASURED, _S.REPLY, _S.RESOLVED)
"""From when a team is shown what is alleged of it: it may reply then."""


class HandledLine(msgspec.Struct, frozen=True, kw_only=True):
    """An allegation that is being handled."""

    id: str
    team: str
    about: Text
    state: Text
    joined_to: str
    received_at: str


class ResolvedLine(msgspec.Struct, frozen=True, kw_only=True):
    """An allegation as everybody reads it."""

    id: str
    team: str
    outcome: Text
    is_upheld: bool
    resolved_at: str
    clause: str


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    """The list: what the reader may see of what is handled, and what is resolved."""

    handled: tuple[HandledLine, ...]
    resolved: tuple[ResolvedLine, ...]
    agenda: tuple[AgendaItem, ...]
    runs: bool
    acts: tuple[ActLink, ...]


class FactLine(msgspec.Struct, frozen=True, kw_only=True):
    """A measurement with what it says of the allegation."""

    what: str
    digest: str
    says: Text


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """One allegation, whole: for who may see it."""

    id: str
    team: str
    component: Text
    reference: str
    about: Text
    accuser: Text
    interest: Text
    state: Text
    joined_to: str
    same: tuple[str, ...]
    """Open ones that say the same."""
    received_at: str
    to_measure: tuple[str, ...]
    facts: tuple[FactLine, ...]
    reply_until: str
    replies: tuple[GivenReply, ...]
    outcome: Text | None
    reasons: Text | None
    resolved_at: str
    clause: str
    runs: bool
    history: tuple[TimelineEntry, ...]
    acts: tuple[ActLink, ...]


def board_view(
    found: Sequence[Allegation],
    published: Sequence[PublishedAllegation],
    reader: Reader,
    *,
    agenda: Sequence[AgendaItem],
) -> BoardView:
    """The list for this reader."""
    handled = [
        one for one in found if one.state is not _S.RESOLVED and may_read(one, reader)
    ]
    return BoardView(
        handled=tuple(map(_handled, handled)),
        resolved=tuple(
            ResolvedLine(
                id=each.id,
                team=each.team,
                outcome=OUTCOMES[each.outcome],
                is_upheld=each.upheld is not None,
                resolved_at=each.resolved_at,
                clause=each.clause,
            )
            for each in published
        ),
        agenda=tuple(agenda) if reader.sees_all else (),
        runs=reader.sees_all,
        acts=links_to(ALLEGATION_ACTS, ("allegation-receive",)) if reader.runs else (),
    )


def may_read(one: Allegation, reader: Reader) -> bool:
    """Whether the reader may read the whole of it.

    Everybody, what was upheld; the team, from the day it is asked to reply.
    """
    if reader.sees_all or one.outcome is AllegationOutcome.UPHELD:
        return True
    return one.received.team == reader.team and one.state in HEARD


def case_view(
    one: Allegation,
    others: Sequence[Allegation],
    reader: Reader,
    *,
    history: Sequence[TimelineEntry],
) -> CaseView:
    """One allegation for a reader who may read it."""
    got = one.received
    same = duplicates_of(got, others) if reader.sees_all else ()
    return CaseView(
        id=one.id,
        team=got.team,
        component=_COMPONENTS.get(got.component, Text(got.component, got.component)),
        reference=got.reference,
        about=got.about,
        accuser=ACCUSERS[got.accuser],
        interest=interest_words(got),
        state=STATES[one.state],
        joined_to=one.joined_to,
        same=tuple(name for name in same if name != one.id),
        received_at=one.received_at,
        to_measure=one.to_measure,
        facts=tuple(
            FactLine(what=f.what, digest=f.digest, says=BEARS_OUT[f.bears_out])
            for f in one.facts
        ),
        reply_until=one.reply_until,
        replies=one.replies,
        outcome=None if one.outcome is None else OUTCOMES[one.outcome],
        reasons=one.reasons,
        resolved_at=one.resolved_at,
        clause=one.clause,
        runs=reader.sees_all,
        history=reader.history(history),
        acts=links_to(ALLEGATION_ACTS, tuple(_acts(one, reader)), of=one.id),
    )


def _acts(one: Allegation, reader: Reader) -> Iterator[str]:
    if one.joined_to or one.state is _S.RESOLVED:
        return
    if one.state in HEARD and reader.team == one.received.team:
        yield "allegation-reply"
    if not reader.runs:
        return
    if one.state is _S.RECEIVED:
        yield "allegation-triage"
    if one.state is _S.TRIAGED:
        yield "allegation-measure"
    if one.state in (_S.RECEIVED, _S.TRIAGED):
        yield "allegation-join"
    if one.state is not _S.RECEIVED:
        yield "allegation-resolve"


def _handled(one: Allegation) -> HandledLine:
    return HandledLine(
        id=one.id,
        team=one.received.team,
        about=one.received.about,
        state=STATES[one.state],
        joined_to=one.joined_to,
        received_at=one.received_at,
    )
