"""`dokja benchmark import` and `export`: a log in, scored here, rows out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec import structs

from dokja.benchmark.written import prompt_of
from dokja.wiring.suites import open_suite
from tests.e2e.conftest import dokja

SUITE = "ko-arithmetic-written"
WEIGHTS = "sha256:" + "0" * 64


def log_of(place: Path, *, answers: int, changed: bool = False) -> Path:
    """lm-eval's samples of the first items: every second answer is right."""
    suite = open_suite(SUITE)
    rows = []
    for number, item in enumerate(suite.items[:answers]):
        question = item.question + ("?" if changed else "")
        asked = prompt_of(suite.header, structs.replace(item, question=question))
        answer = item.target if number % 2 == 0 else "모름"
        rows.append(
            {
                "doc_id": number,
                "doc": {"id": item.id, "question": question},
                "arguments": {"gen_args_0": {"arg_0": asked, "arg_1": {}}},
                "resps": [[answer]],
                "filtered_resps": [answer],
                "exact_match": 1.0,
            }
        )
    path = place / "samples.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def imported(log: Path, out: Path, *options: object) -> tuple[int, str, str]:
    """The command on a log of lm-eval's."""
    ran = dokja(
        *("benchmark", "import", SUITE, log, "--from", "lm-eval", "--out", out),
        *("--subject", "elsewhere", "--weights", WEIGHTS, "--served-by", "made up"),
        *options,
    )
    return ran.code, ran.out, ran.err


def test_answers_are_scored_here_and_totals_are_not_read(tmp_path: Path) -> None:
    """The log claims that all are right; half of them are."""
    log = log_of(tmp_path, answers=240)
    code, out, err = imported(log, tmp_path / "run", "--json")
    assert code == 0, err
    (task,) = json.loads(out)["tasks"]
    assert task["estimate"]["value"] == pytest.approx(0.5)
    assert "imported lm-eval log sha256:" in json.loads(out)["engine"]


def test_what_the_log_does_not_hold_is_missing_and_has_no_row(tmp_path: Path) -> None:
    """No total without them; export names them and writes no 0."""
    code, out, err = imported(log_of(tmp_path, answers=200), tmp_path / "run", "--json")
    assert code == 0, err
    (task,) = json.loads(out)["tasks"]
    assert task["estimate"] is None
    assert {entry["status"] for entry in task["unscored"]} == {"missing"}
    exported = dokja("benchmark", "export", tmp_path / "run")
    rows = [json.loads(line) for line in exported.out.splitlines()]
    assert len(rows) == 200
    assert {row["evaluation"]["score"] for row in rows} == {0, 1}
    assert exported.err.count("left out") == 40


@pytest.mark.parametrize(
    ("options", "changed", "fact"),
    [((), True, "item"), (("--weights", "sha256:1"), False, "no digest")],
)
def test_another_suite_s_log_and_no_digest_are_refused(
    options: tuple[object, ...], fact: str, tmp_path: Path, *, changed: bool
) -> None:
    """And nothing is kept."""
    log = log_of(tmp_path, answers=240, changed=changed)
    code, _, err = imported(log, tmp_path / "run", *options)
    assert code == 5
    assert fact in err
    assert not (tmp_path / "run").exists()
