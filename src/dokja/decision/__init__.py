"""The decision of a stage: rank cut, gates, vacancy, objection window."""

from dokja.decision.decide import decide_stage
from dokja.decision.policy import PolicyMissing
from dokja.decision.values import StageDecision, TeamFacts, TeamStatus

__all__ = [
    "PolicyMissing",
    "StageDecision",
    "TeamFacts",
    "TeamStatus",
    "decide_stage",
]
