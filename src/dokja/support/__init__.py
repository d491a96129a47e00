"""What teams are given: GPUs, data, talent grants, and the money behind them.

Allocations are proposed by `dokja.support.allocation`, which needs the solver.
"""

from dokja.support.fairness import FairnessRequest, compare_support
from dokja.support.overview import SupportActs, of_team, support_overview
from dokja.support.requests import SupportRequest, next_acts
from dokja.support.terms import Terms, terms_of

__all__ = [
    "FairnessRequest",
    "SupportActs",
    "SupportRequest",
    "Terms",
    "compare_support",
    "next_acts",
    "of_team",
    "support_overview",
    "terms_of",
]
