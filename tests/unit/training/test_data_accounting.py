"""V13 recomputes batches from the order and the shards that a team opens."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from safetensors import numpy as safetensors_numpy

from dokja.training.checks.v13_data_accounting import data_accounting
from tests.audited_run import AuditedRun, audited_run, write_shard


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> AuditedRun:
    """One run for the module."""
    return audited_run(tmp_path_factory.mktemp("run"))


@pytest.fixture
def run(kept: AuditedRun, tmp_path: Path) -> AuditedRun:
    """A copy that may be spoilt."""
    return AuditedRun(Path(shutil.copytree(kept.folder, tmp_path / "run")))


def _result(run: AuditedRun) -> tuple[str, str]:
    result, detail = data_accounting(run.case())
    return result.value, detail.en


def _reorder(run: AuditedRun, change: Callable[[dict[int, Any]], None]) -> None:
    """Changes the order as a team could that hands in another one."""
    path = run.materials / "order.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    order = {line["step"]: line["excerpts"] for line in lines}
    change(order)
    text = [json.dumps({"step": n, "excerpts": e}) + "\n" for n, e in order.items()]
    path.write_text("".join(text))


def test_every_batch_is_recomputed(run: AuditedRun) -> None:
    """And every token counted: the shard was read once."""
    result, said = _result(run)
    assert (result, "40 steps" in said, "1.00 times" in said) == ("pass", True, True)


def test_where_steps_were_given_up_the_last_line_counts(run: AuditedRun) -> None:
    """A line before it may be of a batch that a crash took away."""
    path = run.materials / "order.jsonl"
    old = json.dumps({"step": 7, "excerpts": [["text", 0, 0, 1]]})
    path.write_text(old + "\n" + path.read_text())
    assert _result(run)[0] == "pass"


def _swap(order: dict[int, Any]) -> None:
    order[7], order[8] = order[8], order[7]


def _shorten(order: dict[int, Any]) -> None:
    order[7] = order[7][:-1]


def _lose(order: dict[int, Any]) -> None:
    del order[7]


def _replace_all(order: dict[int, Any]) -> None:
    for step in order:
        order[step] = [["text", 0, 0, 12]]


ORDERS = {
    "two batches exchanged": (_swap, "fail"),
    "a row left out": (_shorten, "fail"),
    "a step lost": (_lose, "inconclusive"),
    "the order of another run": (_replace_all, "inconclusive"),
}


@pytest.mark.parametrize("name", ORDERS)
def test_another_order_is_not_the_recorded_one(name: str, run: AuditedRun) -> None:
    """What is lost may have been lost honestly; what contradicts the record not."""
    change, expected = ORDERS[name]
    _reorder(run, change)
    assert _result(run)[0] == expected


def test_a_shard_that_is_gone_or_changed_counts_as_lost(run: AuditedRun) -> None:
    """A disk can do both."""
    path = run.materials / "data" / "text.safetensors"
    spoilt = bytearray(path.read_bytes())
    spoilt[-1] ^= 1
    path.write_bytes(spoilt)
    assert _result(run)[0] == "inconclusive"
    path.unlink()
    assert _result(run)[0] == "inconclusive"


def test_a_shard_nobody_declared_fails(tmp_path: Path) -> None:
    """Every batch was read from it, and the record speaks of another one."""
    (tmp_path / "scratch").mkdir()
    declared = msgspec.structs.replace(write_shard(tmp_path / "scratch"), name="other")
    result, said = _result(audited_run(tmp_path, shard=declared))
    assert (result, "never declared" in said) == ("fail", True), said


def test_a_list_that_is_gone_may_have_declared_it(run: AuditedRun) -> None:
    """Then nobody can tell, and nobody is accused."""
    for path in (run.folder / "record" / "lists").iterdir():
        if b"counted up" in path.read_bytes():
            path.unlink()
    assert _result(run)[0] == "inconclusive"


def test_a_wrong_count_of_a_shard_is_a_question(tmp_path: Path) -> None:
    """Counting by another tokenizer is a mistake, and no forgery."""
    true = write_shard(tmp_path / "materials")
    declared = msgspec.structs.replace(true, tokens=true.tokens * 2)
    result, said = _result(audited_run(tmp_path, shard=declared))
    assert (result, "declared" in said) == ("inconclusive", True), said


def test_without_materials_nothing_is_recomputed(kept: AuditedRun) -> None:
    """And it says what it would take."""
    case = kept.case()
    blind = replace(case, audit=replace(case.audit, materials=None))
    assert data_accounting(blind)[0].value == "not_run"


@pytest.mark.parametrize("broken", ["starts", "line"])
def test_damaged_materials_end_in_no_traceback(run: AuditedRun, broken: str) -> None:
    """They are as hostile as the rest."""
    if broken == "line":
        with (run.materials / "order.jsonl").open("a") as file:
            file.write('{"step": 41, "exc')
    else:
        path = run.materials / "data" / "text.safetensors"
        tokens = np.zeros(5, dtype=np.int64)
        whole: dict[str, Any] = {"tokens": tokens, "documents": tokens}
        safetensors_numpy.save_file(whole, path)
    assert _result(run)[0] == "inconclusive"
