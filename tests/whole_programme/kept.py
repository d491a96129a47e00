"""What processes that were killed had sent, held against what the record keeps.

Every batch of acts that goes on record together bears a mark of its own: the reason of
its mandate. So whoever files (a process here, a browser elsewhere) needs to remember
marks alone, and the record is read past the product.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from tests.whole_programme.record_checks import violations
from tests.whole_programme.rows import Record, Row


class Fate(StrEnum):
    """What whoever sent a batch was told of it."""

    UNANSWERED = "unanswered"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


class Sent(NamedTuple):
    """One batch as its sender knows it."""

    mark: str
    size: int
    """Acts that stand together or not at all."""
    fate: Fate


class Diary:
    """What one process sends, written past every buffer before it is sent."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, mark: str, size: int, fate: Fate) -> None:
        """A line that a killed process leaves behind."""
        os.write(self._file, json.dumps([mark, size, fate.value]).encode() + b"\n")


def read_diaries(paths: Iterable[Path]) -> list[Sent]:
    """Every batch with the last that its sender knew of it."""
    found: dict[str, Sent] = {}
    for path in paths:
        for line in path.read_text().splitlines():
            mark, size, fate = json.loads(line)
            found[mark] = Sent(mark, size, Fate(fate))
    return list(found.values())


@dataclass(frozen=True)
class Kept:
    """How record and senders agree."""

    acknowledged: int
    refused: int
    unanswered: int
    """Batches whose sender died before it heard."""
    unanswered_kept: int
    wrong: tuple[str, ...]
    """What was lost, halved, doubled, invented, or breaks an invariant."""


def compare(record: Record, sent: Iterable[Sent]) -> Kept:
    """The record beside what was sent. Acts without a mark are none of the senders'."""
    batches = {each.mark: each for each in sent}
    found: dict[str, list[Row]] = defaultdict(list)
    for mark, row in record.marked():
        found[mark].append(row)
    fates = Counter(b.fate for b in batches.values())
    open_ones = [b for b in batches.values() if b.fate is Fate.UNANSWERED]
    return Kept(
        acknowledged=fates[Fate.ACKNOWLEDGED],
        refused=fates[Fate.REFUSED],
        unanswered=len(open_ones),
        unanswered_kept=sum(b.mark in found for b in open_ones),
        wrong=(
            *_wrong(batches, found),
            *_gaps(record),
            *(said for each in violations(record).values() for said in each),
        ),
    )


def _wrong(batches: dict[str, Sent], found: dict[str, list[Row]]) -> Iterator[str]:
    for mark, each in batches.items():
        count = len(found.get(mark, ()))
        if each.fate is Fate.ACKNOWLEDGED and count == 0:
            yield f"{mark} was acknowledged and is lost"
        elif each.fate is Fate.REFUSED and count:
            yield f"{mark} was refused and is there"
        elif 0 < count < each.size:
            yield f"{mark} is there by half: {count} of {each.size} acts"
        elif count > each.size:
            yield f"{mark} is there {count} times, it has {each.size} acts"
    for mark in found.keys() - batches.keys():
        yield f"{mark} was sent by nobody"


def _gaps(record: Record) -> Iterator[str]:
    """Numbers of matters that are missing or taken twice."""
    numbers: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row in record.rows:
        matter, _, number = row.subject.rpartition("/")
        if "mandate" in row.body:
            numbers[row.stage, row.kind, matter].append(int(number))
    for name, given in numbers.items():
        if given != list(range(1, len(given) + 1)):
            yield f"{name} is numbered {given}"
