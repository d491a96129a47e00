"""Support in the office's record: read as it is, added to, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.store import SqlActLog, open_act_log
from dokja.evidence.values import Act
from dokja.programme.matters import WHOLE_PROGRAMME
from dokja.settings import Settings
from dokja.support.data.assets import ASSET
from dokja.support.gpu.book import BOOK
from dokja.support.gpu.pool import POOL
from dokja.support.money.figures import FIGURE
from dokja.support.money.grants import GRANT
from dokja.support.money.ledger import LEDGER
from dokja.support.overview import SupportActs
from dokja.support.terms import Terms, terms_of
from dokja.wiring.stages import find_rulebook

STORE = "office.sqlite"
"""The file that the web app of the office keeps as well."""


@dataclass(frozen=True)
class SupportRoom:
    """The record of a programme's support with the rules it is under."""

    terms: Terms
    log: SqlActLog

    def acts(self) -> SupportActs:
        """What the record holds of support now."""
        return SupportActs(
            book=self._of(BOOK),
            pools=self._of(POOL),
            assets=self._of(ASSET),
            ledger=self._of(LEDGER),
            grants=self._of(GRANT),
            figures=self._of(FIGURE),
        )

    def append(self, acts: Sequence[Act]) -> None:
        """Adds the acts, all or none.

        Raises: Conflict where somebody has acted since they were made.
        """
        self.log.append(acts)

    def _of(self, kind: str) -> tuple[Act, ...]:
        return self.log.of_kind(self.terms.programme, WHOLE_PROGRAMME, kind)


@contextmanager
def open_support(
    programme: str, work: Path, *, settings: Settings
) -> Iterator[SupportRoom]:
    """The support of a programme, in the store of the office's work folder.

    Raises: NotAllowed where the rulebook is silent about support; what reading it
    and opening the store raise.
    """
    rulebook, _ = find_rulebook(programme)
    terms = terms_of(rulebook)
    work.mkdir(parents=True, exist_ok=True)
    address = settings.database or f"sqlite:///{(work / STORE).resolve()}"
    with open_act_log(address) as log:
        yield SupportRoom(terms, log)
