"""Prepared answers on disk: the plan, a file for every answer, a line for a fault."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dokja.adapters.folders.whole_file import written_beside
from dokja.contest.served.prepared import (
    ANSWERS,
    LINES,
    MEASUREMENTS,
    AnswerPlan,
    Ended,
    MissingAnswer,
    Place,
    Prepared,
)
from dokja.contest.served.values import Answer
from dokja.errors import Conflict, InvalidInput
from dokja.evidence.canonical import canonical_bytes, digest_of, read_as

PLAN, EACH, FAULTS = "plan.json", "each", "faults.jsonl"


class _KeptAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    plan: str
    prompt: str
    team: str
    answer: Answer
    at: str


class AnswerFolder:
    """Keeps the answers to one plan; each file appears whole, by a rename."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def begin(self, plan: AnswerPlan) -> None:
        """Keep the plan. Raises: Conflict where answers to another are kept there."""
        path = self._root / PLAN
        (self._root / EACH).mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() != canonical_bytes(plan):
            raise Conflict(
                f"{self._root} keeps the answers to other prompts, models or rules",
                remedy="give another folder with --out, or what that one began with",
            )
        _write(path, canonical_bytes(plan))

    def kept(self, plan: AnswerPlan) -> dict[Place, Ended]:
        """The answers that are there. Raises: Conflict for one to another plan."""
        found = {}
        for path in sorted((self._root / EACH).glob("*.json")):
            kept = _read(path)
            if kept.plan != plan.digest:
                raise Conflict(
                    f"{path} answers another plan",
                    remedy="remove what was copied into the folder",
                )
            found[kept.prompt, kept.team] = Ended(reply=kept.answer, at=kept.at)
        return found

    def keep(self, plan: AnswerPlan, place: Place, answer: Answer, *, at: str) -> None:
        """Keep an answer."""
        prompt, team = place
        kept = _KeptAnswer(
            plan=plan.digest, prompt=prompt, team=team, answer=answer, at=at
        )
        # Ids are the office's words and may hold what no file name can.
        name = digest_of(place).removeprefix("sha256:")[:32]
        _write(self._root / EACH / f"{name}.json", canonical_bytes(kept))

    def note(self, missing: MissingAnswer) -> None:
        """Keep a fault; what was noted before stays."""
        with (self._root / FAULTS).open("ab") as file:
            file.write(canonical_bytes(missing) + b"\n")

    def publish(self, prepared: Prepared) -> None:
        """Keep what all answers come to."""
        _write(self._root / ANSWERS, prepared.answers_bytes)
        _write(self._root / LINES, prepared.lines_bytes)
        _write(self._root / MEASUREMENTS, prepared.measurements_bytes)


def _read(path: Path) -> _KeptAnswer:
    try:
        plain = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError as error:
        raise InvalidInput(
            f"{path} is not JSON: {error}",
            remedy="remove the file; the model is asked again",
        ) from error
    return read_as(plain, _KeptAnswer, where=str(path))


def _write(path: Path, content: bytes) -> None:
    part = written_beside(path, content)
    try:
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
