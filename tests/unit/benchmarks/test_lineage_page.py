"""What is true of a pair and what the page says of it, which decide what it proves."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.benchmarks.lines import BENCH, Load, bench_of, component, stored

SHAPE = {"family": "llama", "hidden": 4, "layers": 2}


def model(relation: str, **more: Any) -> dict[str, Any]:
    """An entry of truth.json, as far as pairs need it."""
    return {
        "relation": relation,
        "strength": "",
        "seed": 1,
        "camouflage": ["rotate_residual"],
        "training": [{}],
        "ancestors": [],
        "behaviour_of": [],
        "derives": {},
        "shape": SHAPE,
    } | more


def truths(load: Load, place: Path, models: dict[str, Any]) -> dict[Any, str]:
    """What is said to be true of each pair that is asked, in their order."""
    (place / "truth.json").write_text(json.dumps({"set": "s", "models": models}))
    pairs = [pair.truth for pair in load("posed").posed(place)]
    return {(p["candidate"], p["reference"]): p["truth"] for p in pairs}


def part(of: str) -> dict[str, Any]:
    """The embeddings of a model and nothing else."""
    return {of: {"embeddings": True, "head": False, "layer_map": [None]}}


def test_pairs_carry_what_the_zoo_knows_of_them(load: Load, tmp_path: Path) -> None:
    """Truth that is guessed from names would make every figure worthless."""
    models = {
        "A": model("base", ancestors=["A"]),
        "B": model("base", ancestors=["B"], seed=2),
        "child": model("transplanted", derives=part("A"), ancestors=["A"]),
        "student": model("distilled", behaviour_of=["B"], ancestors=["student"]),
    }
    models["student"]["seed"] = 3
    found = truths(load, tmp_path, models)
    assert found == {
        ("child", "A"): "derived",
        ("student", "B"): "knowledge",
        ("B", "A"): "independent",
        ("student", "A"): "independent",
        ("child", "B"): "independent",
    }
    assert list(found)[:2] == [("child", "A"), ("student", "B")]


def test_models_of_one_seed_are_no_strangers_and_no_descendants(
    load: Load, tmp_path: Path
) -> None:
    """Their weights match and nobody copied: neither figure may count them."""
    other = SHAPE | {"hidden": 8}
    models = {
        "A": model("base", ancestors=["A"]),
        "B": model("base", ancestors=["B"]),
        "wide": model("base", ancestors=["wide"], shape=other),
        "on-a": model("continued_pretraining", derives=part("A"), ancestors=["A"]),
    }
    found = truths(load, tmp_path, models)
    assert found["B", "A"] == "common_start"
    assert found["on-a", "B"] == "common_start"
    assert found["on-a", "A"] == "derived"
    assert found["wide", "A"] == "independent"


def test_of_another_architecture_only_bases_are_asked(
    load: Load, tmp_path: Path
) -> None:
    """Copies of one base against a foreign one would count one stranger often."""
    bert = SHAPE | {"family": "bert"}
    models = {
        "A": model("base", ancestors=["A"]),
        "bert": model("base", ancestors=["bert"], shape=bert),
        "bert-copy": model(
            "copy", derives=part("bert"), ancestors=["bert"], shape=bert
        ),
    }
    assert set(truths(load, tmp_path, models)) == {("bert", "A"), ("bert-copy", "bert")}


def test_the_true_share_is_that_of_the_true_layers(load: Load, tmp_path: Path) -> None:
    """A share that was itself read off the method could not check it."""
    torch = pytest.importorskip("torch")
    save = pytest.importorskip("safetensors.torch").save_file
    draws = np.random.default_rng(3)
    kept, own, noise = draws.standard_normal((3, 40, 30))
    name = "model.layers.{}.mlp.up_proj.weight"
    sides = ({1: kept}, {0: kept + noise, 1: own})
    folders = (tmp_path / "child", tmp_path / "parent")
    for folder, layers in zip(folders, reversed(sides), strict=True):
        folder.mkdir()
        tensors = {
            name.format(i): torch.from_numpy(w).bfloat16() for i, w in layers.items()
        }
        save(tensors, folder / "model.safetensors")
    derives = {"embeddings": False, "head": False, "layer_map": [1, None]}
    plain = model("transplanted", camouflage=[])
    shares = load("shares").true_shares
    found = shares(folders, plain, derives)["text_decoder"]
    rounded = [torch.from_numpy(w).bfloat16().double() for w in (kept, kept + noise)]
    centred = [(w - w.mean(dim=0)).numpy() for w in rounded]
    expected = np.corrcoef(*(w.ravel() for w in centred))[0, 1] ** 2 / 2
    assert found == pytest.approx(expected)
    hidden = model("copy", training=[])
    assert shares(folders, hidden, derives) == {"text_decoder": 1.0}
    assert shares(folders, model("fine_tuned"), derives) == {}


def test_a_component_of_its_own_seed_is_a_stranger_in_a_descendant(
    load: Load, tmp_path: Path
) -> None:
    """To accuse the decoder below copied embeddings is a false alarm."""
    derives = {"embeddings": True, "head": True, "layer_map": [None, None]}
    half = {"embeddings": False, "head": False, "layer_map": [0, None]}
    lines = [
        stored(1.0, truth="derived", derives=derives),
        stored(1.0, truth="derived", derives=half, candidate="half"),
    ]
    words, layers = bench_of(load, tmp_path, lines).records
    said = [record.true_of(c) for record in (words, layers) for c in ("embeddings", "")]
    assert said == ["whole", "independent", "independent", "part"]


@pytest.mark.parametrize(
    ("truth", "verdict", "kind"),
    [
        ("whole", "derived", None),
        ("whole", "partial", "extent"),
        ("whole", "refer", "referred"),
        ("whole", "untestable", "missed"),
        ("part", "partial", None),
        ("part", "derived", "extent"),
        ("independent", "no_evidence", None),
        ("independent", "refer", "doubt"),
        ("independent", "partial", "alarm"),
        ("knowledge", "derived", "alarm"),
        ("common_start", "refer", None),
        ("common_start", "derived", "alarm"),
    ],
)
def test_faults_are_told_apart(
    load: Load, truth: str, verdict: str, kind: str | None
) -> None:
    """A false alarm among misses, or a doubt among alarms, hides the worst."""
    assert load("missed").fault(truth, verdict) == kind


def dokja(verdict: str, **more: Any) -> dict[str, Any]:
    """Dokja's line on a pair, with a decoder alone."""
    detail = {"components": [component("text_decoder", verdict)]}
    same = {"method": "dokja", "verdict": verdict, "detail": detail}
    return stored(0.4, named=verdict == "derived") | same | more


