"""The sections of the page on lineage accuracy, each from the bench's records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import own
from figures import above_all, area, highest, interval, middle, named
from records import LABELS, LOWEST, Bench, Record

SOURCES = {
    "dokja": "this project's `dokja lineage compare`",
    "modeldna": "package `modeldna` on PyPI, Apache-2.0, through its Python API",
    "cisco": "package `cisco-ai-provenance-kit` on PyPI, Apache-2.0, through its "
    "Python API; its verdict follows from the configuration where nine fields agree",
    "cisco_weights": "the field `identity_score` of the same answer, above 0.75",
    "csu": "Zhu et al., ICML 2025, arXiv 2502.12292 (phi_U); our code, p < 1e-6",
    "phi_match": "the same paper, unconstrained, all layer pairs; our code, p < 1e-6 "
    "for the best pair times their number",
    "csu_or_phi_match": "either of the two above; our union, not the authors'",
    "awm": "AWM, ICLR 2026, arXiv 2510.06738; our code; prints no verdict",
    "huref_ics": "HuRef, NeurIPS 2024, arXiv 2312.04828 (ICS); our code; no line",
    "huref_pcs": "the same paper (PCS), matrices only; our code; no line",
    "jsd": "Jensen-Shannon divergence of next-token distributions, as compared in "
    "arXiv 2502.12292; our code; no line",
    "reef": "REEF, ICLR 2025, arXiv 2410.14273; our code, CKA of at least 0.8",
    "intrinsic": "arXiv 2507.03014 (2025); our code; no line",
}

HEAD = """# Lineage accuracy

