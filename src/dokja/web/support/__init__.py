"""The room of support: what teams were promised, what came, and what is owed."""

from dokja.web.pages import Room
from dokja.web.support import (
    allocation_page,
    data_page,
    fairness_page,
    money_pages,
    overview_page,
    pool_page,
)

support = Room.joined(
    overview_page.room,
    pool_page.room,
    allocation_page.room,
    fairness_page.room,
    data_page.room,
    money_pages.room,
)

__all__ = ["support"]
