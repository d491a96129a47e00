"""The first room: where the programme stands, and its rules."""

from dokja.web.home.pages import home

__all__ = ["home"]
