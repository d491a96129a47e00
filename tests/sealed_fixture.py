"""A small submission and its seal, made by the product's own acts."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors.numpy import save_file

from dokja.adapters.signing import Ed25519Signer, P256Signer
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.statement import Envelope, Signer, payload_of, sign_statement
from dokja.evidence.values import CheckResult
from dokja.settings import read_settings
from dokja.submission.team_seal import SealVerification
from dokja.training.tree_heads import signed_head
from dokja.training.values import TreeHead
from dokja.wiring.sealing import (
    CheckRequest,
    SealRequest,
    check_own,
    seal_own,
    write_seal,
)
from tests.key_files import write_keys, write_model_keys

WEIGHTS = "text_decoder/model.safetensors"
IN_TOTO = "application/vnd.in-toto+json"
TEAM = "t1"
DECLARATION = """\
team = "t1"
stage = "stage-1"
model = "t1-1"
licence = "Apache-2.0"
individual_suites = []

[name]
ko = "작은 모델"
en = "A small model"

[[components]]
kind = "text_decoder"
path = "text_decoder"
weight_state = "initialised"
origin = ""
licence = "apache 2.0"

[[claims]]
id = "from-scratch"
text = { ko = "처음부터 학습했습니다.", en = "Trained from scratch." }

[training]
recipe = "training/recipe.json"
data = "training/data.json"
loss = "training/loss.csv"

[[training.records]]
component = "text_decoder"
path = "record"
key = "sha256:0"
"""


@dataclass(frozen=True)
class SealedFolder:
    """A folder that its team sealed, and the keys it did so with."""

    root: Path
    keys: Path

    @property
    def key(self) -> Ed25519Signer:
        """The team's own key."""
        return Ed25519Signer.from_pem(self.keys / "team.pem")

    @property
    def model_key(self) -> P256Signer:
        """The key of its model signature."""
        return P256Signer.from_pem(self.keys / "model.pem")

    def check(self, key: str | None = "team.pub.pem") -> SealVerification:
        """What holds of the folder now, by the key that was registered."""
        registered = None if key is None else self.keys / key
        request = CheckRequest(folder=self.root, key=registered)
        return check_own(request, settings=read_settings({}))

    def resign(self, name: str, change: Any, signer: Signer | None = None) -> None:
        """Let the team itself sign a seal that was changed by hand."""
        mine = self.key if name == "dokja-manifest.json" else self.model_key
        file = self.root / name
        outer = msgspec.json.decode(file.read_bytes())
        envelope = outer.get("dsseEnvelope", outer)
        said = msgspec.json.decode(payload_of(msgspec.convert(envelope, Envelope)))
        change(said)
        signed = sign_statement(
            canonical_bytes(said), payload_type=IN_TOTO, signer=signer or mine
        )
        envelope.update(msgspec.to_builtins(signed))
        file.write_bytes(canonical_bytes(outer))


Change = Callable[[SealedFolder], object]
"""Something done to a folder after it was sealed."""


def make_folder(root: Path) -> Path:
    """A submission that can be sealed, with the last head of a training record."""
    for name in ("text_decoder", "training", "record/heads"):
        (root / name).mkdir(parents=True)
    (root / "submission.toml").write_text(DECLARATION, encoding="utf-8")
    tensors: dict[str, np.ndarray[Any, Any]] = {
        "embed": np.arange(12, dtype=np.float32).reshape(4, 3),
        "empty": np.zeros((0, 3), dtype=np.float32),
        "head": np.arange(6, dtype=np.float16),
    }
    save_file(tensors, root / "text_decoder/model.safetensors")
    for name in ("text_decoder/config.json", "training/recipe.json"):
        (root / name).write_text("{}")
    (root / "training/data.json").write_text("[]")
    (root / "training/loss.csv").write_text("")
    (root / "record/log.jsonl").write_text("{}\n")
    signer = Ed25519Signer.from_seed(b"\1" * 32)
    for size in (1, 7):
        head = TreeHead(origin="t1/run", size=size, root=bytes([size]) * 32)
        note = root / f"record/heads/{size:012d}.note"
        note.write_text(signed_head(head, signer), encoding="utf-8")
    return root


def sealed_folder(place: Path) -> SealedFolder:
    """The same, sealed with both keys."""
    keys = place / "keys"
    keys.mkdir()
    write_keys(keys, "team")
    write_keys(keys, "other")
    write_model_keys(keys, "model")
    folder = SealedFolder(make_folder(place / "sealed"), keys)
    request = SealRequest(
        folder=folder.root, key=keys / "team.pem", model_key=keys / "model.pem"
    )
    write_seal(seal_own(request, settings=read_settings({})), request)
    return folder


def flipped(name: str, place: int) -> Change:
    """A bit of the file at that place turned over."""

    def change(folder: SealedFolder) -> None:
        data = bytearray((folder.root / name).read_bytes())
        data[place] ^= 1
        (folder.root / name).write_bytes(data)

    return change


def written(name: str, data: bytes | str = b"") -> Change:
    """The file with those bytes, whether it was there or not."""

    def change(folder: SealedFolder) -> None:
        place = folder.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data if isinstance(data, bytes) else data.encode())

    return change


def replaced(name: str, old: str, new: str) -> Change:
    """The first such text of the file replaced."""

    def change(folder: SealedFolder) -> None:
        text = (folder.root / name).read_text(encoding="utf-8")
        assert old in text
        (folder.root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def renamed(name: str, other: str) -> Change:
    """The file under another name."""
    return lambda folder: (folder.root / name).rename(folder.root / other)


def truncated(name: str, size: int) -> Change:
    """The file cut off after that many bytes."""
    return lambda folder: os.truncate(folder.root / name, size)


def failed_checks(folder: SealedFolder) -> set[str]:
    """Ids of the checks that fail now."""
    checks = folder.check().checks
    return {check.id for check in checks if check.result is CheckResult.FAIL}
