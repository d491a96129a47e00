"""An office that acts through the real desk: alone, twice, or two at once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dokja.errors import Conflict, DokjaError
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.wiring.matter_desk import MatterDesk
from tests.whole_programme.rows import Reader

Make = Callable[[Mandate], Act | Sequence[Act]]
RACES, REPEATS = 0.25, 0.1
"""How often two officers act at once, and how often one hands in twice."""
OFFICERS = ("officer-1", "officer-2", "officer-3")


@dataclass
class Clock:
    """A clock that stands until somebody moves it."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.now


@dataclass
class Tally:
    """What was tried and what became of it."""

    steps: int = 0
    acts: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind of refusal and what was tried."""
    did: Counter[str] = field(default_factory=Counter)
    races: int = 0
    again: int = 0
    """Acts that were handed in a second time, word for word."""
    ends: Counter[str] = field(default_factory=Counter)
    teams_left: Counter[int] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Counts what another counted, too."""
        for name in ("steps", "acts", "races", "again"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("refused", "did", "ends", "teams_left", "findings"):
            getattr(self, name).update(getattr(other, name))


@dataclass
class Office:
    """The officers of one programme, their clock and their luck."""

    desk: MatterDesk
    clock: Clock
    luck: random.Random
    reader: Reader
    tally: Tally = field(default_factory=Tally)
    broken: list[str] = field(default_factory=list)
    """What a single act did that none may do."""

    def act(
        self,
        what: str,
        make: Make,
        *,
        by: str | None = None,
        clause: str = "5.1",
        reason: str = "",
    ) -> bool:
        """Whether the act stands; sometimes it is handed in twice, or two officers try.

        `make` reads what it needs when it is called, and is refused or not.
        """
        at_once = 2 if self.chance(RACES) else 1
        who = (by,) if by else tuple(self.luck.sample(OFFICERS, at_once))
        text = Text(reason, reason) if reason else None
        mandates = [self.desk.mandate(each, clause, text) for each in who]
        self.tally.steps += 1
        before = self.reader.count()
        try:
            made = [_several(make(mandate)) for mandate in mandates]
            self.desk.file(made[0])
        except DokjaError as error:
            self.tally.refused[type(error).__name__, what] += 1
            self._expect(before, f"{what} was refused and left something")
            return False
        self.tally.did[what] += 1
        self.tally.acts += len(made[0])
        self._expect(before + len(made[0]), f"{what} did not file what it made")
        if len(made) > 1:
            self._second_officer(what, made[1], before + len(made[0]))
        if self.chance(REPEATS):
            self.tally.again += 1
            self.desk.file(made[0])
            self._expect(before + len(made[0]), f"{what} was filed twice")
        return True

    def refused(self, what: str, make: Make, **given: str) -> None:
        """Tries what no officer may do; that it stands is an error."""
        if self.act(what, make, **given):
            self.broken.append(f"{what} was let through")

    def wait(self, *, days: float = 0, hours: float = 0) -> None:
        """Time passes."""
        self.clock.now += timedelta(days=days, hours=hours)

    def until(self, moment: str | datetime) -> None:
        """Time passes until the moment, if it is still to come."""
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.clock.now = max(self.clock.now, at.astimezone(self.clock.now.tzinfo))

    def chance(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self.luck.random() < share

    def some(self, of: Iterable[str], share: float) -> list[str]:
        """Those of them that something happens to."""
        return [each for each in of if self.chance(share)]

    def _second_officer(self, what: str, acts: Sequence[Act], stands: int) -> None:
        """Both read the same; the record takes the first and tells the second."""
        self.tally.races += 1
        try:
            self.desk.file(acts)
        except Conflict:
            self.tally.refused["Conflict", "two officers at once"] += 1
        else:
            self.broken.append(f"{what}: two officers at once, and both were taken")
        self._expect(stands, f"{what}: the second officer left something")

    def _expect(self, count: int, what: str) -> None:
        if self.reader.count() != count:
            self.broken.append(what)


def luck_of(seed: int) -> random.Random:
    """Luck that a seed repeats."""
    return random.Random(seed)  # noqa: S311  draws of a test, no secret


def _several(made: Act | Sequence[Act]) -> tuple[Act, ...]:
    return (made,) if isinstance(made, Act) else tuple(made)
