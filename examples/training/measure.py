"""Runs every example model on every suite with lm-eval and says which suites tell which teams apart.

    python examples/training/measure.py [MODEL …]

Writes measured.json beside this script. Two teams are apart on a suite where the mean of their paired
differences is more than 1.96 of its clustered standard errors from zero (Liang and Zeger 1986).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")

import torch
from build_suites import SUITES
from lm_eval.evaluator import simple_evaluate
from lm_eval.models.huggingface import HFLM
from recipes import Recipe, read_recipes
from record import write_json

MEASURED = Path(__file__).parent / "measured.json"


def task(folder: Path) -> dict[str, Any]:
    """The lm-eval task of a suite."""
    suite = tomllib.loads((folder / "suite.toml").read_text(encoding="utf-8"))
    return {
        "task": suite["id"],
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str(folder / "items.jsonl")}},
        "test_split": "test",
        "output_type": "multiple_choice",
        "doc_to_text": "{{question}}",
        "doc_to_choice": "choices",
        "doc_to_target": "answer",
        "target_delimiter": "",
        "metric_list": [
            {"metric": "acc", "aggregation": "mean", "higher_is_better": True}
        ],
        "metadata": {"version": suite["version"]},
    }


def score(recipe: Recipe) -> dict[str, list[int]]:
    """1 or 0 for each item of each suite, in the items' order."""
    folder = str(recipe.path / "text_decoder")
    model = HFLM(pretrained=folder, device="cpu", dtype="float32", batch_size=32)
    tasks = [task(path) for path in sorted(SUITES.iterdir())]
    results = simple_evaluate(
        model=model, tasks=tasks, log_samples=True, bootstrap_iters=0
    )
    rows: dict[str, list[int]] = {}
    for name, samples in results["samples"].items():
        ordered = sorted(samples, key=lambda sample: sample["doc_id"])
        rows[name] = [int(sample["acc"]) for sample in ordered]
    return rows


def clusters(suite: str) -> list[str]:
    """The cluster of each item of a suite."""
    lines = (SUITES / suite / "items.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["cluster"] for line in lines]


def paired_z(left: list[int], right: list[int], groups: list[str]) -> float:
    """The mean paired difference in clustered standard errors."""
    gaps = np.array(left, dtype=float) - np.array(right, dtype=float)
    _, index = np.unique(groups, return_inverse=True)
    sums = np.bincount(index, weights=gaps - gaps.mean())
    error = np.sqrt(np.sum(sums**2)) / len(gaps)
    return float(gaps.mean() / error) if error > 0 else 0.0


def separated(
    correct: dict[str, dict[str, list[int]]], teams: list[str], suite: str
) -> list[list[str]]:
    """The pairs of teams a suite tells apart, the better one first."""
    found = []
    for left, right in itertools.combinations(teams, 2):
        z = paired_z(correct[left][suite], correct[right][suite], clusters(suite))
        if abs(z) > 1.96:
            found.append([left, right] if z > 0 else [right, left])
    return found


def main() -> None:
    """Measures the named models, or all, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*")
    torch.set_num_threads(1)
    recipes = read_recipes().models
    wanted = parser.parse_args().models or list(recipes)
    correct = {name: score(recipes[name]) for name in wanted}
    suites = sorted(path.name for path in SUITES.iterdir())
    for name, rows in correct.items():
        print(
            f"{name:14s}", *(f"{suite} {np.mean(rows[suite]):.3f}" for suite in suites)
        )
    teams = [name for name in wanted if not recipes[name].is_reference]
    apart = {suite: separated(correct, teams, suite) for suite in suites}
    for suite, pairs in apart.items():
        print(f"{suite}: {', '.join(f'{a} > {b}' for a, b in pairs)}")
    if len(wanted) == len(recipes):
        accuracy = {
            n: {s: round(float(np.mean(rows[s])), 4) for s in suites}
            for n, rows in correct.items()
        }
        write_json(
            MEASURED,
            {
                "harness": f"lm-eval {version('lm-eval')}",
                "accuracy": accuracy,
                "separated": apart,
            },
        )


if __name__ == "__main__":
    main()
