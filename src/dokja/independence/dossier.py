"""What the gate looks at for one team, and where its right to reply stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.independence.allegation.values import AllegationStanding
from dokja.independence.items.assess import assess_items
from dokja.independence.items.evidence import INHERITED, TeamEvidence
from dokja.independence.items.values import ItemOutcome
from dokja.independence.opinion.values import OpinionVote
from dokja.independence.values import ReplyState, TeamReply
from dokja.panel.values import RaisedConcern

__all__ = ["INHERITED", "Dossier"]


@dataclass(frozen=True, kw_only=True)
class Dossier(TeamEvidence):
    """The evidence on one team with what was said to it, as recorded."""

    replies: tuple[TeamReply, ...]
    reply_requested: str
    reply_days: int
    decided: str
    evidence: tuple[str, ...]
    """Digests of the acts that hold all this."""
    concerns: tuple[RaisedConcern, ...] = ()
    """Doubts that experts wrote down beside their scores."""
    opinions: tuple[OpinionVote, ...] = ()
    recused: tuple[str, ...] = ()
    """Experts whose opinion on this team does not count."""
    allegations: tuple[AllegationStanding, ...] = ()

    @property
    def is_adverse(self) -> bool:
        """Whether there is anything the team must be heard on, by the first checks."""
        return bool(self.inherited() or self.declared_inherited())

    @property
    def reply_until(self) -> str:
        """Last moment at which a reply counts, ISO 8601."""
        asked = datetime.fromisoformat(self.reply_requested)
        return (asked + timedelta(days=self.reply_days)).isoformat()

    @property
    def reply_state(self) -> ReplyState:
        """Where the right to reply stands at the time of the decision."""
        return self.reply_state_where(is_adverse=self.is_adverse)

    @property
    def is_heard(self) -> bool:
        """Whether an adverse result may be given."""
        return self.reply_state is not ReplyState.REQUESTED

    @cached_property
    def items(self) -> tuple[ItemOutcome, ...]:
        """Every item of the dossier, before the team was heard on it."""
        return assess_items(self)

    @property
    def open_allegations(self) -> tuple[AllegationStanding, ...]:
        """Allegations about the team that were measured and are not resolved."""
        return tuple(one for one in self.allegations if one.awaits_resolution)

    @property
    def item_reply_state(self) -> ReplyState:
        """The same where every failed item and every open allegation is adverse."""
        failed = any(one.result is CheckResult.FAIL for one in self.items)
        return self.reply_state_where(is_adverse=failed or bool(self.open_allegations))

    def reply_state_where(self, *, is_adverse: bool) -> ReplyState:
        """Where the right to reply stands, if there is something to reply to."""
        if not is_adverse:
            return ReplyState.NOT_NEEDED
        until = _moment(self.reply_until)
        if any(_moment(reply.at) <= until for reply in self.replies):
            return ReplyState.REPLIED
        expired = _moment(self.decided) > until
        return ReplyState.EXPIRED if expired else ReplyState.REQUESTED


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise InvalidInput(
            f"time {text!r} has no zone",
            remedy="write times as 2026-03-09T14:00:00+09:00",
        )
    return moment
