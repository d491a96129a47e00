"""The public contest: two answers side by side, and what became of the votes."""

from dokja.web.contest.outcome import room as _outcome
from dokja.web.contest.voting import room as _voting
from dokja.web.pages import Room

contest = Room.joined(_voting, _outcome)

__all__ = ["contest"]
