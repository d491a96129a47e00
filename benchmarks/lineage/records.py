"""The bench's records as values, with the two rows that follow from others."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
# Sets with the same recipes, drawn anew, differ in a number at the end only.
NUMBERED = re.compile(r"-\d+$")
COMMON = "common-seed"
ORDER = ("peers", "encoders", "harder", COMMON)
EMBEDDINGS = "embeddings"
WHOLE, PART = "whole", "part"
Pair = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a method said of a pair, and what is true of it."""

    pair: Pair
    method: str
    truth: str
    relation: str
    strength: str
    camouflage: tuple[str, ...] = ()
    same_shape: bool
    derives: dict[str, Any] | None
    true_shares: dict[str, float] = field(default_factory=dict)
    score: float | None
    named: bool | None
    verdict: str
    detail: dict[str, Any]
    seconds: float | None
    cpu_seconds: float | None = None
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
    def series(self) -> str:
        """What sets of the same recipes are called together."""
        return NUMBERED.sub("", self.group)

    @property
    def rank(self) -> float:
        """The score; below every score where the method gave none."""
        return LOWEST if self.score is None else self.score

    @property
    def layer_map(self) -> list[int | None]:
        """The true layer map: for each layer the reference's, or None."""
        return list((self.derives or {}).get("layer_map", []))

    def true_of(self, component: str) -> str:
        """`whole` or `part` where the component descends, else the pair's truth.

        A component of a descendant that began from a seed of its own is a
        stranger's.
        """
        if self.derives is None:
            return self.truth
        parts = [layer is not None for layer in self.layer_map]
        if component == EMBEDDINGS:
            parts = [self.derives["embeddings"], self.derives["head"]]
        if all(parts):
            return WHOLE
        return PART if any(parts) else "independent"


@dataclass(frozen=True)
class Bench:
    """All records, and what the runs say of machine, sets and methods."""

    records: tuple[Record, ...]
    runs: tuple[dict[str, Any], ...]
    speeds: tuple[dict[str, Any], ...]
    zoo: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By set, what is known of its models."""

    @property
    def methods(self) -> list[str]:
        """The methods that were run, in the page's order."""
        present = {record.method for record in self.records}
        return [method for method in LABELS if method in present]

    @property
    def groups(self) -> list[str]:
        """The sets, in the page's order."""
        found = {record.group: record.series for record in self.records}
        return sorted(found, key=lambda group: (_place(found[group]), group))

    @property
    def series(self) -> list[str]:
        """The sets, those of the same recipes together, in the page's order."""
        return list(dict.fromkeys(NUMBERED.sub("", group) for group in self.groups))

    def only(self, series: str) -> Bench:
        """The bench of one series."""
        kept = tuple(record for record in self.records if record.series == series)
        return replace(self, records=kept)

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


def _place(series: str) -> int:
    return ORDER.index(series) if series in ORDER else len(ORDER)


def read(files: Iterable[Path]) -> Bench:
    """The bench of several files; a later record of a pair and method holds."""
    last: dict[tuple[Pair, str], Record] = {}
    runs, speeds, zoo = [], [], {}
    for stored in lines(files):
        if "run" in stored:
            runs.append(stored["run"])
        elif "speed" in stored:
            speeds.append(stored["speed"])
        elif "zoo" in stored:
            zoo[stored["zoo"]["set"]] = stored["zoo"]
        else:
            record = _record(stored)
            last[record.pair, record.method] = record
    plain = list(last.values())
    derived = (*_weights(plain), *_union(plain))
    return Bench((*plain, *derived), tuple(runs), tuple(speeds), zoo)


def lines(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The lines of the files, in their order, packed with gzip or not."""
    for path in files:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        yield from map(json.loads, content.decode("utf-8").splitlines())


def keep(files: Iterable[Path], out: Path) -> None:
    """Nothing; writes the lines that hold, without those that others replaced."""
    kept: dict[tuple[str, ...], dict[str, Any]] = {}
    for stored in lines(files):
        if "zoo" in stored:
            kept["zoo", stored["zoo"]["set"]] = stored
        elif "method" in stored:
            key = ("set", "candidate", "reference", "method")
            kept[tuple(stored[name] for name in key)] = stored
        else:
            kept["line", json.dumps(stored)] = stored
    text = "".join(
        json.dumps(_short(one), ensure_ascii=False) + "\n" for one in kept.values()
    )
    # No time of writing in the file: the same records are the same bytes.
    out.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def _short(value: Any) -> Any:
    """The value with its fractions cut to the six digits that a page may need."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    return [_short(one) for one in value] if isinstance(value, list) else value


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
            cpu_seconds=(one.cpu_seconds or 0.0) + (other.cpu_seconds or 0.0),
            peak_mb=max(one.peak_mb or 0.0, other.peak_mb or 0.0),
        )
        for one, other in pairs
    ]
