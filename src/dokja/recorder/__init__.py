"""The third door: what a team's training loop calls. Needs no torch of its own.

    from dokja.recorder import Recorder

    with Recorder("record", team="alpha", run="run-1", key="team.pem") as record:
        record.begin(model, optimizer, recipe="normal 0.02")
        for step, batch in enumerate(batches, start=1):
            ...
            record.step(step, loss=loss)

Once training has begun nothing here raises: what could not be kept leaves a gap.
"""

from dokja.recorder.descriptions import Announcement
from dokja.recorder.recorder import Recorder
from dokja.wiring.recording import code_digest

__all__ = ["Announcement", "Recorder", "code_digest"]
