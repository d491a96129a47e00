"""Written answers of a transformers folder, on real and on hostile models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from dokja.adapters.harness import TransformersHarness
from dokja.benchmark.values import (
    AnswerRule,
    AnswerRuleKind,
    FaultCause,
    Item,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
)
from dokja.errors import InvalidInput, Unavailable
from tests.contract.small_suites import letters, made, shipped
from tests.e2e.conftest import ROOT, copy_examples

pytestmark = pytest.mark.slow

STRONG = ROOT / "examples/models/dalyeoul/text_decoder"
NUMBERS = made(
    Scoring.RULES,
    tuple(
        Item(
            id=f"n{n}",
            question=question,
            cluster=f"c{n}",
            rules=(AnswerRule(kind=AnswerRuleKind.INCLUDES, text=rule),),
        )
        for n, (question, rule) in enumerate(
            [("5384 읽기:", "오천"), ("선생님은", "다")]
        )
    ),
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of a trained example that may be spoilt."""
    return copy_examples(tmp_path) / "models/cheotnunmaeul/text_decoder"


def answers(model: Path, *suites: Suite, repeat: int = 0) -> tuple[SampleRecord, ...]:
    """The harness's records for a model."""
    return TransformersHarness(dtype="float32").run(str(model), suites, repeat=repeat)


def test_a_trained_model_writes_with_its_tokens_counted() -> None:
    """What it was trained on it continues: the number is read as thousands."""
    first, second = answers(STRONG, NUMBERS, repeat=1)
    assert [r.status for r in (first, second)] == [SampleStatus.SCORED] * 2
    assert (first.score, first.repeat) == (1, 1)
    for record in (first, second):
        assert record.answer
        assert record.input_tokens is not None
        assert record.input_tokens > 1
        assert record.output_tokens is not None
        assert 0 < record.output_tokens <= 8
        assert record.measured is not None
        assert record.measured.first_token_seconds is not None
        assert record.measured.first_token_seconds <= record.measured.seconds


def test_a_second_model_is_not_given_the_first_one_s_answers(place: Path) -> None:
    """The model that is kept for the next shard is kept by its path."""
    alone = [record.answer for record in answers(STRONG, NUMBERS)]
    assert [record.answer for record in answers(place, NUMBERS)] != alone
    assert [record.answer for record in answers(STRONG, NUMBERS)] == alone


def test_what_a_folder_recommends_changes_no_answer(place: Path) -> None:
    """A team cannot give itself a temperature, a penalty or a forced word."""
    plain = [record.answer for record in answers(place, NUMBERS)]
    given = json.loads((place / "generation_config.json").read_text())
    wishes: dict[str, object] = {"do_sample": True, "temperature": 9.0}
    wishes |= {"repetition_penalty": 5.0}
    wishes |= {"forced_eos_token_id": 5, "num_beams": 4, "suppress_tokens": [6]}
    (place / "generation_config.json").write_text(json.dumps(given | wishes))
    moved = place.rename(place.with_name("moved"))
    assert [record.answer for record in answers(moved, NUMBERS)] == plain


def test_a_chat_template_is_used_and_a_broken_one_is_the_model_s_fault(
    place: Path,
) -> None:
    """Each item stands as an error with its cause, never as a 0."""
    settings = place / "tokenizer_config.json"
    given = json.loads(settings.read_text())
    template = "{{ messages[0].content }} {{ messages[0].content }}"
    settings.write_text(json.dumps(given | {"chat_template": template}))
    doubled = answers(place, NUMBERS)[0].input_tokens
    single = answers(STRONG, NUMBERS)[0].input_tokens
    assert doubled is not None
    assert single is not None
    assert doubled > single
    broken = "{{ raise_exception('no') }}"
    settings.write_text(json.dumps(given | {"chat_template": broken}))
    moved = place.rename(place.with_name("moved"))
    records = answers(moved, NUMBERS)
    assert {(r.status, r.score, r.cause) for r in records} == {
        (SampleStatus.ERROR, None, FaultCause.MODEL)
    }


def test_weights_that_give_no_number_are_an_error_and_no_zero(place: Path) -> None:
    """The likeliest of nothing is the first token of the vocabulary."""
    tensors = load_file(place / "model.safetensors")
    tensors["model.norm.weight"][:] = float("nan")
    save_file(tensors, place / "model.safetensors", metadata={"format": "pt"})
    first, second = answers(place, NUMBERS)
    assert (first.status, first.score) == (SampleStatus.ERROR, None)
    assert first.cause is FaultCause.MODEL
    assert "no number" in second.error


def test_a_prompt_that_leaves_no_room_is_an_error_and_no_zero() -> None:
    """The others are answered."""
    short, long = answers(STRONG, letters("짧은 물음", "긴 물음 " * 400))
    assert short.status is SampleStatus.SCORED
    assert (long.status, long.score) == (SampleStatus.ERROR, None)
    assert "512" in long.error


def test_submitted_code_is_not_run_and_pickles_are_not_opened(place: Path) -> None:
    """Neither `auto_map` nor a `pytorch_model.bin` is followed."""
    weights = (place / "model.safetensors").read_bytes()
    (place / "model.safetensors").rename(place / "pytorch_model.bin")
    with pytest.raises(InvalidInput, match="cannot load"):
        answers(place, NUMBERS)
    (place / "model.safetensors").write_bytes(weights)
    own = '{"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}'
    (place / "config.json").write_text(own)
    (place / "own.py").write_text("raise SystemExit('ran submitted code')")
    with pytest.raises(InvalidInput, match="cannot load"):
        answers(place, NUMBERS)


def test_what_it_does_not_score_is_refused() -> None:
    """Choices are lm-eval's."""
    with pytest.raises(Unavailable, match="choices"):
        answers(STRONG, shipped("small-sums", 2))


def test_the_engine_names_all_that_changes_a_score() -> None:
    """Versions, device, precision and how tokens are drawn."""
    engine = TransformersHarness(dtype="float32").engine
    for part in ("transformers 5", "torch", "cpu; one thread", "float32", "greedy"):
        assert part in engine
