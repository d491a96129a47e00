"""Records of the example trainings: keys, a witness at work, and what a run is made of.

Every key here is made from a text that everybody can read, so whoever runs these scripts can sign as any
team and as the witness. The records show how recording works; as proof they are worth nothing.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from recipes import Recipe
from torch import Tensor

from dokja.adapters.records.materials_folder import ORDER, STATES, program_digest
from dokja.adapters.signing import Ed25519Verifier
from dokja.recorder import Announcement, Recorder
from dokja.training.commitments import Excerpt

WITNESS = "witness"
STARTS_WITHIN = 60.0


def example_key(name: str) -> Ed25519PrivateKey:
    """The key everybody can make from the name."""
    text = f"dokja example {name}: a published seed, worthless as proof"
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(text.encode()).digest())


def public_pem(name: str) -> str:
    """The public half of an example key."""
    return (
        example_key(name)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def key_id(name: str) -> str:
    """The digest of the public half, by which a manifest names it."""
    return Ed25519Verifier.from_pem_text(public_pem(name)).key_id


def write_keys(folder: Path, name: str) -> Path:
    """The file of the private key; NAME.pub.pem stands beside it."""
    private = folder / f"{name}.pem"
    private.write_bytes(
        example_key(name).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    (folder / f"{name}.pub.pem").write_text(public_pem(name), encoding="ascii")
    return private


@dataclass(frozen=True)
class Desk:
    """A witness that answers, and the team's key it knows."""

    address: str
    key: Path


@contextmanager
def witnessing(team: str) -> Iterator[Desk]:
    """A witness in a process of its own for as long as the team trains."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, witness = write_keys(folder, team), write_keys(folder, WITNESS)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [str(Path(sys.executable).with_name("dokja")), "training", "witness"]
        command += ["--work", str(folder / "work"), "--key", str(witness), "--new"]
        command += ["--team", f"{team}={folder / team}.pub.pem", "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        try:
            _wait_for(port, process)
            yield Desk(f"http://127.0.0.1:{port}", key)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the witness did not start")


@dataclass(frozen=True)
class Run:
    """One training of a team: its name, its length and the code that does it."""

    name: str
    steps: int
    batch: int
    every: int
    """Steps between two checkpoints."""
    program: Path


@contextmanager
def watched(desk: Desk, recipe: Recipe, run: Run) -> Iterator[Watch]:
    """The run's record while it trains, in the place of an older one.

    What an auditor may ask for is kept beside it.
    """
    folder = record_folder(recipe, run.name)
    materials = recipe.materials(run.name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(materials / STATES, ignore_errors=True)
    (materials / ORDER).unlink(missing_ok=True)
    announced = Announcement(
        code=program_digest(run.program),
        code_changed=False,
        lease=f"{recipe.id}-cpu-1",
        micro_batch=run.batch,
        deterministic=True,
    )
    with Recorder(
        folder,
        team=recipe.id,
        run=run.name,
        key=desk.key,
        witness=desk.address,
        announced=announced,
    ) as record:
        record.keep_materials(materials)
        yield Watch(record, steps=run.steps, every=run.every)


def record_folder(recipe: Recipe, run: str) -> Path:
    """Where the record of a run stands in the submission."""
    return recipe.path / "training" / "records" / run


class Watch:
    """One run as its record sees it, step after step."""

    def __init__(self, record: Recorder, *, steps: int, every: int) -> None:
        self.record = record
        self._steps, self._every = steps, every

    def is_due(self, number: int) -> bool:
        """Whether the state after the step is a checkpoint."""
        return number == self._steps or number % self._every == 0

    def is_last(self, number: int) -> bool:
        """Whether training ends with the step."""
        return number == self._steps

    def step(self, seen: Seen) -> None:
        """Nothing; records the step."""
        self.record.step(
            seen.number,
            loss=seen.loss,
            tokens=seen.tokens,
            lr=seen.rate,
            batch=seen.excerpts,
            extra={"grad_norm": seen.norm},
        )


@dataclass(frozen=True)
class Seen:
    """A step that was taken."""

    number: int
    loss: Tensor
    tokens: int
    """Read so far: as many as the excerpts hold."""
    rate: float
    excerpts: list[Excerpt]
    norm: Tensor | None = None
