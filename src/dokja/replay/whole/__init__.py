"""A whole programme as a replay: published facts put to the acts of every stage.

Not a table: calls, schedule, GPUs, money, the decision and what followed are made
again in a record in memory, and each step says whether it is reproduced, differs from
a rule, or stays unknown because nobody published what the act needs.
"""

from dokja.replay.whole.programme import replay_programme
from dokja.replay.whole.reading import read_programme
from dokja.replay.whole.results import Step, StepResult, WholeReplay
from dokja.replay.whole.values import History

__all__ = [
    "History",
    "Step",
    "StepResult",
    "WholeReplay",
    "read_programme",
    "replay_programme",
]