def test_the_page_lists_every_miss_and_every_alarm(load: Load, tmp_path: Path) -> None:
    """A page that shows rates alone lets nobody look at the wrong ones."""
    whole = {"embeddings": True, "head": True, "layer_map": [0, 1]}
    child = {"truth": "derived", "derives": whole, "relation": "fine_tuned"}
    lines = [
        dokja("no_evidence", candidate="unseen", **child),
        dokja("derived", candidate="accused"),
    ]
    told = load("missed").missed(bench_of(load, tmp_path, lines))
    alarms, rest = told.split("### Descent that was not seen")
    assert "s accused / a | text_decoder | stranger" in alarms
    assert "s unseen / a | text_decoder | descends as a whole: fine_tuned" in rest


def test_marks_part_scores_from_lines(load: Load, tmp_path: Path) -> None:
    """A method may rank right and name nothing, or name what strangers beat."""
    child = {"truth": "derived", "relation": "copy"}
    lines = [
        stored(9.0, candidate="both", **child),
        stored(9.0, candidate="above", named=False, **child),
        stored(7.0, candidate="named", **child),
        stored(1.0, candidate="neither", **child),
        stored(8.0, candidate="stranger"),
    ]
    page = load("verdicts").descendants(bench_of(load, tmp_path, lines))
    rows = [line.split(" | ") for line in page.splitlines() if " / a |" in line]
    assert [row[-1].rstrip(" |") for row in rows] == ["●", "◐", "○", "–"]


def test_kept_records_make_the_same_page(load: Load, tmp_path: Path) -> None:
    """The page must not depend on a file that only its author has."""
    run = {
        "day": "2026-11-28",
        "processor": "x86_64",
        "cores": 2,
        "memory_gib": 24,
        "versions": {"Python": "3.11.7"},
    }
    path, kept = tmp_path / "lines.jsonl", tmp_path / "kept.jsonl.gz"
    lines = [{"run": run}, stored(1.0), dokja("refer"), stored(1 / 3)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    records, tables = load("records"), load("tables")
    records.keep([path], kept)
    assert len(list(records.lines([kept]))) == 3
    assert tables.page(records.read([kept])) == tables.page(records.read([path]))
    first = kept.read_bytes()
    records.keep([kept], kept)
    assert kept.read_bytes() == first


def test_the_page_is_the_one_that_the_kept_records_make(load: Load) -> None:
    """A page that was edited or left behind shows figures that nobody measured."""
    kept = BENCH / "results" / "records.jsonl.gz"
    page = BENCH.parents[1] / "docs" / "lineage-accuracy.md"
    assert page.exists() == kept.exists()
    if kept.exists():
        made = load("tables").page(load("records").read([kept]))
        assert made == page.read_text(encoding="utf-8")


def test_without_strangers_nothing_is_found_above_them(
    load: Load, tmp_path: Path
) -> None:
    """A run that was cut short must not read as a perfect one."""
    bench = bench_of(load, tmp_path, [stored(9.0, truth="derived", relation="copy")])
    page = load("verdicts").ranking(bench)
    assert "| CSU | none | none | no strangers |" in page
    assert "●" not in load("verdicts").descendants(bench).splitlines()[-1]


def test_a_line_that_was_cut_off_is_asked_again(load: Load, tmp_path: Path) -> None:
    """A killed run must neither break the next one nor leave half a line."""
    path = tmp_path / "lines.jsonl"
    whole = json.dumps(stored(1.0))
    path.write_text(f"{whole}\n{whole[:50]}")
    assert load("bench")._known(path) == {("s", "x", "a", "csu")}
    assert path.read_text() == f"{whole}\n"
