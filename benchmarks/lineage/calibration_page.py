"""The page on what models trained apart reach, written from the shipped table.

    .venv/bin/python benchmarks/lineage/calibration_page.py

Reads `src/dokja/lineage/calibration.json` and writes
`docs/lineage-calibration.md`; no figure on the page is typed by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dokja.lineage import LineageRules, shipped_rules

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "src" / "dokja" / "lineage" / "calibration.json"
PAGE = ROOT / "docs" / "lineage-calibration.md"
LEVEL = 0.05
LEAST = 30
"""P-values below which their law is not asked."""
Row = Mapping[str, Any]

HEAD = """# Calibration of the lineage tests

What every lineage test says of models that were trained apart: separate seeds, no
weights and no answers of each other. Written by
`benchmarks/lineage/calibration_page.py` from `src/dokja/lineage/calibration.json`,
which ships with the package; every figure was measured with the commands below.
A pair of models counts once. Layers never count as pairs."""

SETS = """## What was measured

Models of one set have the same tokenizer and the same corpus. "Same order" counts
pairs that also saw their data in the same order, which is what two teams with one
recipe have in common. Disjoint pairs have no model in common."""

AGREEMENTS = """## Agreements, which have no p-value

The null of an agreement is what such pairs reach. The shared correlation is that of
two pairs with a model in common: 0 where pairs are as good as independent, .5 where
a pair's value is the sum of something of either model. Effective pairs follow from
it: n² / (n + correlation × ordered choices of two pairs with a model in common)."""

BOUNDS = """### What no pair above a level shows, and what it does not

Upper bounds of the rate at which models trained apart reach a level, one-sided, at
95 %: 1 − .05^(1/k) for k independent trials without one. Three values of k:

- the **disjoint** pairs. No pair at all above the level means none of these above
  it, so the bound holds however pairs that share a model depend on each other.
  This is the bound that a report prints.
- the **effective** pairs, if exceedances are shared through models as the effects
  are. An estimate, not a proof: the tail may be shared more than the middle.
- **all** pairs, as if independent. They are not; the figure stands here because it
  is the one that "0 of N" suggests."""

EXACT = """## Exact tests

A p-value is uniform under the null if the test is exact. Three are asked: of one
pair of layers, drawn by the names of the models (outside the layers there is only
one); of T2 over all layers of one number together; and the p-value as reported,
after Bonferroni over the layer pairs and Holm over the tests, which is meant to be
conservative. Under the null two pairs that share a model have independent p-values,
because each is uniform whatever the shared model is; so a rate has the spread of as
many independent pairs, and its interval is Clopper and Pearson's. Beyond z = 3 the
tests report a proven bound and never less than it, so p-values below .00135 are too
large rather than too small."""

RULES = """The rules are the shipped ones of that day with two controls for nine and
without planted shares; neither enters an effect or a p-value. Pairs with an
agreement from the level of `refer` on were judged again under the shipped rules."""

LIMITS = """## Limits

- Small models, briefly trained, one tokenizer a set. Models that are larger and
  trained longer share more neurons of the same meaning ("universal neurons", Gurnee
  et al. 2024, arXiv 2401.12181); what they reach has to be measured on them. The
  table takes nulls of any shape, and the highest of a component's kind decides.
- A null speaks for the kind of component it was measured on. Where none was
  measured, an agreement can send a component to experts and do no more.
- Fewer heads give a coarser agreement of heads: with 16 in a model, one head is a
  step of .06.
- Models that began from one draw of their weights are no strangers and are not in
  these figures."""


def main() -> None:
    """Writes the page."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    PAGE.write_text(page(table), encoding="utf-8")


