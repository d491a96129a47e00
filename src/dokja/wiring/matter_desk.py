"""Where the office's matters are kept: the record in its work folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dokja.adapters.store import open_act_log
from dokja.adapters.store.act_log import SqlActLog
from dokja.errors import InvalidInput
from dokja.evidence.values import Act, Text
from dokja.programme import Rulebook, Topic
from dokja.programme.matters import WHOLE_PROGRAMME, Mandate, Matter, acts_of, ids_of
from dokja.settings import Settings
from dokja.wiring.office_store import office_database
from dokja.wiring.programmes import find_rulebook


@dataclass(frozen=True, kw_only=True)
class MatterDesk:
    """The record of one programme's matters, and the rules they stand under."""

    rulebook: Rulebook
    log: SqlActLog
    clock: Callable[[], datetime]

    @property
    def programme(self) -> str:
        """Id of the programme."""
        return self.rulebook.programme

    def mandate(
        self,
        by: str,
        clause: str | None,
        reason: Text | None = None,
        *,
        topic: Topic | None = None,
    ) -> Mandate:
        """The mandate of whoever acts now.

        Without a clause, the first that governs the topic of the act.

        Raises: InvalidInput where the rulebook has no such clause.
        """
        if clause is None and topic is not None:
            clause = next(iter(self.rulebook.clause_numbers(topic)), None)
        numbers = [known.number for known in self.rulebook.clauses]
        if clause is None or clause not in numbers:
            fact = f"the rulebook has no clause {clause!r}"
            if clause is None:
                fact = f"the rulebook is silent: no clause is on {topic or 'this act'}"
            raise InvalidInput(
                fact,
                remedy=f"cite one of {', '.join(numbers)}",
            )
        at = self.clock().isoformat(timespec="seconds")
        return Mandate(by=by, at=at, clause=clause, reason=reason)

    def of_kind(self, kind: str, stage: str = WHOLE_PROGRAMME) -> tuple[Act, ...]:
        """Every act of the kind in a stage, in the order of the record."""
        return self.log.of_kind(self.programme, stage, kind)

    def history(self, matter: Matter) -> tuple[Act, ...]:
        """The acts of one matter, in order."""
        return acts_of(
            matter, self.log.of_kind(matter.programme, matter.stage, matter.kind)
        )

    def histories(
        self, kind: str, stage: str = WHOLE_PROGRAMME
    ) -> dict[str, tuple[Act, ...]]:
        """The acts of every matter of a kind of a stage, by id, the first one first.

        The record is read once, however many there are.
        """
        acts = self.of_kind(kind, stage)
        return {
            name: acts_of(
                Matter(programme=self.programme, stage=stage, kind=kind, id=name), acts
            )
            for name in ids_of(kind, acts)
        }

    def file(self, acts: Sequence[Act]) -> None:
        """Put the acts on record, all or none.

        Raises: Conflict where somebody acted on one of these matters meanwhile.
        """
        self.log.append(acts)


def entries_read(seen: int | None, history: Sequence[Act]) -> int:
    """How many entries whoever acts has read: as said, else all there are."""
    return len(history) if seen is None else seen


@contextmanager
def open_matters(
    programme: str, *, work: Path, settings: Settings, clock: Callable[[], datetime]
) -> Iterator[MatterDesk]:
    """The desk of a programme, a folder or a shipped name.

    `work` is the folder that `dokja serve` keeps its stores in.

    Raises: what reading the rulebook and opening the store raise.
    """
    rulebook, _ = find_rulebook(programme)
    work.mkdir(parents=True, exist_ok=True)
    with open_act_log(office_database(work, settings)) as log:
        yield MatterDesk(rulebook=rulebook, log=log, clock=clock)
