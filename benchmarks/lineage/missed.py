"""What is missed and what is said too much, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from figures import named
from markdown import several, table
from own import TRUTHS, components
from records import LABELS, PART, WHOLE, Bench, Record

NAMED = {"identical", "derived", "partial"}
DESCENDS = {WHOLE, PART}
Fault = tuple[Record, dict[str, Any]]
HEADS = ("pair", "component", "true", "said", "best test: effect, highest control")


def missed(bench: Bench) -> str:
    """Everything that Dokja did not say as it is, and every doubt about strangers."""
    if not bench.of("dokja"):
        return ""
    sides: dict[str, list[Fault]] = {}
    for record in bench.of("dokja"):
        for one in components(record):
            if found := fault(record.true_of(one["name"]), one["verdict"]):
                sides.setdefault(found, []).append((record, one))
    failed = [record for record in bench.of("dokja") if record.verdict == "failed"]
    parts = ["## What is missed"]
    for what, told in FAULTS.items():
        faults = sides.get(what, [])
        parts.append(f"### {told}\n\n{_listed(what, faults)}")
    if failed:
        parts.append("### The command failed\n\n" + _reasons(failed))
    return "\n\n".join(parts)


FAULTS = {
    "alarm": "False alarms: no descent, and named",
    "missed": "Descent that was not seen",
    "referred": "Descent that was only sent to experts",
    "extent": "Descent of another extent than said",
    "doubt": "No descent, and sent to experts",
    "untestable": "No descent, and not testable",
}


def fault(truth: str, verdict: str) -> str | None:
    """The kind of fault of a verdict on a component; None where it is right.

    Models that share a seed match in truth: to send them to experts is right.
    """
    if truth in DESCENDS:
        if verdict == "refer":
            return "referred"
        if verdict not in NAMED:
            return "missed"
        right = (verdict == "partial") == (truth == PART)
        return None if right else "extent"
    if verdict in NAMED:
        return "alarm"
    if verdict == "refer":
        return None if truth == "common_start" else "doubt"
    return "untestable" if verdict == "untestable" else None


def _listed(what: str, faults: Sequence[Fault]) -> str:
    if not faults:
        return "None."
    if what == "untestable":
        counts = Counter((one["name"], one["reason"]) for _, one in faults)
        rows = [
            [name, reason, str(count)] for (name, reason), count in counts.most_common()
        ]
        return table(["component", "reason", "pairs"], rows)
    rows = [
        [
            f"{record.group} {record.candidate} / {record.pair[2]}",
            one["name"],
            f"{TRUTHS[record.true_of(one['name'])]}: {_what(record)}",
            one["verdict"],
            _strongest(one),
        ]
        for record, one in faults
    ]
    return table(HEADS, rows)


def _what(record: Record) -> str:
    return ", ".join(filter(None, (record.relation, record.strength)))


def _strongest(component: dict[str, Any]) -> str:
    tests = [test for test in component["tests"] if test["margin"] is not None]
    if not tests:
        return "no test"
    best = max(tests, key=lambda test: float(test["margin"]))
    control = best["control"]
    beside = "" if control is None else f", {control:.3f}"
    return f"{best['id']} {best['tensor_class']}: {best['effect']:.3f}{beside}"


def _reasons(records: Sequence[Record]) -> str:
    lines = [
        f"- {r.group} {r.candidate} / {r.pair[2]}: {r.detail.get('reason', '')}"
        for r in records
    ]
    return "\n".join(lines)


def others(bench: Bench) -> str:
    """By name, what each other method with a line of its own got wrong."""
    lines = ["## What the other methods miss and accuse", ""]
    for method in bench.methods:
        if method == "dokja" or named(bench.of(method)) is None:
            continue
        lines += [f"**{LABELS[method]}**", ""]
        wrong = {
            "descendants not named": [
                r for r in bench.of(method, "derived") if not r.named
            ],
            "strangers named": [r for r in bench.of(method, "independent") if r.named],
            "failed": [r for r in bench.of(method) if r.verdict == "failed"],
        }
        for what, records in wrong.items():
            lines.append(f"- {what}: {len(records)}{_names(records)}")
        lines.append("")
    return "\n".join(lines).rstrip() if len(lines) > 2 else ""


def _names(records: Sequence[Record]) -> str:
    """The candidates, each with the sets it was wrong in; strangers are counted."""
    if not records or records[0].truth != "derived":
        return ""
    found: dict[str, set[str]] = {}
    for record in records:
        found.setdefault(record.candidate, set()).add(record.group)
    return ": " + ", ".join(
        f"{name} ({', '.join(sorted(groups))})" for name, groups in found.items()
    )


def summary(bench: Bench) -> str:
    """What was found, in a few lines, without the common seeds."""
    lines = ["## In short", ""]
    for series in bench.series:
        only = bench.only(series)
        derived = only.of("dokja", "derived")
        if not derived and not only.of("dokja"):
            continue
        lines.append(f"- **{', '.join(only.groups)}**: {_short(only)}")
    return "\n".join(lines) if len(lines) > 2 else ""


def _short(bench: Bench) -> str:
    parts = []
    derived = bench.of("dokja", "derived")
    if derived:
        found = sum(record.verdict in NAMED for record in derived)
        asked = sum(record.verdict == "refer" for record in derived)
        parts.append(
            f"Dokja names {found} of {several(len(derived), 'descendant')} and sends "
            f"{asked} to experts"
        )
    for truth, what in (("independent", "stranger"), ("common_start", "common seed")):
        records = bench.of("dokja", truth)
        if records:
            alarms = sum(record.verdict in NAMED for record in records)
            asked = sum(record.verdict == "refer" for record in records)
            parts.append(
                f"accuses {alarms} of {several(len(records), what)} and sends "
                f"{asked} to experts"
            )
    peers = [_peer(bench, m) for m in ("modeldna", "csu_or_phi_match")]
    return "; ".join([*parts, *filter(None, peers)]) + "."


def _peer(bench: Bench, method: str) -> str:
    derived, strangers = (bench.of(method, t) for t in ("derived", "independent"))
    if not derived or not strangers:
        return ""
    return (
        f"{LABELS[method]} names {named(derived) or 0} of {len(derived)} and accuses "
        f"{named(strangers) or 0} of {len(strangers)}"
    )
