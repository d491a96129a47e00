"""A real `dokja serve`, started, watched, killed and started again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.web.prepared import PROGRAMME, STAGE

DOKJA = Path(sys.executable).with_name("dokja")
READY_WITHIN = 120.0
PAUSE = 0.05


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Served:
    """The server over all its lives."""

    command: list[str]
    environment: Mapping[str, str]
    port: int
    peak_bytes: int = 0
    starts: list[float] = field(default_factory=list)
    """Seconds from each start to the first connection."""
    _process: psutil.Popen | None = None
    _cpu_before: float = 0.0
    _cpu_of_life: float = 0.0

    @property
    def cpu(self) -> float:
        """Processor seconds of all lives, up to the last look."""
        return self._cpu_before + self._cpu_of_life

    def start(self) -> None:
        """Start it, and wait until it answers. Raises: RuntimeError."""
        started = time.monotonic()
        self._process = psutil.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
        )
        while not _answers(self.port):
            if self._process.poll() is not None:
                raise RuntimeError("the server ended before it answered")
            if time.monotonic() - started > READY_WITHIN:
                raise RuntimeError("the server does not answer")
            time.sleep(PAUSE)
        self.starts.append(time.monotonic() - started)

    def look(self) -> None:
        """Note what it has used so far."""
        if self._process is not None and self._process.poll() is None:
            self.peak_bytes = max(self.peak_bytes, self._process.memory_info().rss)
            used = self._process.cpu_times()
            self._cpu_of_life = used.user + used.system

    def kill(self) -> None:
        """SIGKILL: it gets no chance to finish anything."""
        assert self._process is not None
        self.look()
        self._process.kill()
        self._process.wait()
        self._cpu_before += self._cpu_of_life
        self._cpu_of_life = 0.0


def dokja_serve(work: Path, environment: Mapping[str, str]) -> Served:
    """The office under `work`, not started yet."""
    port = free_port()
    options = ["--work", str(work), "--port", str(port)]
    return Served([str(DOKJA), "serve", PROGRAMME, STAGE, *options], environment, port)


def _answers(port: int) -> bool:
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


def bare_page() -> Served:
    """A FastAPI page that returns a constant, not started yet."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.web.limit", "bare", str(port)]
    return Served(command, {}, port)
