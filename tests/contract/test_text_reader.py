"""Texts read by real weights, and a model that was taught the published order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec import structs
from transformers import AutoModelForCausalLM, AutoTokenizer

from dokja.adapters.harness import TransformersReader
from dokja.benchmark.contamination import (
    NamedModel,
    OrderPlan,
    order_evidence,
    read_together,
    wording_evidence,
)
from dokja.benchmark.contamination.from_runs import asked_text
from dokja.benchmark.contamination.reading import BETWEEN
from dokja.benchmark.contamination.values import ContaminationReading
from dokja.benchmark.values import Suite
from dokja.errors import InvalidInput
from tests.contract.small_suites import shipped
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow

MODEL = ROOT / "examples/models/dalyeoul/text_decoder"
READER = TransformersReader(dtype="float32")
PLAN = OrderPlan(shard_items=4, orders=6, beacon="drawn")


@pytest.fixture(scope="module")
def suite() -> Suite:
    """Forty questions of one kind, in the order they were published in."""
    return shipped("ko-number", 40)


@pytest.fixture(scope="module")
def taught(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained example that then read the suite in its order, over and over."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32)
    texts = [asked_text(item) for item in suite.items]
    read = [
        torch.tensor([tokenizer(BETWEEN.join(texts[at : at + 8]))["input_ids"]])
        for at in range(0, len(texts), 8)
    ]
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for step in range(60):
        tokens = read[step % len(read)]
        loss = model(tokens, labels=tokens).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    place = tmp_path_factory.mktemp("taught") / "taught"
    model.save_pretrained(place)
    tokenizer.save_pretrained(place)
    return place


def test_the_log_probability_is_the_library_s_own_loss(suite: Suite) -> None:
    """In nats, of every token but the first; mean and deviation of the rest."""
    text = asked_text(suite.items[0])
    (found,) = READER.read(str(MODEL), [text])
    model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32)
    tokens = torch.tensor([AutoTokenizer.from_pretrained(MODEL)(text)["input_ids"]])
    with torch.inference_mode():
        loss = float(model(tokens, labels=tokens).loss)
    assert len(found.log_p) == tokens.shape[1] - 1
    assert -found.log_p.mean() == pytest.approx(loss, rel=1e-5)
    assert (found.mean < 0).all()
    assert (found.deviation > 0).all()


def test_a_text_longer_than_the_window_is_read_whole(suite: Suite) -> None:
    """Each token once; what fits into the first window is read as it is alone."""
    text = BETWEEN.join(2 * [asked_text(item) for item in suite.items])
    tokens = AutoTokenizer.from_pretrained(MODEL)(text)["input_ids"]
    assert len(tokens) > 512
    (whole,) = READER.read(str(MODEL), [text])
    assert len(whole.log_p) == len(tokens) - 1
    start = str(AutoTokenizer.from_pretrained(MODEL).decode(tokens[:100]))
    (first,) = READER.read(str(MODEL), [start])
    np.testing.assert_allclose(whole.log_p[:90], first.log_p[:90], atol=1e-4)


def test_a_model_that_was_taught_the_order_is_found_and_its_parent_is_not(
    suite: Suite, taught: Path
) -> None:
    """Read together; the finding only supports."""
    models = [
        NamedModel(name="parent", place=str(MODEL)),
        NamedModel(name="taught", place=str(taught)),
    ]
    found = read_together([order_evidence(READER, m, suite, PLAN) for m in models])
    readings = {f.evidence.subject: f.reading for f in found}
    assert readings["parent"] is ContaminationReading.NO_EVIDENCE
    assert readings["taught"] is ContaminationReading.SUPPORTING


def test_a_wording_that_was_read_is_more_familiar(suite: Suite, taught: Path) -> None:
    """Beyond what three models that never read it find."""
    paraphrases = structs.replace(
        suite,
        items=tuple(
            structs.replace(item, question=f"다음을 읽으면? {item.question}")
            for item in suite.items
        ),
    )
    known = [
        NamedModel(name=name, place=str(ROOT / f"examples/models/{name}/text_decoder"))
        for name in ("sangeuneul", "moraesinae", "cheotnunmaeul")
    ]
    team = NamedModel(name="taught", place=str(taught))
    evidence = wording_evidence(READER, team, known, (suite, paraphrases))
    assert evidence.estimate is not None
    assert evidence.estimate.value > max(evidence.reference_gaps)
    # Three references leave two degrees of freedom, which is why it only supports.
    assert evidence.p_value is not None


def test_too_few_items_for_two_shards_are_refused(suite: Suite) -> None:
    """One shard has no spread."""
    with pytest.raises(InvalidInput, match="1 shards"):
        order_evidence(
            READER,
            NamedModel(name="m", place=str(MODEL)),
            suite,
            OrderPlan(shard_items=40, orders=2, beacon=""),
        )
