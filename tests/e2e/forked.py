"""The command line in a process of its own, forked from one that has imported it.

A start costs a second of processor time, nearly all of it the same imports. Nothing
has run in the process that is forked but those imports.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

IMPORTED = (
    "tests.e2e.forked",
    "dokja.cli",
    "dokja.report",
    "dokja.wiring.contests",
    "dokja.wiring.indices",
    "dokja.wiring.licences",
    "dokja.wiring.runs",
    "dokja.wiring.stages",
    "dokja.wiring.suites",
    "rich.console",
    "rich.progress",
    "rich.table",
)
_MACHINES = multiprocessing.get_context("forkserver")
_MACHINES.set_forkserver_preload(list(IMPORTED))


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], *, seconds: float
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the ended command.

    Raises: TimeoutError.
    """
    with TemporaryDirectory(prefix="dokja-forked-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        told = (list(arguments), dict(environment), str(Path.cwd()), (out, err))
        process = _MACHINES.Process(target=_main, args=told)
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"dokja {' '.join(arguments)}")
        return process.exitcode, out.read_text("utf-8"), err.read_text("utf-8")


def _main(
    arguments: list[str],
    environment: dict[str, str],
    place: str,
    said: tuple[Path, Path],
) -> None:
    """Ends as `dokja` does."""
    for number, path in enumerate(said, start=1):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(place)
    sys.argv = ["dokja", *arguments]
    from dokja.cli import main

    main()
