"""What the gate looks at for one team, and where its right to reply stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dokja.errors import InvalidInput
from dokja.independence.values import ReplyState, TeamReply
from dokja.lineage.values import ComponentLineage, LineageReport, LineageVerdict
from dokja.panel.values import RaisedConcern
from dokja.submission.values import DeclaredComponent, Seal, WeightState

INHERITED = (
    LineageVerdict.IDENTICAL,
    LineageVerdict.DERIVED,
    LineageVerdict.PARTIAL,
)
"""Verdicts that say weights came from the reference."""


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """The evidence on one team, as recorded."""

    seal: Seal
    lineage: tuple[LineageReport, ...]
    replies: tuple[TeamReply, ...]
    reply_requested: str
    reply_days: int
    decided: str
    evidence: tuple[str, ...]
    """Digests of the acts that hold all this."""
    concerns: tuple[RaisedConcern, ...] = ()
    """Doubts that experts wrote down beside their scores."""

    @property
    def team(self) -> str:
        """Id of the team."""
        return self.seal.manifest.team

    def comparisons(self, component: DeclaredComponent) -> tuple[ComponentLineage, ...]:
        """Every comparison of a declared component with a reference."""
        return tuple(
            found
            for report in self.lineage
            for found in report.components
            if found.name == component.kind
        )

    def inherited(self) -> tuple[tuple[DeclaredComponent, ComponentLineage], ...]:
        """Declared components that lineage found in a reference."""
        return tuple(
            (component, found)
            for component in self.seal.manifest.components
            for found in self.comparisons(component)
            if found.verdict in INHERITED
        )

    def declared_inherited(self) -> tuple[DeclaredComponent, ...]:
        """Components the team itself says it did not initialise."""
        return tuple(
            component
            for component in self.seal.manifest.components
            if component.weight_state is not WeightState.INITIALISED
        )

    @property
    def is_adverse(self) -> bool:
        """Whether there is anything the team must be heard on."""
        return bool(self.inherited() or self.declared_inherited())

    @property
    def reply_until(self) -> str:
        """Last moment at which a reply counts, ISO 8601."""
        asked = datetime.fromisoformat(self.reply_requested)
        return (asked + timedelta(days=self.reply_days)).isoformat()

    @property
    def reply_state(self) -> ReplyState:
        """Where the right to reply stands at the time of the decision."""
        if not self.is_adverse:
            return ReplyState.NOT_NEEDED
        until = _moment(self.reply_until)
        if any(_moment(reply.at) <= until for reply in self.replies):
            return ReplyState.REPLIED
        expired = _moment(self.decided) > until
        return ReplyState.EXPIRED if expired else ReplyState.REQUESTED

    @property
    def is_heard(self) -> bool:
        """Whether an adverse result may be given."""
        return self.reply_state is not ReplyState.REQUESTED


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise InvalidInput(
            f"time {text!r} has no zone",
            remedy="write times as 2026-03-09T14:00:00+09:00",
        )
    return moment
