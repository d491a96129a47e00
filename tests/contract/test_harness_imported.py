"""Logs of other harnesses, as they really write them and as an enemy would."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

from dokja.adapters.harness import LogKind, import_log
from dokja.benchmark.values import Item, SampleRecord, SampleStatus, Scoring, Suite
from dokja.errors import InvalidInput
from tests.contract.small_suites import letters, made, shipped
from tests.e2e.conftest import ROOT

TRAINED = ROOT / "examples/models/cheotnunmaeul/text_decoder"
TWO = letters("첫째 물음", "둘째 물음")


def write(place: Path, samples: list[dict[str, Any]]) -> Path:
    """A log with one object a line."""
    place.write_text("".join(json.dumps(s) + "\n" for s in samples), encoding="utf-8")
    return place


def said(place: int, answer: str, **more: Any) -> dict[str, Any]:
    """A sample as lm-eval and lmms-eval log a written answer."""
    item = TWO.items[place]
    return {
        "doc_id": place,
        "doc": {"id": item.id, "question": item.question},
        "target": "A",
        "arguments": {"gen_args_0": {"arg_0": item.question, "arg_1": {"until": []}}},
        "resps": [[answer]],
        "filtered_resps": ["made up by a filter"],
        "filter": "none",
        "exact_match": 1.0,
        **more,
    }


def lm_eval(
    place: Path, samples: list[dict[str, Any]], suite: Suite = TWO, *, repeats: int = 1
) -> tuple[SampleRecord, ...]:
    """The records of such a log."""
    written = write(place / "samples_task.jsonl", samples)
    return import_log(written, LogKind.LM_EVAL, suite, repeats=repeats).records


@pytest.mark.slow
def test_choices_of_a_real_lm_eval_log_are_those_it_was_measured_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is lm-eval's own; the scores in it are not looked at."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from lm_eval.evaluator import simple_evaluate
    from lm_eval.loggers import EvaluationTracker
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    from dokja.adapters.harness import LmEvalHarness
    from dokja.adapters.harness.lm_eval import _task

    suite = shipped("small-sums", 6)
    found = simple_evaluate(
        model=HFLM(pretrained=str(TRAINED), device="cpu", dtype="float32"),
        tasks=[_task(suite)],
        task_manager=TaskManager(include_defaults=False),
        bootstrap_iters=0,
        log_samples=True,
    )
    tracker = EvaluationTracker(output_path=str(tmp_path))
    tracker.date_id, tracker.general_config_tracker.model_name_sanitized = "d", "m"
    tracker.save_results_samples(
        task_name="small-sums", samples=found["samples"]["small-sums"]
    )
    (log,) = tmp_path.rglob("samples_*.jsonl")
    imported = import_log(log, LogKind.LM_EVAL, suite)
    measured = LmEvalHarness(batch_size=1, dtype="float32").run(str(TRAINED), [suite])
    assert imported.records == measured
    assert "imported lm-eval log sha256:" in imported.engine


def test_written_answers_are_scored_by_our_rule_and_not_by_the_log(
    tmp_path: Path,
) -> None:
    """The log claims full marks for both."""
    first, second = lm_eval(tmp_path, [said(0, "정답: A"), said(1, "정답: B")])
    assert (first.score, second.score) == (1, 0)
    assert (first.answer, second.answer) == ("정답: A", "정답: B")


def test_filters_do_not_double_a_sample_and_repeats_are_told_apart(
    tmp_path: Path,
) -> None:
    """lm-eval logs each sample once a filter, and repeats side by side."""
    twice = {"resps": [["정답: A", "정답: B"]]}
    strict = [said(n, "", filter="strict", **twice) for n in (0, 1)]
    loose = [said(n, "", filter="loose", **twice) for n in (0, 1)]
    records = lm_eval(tmp_path, strict + loose, repeats=2)
    assert [(r.item, r.repeat, r.score) for r in records] == [
        ("letter-0", 0, 1),
        ("letter-0", 1, 0),
        ("letter-1", 0, 1),
        ("letter-1", 1, 0),
    ]


def test_what_the_log_lacks_is_missing_and_no_zero(tmp_path: Path) -> None:
    """A log may stop early, and may have lost an answer."""
    lost = said(1, "") | {"resps": [[None]]}
    first, second = lm_eval(tmp_path, [lost])
    assert (first.status, first.score) == (SampleStatus.MISSING, None)
    assert (second.status, second.score) == (SampleStatus.ERROR, None)


@pytest.mark.parametrize(
    ("samples", "fact"),
    [
        (
            [said(0, "정답: A") | {"doc": {"id": "letter-0", "question": "쉬운 물음"}}],
            "letter-0",
        ),
        (
            [said(0, "x") | {"doc": {"question": "없는 물음"}}],
            "no item asks '없는 물음'",
        ),
        ([said(0, "정답: B"), said(0, "정답: A")], "letter-0.*too many"),
        ([{"doc": {"id": "letter-0"}, "resps": [["x"]]}], "without a question"),
    ],
)
def test_a_log_of_other_questions_is_refused(
    samples: list[dict[str, Any]], fact: str, tmp_path: Path
) -> None:
    """A changed question is another question; the better of two answers is none."""
    with pytest.raises(InvalidInput, match=fact):
        lm_eval(tmp_path, samples)


def test_other_choices_or_no_numbers_are_not_taken_for_a_choice(tmp_path: Path) -> None:
    """Choices in another order would be scored by the wrong key."""
    item = Item(id="i", question="q", choices=("가", "나"), answer=0, cluster="c")
    suite = made(
        Scoring.CHOICES, (item, Item(**item_fields(item, id="j", question="r")))
    )
    calls = [{"arg_0": "q", "arg_1": choice} for choice in (" 가", " 나")]
    sample = {
        "doc": {"id": "i", "question": "q"},
        "arguments": dict(enumerate(calls)),
        "filtered_resps": [["-1.5", "True"], ["nan", "False"]],
    }
    first, _ = lm_eval(tmp_path, [sample], suite)
    assert (first.status, first.score) == (SampleStatus.ERROR, None)
    turned = sample | {"arguments": dict(enumerate(reversed(calls)))}
    with pytest.raises(InvalidInput, match=r"item i: .*other choices"):
        lm_eval(tmp_path, [turned], suite)


def item_fields(item: Item, **changed: Any) -> dict[str, Any]:
    """The fields of an item with some changed."""
    return {name: getattr(item, name) for name in item.__struct_fields__} | changed


@pytest.mark.parametrize("listed", [True, False])
def test_predictions_of_vlmevalkit_are_read(listed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """As one list or one object a line; its own hit or miss is not looked at."""
    samples = [
        {"index": item.id, "question": item.question, "prediction": answer, "hit": 1}
        for item, answer in zip(TWO.items, ("정답: A", "정답: B"), strict=True)
    ]
    place = write(tmp_path / "predictions.json", samples)
    if listed:
        place.write_text(json.dumps(samples), encoding="utf-8")
    records = import_log(place, LogKind.VLMEVALKIT, TWO).records
    assert [record.score for record in records] == [1, 0]


def inspect_sample(**more: Any) -> dict[str, Any]:
    """A sample as Inspect logs it."""
    turn = {"role": "user", "content": [{"type": "text", "text": "첫째 물음"}]}
    message = {"role": "assistant", "content": "정답: A"}
    used = {"input_tokens": 5, "input_tokens_cache_read": 2, "output_tokens": 3}
    return {
        "id": "letter-0",
        "epoch": 1,
        "input": [turn],
        "output": {"choices": [{"message": message, "stop_reason": "stop"}]},
        "model_usage": {"m": used},
        "working_time": 0.5,
        "scores": {"judge": {"value": 0.25}},
    } | more


def packed(place: Path, samples: list[bytes], *, way: int = 93) -> Path:
    """An archive as Inspect packs it, or packed otherwise."""
    with zipfile.ZipFile(place, "w") as archive:
        for number, data in enumerate(samples):
            archive.writestr(f"samples/{number}.json", zstandard.compress(data))
            archive.infolist()[-1].compress_type = way
    # The library packs nothing by zstandard, so the way is written in by hand.
    return place


def test_a_judge_s_score_is_taken_where_there_is_one(tmp_path: Path) -> None:
    """Tokens and time come along; two scorers are not chosen between."""
    suite = made(Scoring.JUDGE, TWO.items)
    both = {"scores": {"a": {"value": 1}, "b": {"value": 0}}}
    second = inspect_sample(id="letter-1", input="둘째 물음", **both)
    place = tmp_path / "log.json"
    place.write_text(json.dumps({"samples": [inspect_sample(), second]}))
    one, two = import_log(place, LogKind.INSPECT, suite).records
    assert (one.score, one.answer) == (0.25, "정답: A")
    assert (one.input_tokens, one.output_tokens) == (7, 3)
    assert one.measured is not None
    assert (two.status, two.score) == (SampleStatus.ERROR, None)


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "no list of samples"),
        (b"PK\x03\x04 and nothing more", "no whole archive"),
        (b'{"samples": [7]}', "no list of samples"),
    ],
)
def test_what_is_no_log_is_refused(given: bytes, fact: str, tmp_path: Path) -> None:
    """With the file's name and never with a crash."""
    place = tmp_path / "log.eval"
    place.write_bytes(given)
    with pytest.raises(InvalidInput, match=fact):
        import_log(place, LogKind.INSPECT, TWO)


@pytest.mark.parametrize("way", [93, 14])
def test_an_archive_that_unpacks_without_end_is_refused(
    way: int, tmp_path: Path
) -> None:
    """Some kilobytes that become forty megabytes, and a way of packing unknown here."""
    place = packed(tmp_path / "log.eval", [b" " * (40 << 20)], way=way)
    with pytest.raises(InvalidInput, match=r"32 MiB|not known"):
        import_log(place, LogKind.INSPECT, TWO)
    good = json.dumps(inspect_sample()).encode()
    record = import_log(packed(tmp_path / "b.eval", [good]), LogKind.INSPECT, TWO)
    assert record.records[0].score == 1


def test_a_link_or_a_line_without_end_is_refused(tmp_path: Path) -> None:
    """Nothing is followed, nothing is read whole."""
    place = tmp_path / "log.jsonl"
    with place.open("wb") as file:
        file.truncate(33 << 20)
    with pytest.raises(InvalidInput, match="line of more than 32 MiB"):
        import_log(place, LogKind.LM_EVAL, TWO)
    link = tmp_path / "link.jsonl"
    link.symlink_to(place)
    with pytest.raises(InvalidInput, match="plain file"):
        import_log(link, LogKind.LM_EVAL, TWO)
