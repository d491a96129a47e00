"""A stage from freeze to decision, and the same decision from the record alone."""

from dokja.stage.acts import outcome_acts, read_evidence, read_outcome
from dokja.stage.derive import derive_outcome
from dokja.stage.inputs import StageInputs, StageTexts, read_stage
from dokja.stage.run import run_stage
from dokja.stage.values import StageEvidence, StageOutcome, StageRecord

__all__ = [
    "StageEvidence",
    "StageInputs",
    "StageOutcome",
    "StageRecord",
    "StageTexts",
    "derive_outcome",
    "outcome_acts",
    "read_evidence",
    "read_outcome",
    "read_stage",
    "run_stage",
]
