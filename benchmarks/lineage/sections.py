"""The page's frame: machine, versions, the zoo, time and memory."""

from __future__ import annotations

from typing import Any

from figures import highest, middle
from markdown import number, several, span, table
from records import LABELS, Bench

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


PAGE = "docs/lineage-accuracy.md"

BUSY = """- Every method has one thread. Peers and statistics run in one process per
  set; Dokja is a cold command per pair, with one worker.
- Other work filled the machine's cores several times over, so processor seconds
  say what a pair costs and seconds only how long it took there."""

AGAIN = """The last command with the kept records in place of FILE, and without
`--keep`, makes this page again. Methods and sources:"""


def opening(_: Bench) -> str:
    """What the page is."""
    return HEAD


def machine(bench: Bench) -> str:
    """On which machine, with which versions and commands."""
    machines = {
        f"{run['cores']} {run['processor']} cores, {run['memory_gib']} GiB of memory, "
        "no GPU"
        for run in bench.runs
    }
    days = sorted({run["day"] for run in bench.runs})
    packages = {
        f"{name} {number}"
        for run in bench.runs
        for name, number in run["versions"].items()
    }
    lines = ["## Machine, versions and commands", ""]
    lines += [f"- Machine: {one}." for one in sorted(machines)]
    lines += [f"- Measured: {' to '.join(dict.fromkeys((days[0], days[-1])))}."]
    lines += ["- Statistics and zoo: " + ", ".join(sorted(packages)) + "."]
    sets, peers = " ".join(bench.groups), "--peers ENVIRONMENTS --out FILE"
    again = "--keep benchmarks/lineage/results/records.jsonl.gz"
    lines += [
        BUSY,
        "",
        "```",
        f"python benchmarks/lineage/zoo/build.py ZOO{_named('--set', bench)}",
        "benchmarks/lineage/peers/install.sh ENVIRONMENTS",
        f"python benchmarks/lineage/bench.py --zoo ZOO --sets {sets} {peers}",
        f"python benchmarks/lineage/tables.py FILE --out {PAGE} {again}",
        "```",
        "",
        AGAIN,
        "",
    ]
    rows = []
    for method in bench.methods:
        versions = ", ".join(sorted({r.version for r in bench.of(method)}))
        rows.append([LABELS[method], versions, SOURCES[method]])
    return "\n".join(lines) + "\n" + table(["method", "version", "source"], rows)


def _named(option: str, bench: Bench) -> str:
    return "".join(f" {option} {group}" for group in bench.groups)


def models(bench: Bench) -> str:
    """How the models of each set were trained, and how well."""
    rows = [_trained(bench.zoo[group]) for group in bench.groups if group in bench.zoo]
    heads = ["set", "models", "architectures", "parameters, million", "tokens, million"]
    heads += ["epochs of their own", "held-out loss of bases", "single tokens pay"]
    return (
        "## The zoo\n\n"
        "Every model was really trained, by `benchmarks/lineage/zoo`, and saved in "
        "BF16. Losses are in nats a token, a hidden token or a note, or a pixel, on "
        "data that no training saw, English prose for all text models, so one trained "
        "on other text pays more; a base counts as trained only well under what a "
        "model pays that looks at no context. A set that was not finished says of how "
        "many.\n\n" + table(heads, rows) + "\n\n" + _pairs(bench)
    )


def _trained(zoo: dict[str, Any]) -> list[str]:
    made = zoo["models"].values()
    bases = [model for model in made if model["relation"] == "base"]
    counted = f"{len(made)} of {zoo['planned']}"
    return [
        zoo["set"],
        counted if len(made) < zoo["planned"] else str(len(made)),
        ", ".join(sorted({model["family"] for model in made})),
        span([model["parameters"] / 1e6 for model in made]),
        span([model["tokens"] / 1e6 for model in made]),
        span([model["epochs"] for model in made]),
        span([model["held_out_loss"] for model in bases]),
        span([model["plain_loss"] for model in bases]),
    ]


def _pairs(bench: Bench) -> str:
    """How many pairs each set gives."""
    first = {record.pair: record for record in bench.records}
    truths = ("derived", "independent", "common_start", "knowledge")
    rows = []
    for group in bench.groups:
        pairs = [record for record in first.values() if record.group == group]
        kinds = [record.truth for record in pairs]
        near = [r for r in pairs if r.truth == "independent" and r.same_shape]
        rows.append([group, *(str(kinds.count(k)) for k in truths), str(len(near))])
    heads = ["set", "descendants", "strangers", "common seed", "knowledge only"]
    return (
        "Every base of a set is a reference for every other model of its "
        "architecture, and for the bases of the others. A descendant has at least a "
        "part of the reference's weights in its past.\n\n"
        + table([*heads, "strangers of the same shape"], rows)
        + _lacking(bench, first)
    )


def _lacking(bench: Bench, pairs: dict[Any, Any]) -> str:
    """Says of which methods the figures below rest on fewer pairs."""
    short = []
    for group in bench.groups:
        total = sum(pair[0] == group for pair in pairs)
        short += [
            f"{LABELS[method]} {count} of {total} in {group}"
            for method in bench.methods
            if 0 < (count := len(bench.of(method, group=group))) < total
        ]
    if not short:
        return ""
    return (
        "\n\nNot run on "
        f"every pair of a set ({several(len(short), 'case')}): "
        + ", ".join(short)
        + "."
    )


def cost(bench: Bench) -> str:
    """Seconds and memory a pair."""
    rows = []
    for method in bench.methods:
        of = bench.of(method)
        peak = highest([record.peak_mb for record in of])
        figures = [
            middle([record.cpu_seconds for record in of]),
            highest([record.cpu_seconds for record in of]),
            middle([record.seconds for record in of]),
            middle([record.start_seconds for record in of]),
        ]
        memory = "none" if peak is None else f"{peak:.0f}"
        rows.append([LABELS[method], *map(number, figures), memory])
    heads = ["method", "median CPU s", "most CPU s", "median s", "start s", "peak MB"]
    return (
        "## Time and memory a pair\n\n"
        "A pair with both models read anew. `start` is what the process needs first, "
        "once, to import what it needs, in seconds of the clock; Dokja, a new process "
        "for each pair, has it within. Memory is the whole process.\n\n"
        + table(heads, rows)
    )


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
