"""The room of invited users: every model under a blind label, one ballot each."""

from dokja.web.trials.pages import trials

__all__ = ["trials"]
