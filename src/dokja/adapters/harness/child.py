"""Programs of ours that run a stranger's model in a process of their own."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from typing import IO

_TAIL_BYTES = 2000
_PARTING_SECONDS = 10


def last_words(process: subprocess.Popen[bytes], errors: IO[bytes]) -> list[str]:
    """The last lines that the program wrote before it ended; one at least."""
    code = process.wait()
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - _TAIL_BYTES))
    said = errors.read().decode(errors="replace").strip().splitlines()
    return said or [f"it ended with {code}"]


def end_child(process: subprocess.Popen[bytes]) -> None:
    """Nothing; the program ends, if need be by force."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    try:
        process.wait(timeout=_PARTING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
