"""Starts `inside.py` in new namespaces, which builds the walls and then obeys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

READY = b"ready\n"
TOLD_BYTES = 16_384
"""Of what a program tells that are read: less than a pipe holds, so none waits."""
_HERE = Path(__file__).parent
_TOOLS = ("unshare", "timeout")
_NAMESPACES = ("--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child")
_USER = ("--user", "--map-root-user")
_ORDERS: Mapping[str, object] = {
    "shown": (),
    "placed": {},
    "writable": "",
    "starts_in": "/empty",
    "output": "",
    "environment": {},
}


def missing_tools() -> str:
    """What no wall can be built for the lack of; empty where all is there."""
    absent = [name for name in _TOOLS if shutil.which(name) is None]
    if sys.platform != "linux":
        absent = [sys.platform]
    return f"no sandbox: {', '.join(absent)} is not there" if absent else ""


def begin_within(
    orders: Mapping[str, object], *, wall_seconds: int
) -> subprocess.Popen[bytes]:
    """The process behind the walls; it writes `ready` once they stand.

    Raises: OSError where it cannot even be started.
    """
    unshare, timeout = (str(shutil.which(name)) for name in _TOOLS)
    with tempfile.TemporaryFile() as told:
        told.write(json.dumps({**_ORDERS, **orders}).encode())
        told.seek(0)
        return subprocess.Popen(
            # `timeout` ends the program even where this process is killed.
            [
                *(timeout, "--signal=KILL", str(wall_seconds)),
                *(unshare, *_NAMESPACES, *(() if os.geteuid() == 0 else _USER)),
                *(interpreter(), "-I", "-S", "-B", "-c", text_beside("inside.py")),
            ],
            stdin=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
            cwd="/",
            start_new_session=True,
        )


def reason_of(process: subprocess.Popen[bytes]) -> str:
    """Why no wall stands, in the kernel's own words, once the process has ended."""
    assert process.stderr is not None
    reason = read_some(process.stderr.fileno()).decode(errors="replace").strip()
    last = reason.splitlines()[-1] if reason else f"ended {process.returncode}"
    return f"no sandbox: {last}"


def read_some(descriptor: int) -> bytes:
    """What lies in a pipe, up to a bound, without waiting for more."""
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, TOLD_BYTES)
    except BlockingIOError:
        return b""


def interpreter() -> str:
    """The interpreter itself, behind every link and virtual environment."""
    return os.path.realpath(sys.executable)


def folders_of(*prefixes: str) -> list[str]:
    """Folders of an interpreter that the machine's own programs do not hold."""
    places = {os.path.realpath(prefix) for prefix in prefixes}
    return sorted(place for place in places if not f"{place}/".startswith("/usr/"))


def text_beside(name: str) -> str:
    """Text of a file that runs on its own."""
    return (_HERE / name).read_text(encoding="utf-8")
