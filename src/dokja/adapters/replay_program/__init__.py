"""The team's own program, asked to do again what its record says it did.

`<command> init|train|loss FOLDER`: the folder holds `jobs.json` and a folder a job
with `state.safetensors` and `batches.safetensors`; the program writes
`out.safetensors` and `losses.json` there.
"""

from dokja.adapters.replay_program.job_folder import described, ragged
from dokja.adapters.replay_program.replay_program import ReplayProgram, Walls

__all__ = ["ReplayProgram", "Walls", "described", "ragged"]
