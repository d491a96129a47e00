"""Every pair of models trained apart, through the engine; one JSON line a pair.

    .venv/bin/python benchmarks/lineage/calibrate.py --zoo ZOO --sets calibration \
        --out FILE [--share 1/2] [--only embeddings] [--wait]

The zoo is what `zoo/build.py` made. Pairs that FILE holds are not run again, so
an interrupted run goes on where it stopped; with `--wait` it goes on until the
set has every planned model. Two processes divide the work by `--share 1/2` and
`--share 2/2`, each with a file of its own. `--only` asks some components alone,
where a test of theirs is new. `calibration_table.py` makes the table.

The rules are the shipped ones with fewer controls and no planted shares, neither
of which enters an effect or a p-value. A pair that a person would have to look at,
or whose agreement is high enough for it, runs again under the shipped rules.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from strangers import Names, Truth, in_order, read_truth

from dokja import __version__
from dokja.adapters.compute import LocalPool
from dokja.adapters.weights import find_subject
from dokja.evidence.canonical import digest_of
from dokja.evidence.ports import Compute
from dokja.lineage import (
    Comparison,
    ComponentLineage,
    LineageReport,
    LineageRules,
    LineageTest,
    LineageVerdict,
    compare_lineage,
    shipped_rules,
)
from dokja.lineage.exact_tests import CHANNELS, EXACT_TESTS
from dokja.lineage.layer_pairs import LayerColumn
from dokja.lineage.ports import LineageSubject
from dokja.lineage.weighing import refer_from
from dokja.statistics.permutation import cross_moments, p_value

Item = TypeVar("Item")
Result = TypeVar("Result")
CONTROLS = 2
BLOCK = 1 << 24
PATIENCE = 5.0
RULES = msgspec.structs.replace(
    shipped_rules(), control_draws=CONTROLS, detection_shares=()
)


class Watching(Compute):
    """Computes in this process and keeps what was measured of each layer."""

    def __init__(self) -> None:
        self._pool = LocalPool(1)
        self.columns: list[LayerColumn] = []

    def map(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        on_done: Callable[[Item, Result], None],
    ) -> tuple[Result, ...]:
        """Results in the order of the items, as of a pool of one worker."""
        results = self._pool.map(work, items, on_done=on_done)
        self.columns += [one for one in results if isinstance(one, LayerColumn)]
        return results


def main() -> None:
    """Runs what FILE lacks, set by set."""
    asked = _arguments()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    known = _known(asked.out)
    for name in asked.sets:
        _fill(asked, asked.zoo / name, known)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zoo", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", default="1/1", help="which of how many processes")
    parser.add_argument("--only", nargs="+", default=[], help="components to ask")
    parser.add_argument("--wait", action="store_true", help="for models to come")
    return parser.parse_args()


def _known(path: Path) -> set[tuple[str, ...]]:
    if not path.exists():
        return set()
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {(one["set"], one["candidate"], one["reference"]) for one in records}


def _fill(asked: argparse.Namespace, place: Path, known: set[tuple[str, ...]]) -> None:
    """Nothing; looks again for finished models after every pair it ran."""
    done = 0
    while True:
        truth = read_truth(place)
        pair = _next(truth, known, asked.share)
        if pair is None:
            if truth.is_whole or not asked.wait:
                break
            time.sleep(PATIENCE)
            continue
        record = compared(truth, pair, asked.only)
        with asked.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(record) + "\n")
        known.add((truth.name, *pair))
        done += 1
        if done % 100 == 0:
            print(f"{truth.name}: {done} pairs run", flush=True)
    print(f"{truth.name}: {done} pairs run, nothing left", flush=True)


def _next(truth: Truth, known: set[tuple[str, ...]], share: str) -> Names | None:
    number, of = map(int, share.split("/"))
    for pair in in_order(truth):
        # By name and not by place: the order changes as models are finished.
        mine = sum(map(ord, "".join(pair))) % of == number - 1
        if mine and (truth.name, *pair) not in known:
            return pair
    return None


def compared(truth: Truth, pair: Names, only: Sequence[str] = ()) -> dict[str, Any]:
    """What the engine measured of one pair, with uncorrected p-values by layers."""
    started = time.perf_counter()
    watching = Watching()
    report = _report(truth, pair, only, (RULES, watching))
    columns = _by_component(report.components, watching.columns)
    unusual = any(map(_is_unusual, report.components))
    judged = (
        _report(truth, pair, only, (shipped_rules(), LocalPool(1)))
        if unusual
        else report
    )
    return {
        "set": truth.name,
        "candidate": pair[0],
        "reference": pair[1],
        "same_order": truth.share_order(pair),
        "shapes": [truth.models[name]["shape"] for name in pair],
        "recipes": [truth.models[name]["recipe_digest"] for name in pair],
        "tokens": [truth.models[name]["tokens"] for name in pair],
        "rules": digest_of(RULES),
        "version": __version__,
        "seconds": round(time.perf_counter() - started, 3),
        "judged_again": unusual,
        "components": [
            {
                "name": component.name,
                "verdict": verdict,
                "tests": [_test(test) for test in component.tests if test.id != "T6"],
                "exact": _exact(columns.get(component.name, ())),
            }
            for component, verdict in zip(
                report.components, (c.verdict for c in judged.components), strict=True
            )
        ],
    }


def _report(
    truth: Truth,
    pair: Names,
    only: Sequence[str],
    how: tuple[LineageRules, Compute],
) -> LineageReport:
    candidate, reference = (_subject(truth.place / n, tuple(only)) for n in pair)
    return compare_lineage(
        candidate,
        reference,
        Comparison(
            rules=how[0],
            seed_text=f"{truth.name} {pair[0]} against {pair[1]}",
            searched=1,
            compute=how[1],
            on_step=_silent,
        ),
    )


def _is_unusual(component: ComponentLineage) -> bool:
    """Whether fewer controls could have changed the verdict."""
    return component.verdict is not LineageVerdict.NO_EVIDENCE or any(
        test.p_value is None
        and test.effect is not None
        and test.effect >= refer_from(test.id, RULES)
        for test in component.tests
    )


@lru_cache(maxsize=128)
def _subject(folder: Path, only: tuple[str, ...]) -> LineageSubject:
    subject = find_subject(folder, block_bytes=BLOCK)
    if not only:
        return subject
    return LineageSubject(
        name=subject.name,
        components={k: c for k, c in subject.components.items() if k in only},
    )


def _silent(_what: str, _done: int, _total: int) -> None:
    """Nobody watches two thousand pairs."""


def _by_component(
    components: Sequence[ComponentLineage], columns: Sequence[LayerColumn]
) -> Mapping[str, Sequence[LayerColumn]]:
    """The columns of each component: they come in its order, layer 0 first."""
    starts = [at for at, column in enumerate(columns) if column.number == 0]
    runs = [columns[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
    layered = [one for one in components if any(t.layer_effects for t in one.tests)]
    if len(runs) != len(layered):
        raise ValueError("every component with layers was measured once")
    return {one.name: run for one, run in zip(layered, runs, strict=True)}


def _test(test: LineageTest) -> dict[str, Any]:
    return {
        "id": test.id,
        "tensor_class": test.tensor_class,
        "effect": test.effect,
        "statistic": test.statistic,
        "p_value": test.p_value,
        "control": max(test.controls_negative, default=None),
        "descendant": test.control_positive,
    }


def _exact(columns: Sequence[LayerColumn]) -> list[dict[str, Any]]:
    """Uncorrected p-values, a row a reference layer, and T2's of all layers."""
    found = []
    for test in EXACT_TESTS:
        rows = [
            column.exact[test.key] for column in columns if test.key in column.exact
        ]
        if rows:
            found.append(
                {
                    "id": test.id,
                    "tensor_class": test.tensor_class,
                    "p": [[float(f"{s.p_value:.5g}") for s in r.found] for r in rows],
                    "joint_p": _joint(columns) if test is CHANNELS else None,
                }
            )
    return found


def _joint(columns: Sequence[LayerColumn]) -> float | None:
    crosses = [column.joint for column in columns if column.joint is not None]
    if not crosses:
        return None
    total = sum(crosses[1:], crosses[0].astype("float64"))
    return float(f"{p_value(total, cross_moments(total, 1.0)):.5g}")


if __name__ == "__main__":
    main()
