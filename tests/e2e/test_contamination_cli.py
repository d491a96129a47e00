"""`dokja benchmark twins` and `overlap` on kept runs that were made up for the test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec import structs

from dokja.adapters.folders.run_folder import RunFolder
from dokja.benchmark.runs import Running, resume_run
from dokja.benchmark.values import Suite
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.ports import InOrder
from dokja.wiring.runs import RUN, SUITES
from tests.benchmark_fixture import answered, made_up_suite, plan_of
from tests.e2e.conftest import dokja

PUBLIC = made_up_suite("kind", items=240)
FRESH = structs.replace(
    PUBLIC,
    items=tuple(
        structs.replace(item, id=f"fresh-{item.id}", question=f"새 {item.question}")
        for item in PUBLIC.items
    ),
)


def _kept(folder: Path, model: str, suite: Suite, skill: float) -> Path:
    plan = plan_of((suite,), subject=model, shard_items=80)
    store = RunFolder(folder)
    running = Running(
        store=store,
        compute=InOrder(),
        measure=lambda task: answered(task, skill=skill),
        on_items=lambda _done, _total: None,
    )
    run = resume_run(plan, (suite,), model, running)
    store.publish({RUN: canonical_bytes(run), SUITES: canonical_bytes((suite,))})
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """A team that saw the public items, and three that did not."""
    place = tmp_path_factory.mktemp("kept")
    skills = {
        "leaked": (0.95, 0.6),
        "r1": (0.6, 0.6),
        "r2": (0.7, 0.7),
        "r3": (0.5,) * 2,
    }
    return {
        name: (
            _kept(place / f"{name}-public", name, PUBLIC, public),
            _kept(place / f"{name}-fresh", name, FRESH, fresh),
        )
        for name, (public, fresh) in skills.items()
    }


def test_twins_refers_the_team_that_saw_the_items(
    runs: dict[str, tuple[Path, Path]],
) -> None:
    """Canonical JSON; words for people in both languages; exit 0, nobody is out."""
    command = ["benchmark", "twins", "--team", *runs["leaked"]]
    for name in ("r1", "r2", "r3"):
        command += ["--reference", *runs[name]]
    ran = dokja(*command, "--json")
    assert ran.code == 0, ran.err
    plain = json.loads(ran.out)
    assert ran.out.encode() == canonical_bytes(plain) + b"\n"
    (finding,) = plain["findings"]
    assert finding["reading"] == "refer"
    assert len(finding["evidence"]["reference_gaps"]) == 3
    assert "people have to look" in dokja(*command).out.replace("\n", " ")
    korean = dokja(*command, "--lang", "ko").out
    assert "사람이 확인할 것" in korean
    assert "새로 쓴 쌍둥이 문항" in korean


def test_overlap_searches_the_training_text(
    runs: dict[str, tuple[Path, Path]], tmp_path: Path
) -> None:
    """Items of three words are too short to be searched for, which is said."""
    text = tmp_path / "corpus.txt"
    text.write_text("아무 글", encoding="utf-8")
    ran = dokja("benchmark", "overlap", text, "--team", runs["leaked"][0], "--json")
    assert ran.code == 0, ran.err
    (finding,) = json.loads(ran.out)["findings"]
    assert finding["reading"] == "untestable"
    assert finding["evidence"]["reason"]["ko"]


def test_a_folder_without_a_finished_run_is_refused(tmp_path: Path) -> None:
    """With the way to finish it."""
    ran = dokja("benchmark", "twins", "--team", tmp_path, tmp_path)
    assert ran.code == 5
    assert "no finished run" in ran.err
