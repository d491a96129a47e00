"""What a method says beyond a score: layer maps, and Dokja's relations and shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from records import LABELS, Bench, Record

DECODER = "text_decoder"
Table = Callable[[Sequence[str], Sequence[Sequence[str]]], str]


def sections(bench: Bench, table: Table) -> str:
    """The sections on layer maps, relations and explained shares."""
    parts = [_maps(bench, table)]
    if bench.of("dokja"):
        parts += [_relations(bench, table), _shares(bench, table)]
    return "\n\n".join(part for part in parts if part)


def component(record: Record, name: str = DECODER) -> dict[str, Any] | None:
    """What Dokja says of one component of a pair."""
    stated: dict[str, Any] | None = next(
        (one for one in record.detail.get("components", []) if one["name"] == name),
        None,
    )
    return stated


def layer_map(record: Record) -> list[int | None] | None:
    """The layer map that a method gives, where it gives one."""
    if record.method != "dokja":
        stated: list[int | None] | None = record.detail.get("layer_map")
        return stated
    decoder = component(record)
    return None if decoder is None else decoder["layer_map"]


def _true_map(record: Record) -> list[int | None]:
    return list((record.derives or {}).get("layer_map", []))


def _maps(bench: Bench, table: Table) -> str:
    rows, wrong = [], []
    for method in ("dokja", "phi_match"):
        asked = [
            record
            for record in bench.of(method, "derived")
            if any(layer is not None for layer in _true_map(record))
        ]
        if not asked:
            continue
        right = [r for r in asked if layer_map(r) == _true_map(r)]
        strangers = bench.of(method, "independent")
        empty = [
            record for record in strangers if not any(_given(layer_map(record) or []))
        ]
        cells = [f"{len(right)} of {len(asked)}", f"{len(empty)} of {len(strangers)}"]
        rows.append([LABELS[method], *cells])
        wrong += [r for r in asked if r.method == "dokja" and r not in right]
    if not any(record.truth == "derived" for record in bench.records):
        return ""
    lines = [
        f"- {r.group} {r.candidate}: true {_written(_true_map(r))}, "
        f"said {_written(layer_map(r))}"
        for r in wrong
    ]
    return (
        "## Layer maps\n\n"
        "Exact: every layer of the candidate is given its true layer, and none where "
        "it has none. Strangers should have an empty map.\n\n"
        + table(["method", "descendants, exact", "strangers, empty"], rows)
        + ("\n\nNot exact, Dokja:\n\n" + "\n".join(lines) if lines else "")
    )


def _written(layers: Sequence[int | None] | None) -> str:
    if layers is None:
        return "nothing"
    return " ".join("-" if layer is None else str(layer) for layer in layers)


def _given(layers: Sequence[int | None]) -> list[bool]:
    return [layer is not None for layer in layers]


def _relations(bench: Bench, table: Table) -> str:
    counts: dict[str, Counter[str]] = {}
    for record in bench.of("dokja"):
        truth = record.relation if record.truth == "derived" else record.truth
        counts.setdefault(truth, Counter())[_said(record)] += 1
    said = sorted({one for counter in counts.values() for one in counter})
    rows = [
        [truth, *(str(counts[truth][one]) for one in said)] for truth in sorted(counts)
    ]
    return (
        "## Relations that Dokja names\n\n"
        "Rows are true, columns what the text decoder's result says: the relation "
        "where it names one, else the verdict.\n\n" + table(["true", *said], rows)
    )


def _said(record: Record) -> str:
    decoder = component(record)
    if decoder is None:
        return record.verdict
    return str(decoder["relation"] or decoder["verdict"])


def _shares(bench: Bench, table: Table) -> str:
    rows = []
    for record in bench.of("dokja", "derived"):
        decoder = component(record)
        if decoder is None:
            continue
        share = decoder["explained_share"]
        rows.append(
            [
                f"{record.group} {record.candidate}",
                record.relation,
                "1" if record.relation in {"copy", "quantised"} else "not known",
                "none" if share is None else f"{share:.3f}",
            ]
        )
    return (
        "## Explained share\n\n"
        "How much of the text decoder's weights the reference explains after the "
        "best map. It is known for copies (1) and nearly so for round trips through "
        "few bits.\n\n" + table(["descendant", "relation", "true", "said"], rows)
    )
