"""What only Dokja says: verdicts of components, relations, layer maps, shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from markdown import rate, span, table
from records import EMBEDDINGS, LABELS, PART, WHOLE, Bench, Record

VERDICTS = ("identical", "derived", "partial", "refer", "no_evidence", "untestable")
DECODER = "text_decoder"
TRUTHS = {
    WHOLE: "descends as a whole",
    PART: "descends in part",
    "knowledge": "learned from its answers",
    "common_start": "shares a seed only",
    "independent": "stranger",
}
Component = dict[str, Any]


def components(record: Record) -> list[Component]:
    """What Dokja says of each component of a pair; nothing where it failed."""
    stated: list[Component] = record.detail.get("components", [])
    return stated


def layered(record: Record) -> Component | None:
    """The component that has layers: an encoder where a decoder stands beside it.

    The zoo knows the layers of a model's encoder and not of the decoder behind it.
    """
    found = [one for one in components(record) if one["name"] != EMBEDDINGS]
    encoders = [one for one in found if one["name"] != DECODER]
    return next(iter(encoders or found), None)


def confusion(bench: Bench) -> str:
    """Verdicts of components against what is true of each of them."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for record in bench.of("dokja"):
        for one in components(record):
            truth = record.true_of(one["name"])
            counts.setdefault((one["name"], truth), Counter())[one["verdict"]] += 1
    if not counts:
        return ""
    order = sorted(counts, key=lambda key: (key[0], list(TRUTHS).index(key[1])))
    rows = [
        [
            name,
            TRUTHS[truth],
            *(str(counts[name, truth][verdict] or "") for verdict in VERDICTS),
            str(counts[name, truth].total()),
        ]
        for name, truth in order
    ]
    return (
        "## Dokja, component by component\n\n"
        "Rows are true, columns what was said, all sets together. A component of a "
        "descendant that began from its own seed is a stranger.\n\n"
        + table(["component", "true", *VERDICTS, "pairs"], rows)
    )


def relations(bench: Bench) -> str:
    """The relation that is named against the one that holds."""
    counts: dict[str, Counter[str]] = {}
    for record in bench.of("dokja", "derived"):
        counts.setdefault(record.relation, Counter())[_said(record)] += 1
    if not counts:
        return ""
    said = sorted({one for counter in counts.values() for one in counter})
    rows = [
        [truth, *(str(counts[truth][one] or "") for one in said)]
        for truth in sorted(counts)
    ]
    return (
        "## Relations that Dokja names\n\n"
        "Rows are true, columns what is said of the layers of each descendant: the "
        "relation where one is named, else the verdict. `unknown` says that weights "
        "descend and not how.\n\n" + table(["true", *said], rows)
    )


def _said(record: Record) -> str:
    stated = layered(record)
    if stated is None:
        return record.verdict
    return str(stated["relation"] or stated["verdict"])


def said_map(record: Record) -> list[int | None] | None:
    """The layer map that a method gives, where it gives one."""
    if record.method != "dokja":
        stated: list[int | None] | None = record.detail.get("layer_map")
        return stated
    component = layered(record)
    return None if component is None else component["layer_map"]


def maps(bench: Bench) -> str:
    """How many layer maps are exact, with those that are not."""
    rows, wrong = [], []
    for series in bench.series:
        only = bench.only(series)
        for method in ("dokja", "phi_match"):
            asked = [r for r in only.of(method, "derived") if any(_given(r.layer_map))]
            right = [r for r in asked if said_map(r) == r.layer_map]
            strangers = only.of(method, "independent")
            empty = [r for r in strangers if not any(_given(said_map(r) or []))]
            if asked or strangers:
                cells = [rate(len(right), len(asked)), rate(len(empty), len(strangers))]
                rows.append([", ".join(only.groups), LABELS[method], *cells])
            if method == "dokja":
                wrong += [r for r in asked if r not in right]
    if not rows:
        return ""
    lines = [
        f"- {r.group} {r.candidate} / {r.pair[2]}: true {_written(r.layer_map)}, "
        f"said {_written(said_map(r))} ({r.verdict})"
        for r in wrong
    ]
    return (
        "## Layer maps\n\n"
        "Exact: every layer of the candidate is given its true layer, and none where "
        "it has none. Strangers should have an empty map.\n\n"
        + table(["sets", "method", "descendants, exact", "strangers, empty"], rows)
        + ("\n\nNot exact, Dokja:\n\n" + "\n".join(lines) if lines else "")
    )


def _written(layers: Sequence[int | None] | None) -> str:
    if layers is None:
        return "nothing"
    shown = ["-" if layer is None else str(layer) for layer in layers]
    return "`" + " ".join(shown) + "`" if shown else "nothing"


def _given(layers: Sequence[int | None]) -> list[bool]:
    return [layer is not None for layer in layers]


def shares(bench: Bench) -> str:
    """The explained share beside the one computed from the true map."""
    cases: dict[tuple[str, str], list[tuple[float, Component]]] = {}
    for record, one in _known_shares(bench):
        hidden = ", hidden" if record.camouflage else ""
        kind = (one["name"], f"{record.relation}{hidden}")
        true = record.true_shares[one["name"]]
        cases.setdefault(kind, []).append((true, one))
    if not cases:
        return ""
    rows = []
    for (name, kind), found in sorted(cases.items()):
        said = [one["explained_share"] for _, one in found]
        gaps = [abs(true - share) for (true, _), share in zip(found, said, strict=True)]
        inside = sum(_covers(one, true) for true, one in found)
        true_values = [true for true, _ in found]
        cells = [span(true_values), span(said), f"{max(gaps):.3f}"]
        rows.append([name, kind, str(len(found)), *cells, f"{inside} of {len(found)}"])
    return (
        "## Explained share\n\n"
        "How much of a component's weights the reference explains. True: computed by "
        "`benchmarks/lineage/shares.py` from both models under the true layer map; 1 "
        "for a copy in another basis. Left out where the record does not say which "
        "unit became which, and where Dokja gives no share. `hidden`: permuted, "
        "rotated or rescaled.\n\n"
        + table(
            ["component", "relation", "n", "true", "said", "widest gap", "in interval"],
            rows,
        )
    )


def _known_shares(bench: Bench) -> Iterator[tuple[Record, Component]]:
    for record in bench.of("dokja", "derived"):
        for one in components(record):
            if one["name"] in record.true_shares and one["explained_share"] is not None:
                yield record, one


def _covers(component: Component, true: float) -> bool:
    interval = component["explained_interval"]
    if interval is None:
        return False
    low, high = interval
    # The interval is of the share as printed, to three decimals.
    return bool(low - 5e-4 <= true <= high + 5e-4)
