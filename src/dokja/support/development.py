"""When teams may develop, as the book and the stage's deadline say it."""

from __future__ import annotations

from datetime import datetime

from dokja.support.fairness import DevelopmentTime, FairnessRequest
from dokja.support.gpu.book import GpuBook
from dokja.support.values import Window


def development_times(
    book: GpuBook, *, stage: str, deadline: datetime
) -> FairnessRequest | None:
    """From the first GPU each team was promised to the deadline of the stage.

    None where no team was promised any before it. Whoever knows when a team's
    agreement began names that day instead.
    """
    first: dict[str, datetime] = {}
    for share in book.shares:
        begins = share.window.begins
        first[share.team] = min(first.get(share.team, begins), begins)
    teams = tuple(
        DevelopmentTime(team=team, window=Window(begins=begins, ends=deadline))
        for team, begins in sorted(first.items())
        if begins < deadline
    )
    return FairnessRequest(stage=stage, teams=teams) if teams else None
