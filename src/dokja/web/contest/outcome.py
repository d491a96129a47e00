"""Pages of what came of the votes: nothing before the teams were revealed."""

from __future__ import annotations

from dokja.web.pages import Room

room = Room()
