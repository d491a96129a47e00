"""The harness behind its port, on a real model, with the hazards of others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from dokja.adapters.harness import LmEvalHarness
from dokja.benchmark import parse_suite
from dokja.benchmark.values import FaultCause, SampleRecord, SampleStatus, Suite
from dokja.errors import InvalidInput
from tests.e2e.conftest import ROOT, copy_examples

pytestmark = pytest.mark.slow

SUITES = ROOT / "examples/programme/stage-1/suites"
STRONG = str(ROOT / "examples/models/dalyeoul/text_decoder")
WEAK = str(ROOT / "examples/models/cheotnunmaeul/text_decoder")
ITEMS = 24


@pytest.fixture(scope="module")
def suites() -> tuple[Suite, ...]:
    """The first items of two shipped suites."""
    found = []
    for name in ("ko-particle", "en-continuation"):
        whole = parse_suite(
            (SUITES / name / "suite.toml").read_text(encoding="utf-8"),
            (SUITES / name / "items.jsonl").read_text(encoding="utf-8"),
            where=name,
        )
        header = msgspec.structs.replace(whole.header, items=ITEMS)
        found.append(Suite(header=header, items=whole.items[:ITEMS]))
    return tuple(found)


def answers(
    model: str, suites: Sequence[Suite], *, batch_size: int = 16
) -> tuple[SampleRecord, ...]:
    """The harness's records for a model."""
    return LmEvalHarness(batch_size=batch_size, dtype="float32").run(model, suites)


def test_every_item_has_one_record_in_the_suites_order(
    suites: tuple[Suite, ...],
) -> None:
    """Order and number come from the suite, not from the harness's batching."""
    records = answers(WEAK, suites)
    wanted = [(s.header.id, item.id) for s in suites for item in s.items]
    assert [(record.suite, record.item) for record in records] == wanted
    assert {record.status for record in records} == {SampleStatus.SCORED}
    for record in records:
        assert record.score in (0, 1)


def test_a_second_model_is_not_given_the_first_one_s_answers(
    suites: tuple[Suite, ...],
) -> None:
    """A cache that is not keyed by the model contaminates across teams."""
    alone = answers(WEAK, suites)
    answers(STRONG, suites)
    assert answers(WEAK, suites) == alone
    assert answers(STRONG, suites) != alone


def test_the_engine_names_all_that_changes_a_score() -> None:
    """Versions, device, batch and precision; never the machine."""
    engine = LmEvalHarness(batch_size=3, dtype="float32").engine
    for part in (
        "lm_eval 0.4.13",
        "transformers",
        "torch",
        "cpu",
        "batch 3",
        "float32",
    ):
        assert part in engine


def test_a_model_that_does_not_load_is_named_with_a_remedy(
    suites: tuple[Suite, ...], tmp_path: Path
) -> None:
    """A configuration that asks for remote code is not followed."""
    place = copy_examples(tmp_path) / "models/cheotnunmaeul/text_decoder"
    (place / "config.json").write_text(
        '{"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}'
    )
    (place / "own.py").write_text("raise SystemExit('ran submitted code')")
    with pytest.raises(InvalidInput, match="cannot load"):
        answers(str(place), suites)


def test_a_question_that_would_be_cut_is_an_error_of_the_model_s(
    suites: tuple[Suite, ...],
) -> None:
    """The harness drops its beginning without a word; the others stay scored."""
    first, *rest = suites[0].items
    long = msgspec.structs.replace(first, question="낱말 " * 600 + first.question)
    suite = msgspec.structs.replace(suites[0], items=(long, *rest))
    cut, *others = answers(WEAK, [suite])
    assert (cut.status, cut.score) == (SampleStatus.ERROR, None)
    assert cut.cause is FaultCause.MODEL
    assert "where the model takes 512" in cut.error
    assert {record.status for record in others} == {SampleStatus.SCORED}
