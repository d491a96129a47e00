"""The web: one of the doors. Pages parse, call one act and render."""

from dokja.web.app import make_app

__all__ = ["make_app"]
