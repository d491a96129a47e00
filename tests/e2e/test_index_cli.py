"""`dokja index` on runs that really happened: two models, two small suites."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from dokja.adapters.folders.run_folder import RunFolder
from dokja.benchmark.values import OfficialRun, Suite
from dokja.cli.index import index
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes, digest_of
from dokja.wiring.runs import RUN, read_kept
from dokja.wiring.runs import SUITES as SUITES_FILE
from tests.e2e.conftest import ROOT, Ran, dokja, prepared
from tests.index_fixture import ALL_RULES, CANDIDATES, FIGURES

MODELS, SUITES = ("dalyeoul", "sangeuneul"), ("ko-particle", "small-sums")
RULES = ALL_RULES.replace('"s-nia"', '"ko-particle"').replace(
    '"s-common"', '"small-sums"'
)
CHOSEN = RULES.index('[[index_rules.frontier.categories]]\nid = "chosen"')
RULES = (RULES[:CHOSEN] + RULES[RULES.index("[index_rules.diffusion]") :]).replace(
    "weight = 0.3", "weight = 0.4", 1
)
"""The fixture's rules about the suites that are run here."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four kept runs."""
    place = tmp_path_factory.mktemp("runs")
    kept = []
    for model, suite in product(MODELS, SUITES):
        kept.append(place / f"{model}-{suite}")
        folder = ROOT / "examples" / "models" / model / "text_decoder"
        into = ("--out", kept[-1], "--workers", 1)
        prepared("benchmark", "run", suite, folder, *into)
    return kept


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Rules of an index on these suites, figures and candidates of these models."""
    place = tmp_path_factory.mktemp("rules")
    figures = FIGURES.replace('"t1"', '"dalyeoul"').replace('"r1"', '"sangeuneul"')
    texts = {
        "frontier": RULES.replace('reference = "r1"', 'reference = "absent"'),
        "rules": RULES.replace('reference = "r1"', 'reference = "sangeuneul"'),
        "candidates": CANDIDATES.replace('"t1"', '"dalyeoul"').replace(
            '"r1"', '"sangeuneul"'
        ),
        "figures": "\n[[figures]]".join(
            part
            for part in figures.split("\n[[figures]]")
            if not any(f'model = "t{n}"' in part for n in range(2, 5))
        ),
    }
    for name, text in texts.items():
        (place / f"{name}.toml").write_text(text, encoding="utf-8")
    return {name: place / f"{name}.toml" for name in texts}


def _json(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    plain: dict[str, Any] = json.loads(ran.out)
    assert ran.out.encode() == canonical_bytes(plain) + b"\n"
    return plain


def test_the_frontier_index_of_two_models(
    runs: list[Path], files: dict[str, Path]
) -> None:
    """Dalyeoul leads by its sums; the order of the folders changes no byte."""
    once = dokja("index", "frontier", files["frontier"], *runs, "--json")
    plain = _json(once)
    assert plain["schema"] == "dokja-index-frontier/1"
    assert [t["team"] for t in plain["teams"]] == list(MODELS)
    assert plain["order"] == ["dalyeoul", "sangeuneul"]
    again = dokja("index", "frontier", files["frontier"], *runs[::-1], "--json")
    assert again.out == once.out
    korean = dokja("index", "frontier", files["frontier"], *runs, "--lang", "ko")
    assert "참고용 · 공식 지수 아님" in korean.out
    english = dokja("index", "frontier", files["frontier"], *runs)
    assert "never the official index" in english.out
    assert "order changes" in english.out
    assert "small-sums" in english.out


def test_a_missing_benchmark_leaves_the_index_open(
    runs: list[Path], files: dict[str, Path]
) -> None:
    """With its name, and without a 0 anywhere."""
    ran = dokja("index", "frontier", files["frontier"], *runs[:3])
    assert ran.code == 0, ran.err
    assert "sangeuneul: Benchmarks without a complete result: small-sums." in ran.out


def test_the_diffusion_index_takes_figures_from_a_file(
    runs: list[Path], files: dict[str, Path]
) -> None:
    """Throughput 0.9 times the reference's; shares of a panel are a stage's."""
    asked = ("index", "diffusion", files["rules"], *runs)
    plain = _json(dokja(*asked, "--figures", files["figures"], "--json"))
    (team,) = plain["teams"]
    parts = {part["part"]: part for part in team["parts"]}
    assert parts["speed"]["times"]["value"] == pytest.approx(0.9, abs=0.01)
    assert parts["open"]["value"]["value"] == 1
    assert (team["index"], parts["experts"]["counting"]) == (None, "undetermined")
    bare = dokja(*asked, "--lang", "ko")
    assert "고정 참조 모델의 값이 없음" in bare.out


def test_the_target_in_three_views(runs: list[Path], files: dict[str, Path]) -> None:
    """Dalyeoul has 119 % of the only model of the set."""
    asked = ("index", "target", files["rules"], *runs)
    given = ("--candidates", files["candidates"], "--office-target", "sangeuneul")
    plain = _json(dokja(*asked, *given, "--json"))
    (report,) = plain["targets"]
    assert [view["view"] for view in report["views"]] == [
        "declared_target",
        "best_open",
        "best_overall",
    ]
    assert {view["reference"] for view in report["views"]} == {"sangeuneul"}
    assert all(view["attainment"]["value"] > 1 for view in report["views"])
    shown = dokja(*asked, "--candidates", files["candidates"])
    assert "No target model was declared." in shown.out
    assert "later: Released on 2026-03-01, after the cut-off day" in shown.out


def test_bad_input_is_a_fact_and_a_remedy(
    runs: list[Path], files: dict[str, Path]
) -> None:
    """Six mistakes, each named; the first as a process, with its exit code."""
    ask = ("frontier", files["frontier"])
    refused = (
        (("frontier", "example", *runs), "no [index_rules]", "before the freeze"),
        ((*ask, runs[0], runs[0]), "second run of dalyeoul", "once a suite"),
        ((*ask, *runs, "--reference", "x"), "no run is of x", "dalyeoul, sangeuneul"),
        (
            (*ask, *runs, *(f for m in MODELS for f in ("--reference", m))),
            "every model of these runs is a reference",
            "at least one team",
        ),
        (
            ("target", files["rules"], *runs, "--candidates", files["rules"]),
            "rules.toml",
            "",
        ),
        (
            ("diffusion", files["rules"], *runs, "--figures", files["rules"]),
            "rules.toml",
            "",
        ),
    )
    ended = dokja("index", *refused[0][0])
    assert (ended.code, ended.out) == (5, "")
    assert "no [index_rules]" in ended.err
    for arguments, fact, remedy in refused:
        ran = CliRunner().invoke(index, [str(each) for each in arguments])
        assert isinstance(ran.exception, InvalidInput), arguments
        assert fact in ran.exception.fact
        assert remedy in ran.exception.remedy
        assert ran.output == ""


def _kept_again(out: Path, run: OfficialRun, suites: tuple[Suite, ...]) -> Path:
    out.mkdir()
    texts = {RUN: canonical_bytes(run), SUITES_FILE: canonical_bytes(suites)}
    RunFolder(out).publish(texts)
    return out


def test_runs_that_do_not_fit_together_are_refused(
    runs: list[Path], files: dict[str, Path], tmp_path: Path
) -> None:
    """Other weights under one name, other items under one suite's name."""
    particle, sums = (read_kept(folder) for folder in runs[:2])
    weights = msgspec.structs.replace(sums.run, weights_root="sha256:0")
    (suite,) = particle.suites
    fewer = (msgspec.structs.replace(suite, items=suite.items[:-1]),)
    items = msgspec.structs.replace(
        particle.run, subject="other", suites_digest=digest_of(list(fewer))
    )
    for second, fact in (
        (_kept_again(tmp_path / "w", weights, sums.suites), "of different weights"),
        (_kept_again(tmp_path / "i", items, fewer), "asked other items of ko-particle"),
    ):
        asked = ["frontier", str(files["frontier"]), str(runs[0]), str(second)]
        ran = CliRunner().invoke(index, asked)
        assert isinstance(ran.exception, InvalidInput)
        assert fact in ran.exception.fact