def page(table: Mapping[str, Any]) -> str:
    """The page of one table."""
    agreements = [row for row in table["tests"] if row["exact"] is None]
    exact = [row for row in table["tests"] if row["exact"] is not None]
    parts = [
        HEAD,
        SETS,
        _sets(table["sets"]),
        _verdicts(table["sets"]),
        _provenance(table),
        AGREEMENTS,
        _effects(agreements),
        BOUNDS,
        _bounds(agreements),
        _applied(agreements),
        EXACT,
        _uniform(exact),
        _off(exact),
        _reported(exact),
        "Effects of the exact tests on the same pairs:",
        _effects(exact),
        LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def _sets(sets: Sequence[Row]) -> str:
    heads = "set|models|pairs|of all pairs|same order|disjoint|tokens a model|shapes"
    return _markdown(
        heads,
        [
            [
                one["set"],
                str(one["models"]),
                f"{one['pairs']:,}",
                f"{one['pairs_of_these_models']:,}",
                str(one["same_order_pairs"]),
                str(one["disjoint_pairs"]),
                " to ".join(f"{count:,}" for count in one["tokens"]),
                "; ".join(one["shapes"]),
            ]
            for one in sets
        ],
    )


def _verdicts(sets: Sequence[Row]) -> str:
    """What the engine said of these pairs, all of them strangers."""
    lines = [
        f"- {one['set']}, `{name}`: "
        + ", ".join(f"`{word}` {count:,}" for word, count in counts.items())
        for one in sets
        for name, counts in one["verdicts"].items()
    ]
    return "\n".join(["Verdicts on these pairs:", "", *lines])


def _provenance(table: Mapping[str, Any]) -> str:
    made = table["measured"]
    versions = (
        f"dokja {', '.join(made['dokja'])}, Python {made['python']}, "
        f"numpy {made['numpy']}, scipy {made['scipy']}"
    )
    recipes = [
        f"- Recipes of {one['set']}: `{one['recipes']}`" for one in table["sets"]
    ]
    return "\n".join(
        [
            f"- Measured: {made['date']}, on {made['machine']}",
            f"- Versions: {versions}",
            *(f"- Rules: `{rules}`" for rules in made["rules"]),
            *recipes,
            "",
            RULES,
            "",
            "```",
            *made["commands"],
            "python benchmarks/lineage/calibration_page.py",
            "```",
        ]
    )


def _effects(rows: Sequence[Row]) -> str:
    heads = (
        "set|component|test|n|median|.95|.99|highest|highest, same order (n)|"
        "shared correlation|effective pairs"
    )
    return _markdown(
        heads,
        [
            [
                *_named(row),
                f"{row['pairs']:,}",
                *(_short(row[name]) for name in ("median", "q95", "q99", "highest")),
                _same_order(row),
                f"{row['shared_correlation']:.3f}",
                f"{row['effective_pairs']:,.0f}",
            ]
            for row in rows
        ],
    )


def _same_order(row: Row) -> str:
    if row["highest_same_order"] is None:
        return "–"
    return f"{_short(row['highest_same_order'])} ({row['same_order_pairs']})"


def _bounds(rows: Sequence[Row]) -> str:
    heads = "set|component|test|level|reached|disjoint|effective|all, if independent"
    names = ("bound_disjoint", "bound_effective", "bound_if_independent")
    return _markdown(
        heads,
        [
            [
                *_named(row),
                f"`{word}` {level['level']:g}",
                f"{level['reached']} of {row['pairs']:,}",
                *(_percent(level[name]) for name in names),
            ]
            for row in rows
            for word, level in row["levels"].items()
        ],
    )


def _applied(rows: Sequence[Row]) -> str:
    """What the rules do with the highest values, and the levels that follow."""
    rules = shipped_rules()
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["component"], row["test"]), []).append(row)
    levels = []
    for (component, test), same in found.items():
        if "derived" not in same[0]["levels"]:
            continue
        fixed = same[0]["levels"]["derived"]["level"]
        highest = max(row["highest"] for row in same)
        least = max(fixed, highest + rules.null_margin)
        figures = [f"{fixed:g}", _short(highest), f"{least:.4g}"]
        levels.append([component, f"`{test}`", *figures])
    heads = "component|test|fixed level|highest stranger|counts from"
    return f"{_rule(rules)}\n\n{_markdown(heads, levels)}"


def _rule(rules: LineageRules) -> str:
    return (
        "### Applied\n\n"
        f"The shipped rules (version {rules.version}) hold the highest value of each "
        "agreement and its n. An agreement stands for its class in `derived` only from "
        "its fixed level on, and only from the highest value of models trained apart "
        f"plus {rules.null_margin:g} on, two standard errors of a share of 128 units "
        "near one half. Rules without nulls (frozen before version 2.1.0) keep their "
        "digest, and under them agreements only refer. Every report carries n, the "
        "highest value and the disjoint bound beside the agreement."
    )


def _uniform(rows: Sequence[Row]) -> str:
    heads = "set|component|test|p-value|n|KS|p of KS|rate at .05|95 % interval|smallest"
    lines = []
    for row in rows:
        for words, key in (
            ("one pair of layers", "single"),
            ("the same, disjoint pairs", "single_disjoint"),
            ("all layers together", "joint"),
            ("as reported", "reported"),
        ):
            found = row["exact"][key]
            if found is not None and found["n"] >= LEAST:
                lines.append([*_named(row), words, *_law(found, key)])
    return _markdown(heads, lines)


def _off(rows: Sequence[Row]) -> str:
    """Which laws are not uniform by their interval, beside how many would be."""
    asked = [
        (row, words, row["exact"][key])
        for row in rows
        for words, key in (("one pair of layers", "single"), ("all layers", "joint"))
        if row["exact"][key] is not None and row["exact"][key]["n"] >= LEAST
    ]
    off = [one for one in asked if not one[2]["low"] <= LEVEL <= one[2]["high"]]
    lines = [
        f"- {' '.join(_named(row))}, {words}: {found['rate_05']:.3f} "
        f"({found['low']:.3f} to {found['high']:.3f}), p of KS {found['ks_p']:.2g}"
        for row, words, found in off
    ]
    head = (
        f"Of {len(asked)} laws over all pairs, {len(off)} have an interval that "
        f"leaves out .05; by chance {0.05 * len(asked):.1f} would."
    )
    return "\n".join([head, *(["", *lines] if lines else [])])


def _law(found: Row, key: str) -> list[str]:
    # What is conservative on purpose is no candidate for a uniform law.
    asked = key != "reported"
    return [
        f"{found['n']:,}",
        f"{found['ks']:.3f}" if asked else "–",
        f"{found['ks_p']:.3g}" if asked else "–",
        f"{found['rate_05']:.3f}",
        f"{found['low']:.3f} to {found['high']:.3f}",
        f"{found['smallest']:.2g}",
    ]


def _reported(rows: Sequence[Row]) -> str:
    rules = shipped_rules()
    refer = sum(row["exact"]["reported_refer"] for row in rows)
    derived = sum(row["exact"]["reported_derived"] for row in rows)
    count = sum(row["pairs"] for row in rows)
    return (
        f"Of {count:,} reported p-values (tests × pairs), {refer} are at most "
        f"{rules.refer_p:g}, where a person looks, and {derived} at most "
        f"{rules.derived_p:g}. Levels as low as these cannot be checked by counting: "
        "they rest on the bound that is proven for every order of the rows."
    )


def _named(row: Row) -> list[str]:
    several = f" ({row['part']})" if row["part"] > 1 else ""
    return [
        row["set"],
        row["component"],
        f"`{row['test']}` {row['tensor_class']}{several}",
    ]


def _short(value: float) -> str:
    return f"{value:.3f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2g} %"


def _markdown(heads: str, rows: Sequence[Sequence[str]]) -> str:
    names = heads.split("|")
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    main()
