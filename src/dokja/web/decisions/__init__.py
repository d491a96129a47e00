"""What follows a decision: objections, confirmation, empty places, who goes on."""

from dokja.web.decisions.acts import DECISION_ACTS
from dokja.web.decisions.pages import decisions

__all__ = ["DECISION_ACTS", "decisions"]
