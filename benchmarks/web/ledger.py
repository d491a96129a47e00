"""What clients saw, held against what the record holds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from dokja.contest.battles.battle_table import battle_table
from dokja.contest.battles.cast import CAST, battle_of_subject
from dokja.contest.rating.rate_votes import rate_votes
from dokja.contest.rating.record import VoteRow
from dokja.contest.values import Choice
from dokja.evidence.canonical import canonical_bytes
from dokja.wiring.contest_closing import record, settle
from dokja.wiring.contests import ContestKeeper

Place = tuple[int, int]


@dataclass(frozen=True)
class Ledger:
    """The clients' own account of a run."""

    sent: dict[Place, str]
    acknowledged: dict[Place, str]
    votes: list[tuple[float, int]]
    """Seconds and tries of each vote."""
    pages: list[tuple[float, int]]
    seconds: float
    client_cpu: float


def read_ledger(*paths: Path) -> Ledger:
    """The ledger in these files. Raises: ValueError where a client votes twice."""
    found = Ledger({}, {}, [], [], 0.0, 0.0)
    seconds = cpu = 0.0
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, *what = json.loads(line)
            match kind:
                case "sent":
                    _once(found.sent, what)
                case "acknowledged":
                    _once(found.acknowledged, what[:3])
                    found.votes.append((what[3], what[4]))
                case "page":
                    found.pages.append((what[1], what[2]))
                case "end":
                    seconds, cpu = seconds + what[0], cpu + what[1]
    return Ledger(
        found.sent, found.acknowledged, found.votes, found.pages, seconds, cpu
    )


@dataclass(frozen=True)
class Comparison:
    """How the record differs from the ledger; nothing should."""

    acknowledged: int
    recorded: int
    lost: int
    """Acknowledged and not in the record, or with another choice."""
    doubled: int
    invented: int
    """In the record and sent by nobody."""
    same_rating: bool

    @property
    def is_clean(self) -> bool:
        """Whether every vote is there exactly once."""
        return self.same_rating and not (self.lost or self.doubled or self.invented)


def compared(keeper: ContestKeeper, ledger: Ledger) -> Comparison:
    """The record against the ledger; the contest is closed and rated for it."""
    place = (keeper.setting.programme, keeper.setting.stage)
    acts = keeper.store.votes.of_kind(*place, CAST, f"{keeper.id}/")
    times = Counter(battle_of_subject(act.subject) for act in acts)
    choices = {battle_of_subject(a.subject): str(a.body["choice"]) for a in acts}
    acknowledged = ledger.acknowledged.items()
    return Comparison(
        acknowledged=len(ledger.acknowledged),
        recorded=len(acts),
        lost=sum(choices.get(place) != choice for place, choice in acknowledged),
        doubled=sum(count > 1 for count in times.values()),
        invented=sum(ledger.sent.get(p) != choice for p, choice in choices.items()),
        same_rating=_same_rating(keeper, ledger),
    )


def _same_rating(keeper: ContestKeeper, ledger: Ledger) -> bool:
    """Whether the published rating is the one the clients' votes give."""
    published = settle(keeper, why="the load is over").with_flagged
    rows = [VoteRow(*p, Choice(c)) for p, c in sorted(ledger.acknowledged.items())]
    told = msgspec.structs.replace(record(keeper), votes=tuple(rows))
    table = battle_table(told, seed=keeper.contest.seed).table
    own = rate_votes(table, source=keeper.id)
    return canonical_bytes(own) == canonical_bytes(published)


def _once(into: dict[Place, str], what: list[Any]) -> None:
    voter, battle, choice = what
    if into.setdefault((voter, battle), choice) != choice:
        raise ValueError(f"two votes of voter {voter} on battle {battle}")
