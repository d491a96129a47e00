"""The promise register: what each team promised, and what was found of it."""

from dokja.web.commitments.acts import COMMITMENT_ACTS
from dokja.web.commitments.pages import commitments

__all__ = ["COMMITMENT_ACTS", "commitments"]
