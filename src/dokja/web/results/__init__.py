"""The room of what was published: verified here, and to be verified by anyone."""

from dokja.web.results.pages import results

__all__ = ["results"]