How well `dokja lineage compare` and other methods tell descendants from
strangers, on models whose descent is known because this project made them.
`benchmarks/lineage/tables.py` computes this page from the records of
`benchmarks/lineage/bench.py`; all figures were measured, and none is taken from
a paper. The models are small and briefly trained, so read the figures as a
comparison of methods on equal terms and not as error rates on models in use."""


def opening(bench: Bench) -> str:
    """What the page is, on which machine, and what was compared."""
    lines = [HEAD, "", "## Machine, versions and commands", ""]
    machines = {
        f"{run['processor']}, {run['cores']} cores, {run['memory_gib']} GiB, "
        f"Python {run['python']}"
        for run in bench.runs
    }
    lines += [f"- Machine: {machine}." for machine in sorted(machines)]
    lines += [
        "- Other work shared the machine, so take seconds to a factor of two.",
        "- Methods run in one process per set of pairs and on one thread.",
        "- Dokja runs as a cold command per pair, with its own workers.",
        "",
        "```",
        "python benchmarks/lineage/zoo/build.py ZOO " + " ".join(bench.groups),
        "benchmarks/lineage/peers/install.sh ENVIRONMENTS",
        "python benchmarks/lineage/bench.py --zoo ZOO --sets "
        + " ".join(bench.groups)
        + " --peers ENVIRONMENTS --out FILE",
        "python benchmarks/lineage/tables.py FILE --out docs/lineage-accuracy.md",
        "```",
        "",
        "Methods and sources:",
        "",
    ]
    rows = []
    for method in bench.methods:
        versions = ", ".join(sorted({r.version for r in bench.of(method)}))
        rows.append([LABELS[method], versions, SOURCES[method]])
    return "\n".join(lines) + "\n" + table(["method", "version", "source"], rows)


def sets(bench: Bench) -> str:
    """How many pairs each set gives."""
    first = {record.pair: record for record in bench.records}
    rows = []
    for group in bench.groups:
        pairs = [record for record in first.values() if record.group == group]
        kinds = [record.truth for record in pairs]
        near = [r for r in pairs if r.truth == "independent" and r.same_shape]
        counts = [kinds.count(k) for k in ("derived", "independent", "knowledge")]
        rows.append([group, *map(str, counts), str(len(near))])
    return (
        "## Pairs\n\n"
        "Every base of a set against every other model of it. `derived`: a part of "
        "the candidate's weights descends from the reference. `knowledge`: it was "
        "only trained on the reference's answers, which is no descent.\n\n"
        + table(
            ["set", "derived", "independent", "knowledge", "independent, same shape"],
            rows,
        )
        + _lacking(bench, len(first))
    )


def _lacking(bench: Bench, pairs: int) -> str:
    """Says of which methods the figures below rest on fewer pairs."""
    short = [
        f"{LABELS[method]} {len(bench.of(method))} of {pairs}"
        for method in bench.methods
        if len(bench.of(method)) < pairs
    ]
    if not short:
        return ""
    return "\n\nNot run on every pair, so not comparable: " + ", ".join(short) + "."


def relations(bench: Bench) -> str:
    """Candidate by candidate, which method scores it above every stranger."""
    if not _has_descendants(bench):
        return ""
    found = {
        (r.pair, method)
        for method in bench.methods
        for group in bench.groups
        for r in above_all(
            bench.of(method, "derived", group), bench.of(method, "independent", group)
        )
    }
    kinds: dict[tuple[str, str, str, str], list[tuple[str, str, str]]] = {}
    seen = {r.pair: r for r in bench.records if r.truth != "independent"}
    for record in seen.values():
        kind = (record.truth, record.relation, record.candidate, record.strength)
        kinds.setdefault(kind, []).append(record.pair)
    rows = []
    for (truth, relation, candidate, strength), pairs in kinds.items():
        if truth != "derived":
            continue
        cells = [_share(found, pairs, method) for method in bench.methods]
        rows.append([f"{candidate}: {relation}, {strength}", *cells])
    return (
        "## Each descendant\n\n"
        "yes: scores above all independent pairs of its set, in every set that has "
        "it; half: in some; -: in none.\n\n"
        + table(["descendant", *labels(bench)], rows)
    )


def _share(
    found: set[tuple[tuple[str, str, str], str]],
    pairs: Sequence[tuple[str, str, str]],
    method: str,
) -> str:
    hits = sum((pair, method) in found for pair in pairs)
    return "yes" if hits == len(pairs) else "half" if hits else "-"


def _has_descendants(bench: Bench) -> bool:
    return any(record.truth == "derived" for record in bench.records)


def ranking(bench: Bench) -> str:
    """AUROC and the share found without a false positive, by set."""
    if not _has_descendants(bench):
        return ""
    rows = []
    for method in bench.methods:
        cells = []
        for group in bench.groups:
            derived = bench.of(method, "derived", group)
            strangers = bench.of(method, "independent", group)
            near = [record for record in strangers if record.same_shape]
            found = len(above_all(derived, strangers))
            share = f"{found / len(derived):.2f}" if derived else "none"
            cells += [number(area(derived, strangers)), number(area(derived, near))]
            cells.append(share)
        rows.append([LABELS[method], *cells])
    heads = [
        f"{group}: {what}"
        for group in bench.groups
        for what in ("AUROC", "AUROC, same shape", "found at no false positive")
    ]
    return (
        "## Scores as rankings\n\n"
        "A pair without a score ranks below all others. `same shape` takes only "
        "strangers of the reference's shape.\n\n" + table(["method", *heads], rows)
    )


def thresholds(bench: Bench) -> str:
    """Hits and false alarms at each method's own line, with 95 % intervals."""
    rows = []
    for method in bench.methods:
        cells = []
        for truth in ("derived", "independent", "knowledge"):
            of = bench.of(method, truth)
            hits = named(of)
            cells.append(rate(hits, len(of)))
        referred = sum(r.verdict == "refer" for r in bench.of(method))
        strangers = bench.of(method, "independent")
        top = highest([record.score for record in strangers])
        ranks = [record.rank for record in bench.of(method, "derived")]
        low = min(ranks, default=LOWEST)
        lowest = number(low) if ranks and low > LOWEST else "none"
        asked = str(referred) if method == "dokja" else "-"
        rows.append([LABELS[method], *cells, asked, number(top), lowest])
    return (
        "## At each method's own line\n\n"
        "How many pairs are called descendants, all sets together, with the 95 % "
        "interval of Clopper and Pearson as if pairs were independent of each other, "
        "which pairs that share a base are not. `no line`: the authors draw none. "
        "A hit in the third column takes knowledge for weights. Dokja's `refer` goes "
        "to experts and counts as neither hit nor alarm.\n\n"
        + table(
            [
                "method",
                "derived",
                "independent: false alarms",
                "knowledge",
                "referred",
                "highest independent score",
                "lowest derived score",
            ],
            rows,
        )
    )


