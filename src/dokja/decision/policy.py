"""The refusal to decide where the rulebook is silent."""

from dokja.errors import NotAllowed


class PolicyMissing(NotAllowed):
    """The case has been reached and no rule covers it."""
