"""The arithmetic behind the table of what models trained apart reach."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dokja.lineage.values import MeasuredNull
from dokja.statistics.permutation import normal_tail

BENCH = Path(__file__).parents[3] / "benchmarks" / "lineage"
NAMES = [f"m{number:02d}" for number in range(64)]
PAIRS = list(combinations(NAMES, 2))
Load = Callable[[str], Any]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Imports a script of the bench by its name, as the scripts do each other."""
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module


def test_pairs_that_only_share_models_count_as_half_the_models(load: Load) -> None:
    """2,016 pairs of 64 models are worth 32 where models are all that matters."""
    figures = load("calibration_figures")
    of_model = dict(zip(NAMES, np.random.default_rng(1).normal(size=64), strict=True))
    values = [of_model[one] + of_model[other] for one, other in PAIRS]
    shared = figures.shared_correlation(values, PAIRS)
    assert shared == pytest.approx(0.5, abs=0.02)
    assert figures.effective_pairs(0.5, PAIRS) == pytest.approx(32, rel=0.01)
    assert figures.effective_pairs(shared, PAIRS) < 36


def test_pairs_that_share_nothing_count_in_full(load: Load) -> None:
    """The correction takes nothing away where there is nothing to correct."""
    figures = load("calibration_figures")
    values = np.random.default_rng(2).normal(size=len(PAIRS)).tolist()
    assert figures.shared_correlation(values, PAIRS) < 0.01
    assert figures.effective_pairs(0.0, PAIRS) == len(PAIRS) == 2016
    assert figures.shared_correlation([0.25] * 2016, PAIRS) == 0.0


def test_a_level_that_was_reached_has_no_bound(load: Load) -> None:
    """A bound of what did not happen must not be printed where it did."""
    figures = load("calibration_figures")
    values = [0.1] * 31 + [0.4]
    missed = figures.reached(values, 0.5, (16, 20.0))
    assert missed["reached"] == 0
    assert missed["bound_disjoint"] == pytest.approx(1 - 0.05 ** (1 / 16), abs=1e-6)
    assert missed["bound_effective"] == pytest.approx(1 - 0.05 ** (1 / 20), abs=1e-6)
    assert missed["bound_if_independent"] < missed["bound_effective"]
    hit = figures.reached(values, 0.4, (16, 20.0))
    assert hit["reached"] == 1
    assert hit["bound_disjoint"] is None


def test_quantiles_and_the_highest_are_those_of_the_effects(load: Load) -> None:
    """The table's row is what a reader would compute from the records."""
    figures = load("calibration_figures")
    values = [number / 2015 for number in range(2016)]
    found = figures.effects(values, PAIRS)
    assert (found["median"], found["highest"]) == (0.5, 1.0)
    assert (found["q95"], found["q99"]) == (0.95, 0.99)


def test_uniform_p_values_pass_and_others_do_not(load: Load) -> None:
    """A check that cannot fail checks nothing."""
    figures = load("calibration_figures")
    even = [(number + 0.5) / 2016 for number in range(2016)]
    found = figures.uniformity(even)
    assert found["ks_p"] > 0.99
    assert found["low"] < 0.05 < found["high"]
    crowded = figures.uniformity([p * p for p in even])
    assert crowded["ks_p"] < 1e-6
    assert crowded["low"] > 0.05
    assert figures.clopper_pearson(0, 72)[1] == pytest.approx(1 - 0.025 ** (1 / 72))


def _model(seed: int, order: int, **more: Any) -> dict[str, Any]:
    fields = {
        "relation": "base",
        "from_seed": True,
        "derives": {},
        "seed": seed,
        "data_orders": [order],
    }
    return fields | more


def _truth(load: Load, folder: Path, models: dict[str, Any]) -> Any:
    text = json.dumps({"set": "s", "planned": len(models), "models": models})
    (folder / "truth.json").write_text(text)
    return load("strangers").read_truth(folder)


def test_only_models_trained_apart_are_strangers(load: Load, tmp_path: Path) -> None:
    """One descendant, one pupil or one twin among them would raise the null."""
    models = {
        "a": _model(1, 10),
        "b": _model(2, 10),
        "twin": _model(1, 11),
        "child": _model(3, 12, derives={"a": {}}),
        "pupil": _model(4, 13, relation="distilled"),
        "grown": _model(5, 14, from_seed=False),
    }
    truth = _truth(load, tmp_path, models)
    assert set(load("strangers").strangers(truth)) == {("b", "a"), ("twin", "b")}


def test_disjoint_pairs_come_first_and_then_those_of_one_order(
    load: Load, tmp_path: Path
) -> None:
    """A run that is cut short has to have asked every model."""
    models = {f"m{n:02d}": _model(n, 70 + n % 4) for n in range(16)}
    truth = _truth(load, tmp_path, models)
    order = load("strangers").in_order(truth)
    assert len(order) == len(set(order)) == 120
    first = order[:8]
    assert {name for pair in first for name in pair} == set(models)
    kept = [truth.share_order(pair) for pair in order[8:]]
    assert kept == sorted(kept, reverse=True)
    assert sum(truth.share_order(pair) for pair in order) == 4 * 6