def cost(bench: Bench) -> str:
    """Seconds and memory a pair."""
    rows = []
    for method in bench.methods:
        of = bench.of(method)
        seconds = [record.seconds for record in of]
        start = middle([record.start_seconds for record in of])
        peak = highest([record.peak_mb for record in of])
        rows.append(
            [
                LABELS[method],
                number(middle(seconds)),
                number(highest(seconds)),
                number(start),
                "none" if peak is None else f"{peak:.0f}",
            ]
        )
    return (
        "## Time and memory a pair\n\n"
        "Seconds of a pair with both models read anew; `start` is what the process "
        "needs first, once, to import what it needs, and is within the seconds of "
        "Dokja. Memory is the whole process.\n\n"
        + table(["method", "median s", "longest s", "start s", "peak MB"], rows)
    )


def misses(bench: Bench) -> str:
    """By name, what each method with a line of its own got wrong or could not say."""
    lines = ["## Misses", ""]
    for method in bench.methods:
        if named(bench.of(method)) is None:
            continue
        wrong = {
            "not named": [r for r in bench.of(method, "derived") if not r.named],
            "strangers named": [r for r in bench.of(method, "independent") if r.named],
            "knowledge named": [r for r in bench.of(method, "knowledge") if r.named],
            "failed": [r for r in bench.of(method) if r.verdict == "failed"],
        }
        if not any(wrong.values()):
            lines += [f"**{LABELS[method]}**: none.", ""]
            continue
        lines += [f"**{LABELS[method]}**", ""]
        for what, records in wrong.items():
            if records:
                lines.append(f"- {what}: {len(records)}{_list(records)}")
        lines.append("")
    return "\n".join(lines).rstrip()


def _list(records: Sequence[Record]) -> str:
    most = 40
    shown = [f"{r.group} {r.candidate} / {r.pair[2]} ({r.verdict})" for r in records]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return (": " + "; ".join(shown[:most]) + more) if shown else ""


def speed(bench: Bench) -> str:
    """What `speed.py` measured, if it was run."""
    if not bench.speeds:
        return ""
    rows = [
        [
            one["what"],
            str(one["runs"]),
            number(one["median_seconds"]),
            f"{one['peak_mb']:.0f}",
            one["limit"],
        ]
        for one in bench.speeds
    ]
    return (
        "## Larger models of random weights\n\n"
        "`benchmarks/lineage/speed.py`: cold runs in turn, medians; memory is the "
        "whole process tree.\n\n"
        + table(["what", "runs", "median s", "peak MB", "limit"], rows)
    )


def labels(bench: Bench) -> list[str]:
    """The methods' names as column heads."""
    return [LABELS[method] for method in bench.methods]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    """A figure with three decimals, or that there is none."""
    return "none" if value is None else f"{value:.3f}"


def rate(hits: int | None, of: int) -> str:
    """A count of a total with its interval, or that the method draws no line."""
    if not of:
        return "no pairs"
    if hits is None:
        return "no line"
    low, high = interval(hits, of)
    return f"{hits} of {of} ({low:.2f} to {high:.2f})"


def dokja(bench: Bench) -> str:
    """What only Dokja says: relation, layer map, explained share."""
    return own.sections(bench, table)


Section = Callable[[Bench], str]
ORDER: tuple[Section, ...] = (
    opening,
    sets,
    thresholds,
    relations,
    ranking,
    dokja,
    cost,
    speed,
    misses,
)
