"""The table of what models trained apart reach, from the lines of `calibrate.py`.

    .venv/bin/python benchmarks/lineage/calibration_table.py FILE… \
        --zoo ZOO --date 2026-11-28

Writes `src/dokja/lineage/calibration.json`, which travels in the wheel, and of it
`src/dokja/lineage/measured_nulls.py`, which the shipped rules take up. Of several
records of one pair the last one counts, component by component.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from calibration_figures import (
    effects,
    most_disjoint,
    reached,
    rounded,
    uniformity,
)
from measured import machine
from strangers import Names, Truth, read_truth
from strangers import strangers as pairs_of

from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import seed_for
from dokja.lineage import shipped_rules
from dokja.lineage.weighing import NEVER_CARRY, derived_from, refer_from
from dokja.statistics.permutation import NORMAL_UP_TO, normal_tail

PACKAGE = Path(__file__).parents[2] / "src" / "dokja" / "lineage"
WIDTH = 64
SCHEMA = "dokja-lineage-calibration/1"
Record = dict[str, Any]
Key = tuple[str, str, str, int]
"""Component, test, tensor class, and which of several alike."""


def main() -> None:
    """Writes the table and the nulls of the agreements in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--zoo", type=Path, required=True)
    parser.add_argument("--date", required=True, help="of the measurement")
    asked = parser.parse_args()
    records = read(asked.files)
    names = list(dict.fromkeys(record["set"] for record in records))
    truths = {name: read_truth(asked.zoo / name) for name in names}
    table = table_of(records, truths) | {"measured": provenance(records, asked.date)}
    text = json.dumps(table, ensure_ascii=False, indent=1)
    (PACKAGE / "calibration.json").write_text(text + "\n", encoding="utf-8")
    module = PACKAGE / "measured_nulls.py"
    module.write_text(module_of(table), encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([str(ruff), "format", "--quiet", str(module)], check=True)


def read(files: Iterable[Path]) -> list[Record]:
    """One record a pair, each component as it was measured last."""
    found: dict[tuple[str, str, str], Record] = {}
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            key = (record["set"], record["candidate"], record["reference"])
            parts = {part["name"]: part for part in record.pop("components")}
            before = found.get(key, {}).get("components", {})
            found[key] = record | {"components": before | parts}
    return list(found.values())


def provenance(records: Sequence[Record], date: str) -> dict[str, Any]:
    """Where, when and under what the pairs were measured."""
    about = machine()
    return {
        "date": date,
        "rules": sorted({record["rules"] for record in records}),
        "dokja": sorted({record["version"] for record in records}),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "machine": f"{platform.machine()}, {about['cores']} cores, no accelerator",
        "commands": [
            "python benchmarks/lineage/zoo/build.py ZOO --set SET",
            "python benchmarks/lineage/calibrate.py --zoo ZOO --sets SET --out FILE",
            "python benchmarks/lineage/calibration_table.py FILE --zoo ZOO --date DATE",
        ],
    }


def table_of(records: Sequence[Record], truths: Mapping[str, Truth]) -> dict[str, Any]:
    """The sets that were measured, and every test of every set."""
    sets, tests = [], []
    for name, truth in truths.items():
        mine = [record for record in records if record["set"] == name]
        sets.append(_set(truth, mine))
        tests += _tests(mine)
    return {"schema": SCHEMA, "sets": sets, "tests": tests}


def _set(truth: Truth, records: Sequence[Record]) -> dict[str, Any]:
    names = sorted({n for r in records for n in _pair(r)})
    recipes = [truth.models[name]["recipe_digest"] for name in names]
    tokens = [truth.models[name]["tokens"] for name in names]
    return {
        "set": truth.name,
        "models": len(names),
        "pairs": len(records),
        "disjoint_pairs": len(most_disjoint([_pair(record) for record in records])),
        "pairs_of_these_models": sum(1 for _ in pairs_of(truth)),
        "same_order_pairs": sum(record["same_order"] for record in records),
        "recipes": digest_of(recipes),
        "tokens": [min(tokens), max(tokens)],
        "shapes": _shapes(records),
        "seconds_a_pair": rounded(
            sorted(record["seconds"] for record in records)[len(records) // 2]
        ),
        "verdicts": _verdicts(records),
    }


def _verdicts(records: Sequence[Record]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for record in records:
        for name, part in record["components"].items():
            counts.setdefault(name, Counter())[part["verdict"]] += 1
    return {name: dict(counter) for name, counter in counts.items()}


def _shapes(records: Sequence[Record]) -> list[str]:
    shapes = [shape for record in records for shape in record["shapes"]]
    return sorted({_shape(shape) for shape in shapes})


def _shape(shape: Mapping[str, Any]) -> str:
    return (
        f"{shape['family']}, {shape['hidden']} wide, {shape['layers']} layers of "
        f"{shape['heads']} heads, vocabulary {shape['vocabulary']}"
    )


def _pair(record: Record) -> Names:
    return record["candidate"], record["reference"]


def _tests(records: Sequence[Record]) -> list[dict[str, Any]]:
    found: dict[Key, list[tuple[Record, dict[str, Any]]]] = {}
    for record in records:
        for name, part in record["components"].items():
            seen: Counter[tuple[str, str]] = Counter()
            for test in part["tests"]:
                kind = (test["id"], test["tensor_class"])
                seen[kind] += 1
                if test["effect"] is not None:
                    key = (name, *kind, seen[kind])
                    found.setdefault(key, []).append((record, test))
    return [_row(key, measured) for key, measured in found.items()]


def _row(key: Key, measured: Sequence[tuple[Record, dict[str, Any]]]) -> dict[str, Any]:
    """One test of one component over the pairs in which it was made."""
    records = [record for record, _ in measured]
    tests = [test for _, test in measured]
    values = [test["effect"] for test in tests]
    pairs = [_pair(record) for record in records]
    models = len({name for pair in pairs for name in pair})
    figures = effects(values, pairs)
    alike = [v for v, r in zip(values, records, strict=True) if r["same_order"]]
    trials = len(most_disjoint(pairs)), figures["effective_pairs"]
    agreement = tests[0]["p_value"] is None
    return {
        "set": records[0]["set"],
        "component": key[0],
        "test": key[1],
        "tensor_class": key[2],
        "part": key[3],
        "shape": "; ".join(_shapes(records)),
        "models": models,
        "pairs": len(pairs),
        "disjoint_pairs": trials[0],
        "same_order_pairs": len(alike),
        "highest_same_order": rounded(max(alike)) if alike else None,
        **figures,
        "levels": _levels(key[1], values, trials) if agreement else {},
        "exact": None if agreement else _exact(key, measured),
    }


def _levels(
    id_: str, values: Sequence[float], trials: tuple[int, float]
) -> dict[str, dict[str, Any]]:
    rules = shipped_rules()
    levels = {"refer": refer_from(id_, rules)}
    if id_ not in NEVER_CARRY:
        levels["derived"] = derived_from(id_, rules)
    return {name: reached(values, level, trials) for name, level in levels.items()}


def _exact(
    key: Key, measured: Sequence[tuple[Record, dict[str, Any]]]
) -> dict[str, Any]:
    """The test's p-values: of one comparison of rows, joint, and as reported."""
    rules = shipped_rules()
    single = [_single(key, *one) for one in measured]
    joint = [p for one in measured if (p := _joint(key, one[0])) is not None]
    reported = [test["p_value"] for _, test in measured]
    apart = most_disjoint([_pair(record) for record, _ in measured])
    return {
        "single": uniformity(single),
        "single_disjoint": uniformity([single[place] for place in apart]),
        "joint": uniformity(joint) if joint else None,
        "reported": uniformity(reported),
        "reported_refer": sum(p <= rules.refer_p for p in reported),
        "reported_derived": sum(p <= rules.derived_p for p in reported),
    }


def _single(key: Key, record: Record, test: Mapping[str, Any]) -> float:
    """The p-value of one pair of layers, drawn by the names of the models.

    A test outside the layers has one pair of tables; its z up to 3 gives p, and
    beyond it p is no larger than there.
    """
    rows = _by_layers(key, record)
    if rows is None:
        return normal_tail(min(NORMAL_UP_TO, test["statistic"]))
    flat = [p for row in rows["p"] for p in row]
    text = f"{record['set']} {record['candidate']} {record['reference']}"
    return float(flat[seed_for(text, " ".join(key[:3])) % len(flat)])


def _joint(key: Key, record: Record) -> float | None:
    rows = _by_layers(key, record)
    return None if rows is None else rows["joint_p"]


def _by_layers(key: Key, record: Record) -> dict[str, Any] | None:
    for test in record["components"][key[0]]["exact"]:
        if (test["id"], test["tensor_class"]) == key[1:3]:
            found: dict[str, Any] = test
            return found
    return None


def module_of(table: Mapping[str, Any]) -> str:
    """Python for the nulls of the agreements, as the shipped rules hold them."""
    sources = {
        one["set"]: f"{one['set']}, recipes {one['recipes']}" for one in table["sets"]
    }
    fields = (
        *("test", "component", "tensor_class", "shape"),
        *("models", "pairs", "disjoint_pairs", "highest"),
    )
    lines = [
        '"""What agreements reach between models trained apart.',
        "",
        "Written by benchmarks/lineage/calibration_table.py of calibration.json, where",
        "the distributions, commands and versions stand; explained in",
        "docs/lineage-calibration.md.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from dokja.lineage.values import MeasuredNull, TensorClass",
        "",
        "MEASURED_NULLS: tuple[MeasuredNull, ...] = (",
    ]
    for row in table["tests"]:
        if row["exact"] is not None:
            continue
        given = {name: _literal(row[name]) for name in fields}
        given["tensor_class"] = f"TensorClass.{row['tensor_class'].upper()}"
        given["source"] = _literal(sources[row["set"]])
        lines.append("    MeasuredNull(")
        lines += [f"        {name}={value}," for name, value in given.items()]
        lines.append("    ),")
    return "\n".join([*lines, ")", ""])


def _literal(value: str | float) -> str:
    """The value in Python, a long text in pieces."""
    if not isinstance(value, str):
        return repr(value)
    pieces = [json.dumps(value[at : at + WIDTH]) for at in range(0, len(value), WIDTH)]
    return pieces[0] if len(pieces) == 1 else f"({' '.join(pieces)})"


if __name__ == "__main__":
    main()
