"""Published stages as test cases.

What was announced is put in as data, what was not stays unknown, and the
decision is taken again under the rulebook. Unknown scores are drawn in memory
under role labels, never for a named team, only to show that the decision does
not hang on them.
"""

from dokja.replay.published import read_published
from dokja.replay.published_pair import pair_verdict
from dokja.replay.results import Counterfactual, Fact, Outcome, ReplayReport
from dokja.replay.stage import replay_stage
from dokja.replay.values import PublishedStage

__all__ = [
    "Counterfactual",
    "Fact",
    "Outcome",
    "PublishedStage",
    "ReplayReport",
    "pair_verdict",
    "read_published",
    "replay_stage",
]
