"""The record as rows: read with SQL and JSON alone, past the product's own reading.

What checks the product must not trust it: nothing here imports `dokja`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

ALL = sa.text(
    "SELECT sequence, programme, stage, kind, subject, at, canonical FROM acts "
    "ORDER BY sequence"
)
HOW_MANY = sa.text("SELECT count(*), coalesce(max(sequence), 0) FROM acts")
Body = dict[str, Any]


class Row(NamedTuple):
    """One act as it is filed."""

    place: int
    """Where it stands in the record, from 1."""
    programme: str
    stage: str
    kind: str
    subject: str
    at: str
    body: Body

    @property
    def moment(self) -> datetime:
        """When it was done."""
        return datetime.fromisoformat(self.at)


class Entry(NamedTuple):
    """One numbered act of a matter."""

    matter: str
    number: int
    by: str
    what: str
    event: Body
    row: Row


@dataclass(frozen=True)
class Record:
    """Every act there is, in order, and which of them are not as they were."""

    rows: tuple[Row, ...]
    changed: tuple[str, ...] = ()
    """Acts that read otherwise than they once did, or are gone."""

    def of(self, kind: str, stage: str | None = None) -> list[Row]:
        """Acts of a kind, in order."""
        found = self._by_kind.get(kind, [])
        return [row for row in found if stage is None or row.stage == stage]

    def entries(self, kind: str, stage: str | None = None) -> Iterator[Entry]:
        """Numbered acts of a kind, in order."""
        for row in self.of(kind, stage):
            matter, _, number = row.subject.rpartition("/")
            event = row.body["event"]
            by = row.body["mandate"]["by"]
            yield Entry(matter, int(number), by, event["what"], event, row)

    def stages(self) -> tuple[str, ...]:
        """Stages whose rules were frozen, in order."""
        return tuple(dict.fromkeys(row.stage for row in self.of("rules_frozen")))

    def marked(self) -> Iterator[tuple[str, Row]]:
        """Acts of matters by the reason that their mandate gives, in English."""
        for row in self.rows:
            reason = row.body.get("mandate", {}).get("reason")
            if reason:
                yield reason["en"], row

    def one(self, kind: str, stage: str) -> Body | None:
        """The body of the only act of the kind; None where there is none."""
        found = self.of(kind, stage)
        return found[0].body if found else None

    @cached_property
    def _by_kind(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.kind, []).append(row)
        return found


@dataclass
class Reader:
    """Reads a record again and again and remembers every byte it saw."""

    url: str
    _seen: dict[int, bytes] = field(default_factory=dict)
    _rows: dict[int, Row] = field(default_factory=dict)
    _changed: list[str] = field(default_factory=list)

    def read(self) -> Record:
        """The record as it stands; earlier acts are compared byte for byte."""
        with self.engine.connect() as connection:
            lines = connection.execute(ALL).all()
        found = {line[0]: bytes(line[6]) for line in lines}
        for place, canonical in self._seen.items():
            if found.get(place) != canonical:
                row = self._rows[place]
                self._changed.append(f"act {place}, {row.kind} {row.subject}")
        for line in lines:
            if line[0] not in self._seen:
                self._rows[line[0]] = _row(line)
        self._seen = found
        return Record(
            tuple(self._rows[place] for place in sorted(found)), tuple(self._changed)
        )

    def count(self) -> int:
        """How many acts there are."""
        with self.engine.connect() as connection:
            return int(connection.execute(HOW_MANY).one()[0])

    @cached_property
    def engine(self) -> sa.Engine:
        """Connections of the reader's own."""
        return sa.create_engine(_address(self.url), poolclass=sa.pool.NullPool)


def read_record(url: str) -> Record:
    """The record at the address, read once."""
    return Reader(url).read()


def _row(line: Sequence[Any]) -> Row:
    told = json.loads(bytes(line[6]))
    filed = dict(
        zip(("programme", "stage", "kind", "subject", "at"), line[1:6], strict=True)
    )
    wrong = [key for key, value in filed.items() if told[key] != value]
    assert not wrong, f"act {line[0]} is filed under another {', '.join(wrong)}"
    return Row(place=line[0], body=told["body"], **filed)


def _address(url: str) -> sa.URL:
    address = sa.make_url(url)
    if address.drivername == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    return address
