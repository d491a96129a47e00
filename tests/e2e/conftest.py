"""The command line as a user runs it, and one demo that several tests read."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, sync_playwright

from dokja.cli import commands
from tests.e2e.forked import run_forked

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DOKJA = Path(sys.executable).with_name("dokja")


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


def dokja(*arguments: object, **environment: str) -> Ran:
    """The ended command, run in a process of its own."""
    told = list(map(str, arguments))
    if environment:
        return _started(told, environment)
    return Ran(*run_forked(told, os.environ, seconds=900))


def prepared(*arguments: object) -> None:
    """Nothing; the command has ended well, in this very process.

    For set-ups that measure: what measures takes five seconds to import.
    """
    ran = CliRunner().invoke(commands, list(map(str, arguments)))
    assert ran.exit_code == 0, ran.output


def _started(arguments: list[str], environment: Mapping[str, str]) -> Ran:
    """The ended command, started afresh: what it imports may read the environment."""
    done = subprocess.run(
        [str(DOKJA), *arguments],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, **environment},
    )
    return Ran(code=done.returncode, out=done.stdout, err=done.stderr)


def copy_examples(place: Path) -> Path:
    """A copy of programme, models and references that a test may damage."""
    for name in ("programme", "models", "references"):
        shutil.copytree(ROOT / "examples" / name, place / name)
    return place


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, Ran]:
    """The bundle of one demo run with two workers, and what the run printed.

    Made once for all processes of a test run; no test may change it.
    """
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "demo"
    place.mkdir(exist_ok=True)
    out, printed = place / "bundle", place / "ran.json"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.is_file():
            ran = dokja("demo", "--out", out, "--workers", 2)
            assert ran.code == 0, ran.err
            printed.write_text(json.dumps(asdict(ran)), encoding="utf-8")
    return out, Ran(**json.loads(printed.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium from the system; it must be there in CI.

    Of one module only: while it is open, Playwright keeps an event loop running in
    this thread, in which no other test of the worker could start one.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must install Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine; CI runs this test")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=sandbox)
        yield browser
        browser.close()
