"""The bench's records as values, with the two rows that follow from others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

LABELS = {
    "dokja": "Dokja",
    "modeldna": "modelDNA",
    "cisco": "Cisco",
    "cisco_weights": "Cisco, weight score",
    "csu": "CSU",
    "phi_match": "phi_MATCH",
    "csu_or_phi_match": "CSU or phi_MATCH",
    "awm": "AWM",
    "huref_ics": "HuRef ICS",
    "huref_pcs": "HuRef PCS",
    "jsd": "JSD",
    "reef": "REEF CKA",
    "intrinsic": "Intrinsic",
}
LOWEST = float("-inf")
Pair = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a method said of a pair, and what is true of it."""

    pair: Pair
    method: str
    truth: str
    relation: str
    strength: str
    same_shape: bool
    derives: dict[str, Any] | None
    score: float | None
    named: bool | None
    verdict: str
    detail: dict[str, Any]
    seconds: float | None
    start_seconds: float
    peak_mb: float | None
    version: str

    @property
    def group(self) -> str:
        """The set it belongs to."""
        return self.pair[0]

    @property
    def candidate(self) -> str:
        """The model that may descend."""
        return self.pair[1]

    @property
    def rank(self) -> float:
        """The score; below every score where the method gave none."""
        return LOWEST if self.score is None else self.score


@dataclass(frozen=True)
class Bench:
    """All records, and what the runs say of machine, sets and methods."""

    records: tuple[Record, ...]
    runs: tuple[dict[str, Any], ...]
    speeds: tuple[dict[str, Any], ...]

    @property
    def methods(self) -> list[str]:
        """The methods that were run, in the page's order."""
        present = {record.method for record in self.records}
        return [method for method in LABELS if method in present]

    @property
    def groups(self) -> list[str]:
        """The sets, in the order of their names."""
        return sorted({record.group for record in self.records})

    def of(
        self, method: str, truth: str | None = None, group: str | None = None
    ) -> list[Record]:
        """The records of a method, of one truth and one set where these are given."""
        return [
            record
            for record in self.records
            if record.method == method
            and truth in (None, record.truth)
            and group in (None, record.group)
        ]


def read(files: Iterable[Path]) -> Bench:
    """The bench of several files; a later record of a pair and method holds."""
    last: dict[tuple[Pair, str], Record] = {}
    runs, speeds = [], []
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            stored = json.loads(line)
            if "run" in stored:
                runs.append(stored["run"])
            elif "speed" in stored:
                speeds.append(stored["speed"])
            else:
                record = _record(stored)
                last[record.pair, record.method] = record
    plain = list(last.values())
    return Bench((*plain, *_weights(plain), *_union(plain)), tuple(runs), tuple(speeds))


def _record(stored: dict[str, Any]) -> Record:
    pair = (stored["set"], stored["candidate"], stored["reference"])
    kept = {key: stored[key] for key in Record.__dataclass_fields__ if key in stored}
    return Record(pair=pair, **kept)


def _weights(records: Sequence[Record]) -> list[Record]:
    """Cisco's weight score, had it decided alone."""
    return [
        replace(
            record,
            method="cisco_weights",
            score=record.detail["weight_score"],
            named=record.detail["weight_named"],
            verdict="above 0.75" if record.detail["weight_named"] else "not above 0.75",
        )
        for record in records
        if record.method == "cisco" and "weight_score" in record.detail
    ]


def _union(records: Sequence[Record]) -> list[Record]:
    """Either of the two statistics with a p-value; the greater score counts."""
    csu = {r.pair: r for r in records if r.method == "csu"}
    pairs = [
        (r, csu[r.pair]) for r in records if r.method == "phi_match" and r.pair in csu
    ]
    return [
        replace(
            one,
            method="csu_or_phi_match",
            score=max(
                (r.score for r in (one, other) if r.score is not None), default=None
            ),
            named=bool(one.named or other.named),
            verdict=f"{one.verdict}; {other.verdict}",
            seconds=(one.seconds or 0.0) + (other.seconds or 0.0),
            peak_mb=max(one.peak_mb or 0.0, other.peak_mb or 0.0),
        )
        for one, other in pairs
    ]