def _record(
    pair: tuple[str, str], effect: float, component: str = "text_decoder"
) -> dict[str, Any]:
    """A line of `calibrate.py` with one agreement and one exact test."""
    alike = {"tensor_class": "mlp", "statistic": 1.0}
    shape = {
        "family": "llama",
        "hidden": 128,
        "layers": 2,
        "heads": 4,
        "vocabulary": 1536,
    }
    return {
        "set": "s",
        "candidate": pair[0],
        "reference": pair[1],
        "same_order": False,
        "shapes": [shape, shape],
        "components": [
            {
                "name": component,
                "verdict": "no_evidence",
                "tests": [
                    {"id": "T1", "effect": 0.01, "p_value": 0.8, **alike},
                    {"id": "raw_agreement", "effect": effect, "p_value": None, **alike},
                ],
                "exact": [
                    {
                        "id": "T1",
                        "tensor_class": "mlp",
                        "p": [[0.1, 0.2], [0.3, 0.4]],
                        "joint_p": None,
                    }
                ],
            }
        ],
    }


def test_a_later_line_replaces_a_component_and_keeps_the_others(
    load: Load, tmp_path: Path
) -> None:
    """A new test is measured on its component alone, without running all again."""
    lines = [
        _record(("b", "a"), 0.1),
        _record(("b", "a"), 0.2, "embeddings"),
        _record(("b", "a"), 0.3),
    ]
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    (record,) = load("calibration_table").read([path])
    effects = {
        name: part["tests"][1]["effect"] for name, part in record["components"].items()
    }
    assert effects == {"text_decoder": 0.3, "embeddings": 0.2}


def test_one_pair_of_layers_stands_for_a_pair_of_models(
    load: Load, tmp_path: Path
) -> None:
    """Layers never count as pairs: two models give one p-value."""
    table = load("calibration_table")
    path = tmp_path / "lines.jsonl"
    pairs = list(combinations("abcd", 2))
    path.write_text("\n".join(json.dumps(_record(pair, 0.1)) for pair in pairs))
    rows = table._tests(table.read([path]))
    exact, agreement = sorted(rows, key=lambda row: row["exact"] is None)
    assert exact["exact"]["single"]["n"] == agreement["pairs"] == 6
    assert exact["exact"]["single_disjoint"]["n"] == agreement["disjoint_pairs"] == 2
    assert {0.1, 0.2, 0.3, 0.4} >= {exact["exact"]["single"]["smallest"]}
    assert agreement["levels"]["derived"]["reached"] == 0


def test_outside_the_layers_p_follows_from_z_and_stops_at_three(load: Load) -> None:
    """Beyond z = 3 the engine reports a bound that cannot be read back."""
    table, key = load("calibration_table"), ("embeddings", "T2", "boundary", 1)
    record = _record(("b", "a"), 0.1, "embeddings")
    record["components"] = {"embeddings": {"exact": []}}
    at = [table._single(key, record, {"statistic": z}) for z in (0.0, 3.0, 9.0)]
    assert at == pytest.approx([0.5, normal_tail(3.0), normal_tail(3.0)])


def test_the_written_module_holds_the_agreements_of_the_table(load: Load) -> None:
    """The rules take up a module, because a stage reads no file."""
    row = {
        "set": "s",
        "test": "raw_agreement",
        "component": "text_decoder",
        "tensor_class": "mlp",
        "shape": "llama's, " + "very long " * 20,
        "models": 64,
        "pairs": 2016,
        "disjoint_pairs": 32,
        "highest": 0.03,
        "exact": None,
    }
    exact = row | {"test": "T1", "exact": {}}
    table = {"sets": [{"set": "s", "recipes": "sha256:0"}], "tests": [row, exact]}
    scope: dict[str, Any] = {}
    exec(load("calibration_table").module_of(table), scope)  # noqa: S102
    (null,) = scope["MEASURED_NULLS"]
    assert isinstance(null, MeasuredNull)
    assert (null.highest, null.shape) == (0.03, row["shape"])
    assert null.source == "s, recipes sha256:0"


def test_the_page_is_the_one_that_the_table_gives(load: Load) -> None:
    """A figure changed by hand would outlive its measurement."""
    page = load("calibration_page")
    table = json.loads(page.TABLE.read_text(encoding="utf-8"))
    assert page.PAGE.read_text(encoding="utf-8") == page.page(table)


def test_a_law_that_is_off_is_named(load: Load) -> None:
    """A table of forty intervals hides the one that matters."""
    page, figures = load("calibration_page"), load("calibration_figures")
    even = figures.uniformity([(number + 0.5) / 400 for number in range(400)])
    crowded = figures.uniformity([(number / 400) ** 2 for number in range(1, 401)])
    row = {
        "set": "s",
        "component": "text_decoder",
        "test": "T2",
        "tensor_class": "attention",
        "part": 1,
    }
    rows = [
        row | {"exact": {"single": even, "joint": crowded}},
        row | {"test": "T1", "exact": {"single": even, "joint": None}},
    ]
    text = page._off(rows)
    assert "Of 3 laws over all pairs, 1 have" in text
    assert "`T2` attention, all layers: 0.2" in text
    assert "T1" not in text
