"""Support in the office's record: read as it is, added to, never changed."""

from __future__ import annotations

from dokja.support.data.assets import ASSET
from dokja.support.gpu.book import BOOK
from dokja.support.gpu.pool import POOL
from dokja.support.money.figures import FIGURE
from dokja.support.money.grants import GRANT
from dokja.support.money.ledger import LEDGER
from dokja.support.overview import SupportActs
from dokja.wiring.matter_desk import MatterDesk


def support_acts(desk: MatterDesk) -> SupportActs:
    """What the record holds of support now."""
    return SupportActs(
        book=desk.of_kind(BOOK),
        pools=desk.of_kind(POOL),
        assets=desk.of_kind(ASSET),
        ledger=desk.of_kind(LEDGER),
        grants=desk.of_kind(GRANT),
        figures=desk.of_kind(FIGURE),
    )
