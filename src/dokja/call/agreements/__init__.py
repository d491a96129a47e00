"""Agreements with selected teams: their cost share, what they owe, and until when."""

from dokja.call.agreements.agree import (
    amend_agreement,
    draft_agreement,
    settle_obligation,
    step_agreement,
    withdraw_bid,
)
from dokja.call.agreements.state import agreement_file
from dokja.call.agreements.terms import cost_share, terms_of

__all__ = [
    "agreement_file",
    "amend_agreement",
    "cost_share",
    "draft_agreement",
    "settle_obligation",
    "step_agreement",
    "terms_of",
    "withdraw_bid",
]
