"""The one way from an agent's process to the sandbox: a line each way.

What the agent's process asks is a program that a model wrote; it is run within
the walls by this process and never by that one.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dokja.benchmark.programs.ports import ProgramPrinter
from dokja.benchmark.programs.values import ProgramEnd
from dokja.benchmark.written.tools import PROGRAM_LETTERS, TOO_LONG, tool_reply

_LINE_BYTES = 12 * PROGRAM_LETTERS + 1024
"""Of a request: no letter takes more than twelve bytes in JSON."""


@contextmanager
def tool_door(printer: ProgramPrinter) -> Iterator[int]:
    """The descriptor that the agent's process is given; open while it runs."""
    ours, theirs = socket.socketpair()
    serving = threading.Thread(target=_serve, args=(ours, printer), daemon=True)
    serving.start()
    try:
        yield theirs.fileno()
    finally:
        theirs.close()
        serving.join()
        ours.close()


def _serve(ours: socket.socket, printer: ProgramPrinter) -> None:
    with ours.makefile("rwb") as lines:
        while line := lines.readline(_LINE_BYTES):
            if not line.endswith(b"\n"):
                return
            lines.write(json.dumps(_reply(json.loads(line), printer)).encode() + b"\n")
            lines.flush()


def _reply(program: str, printer: ProgramPrinter) -> dict[str, str]:
    """What the model is told, or why nothing could be run."""
    if len(program) > PROGRAM_LETTERS:
        return {"told": TOO_LONG}
    outcome = printer.run_to_print(program)
    if outcome.end is ProgramEnd.NOT_RUN:
        return {"not_run": outcome.fact}
    return {"told": tool_reply(outcome)}
