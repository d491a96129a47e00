"""The right to reply: what a team hands in while its window is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text
from dokja.independence.values import ReplyBook, TeamReply

REPLY = "reply_handed_in"
LONGEST = 20_000
"""Characters of a reply in one language."""


class ReplyWindow(msgspec.Struct, frozen=True, kw_only=True):
    """When the teams of a stage may reply."""

    programme: str
    stage: str
    teams: tuple[str, ...]
    requested: str
    """When adverse evidence is shown to the teams, ISO 8601 with zone."""
    days: int

    @property
    def until(self) -> datetime:
        """The moment from which no reply is taken."""
        return datetime.fromisoformat(self.requested) + timedelta(days=self.days)

    def is_open(self, at: str) -> bool:
        """Whether a reply is taken at that moment."""
        moment = datetime.fromisoformat(at)
        return datetime.fromisoformat(self.requested) <= moment < self.until


def reply_act(window: ReplyWindow, reply: TeamReply, earlier: Sequence[Act]) -> Act:
    """The act of a reply; a later one adds to the earlier ones of the component.

    Raises: NotAllowed outside the window; InvalidInput for a team that does not
    take part and for a text that is empty or too long.
    """
    if reply.team not in window.teams:
        raise InvalidInput(
            f"no team {reply.team!r} in this stage",
            remedy="hand the reply in from the team's own account",
        )
    texts = (reply.text.ko.strip(), reply.text.en.strip())
    if not any(texts) or max(map(len, texts)) > LONGEST:
        raise InvalidInput(
            f"the reply is empty, or longer than {LONGEST:,} characters",
            remedy="write the reply; longer material can be handed in with a digest",
        )
    at = datetime.fromisoformat(reply.at)
    if at < datetime.fromisoformat(window.requested):
        raise NotAllowed(
            "no reply was asked for yet",
            remedy=f"replies are taken from {window.requested}",
        )
    if at >= window.until:
        raise NotAllowed(
            "the time to reply is over",
            remedy="file an objection once the decision is out",
        )
    number = 1 + sum(act.subject.rsplit("/", 1)[0] == _about(reply) for act in earlier)
    return Act(
        programme=window.programme,
        stage=window.stage,
        kind=REPLY,
        subject=f"{_about(reply)}/{number:03d}",
        at=reply.at,
        body=msgspec.to_builtins(reply),
    )


def reply_book(acts: Sequence[Act], *, note: Text) -> ReplyBook:
    """`replies.json`: every reply that was handed in, in the order of the record."""
    return ReplyBook(
        synthetic=False,
        note=note,
        replies=tuple(
            read_as(act.body, TeamReply, where=act.subject)
            for act in acts
            if act.kind == REPLY
        ),
    )


def _about(reply: TeamReply) -> str:
    return f"{reply.team}/{reply.component}"
