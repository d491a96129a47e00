"""The office's console: the stage at a glance."""

from dokja.web.office.pages import office

__all__ = ["office"]
