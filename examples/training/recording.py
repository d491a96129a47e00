"""Records of the example trainings: keys, a witness at work, and what a run is made of.

Every key here is made from a text that everybody can read, so whoever runs these scripts can sign as any
team and as the witness. The records show how recording works; as proof they are worth nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from recipes import Recipe
from safetensors.torch import save_file
from torch import Tensor

from dokja.evidence.canonical import digest_bytes, digest_of
from dokja.recorder import Announcement, Recorder
from dokja.recorder.tensors import copied, named_tensors, tensor_digests
from dokja.training.commitments import Excerpt, list_root

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
    """The run's record while it trains; what an auditor may ask for is kept beside it."""
    keeper = Keeper(recipe.materials(run.name))
    with _open_record(desk, recipe, run) as record:
        yield Watch(record, keeper, steps=run.steps, every=run.every)


def _open_record(desk: Desk, recipe: Recipe, run: Run) -> Recorder:
    folder = record_folder(recipe, run.name)
    if folder.exists():
        raise SystemExit(f"{folder} holds a record; move it away first")
    return Recorder(
        folder,
        team=recipe.id,
        run=run.name,
        key=desk.key,
        witness=desk.address,
        announced=Announcement(
            code=tree_digest(run.program),
            code_changed=False,
            lease=f"{recipe.id}-cpu-1",
            micro_batch=run.batch,
            deterministic=True,
        ),
    )


def record_folder(recipe: Recipe, run: str) -> Path:
    """Where the record of a run stands in the submission."""
    return recipe.path / "training" / "records" / run


def tree_digest(folder: Path) -> str:
    """The digest of a program: name, bytes and size of each of its files."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            data = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            found.append([name, digest_bytes(data), len(data)])
    return digest_of(found)


class Keeper:
    """Keeps what an auditor may ask for: whole states by their roots, and the order of the data."""

    def __init__(self, folder: Path) -> None:
        self._states = folder / "states"
        self._order = folder / "order.jsonl"
        shutil.rmtree(self._states, ignore_errors=True)
        self._states.mkdir(parents=True)
        self._order.unlink(missing_ok=True)

    def step(self, number: int, excerpts: list[Excerpt]) -> None:
        """Nothing; adds where the step's rows were read from."""
        line = json.dumps({"step": number, "excerpts": excerpts}, separators=(",", ":"))
        with self._order.open("a", encoding="utf-8") as out:
            out.write(line + "\n")

    def state(self, state: Mapping[str, Any]) -> None:
        """Nothing; writes the tensors under the root that the record gives them."""
        tensors = copied(named_tensors(state))
        root = list_root(tensor_digests(tensors)).removeprefix("sha256:")
        save_file(tensors, self._states / f"{root}.safetensors")


class Watch:
    """One run as the record and the keeper see it, step after step."""

    def __init__(
        self, record: Recorder, keeper: Keeper, *, steps: int, every: int
    ) -> None:
        self.record = record
        self._keeper, self._steps, self._every = keeper, steps, every

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
        self._keeper.step(seen.number, seen.excerpts)

    def checkpoint(self, number: int, state: Mapping[str, Any]) -> None:
        """Nothing; records the state and keeps it."""
        self.record.checkpoint(number, state)
        self._keeper.state(state)


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
