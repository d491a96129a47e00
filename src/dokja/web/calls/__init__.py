"""The calls of the programme, to the public, to applicants and to the office."""

from dokja.web.calls.acts import CALL_ACTS
from dokja.web.calls.pages import calls

__all__ = ["CALL_ACTS", "calls"]
