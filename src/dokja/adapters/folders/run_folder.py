"""A run on disk: its plan, a file for every shard, a file for every attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from dokja.adapters.folders.whole_file import written_beside
from dokja.benchmark.runs.values import Attempt, RunPlan, Shard
from dokja.benchmark.values import SampleRecord
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_bytes, read_as

PLAN = "plan.json"
SHARDS = "shards"
ATTEMPTS = "attempts"
Body = TypeVar("Body")


class _KeptShard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    shard: Shard
    plan: str
    """Digest of the plan's bytes, so that no other run's records slip in."""
    records: tuple[SampleRecord, ...]


class RunFolder:
    """Keeps one run; implements `benchmark.runs.ports.RunStore`.

    Every file appears whole, by a rename: a process killed at any moment
    leaves the file as it was or as it was to be.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def root(self) -> Path:
        """The folder."""
        return self._root

    def begin(self, plan: RunPlan) -> None:
        """Keep the plan. Raises: Conflict where another run is kept there."""
        for name in (SHARDS, ATTEMPTS):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        path = self._root / PLAN
        if path.exists() and path.read_bytes() != canonical_bytes(plan):
            differing = ", ".join(_differing(_read(path, RunPlan), plan))
            raise Conflict(
                f"{self._root} keeps another run: {differing} differ",
                remedy="give another folder with --out, or run what that one began",
            )
        _write(path, canonical_bytes(plan))

    def plan(self) -> RunPlan:
        """The plan that is kept. Raises: Unavailable where there is none."""
        path = self._root / PLAN
        if not path.is_file():
            raise Unavailable(
                f"{self._root} keeps no run",
                remedy="give a folder that `dokja benchmark run` made",
            )
        return _read(path, RunPlan)

    def records(self) -> Mapping[Shard, tuple[SampleRecord, ...]]:
        """The records of every shard that is kept."""
        digest = self._plan_digest()
        found = {}
        for path in sorted((self._root / SHARDS).glob("*.json")):
            kept = _read(path, _KeptShard)
            if kept.plan != digest:
                raise Conflict(
                    f"{path} belongs to another run",
                    remedy="remove what was copied into the folder of this run",
                )
            found[kept.shard] = kept.records
        return found

    def keep(self, shard: Shard, records: Sequence[SampleRecord]) -> None:
        """Keep a shard's records in place of earlier ones."""
        kept = _KeptShard(shard=shard, plan=self._plan_digest(), records=tuple(records))
        _write(self._root / SHARDS / f"{shard.name}.json", canonical_bytes(kept))

    def attempts(self) -> tuple[Attempt, ...]:
        """Attempts at this run by number."""
        paths = sorted((self._root / ATTEMPTS).glob("*.json"))
        return tuple(_read(path, Attempt) for path in paths)

    def note(self, attempt: Attempt) -> None:
        """Keep how an attempt stands, in place of what was noted of it before."""
        path = self._root / ATTEMPTS / f"{attempt.number:04d}.json"
        _write(path, canonical_bytes(attempt))

    def beside(self, subject: str) -> tuple[RunFolder, ...]:
        """The runs of a subject that are kept beside this one, and this one."""
        found = [
            RunFolder(path.parent)
            for path in sorted(self._root.parent.glob(f"*/{PLAN}"))
        ]
        return tuple(folder for folder in found if folder.plan().subject == subject)

    def publish(self, files: Mapping[str, bytes]) -> None:
        """Keep what a run that ended comes to."""
        for name, content in files.items():
            _write(self._root / name, content)

    def published(self, names: Sequence[str]) -> dict[str, Any]:
        """What was published under these names, as builtins.

        Raises: Unavailable where the run has not ended.
        """
        missing = [name for name in names if not (self._root / name).is_file()]
        if missing:
            raise Unavailable(
                f"{self._root} holds no finished run: {missing[0]} is missing",
                remedy="give a folder in which `dokja benchmark run` has ended; one "
                "that was stopped goes on with the same command",
            )
        return {name: _decoded(self._root / name) for name in names}

    def _plan_digest(self) -> str:
        return digest_bytes((self._root / PLAN).read_bytes())


def _differing(kept: RunPlan, wanted: RunPlan) -> list[str]:
    return [
        name
        for name in RunPlan.__struct_fields__
        if getattr(kept, name) != getattr(wanted, name)
    ]


def _read(path: Path, kind: type[Body]) -> Body:
    return read_as(_decoded(path), kind, where=str(path))


def _decoded(path: Path) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError as error:
        raise InvalidInput(
            f"{path} is not JSON: {error}",
            remedy="remove the file; what it held is measured again",
        ) from error


def _write(path: Path, content: bytes) -> None:
    part = written_beside(path, content)
    try:
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
