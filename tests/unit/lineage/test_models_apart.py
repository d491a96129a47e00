"""What models trained apart reach decides what an agreement may stand for."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text
from dokja.lineage import (
    LineageVerdict,
    TensorClass,
    compare_lineage,
    shipped_rules,
)
from dokja.lineage.measuring import Controlled, Measured
from dokja.lineage.models_apart import bound_of, upper_bound
from dokja.lineage.values import LineageRules, MeasuredNull
from dokja.lineage.weighing import Weighed, published, weigh
from tests.unit.house.repository import PACKAGE
from tests.unit.lineage.camouflage import rescaled, rotated
from tests.unit.lineage.lineage_models import (
    ArrayCheckpoint,
    comparison,
    decoder,
    hidden_reordered,
    subject,
    trained_on,
    vocabulary,
)

WORDS = Text("", "")
AGREEMENTS = ("raw_agreement", "anchored_agreement", "anchored_heads")


def _null(highest: float, **more: Any) -> MeasuredNull:
    fields: dict[str, Any] = {
        "test": "anchored_agreement",
        "component": "text_decoder",
        "tensor_class": TensorClass.MLP,
        "shape": "made up",
        "models": 64,
        "pairs": 2016,
        "disjoint_pairs": 32,
        "highest": highest,
        "source": "made up",
    }
    return MeasuredNull(**(fields | more))


def _rules(*nulls: MeasuredNull) -> LineageRules:
    return msgspec.structs.replace(
        shipped_rules(), measured_nulls=nulls, null_margin=0.1
    )


def _weighed(effect: float, rules: LineageRules, p: float | None = None) -> Weighed:
    """An agreement of a text decoder, far above its own controls."""
    measured = Measured(
        id="anchored_agreement" if p is None else "T1",
        tensor_class=TensorClass.MLP,
        statistic=effect,
        effect=effect,
        p_value=p,
        null=WORDS,
        survives=WORDS,
    )
    test = Controlled(
        measured=measured,
        strangers=(0.01, 0.012, 0.011),
        descendant=0.9,
        descendant_p=None if p is None else 1e-12,
    )
    (found,) = weigh([test], rules, 1, component="text_decoder", shared_basis=False)
    return found


def test_no_event_bounds_the_rate_by_the_disjoint_pairs_alone() -> None:
    """Two thousand pairs of 64 models say what 32 independent ones say."""
    assert upper_bound(32) == pytest.approx(1 - 0.05 ** (1 / 32))
    assert upper_bound(2016) < 0.0015
    assert upper_bound(0) == 1.0
    found = bound_of([_null(0.04)], 0.7)
    assert found is not None
    assert (found.pairs, found.disjoint_pairs) == (2016, 32)
    assert found.bound == upper_bound(32)


def test_several_nulls_count_together_and_the_highest_decides() -> None:
    """A second shape adds pairs, and can only make an agreement count for less."""
    both = [_null(0.04), _null(0.3, models=4, pairs=6, disjoint_pairs=2)]
    found = bound_of(both, 0.7)
    assert found is not None
    assert (found.highest, found.pairs, found.models) == (0.3, 2022, 68)
    assert found.bound == upper_bound(34)


def test_an_agreement_that_strangers_reach_has_no_bound() -> None:
    """Nothing was ruled out where a pair of strangers did the same."""
    found = bound_of([_null(0.3)], 0.3)
    assert found is not None
    assert found.bound is None
    assert bound_of([], 0.9) is None


@pytest.mark.parametrize(
    ("highest", "effect", "carries"),
    [(0.04, 0.55, True), (0.5, 0.55, False), (0.5, 0.61, True), (0.04, 0.45, False)],
)
def test_an_agreement_counts_from_its_level_and_above_the_strangers(
    highest: float, effect: float, *, carries: bool
) -> None:
    """Between the level and the strangers it still sends the pair to a person."""
    rules = _rules(_null(highest))
    found = _weighed(effect, rules)
    assert found.carries(rules) is carries
    assert found.needs_a_person(rules)


@pytest.mark.parametrize(
    "nulls",
    [
        (),
        (_null(0.04, component="vision_encoder"),),
        (_null(0.04, test="raw_agreement"),),
        (_null(0.04, tensor_class=TensorClass.ATTENTION),),
    ],
    ids=["none", "another component", "another test", "another class"],
)
def test_an_agreement_of_which_nothing_was_measured_only_refers(
    nulls: tuple[MeasuredNull, ...],
) -> None:
    """What strangers of another kind do says nothing about these."""
    rules = _rules(*nulls)
    found = _weighed(0.95, rules)
    assert not found.carries(rules)
    assert found.needs_a_person(rules)
    assert published(found, rules).measured_null is None


def test_a_test_with_a_p_value_needs_no_measured_null() -> None:
    """Its null is every order of the rows."""
    rules = _rules()
    found = _weighed(0.6, rules, p=1e-12)
    assert found.carries(rules)
    assert published(found, rules).measured_null is None


def test_every_published_agreement_stands_beside_its_null() -> None:
    """A reader sees the n, the highest stranger and the bound, or that none is."""
    reference = decoder(1, layers=3)
    trained = trained_on(reference, 9, 0.3)
    hidden = rotated(rescaled(hidden_reordered(trained, 5), 6), 4)
    candidate, parent = (
        subject(
            name,
            text_decoder=ArrayCheckpoint(
                one, vocabulary(), config={"num_attention_heads": 2}
            ),
        )
        for name, one in (("a", hidden), ("b", reference))
    )
    bare = msgspec.structs.replace(shipped_rules(), measured_nulls=())
    low = _rules(*(_null(0.02, **at) for at in _everywhere()))
    for rules, verdict in ((low, LineageVerdict.DERIVED), (bare, LineageVerdict.REFER)):
        report = compare_lineage(candidate, parent, comparison(rules=rules))
        (found,) = report.components
        assert found.verdict is verdict
        shown = [t for t in found.tests if t.id in AGREEMENTS and t.effect is not None]
        assert shown
        assert all((t.measured_null is not None) is (rules is low) for t in shown)
        others = [t for t in found.tests if t.id not in AGREEMENTS]
        assert all(t.measured_null is None for t in others)


def _everywhere() -> list[dict[str, Any]]:
    attention = {"tensor_class": TensorClass.ATTENTION}
    return [
        {"test": "raw_agreement"},
        {"test": "anchored_agreement"},
        {"test": "anchored_heads", **attention},
    ]


def test_rules_without_nulls_keep_their_digest() -> None:
    """Old signed bundles carry the digest of the rules they were made under."""
    fields = msgspec.to_builtins(shipped_rules())
    old = {
        k: v for k, v in fields.items() if k not in ("measured_nulls", "null_margin")
    }
    rules = msgspec.convert(old, LineageRules)
    assert digest_of(rules) == digest_of(old)
    assert rules.measured_nulls == ()


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """The table that ships with the package."""
    text = (PACKAGE / "lineage" / "calibration.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_shipped_table_says_where_it_comes_from(table: dict[str, Any]) -> None:
    """A figure without its source is no figure."""
    assert table["schema"] == "dokja-lineage-calibration/1"
    assert table["measured"].keys() >= {
        *("date", "rules", "dokja", "python", "numpy", "machine", "commands")
    }
    for one in table["sets"]:
        assert one["recipes"].startswith("sha256:")
        assert 1 <= one["disjoint_pairs"] <= one["models"] // 2
        assert one["pairs"] <= one["pairs_of_these_models"]


def test_the_figures_of_the_shipped_table_fit_together(table: dict[str, Any]) -> None:
    """Quantiles in order, bounds in order, and no bound where a level was reached."""
    sets = {one["set"]: one for one in table["sets"]}
    for row in table["tests"]:
        assert row["median"] <= row["q95"] <= row["q99"] <= row["highest"]
        assert (row["highest_same_order"] or -1.0) <= row["highest"]
        assert row["pairs"] <= sets[row["set"]]["pairs"]
        assert row["disjoint_pairs"] <= row["effective_pairs"] + 1 <= row["pairs"] + 1
        for level in row["levels"].values():
            assert (level["level"] <= row["highest"]) is (level["reached"] > 0)
            assert (level["bound_disjoint"] is None) is (level["reached"] > 0)


def test_the_shipped_rules_hold_what_the_table_holds(table: dict[str, Any]) -> None:
    """Nobody may raise a level by typing a lower stranger."""
    rows = [row for row in table["tests"] if row["exact"] is None]
    nulls = shipped_rules().measured_nulls
    assert {null.test for null in nulls} >= set(AGREEMENTS)
    assert len(nulls) == len(rows)
    for null, row in zip(nulls, rows, strict=True):
        stored = msgspec.to_builtins(null)
        source = stored.pop("source")
        assert stored == {name: row[name] for name in stored}
        assert source.startswith(f"{row['set']}, recipes sha256:")
