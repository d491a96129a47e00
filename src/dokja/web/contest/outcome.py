"""Pages of what came of the votes: nothing before the teams were revealed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dokja.evidence.values import Text
from dokja.web.contest.rating_view import WaitingView, rating_view
from dokja.web.contest.voting import keeper_of
from dokja.web.contest.words import PHASES
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.wiring.contest_closing import (
    citizens_of,
    outcome_of,
    published_votes_of,
    revealed,
)

room = Room()
TITLE = Text(ko="국민 참여 평가 결과", en="Result of the public contest")


@room.page("/contest/rating")
def rating(visit: Visitor) -> Page:
    """The rating with everything it hangs on; before, that there is none."""
    keeper = keeper_of(visit)
    found, secret = outcome_of(keeper), revealed(keeper)
    opened = keeper.opened
    if found is None or secret is None or opened is None:
        phase = keeper.phase
        waiting = WaitingView(phase=phase, phase_name=PHASES[phase])
        return Page(template="contest/not_yet.html", title=TITLE, view=waiting)
    view = rating_view(
        keeper.plan,
        found,
        opened,
        secret,
        has_votes=published_votes_of(keeper) is not None,
        citizens=citizens_of(keeper),
    )
    return Page(template="contest/rating.html", title=TITLE, view=view)


@room.router.get("/contest/votes.csv")
def votes(visit: Visitor) -> Response:
    """The published votes, for anyone to rate them again."""
    found = published_votes_of(keeper_of(visit))
    if found is None:
        raise HTTPException(404)
    return Response(
        found,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="votes.csv"'},
    )
