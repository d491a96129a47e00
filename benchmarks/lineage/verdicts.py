"""Hits, false alarms and rankings of every method, set by set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from figures import above_all, area, highest, named
from markdown import number, rate, score, table
from records import COMMON, LABELS, LOWEST, Bench, Record

FOUND = {
    (True, True): "●",
    (True, False): "◐",
    (False, True): "○",
    (False, False): "–",
}
Part = Callable[[Bench], str]


def thresholds(bench: Bench) -> str:
    """Hits and false alarms at each method's own line, with 95 % intervals."""
    return (
        "## At each method's own line\n\n"
        "How many pairs are called descendants, with the 95 % interval of Clopper "
        "and Pearson as if pairs were independent of each other, which pairs that "
        "share a model are not. `no line`: the authors draw none. `knowledge`: only "
        "the reference's answers were learned, and a hit there takes knowledge for "
        "weights. Dokja's `refer` goes to experts and is neither hit nor alarm. "
        "Scores have each method's own scale; a pair without one counts below all."
        "\n\n" + _by_series(bench, _lines)
    )


def _by_series(bench: Bench, part: Part) -> str:
    parts = []
    for series in bench.series:
        if series != COMMON:
            only = bench.only(series)
            parts.append(f"### {', '.join(only.groups)}\n\n{part(only)}")
    return "\n\n".join(parts)


def _lines(bench: Bench) -> str:
    heads = ["method", "descendants named", "strangers named", "knowledge named"]
    heads += ["sent to experts: descendants, strangers"]
    heads += ["highest stranger", "lowest descendant"]
    return table(heads, [_line(bench, method) for method in bench.methods])


def _line(bench: Bench, method: str) -> list[str]:
    sides = [bench.of(method, t) for t in ("derived", "independent", "knowledge")]
    referred = [str(_referred(side)) for side in sides[:2]]
    lowest = min((record.rank for record in sides[0]), default=LOWEST)
    return [
        LABELS[method],
        *(rate(named(side), len(side)) for side in sides),
        ", ".join(referred) if method == "dokja" else "",
        score(highest([record.score for record in sides[1]])),
        score(lowest if lowest > LOWEST else None),
    ]


def _referred(records: Sequence[Record]) -> int:
    return sum(record.verdict == "refer" for record in records)


def descendants(bench: Bench) -> str:
    """Descendant by descendant, who sees it."""
    if not _has_descendants(bench):
        return ""
    return (
        "## Every descendant, method by method\n\n"
        "● scores above every stranger of its set and is named at the method's own "
        "line; ◐ scores above every stranger and is not named, or no line is drawn; "
        "○ is named, while a stranger scores as high; – neither. One mark for each "
        "set, in their order. Dokja is cold about scores: its ◐ is mostly a "
        "`refer`, and its verdicts stand further below.\n\n" + _by_series(bench, _marks)
    )


def _marks(bench: Bench) -> str:
    highest_stranger = {
        (method, group): max(record.rank for record in strangers)
        for method in bench.methods
        for group in bench.groups
        if (strangers := bench.of(method, "independent", group))
    }
    rows: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for method in bench.methods:
        for record in sorted(bench.of(method, "derived"), key=lambda r: r.group):
            if (method, record.group) not in highest_stranger:
                continue
            above = record.rank > highest_stranger[method, record.group]
            mark = FOUND[above, bool(record.named)]
            reference = "" if _is_of_peers(bench) else f" / {record.pair[2]}"
            kind = (f"{record.candidate}{reference}", _kind(record))
            rows.setdefault(kind, {}).setdefault(method, []).append(mark)
    return table(
        ["descendant", "what was done", *(LABELS[m] for m in bench.methods)],
        [
            [*kind, *("".join(marks.get(method, [])) for method in bench.methods)]
            for kind, marks in rows.items()
        ],
    )


def _is_of_peers(bench: Bench) -> bool:
    """Whether candidates have one parent each, which their names imply."""
    return bench.series == ["peers"]


def _kind(record: Record) -> str:
    return ", ".join(filter(None, (record.relation, record.strength)))


def _has_descendants(bench: Bench) -> bool:
    return any(record.truth == "derived" for record in bench.records)


def ranking(bench: Bench) -> str:
    """AUROC and the share found without a false positive, by set."""
    if not _has_descendants(bench):
        return ""
    return (
        "## Scores as rankings\n\n"
        "AUROC: the chance that a descendant scores above a stranger, ties half "
        "(Mann and Whitney 1947). A pair without a score ranks below all others. "
        "`near`: only strangers of the reference's shape. `no false positive`: "
        "descendants that score above every stranger of their set.\n\n"
        + _by_series(bench, _ranks)
    )


def _ranks(bench: Bench) -> str:
    heads = [
        f"{group}: {what}"
        for group in bench.groups
        for what in ("AUROC", "AUROC, near", "no false positive")
    ]
    rows = []
    for method in bench.methods:
        cells = []
        for group in bench.groups:
            derived = bench.of(method, "derived", group)
            strangers = bench.of(method, "independent", group)
            near = [record for record in strangers if record.same_shape]
            cells += [number(area(derived, strangers)), number(area(derived, near))]
            found = len(above_all(derived, strangers))
            cells.append(rate(found, len(derived)) if strangers else "no strangers")
        rows.append([LABELS[method], *cells])
    return table(["method", *heads], rows)


def common_start(bench: Bench) -> str:
    """What is said of models that began from one seed and never met again."""
    only = bench.only(COMMON)
    if not only.records:
        return ""
    rows = []
    for method in only.methods:
        sides = [only.of(method, t) for t in ("common_start", "derived", "independent")]
        referred = [str(_referred(side)) for side in sides]
        cells = [rate(named(side), len(side)) for side in sides]
        asked = ", ".join(referred) if method == "dokja" else ""
        rows.append([LABELS[method], *cells, asked])
    heads = ["method", "common seed named", "descendants named", "strangers named"]
    heads += ["sent to experts: common seed, descendants, strangers"]
    return (
        "## Models that share a seed\n\n"
        "Frameworks come with a default seed, so two teams that never met may start "
        "from the same draw. The models of `common-seed` did, and were then trained "
        "apart, on other orders or other text; some were really trained on from "
        "another. To name the first `derived` accuses people who copied nothing; "
        "`refer` is the right answer, for the weights do match. CSU and its like "
        "test whether two models are independent draws, which these are not: their "
        "alarms are right by their own question and would be wrong as a verdict."
        "\n\n" + table(heads, rows)
    )
