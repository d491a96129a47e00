"""The team's window on its stage."""

from dokja.web.team.pages import team

__all__ = ["team"]
